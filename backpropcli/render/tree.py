"""Trees: the graph from the output down, with values, with adjoints, or with both.

A node that is used twice is printed once and referred to after that.
"""

from __future__ import annotations

from backpropcli.render.lines import adjoint, aligned, label
from backpropcli.render.table import table
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.lines import Line, Options, Part
    from backpropcli.report.edge import Edge
    from backpropcli.report.report import Report

AGAIN = " (above)"
HEADS = {
    "graph": ["", "operation", "node"],
    "forward": ["", "value"],
    "backward": ["", "local", "gives", "gradient"],
    "all": ["", "value", "gradient"],
}


def tree(report: Report, view: str, options: Options) -> list[Line]:
    """Return the tree of ``view``: "graph", "forward", "backward" or "all"."""
    count = len(report.view)
    if count > options.max_nodes:
        note = f"{count:,} nodes are more than --max-nodes {options.max_nodes:,}: as a table"
        return [[("note", note)], *table(report, options)]
    room = options.width - 14 * (len(HEADS[view]) - 1)
    rows = _rows(report, view, options, room)
    if rows is None:
        note = f"the tree is too deep for {options.width} columns: as a table"
        return [[("note", note)], *table(report, options)]
    heads = [head.replace("gradient", report.quantity) for head in HEADS[view]]
    lines = aligned([cells for _, cells in rows], heads, 1)
    for (lead, _), line in zip(rows, lines[1:], strict=True):
        line[:1] = [("guide", line[0][1][:lead]), ("label", line[0][1][lead:])]
    return lines


def _rows(
    report: Report, view: str, options: Options, room: int
) -> list[tuple[int, list[Part]]] | None:
    """Return each line's guides' length and cells; None if too deep for ``room`` columns."""
    shown = report.view
    seen: set[int] = set()
    found: list[tuple[str, str, int, bool, Edge | None]] = []
    stack: list[tuple[int, str, str, Edge | None]] = [
        (output, "", "", None) for output in reversed(dict.fromkeys(shown.outputs))
    ]
    while stack:
        node, lead, below, edge = stack.pop()
        if len(lead) > room - 12:
            return None
        again = node in seen and bool(shown.inputs[node])
        text = label(shown, node, max(12, min(60, room - len(lead) - len(AGAIN))))
        found.append((lead, text + AGAIN if again else text, node, node in seen, edge))
        if again:
            continue
        seen.add(node)
        edges = shown.edges(node)
        for index in range(len(edges) - 1, -1, -1):
            last = index == len(edges) - 1
            stack.append(
                (
                    edges[index].input,
                    below + ("└─ " if last else "├─ "),
                    below + ("   " if last else "│  "),
                    edges[index],
                )
            )
    return [
        (
            len(lead),
            [
                ("label", lead + text),
                *_cells(report, view, options.digits, node, edge, again=again),
            ],
        )
        for lead, text, node, again, edge in found
    ]


def _cells(  # noqa: PLR0913 (one line of one view)
    report: Report, view: str, digits: int, node: int, edge: Edge | None, *, again: bool
) -> list[Part]:
    """Return the columns of one line."""
    row = report.view.node(node)
    if view == "graph":
        return [("note", row.operation), ("note", f"#{node}")]
    value = ("value", number(row.value, digits))
    if view == "forward":
        return [value]
    total: Part = ("note" if row.adjoint is None else "gradient", adjoint(row, digits))
    if view == "all":
        return [value, total]
    if edge is None or edge.partial is None:
        return [("note", ""), ("note", edge.flow if edge else ""), total]
    local = ("local", number(edge.partial, digits))
    gives = edge.flow if edge.contribution is None else number(edge.contribution, digits)
    return [local, ("gradient", gives), ("note", "(above)") if again and row.edges else total]
