"""The view of the nodes that is asked for: a tree, a table, or the passes written out."""

from __future__ import annotations

from backpropcli.render.views.table import table
from backpropcli.render.views.tree import tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.report import Report


def nodes(report: Report, view: str, options: Options) -> list[Line]:
    """Return the view; nothing above proved digits, for the nodes are in doubles."""
    if report.digits and report.digits.count:
        return []
    if view == "steps":
        from backpropcli.render.views.steps import steps  # noqa: PLC0415 (on request)

        return steps(report, options)
    return table(report, options) if view == "table" else tree(report, view, options)
