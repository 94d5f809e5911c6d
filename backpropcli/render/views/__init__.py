"""Pictures of a program's nodes: trees, tables, steps, flow, shapes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.report import Report


def nodes(report: Report, view: str, options: Options) -> list[Line]:
    """Return the view that is asked for; nothing above proved digits: nodes are in doubles."""
    if report.digits and report.digits.count:
        return []
    if view == "steps":
        from backpropcli.render.views.steps import steps

        return steps(report, options)
    if view == "table":
        from backpropcli.render.views.table import table

        return table(report, options)
    from backpropcli.render.views.tree import tree

    return tree(report, view, options)
