"""Taylor series: coefficients, and the polynomial written out."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.layout.lines import aligned, wrapped
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.modes.taylor.series import Taylor
    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.whole.expansion import Expansion


def series_lines(found: Taylor, options: Options) -> list[Line]:
    """Return each output's coefficients of the powers of h = x - x0, and their sum."""
    report = found.point
    at = number(report.values[report.wrt[found.name]], options.digits)
    lines: list[Line] = []
    wholes = found.wholes()
    for row, (title, coefficients) in enumerate(zip(found.outputs, found.series, strict=True)):
        lines += [[]] if lines else []
        head = f"{visible(title)} at {visible(found.name)} = {at} + h"
        lines += wrapped([("heading", head)], options.width)
        rows = [
            [("", "  "), ("label", f"h^{power}"), ("gradient", number(part, options.digits))]
            for power, part in enumerate(coefficients)
        ]
        lines += aligned(rows, ["", "", ""], 2)
        if wholes:
            lines += _whole(wholes[row], options)
        elif not found.point.kinks and all(part - part == 0 for part in coefficients):
            sum_of = polynomial(coefficients, options.digits)
            text = f"  {sum_of} + {_remainder(coefficients)}"
            lines += wrapped([("", text)], options.width)
    return lines


def _whole(found: Expansion, options: Options) -> list[Line]:
    """Return the series that the whole expression has, on both sides or on each."""
    where = " beside the point" if found.continued else ""
    sides = {"": found.side("right")}
    if not found.smooth:
        sides = {f" on the {name}": found.side(name) for name in found.ends}
    lines: list[Line] = []
    for side, coefficients in sides.items():
        end = found.ends[side.removeprefix(" on the ") or "right"]
        text = end
        if coefficients:
            left = f", then {end}" if end else f" + {_remainder(coefficients)}"
            text = f"{polynomial(coefficients, options.digits)}{left}"
        line: Line = [("note", f"  the whole expression{side or where}:"), ("", f" {text}")]
        lines += wrapped(line, options.width, 4)
    return lines


def _remainder(coefficients: list[float]) -> str:
    """Return the order of what is left out."""
    return f"O(h^{len(coefficients)})" if len(coefficients) > 1 else "O(h)"


def polynomial(coefficients: list[float], digits: int) -> str:
    """Return the sum of the terms that are not 0: "1 + 2*h - 3*h^2"."""
    text = ""
    for power, part in enumerate(coefficients):
        sign, size = _signed(number(part, digits))
        if size == "0":
            continue
        step = "" if power == 0 else "h" if power == 1 else f"h^{power}"
        term = step if size == "1" and step else f"{size}*{step}" if step else size
        text += f" {sign} {term}" if text else f"{sign.strip('+')}{term}"
    return text or "0"


def _signed(text: str) -> tuple[str, str]:
    """Return a number's sign and its size."""
    return ("-", text[1:]) if text.startswith("-") else ("+", text)
