"""What stands below a view: the gradient, the kinks, and what is not finite and why."""

from __future__ import annotations

from backpropcli.errors import SourceError, visible
from backpropcli.render.lines import aligned, number, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.render.lines import Line, Options
    from backpropcli.report.causes import Cause
    from backpropcli.report.kinks import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.sides import Whole


def summary(report: Report, options: Options) -> list[Line]:
    """Return the gradient as a small table, then the kinks met and the causes of nan and inf."""
    return [*gradient(report, options), *notices(report, options)]


def notices(
    report: Report,
    options: Options,
    further: Sequence[KinkMet] = (),
    broken: Report | None = None,
    *,
    wholes: bool = True,
) -> list[Line]:
    """Return the kinks met, and the causes of nan and inf.

    ``further`` are kinks of derivatives, ``broken`` the report of one that is not finite. Without
    ``wholes``, which take long, nothing is said of the whole expression there.
    """
    lines: list[Line] = []
    kinks = [*report.kinks, *further]
    for kink in kinks[: options.max_nodes]:
        lines += wrapped(_kink(kink, options.digits), options.width)
    left = len(kinks) - options.max_nodes
    if left > 0:
        lines.append([("note", f"… {left:,} more kinks; --json has all")])
    for cause in report.causes:
        lines += _cause(report, cause, options.width, "")
    for name, found in report.wholes().items() if wholes else ():
        line = _whole(name, found, options.digits, finite=report.value - report.value == 0)
        lines += wrapped(line, options.width)
    if broken is not None:
        lines += _cause(broken, broken.causes[0], options.width, " of a derivative")
    return lines


def gradient(report: Report, options: Options) -> list[Line]:
    """Return the value, and the gradient by each name asked for."""
    title = visible(report.title)
    shown = list(report.gradient.items())[: options.max_nodes]
    head: Line = [("heading", title), ("", " = "), ("value", number(report.value, options.digits))]
    rows = []
    for name, slope in shown:
        status = report.status(report.wrt[name])
        why = f"({status})" if status else ""
        rows.append(
            [
                ("", "  "),
                ("label", f"d/d{visible(name)}"),
                ("gradient", number(slope, options.digits)),
                ("note", why),
            ]
        )
    lines = [head, *aligned(rows, ["", "", "", ""], 99)]
    left = len(report.gradient) - len(shown)
    if left:
        lines.append([("note", f"… {left:,} more; --quiet and --json have all")])
    return [[part for part in line if part[1]] for line in lines]


def _kink(kink: KinkMet, digits: int) -> Line:
    node, child = visible(kink.label), visible(kink.by)
    if kink.jump:
        what = f"jumps here; its slope by {child} is taken as {number(kink.chosen, digits)}"
    else:
        left, right = number(kink.left, digits), number(kink.right, digits)
        slopes = f"slopes by {child} of {left} from the left and {right} from the right"
        if kink.left != kink.left:
            slopes = f"a slope by {child} of {right} from the right only"
        what = f"has {slopes}; {number(kink.chosen, digits)} is taken"
    return [("warn", "kink: "), ("label", node), ("", f" {what}")]


def _whole(name: str, found: Whole, digits: int, *, finite: bool) -> Line:
    """Return what the whole expression has as a function of one name.

    Its value is told too where that of the floats is not ``finite``.
    """
    from backpropcli.report.sides import decimal  # noqa: PLC0415 (heavy)

    def shown(value: object) -> str:
        return "unknown" if value is None else decimal(value, digits)

    what = f"d/d{visible(name)}"
    before = "" if finite else f"the whole is {shown(found.value)}, and "
    kind = found.kind if found.sure else "unknown"
    said = {
        "derivative": lambda: f"{before}{what} of the whole is {shown(found.slope)}",
        "vertical": lambda: f"{what} of the whole is {shown(found.slope)}",
        "kink": lambda: (
            f"the whole has slopes by {visible(name)} of {shown(found.left.slope)} from the left "
            f"and {shown(found.right.slope)} from the right"
        ),
        "gap": lambda: (
            f"the whole tends to {shown(found.value)} from both sides"
            + (f", with slope {shown(found.slope)}" if found.slope is not None else "")
        ),
        "jump": lambda: f"the whole jumps in {visible(name)}",
        "pole": lambda: f"the whole has a pole in {visible(name)}",
        "edge": lambda: (
            f"the whole ends here in {visible(name)}: its slope from the one side that there is, "
            f"is {shown(found.slope)}"
        ),
        "nowhere": lambda: f"the whole has no value around this {visible(name)}",
        "unknown": lambda: (
            f"whether the whole has {what} cannot be told"
            + (f": {found.reason}" if found.reason else "")
        ),
    }[kind]()
    return [("note", "whole: "), ("", said)]


def _cause(report: Report, cause: Cause, width: int, where: str) -> list[Line]:
    """Return the first cause of what is not finite, with a caret on the source."""
    program = report.program
    child = None if cause.input is None else visible(report.text(cause.input, 40))
    at = report.lowered.owners[cause.node]
    sentence, *place = (
        SourceError(
            f"not finite, first in the {cause.phase} pass{where}: {cause.reason}",
            program.source,
            program.starts[at],
            program.ends[at],
            f"on the way from there to {child}" if child else "",
            program.origin,
        )
        .render()
        .split("\n")
    )
    return [*wrapped([("warn", sentence)], width), *([("note", line)] for line in place)]
