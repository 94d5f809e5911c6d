"""What the whole expression has by each name, on which a kink or a gap bears."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.layout.lines import enumerated, wrapped
from backpropcli.report.decimals import place
from backpropcli.report.wholes import each_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.report import Report
    from backpropcli.report.whole.sides import Whole


def wholes(report: Report, options: Options) -> list[Line]:
    """Return what each output has by each name on which a kink or a gap bears."""
    if report.arrays and report.numbers is None:
        text = "whether the whole expression has a derivative there is not told: it has arrays"
        return wrapped([("note", text)], options.width) if report.kinks else []
    own, report = report, report.numbers or report
    told: dict[str, dict[tuple[bool, str], list[str]]] = {}
    before: dict[str, str] = {}
    finite = report.value - report.value == 0
    each = [*each_whole(report)]
    said = {name for _, name, found in each if found.kind in SAID and _is_its_kink(report, name)}
    if own.arrays and not said.issuperset(name for _, name, _ in each):
        said.clear()
    for title, name, found in each:
        if name not in said:
            sentences = told.setdefault(visible(title), {})
            sentences.setdefault(_told(report, name, found, options.digits), []).append(name)
            if not (finite or found.value is None) and found.kind == "derivative" and found.sure:
                value = _decimal(found.value, options.digits)
                before[visible(title)] = f"it is {value}, and "
    lines: list[Line] = []
    for title, sentences in told.items():
        parts = [
            f"{_are(names)} {text}" if of_them else text
            for (of_them, text), names in sentences.items()
        ]
        if report.more:
            parts.append("other elements are not looked at")
        text = before.get(title, "") + "; ".join(parts)
        line: Line = [("note", f"{title or 'the whole expression'}:"), ("", f" {text}")]
        lines += wrapped(line, options.width)
    return lines


def _are(names: list[str]) -> str:
    """Return "d/dx is", or "d/dx and d/dy are"."""
    them = enumerated([f"d/d{visible(name)}" for name in names])
    return f"{them} {'are' if len(names) > 1 else 'is'}"


def _is_its_kink(report: Report, name: str) -> bool:
    """Return whether a kink met is that of the one output by a name, as one of its inputs."""
    if len(report.lowered.outputs) > 1:
        return False
    top, node = report.top, report.wrt[name]
    while report.graph.operations[top] == "name":
        [top] = report.graph.inputs[top]
    kinks = [kink for kink in report.kinks if kink.node == top]
    return report.graph.inputs[top].count(node) == 1 and any(kink.input == node for kink in kinks)


SAID = {"kink", "jump", "edge", "nowhere"}
"""What a sentence on an operation's kink says of the whole, where that is this operation alone."""
OF_DERIVATIVES = {"derivative", "vertical", "kink", "unknown"}
"""Kinds of wholes that are told by what their derivatives are."""


def _told(report: Report, name: str, found: Whole, digits: int) -> tuple[bool, str]:
    """Return what the whole has by one name, which others may have too.

    It is a sentence, or says what the derivative is, and then True comes first.
    """
    node = report.wrt[name]
    at = f"{visible(name)} = {place(report.values[node], digits)}"
    kind = found.kind if found.sure else "unknown"

    def shown(value: Any) -> str:  # noqa: ANN401 (a number of germs)
        return _decimal(value, digits)

    def ends() -> str:
        side = "left" if found.left.kind == "value" else "right"
        return f"it ends at {at}, with slope {shown(found.slope)} on the {side}"

    def sides() -> str:
        left, right = shown(found.left.slope), shown(found.right.slope)
        return f"{left} on the left, {right} on the right"

    def tends() -> str:
        slope = "" if found.slope is None else f", with slope {shown(found.slope)}"
        return f"it tends to {shown(found.value)} on both sides of {at}{slope}"

    def pole() -> str:
        ways = found.ways
        if len({*ways.values()}) > 1:
            left, right = ways.values()
            return f"it {left} without bound on the left of {at}, and {right} on the right"
        side, way = next(iter(ways.items()))
        where = f"on the {side} of {at}" if found.one_sided else f"at {at}"
        return f"it {way} without bound {where}"

    sentences: dict[str, Callable[[], str]] = {
        "derivative": lambda: shown(found.slope),
        "vertical": lambda: shown(found.slope),
        "kink": sides,
        "gap": tends,
        "jump": lambda: f"it jumps at {at}",
        "pole": pole,
        "edge": ends,
        "nowhere": lambda: f"it has no value {'near' if found.here is None else 'beside'} {at}",
        "unknown": lambda: "not known" + (found.reason and f" ({found.reason})"),
    }
    return kind in OF_DERIVATIVES, sentences[kind]()


def _decimal(value: Any, digits: int) -> str:  # noqa: ANN401 (a number of germs)
    from backpropcli.report.whole.sides import decimal

    return "unknown" if value is None else decimal(value, digits)
