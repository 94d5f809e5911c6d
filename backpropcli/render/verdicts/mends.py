"""What would mend a program that loses digits, or is not finite, with the digits that it wins."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.layout.lines import enumerated, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.mends.mended import Mended
    from backpropcli.render.layout.lines import Line

MOST = 5
"""Numbers whose digits are told, at most."""
MOST_DIGITS = 16
"""A double is not told to have more."""


def mend_lines(found: Mended, width: int, hint: str = "--rewrite prints the program") -> list[Line]:
    """Return what mends a program: what to write for what, and the digits; [] for nothing."""
    lines: list[Line] = []
    for step in found.steps:
        where = f" where {visible(step.condition)}" if step.condition else ""
        said = f" {visible(step.after)} for {visible(step.before)}{where}"
        lines += wrapped([("warn", "mend:"), ("", said)], width)
    if not lines:
        return []
    counts = [
        f"{f'd/d{visible(name)}' if name else 'the value'} {_count(digits)} → "
        f"{_count(found.after[name])}"
        for name, digits in found.before.items()
        if digits is not None
    ]
    told = f"  digits right: {enumerated(counts, MOST)}"
    lines += wrapped([("note", told)], width, 4)
    if found.extends:
        lines += wrapped([("note", "  it has a value here, where the program has none")], width)
    return [*lines, [("note", f"  {hint}")]] if hint else lines


def _count(digits: float | None) -> str:
    return "unknown" if digits is None else str(min(MOST_DIGITS, int(digits)))
