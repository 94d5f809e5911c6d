"""What is below a view: the value and the gradient, and what a reader must know of them."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.lines import aligned
from backpropcli.render.notices import notices
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.lines import Line, Options
    from backpropcli.report.report import Report


def summary(report: Report, options: Options) -> list[Line]:
    """Return the gradient as a small table, and the notices below it."""
    return [*gradient(report, options), *notices(report, options)]


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
