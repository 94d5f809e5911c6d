"""The table: one row a node, in topological order."""

from __future__ import annotations

from backpropcli.render.lines import SHORTEST, adjoint, aligned, label
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.lines import Line, Options
    from backpropcli.report.report import Report

HEAD = ["node", "", "operation", "inputs", "value", "gradient"]
SHOWN = 20


def table(report: Report, options: Options) -> list[Line]:
    """Return the table; over ``max_nodes`` nodes its middle is left out, and a line says so."""
    view = report.view
    numbers = range(len(view))
    count = len(numbers)
    whole = count <= options.max_nodes
    ends = min(SHOWN, max(1, options.max_nodes // 2), (count - 1) // 2)
    shown = numbers if whole else [*numbers[:ends], *numbers[count - max(1, ends) :]]
    rows = []
    for node in shown:
        row = view.node(node)
        inputs = " ".join(f"{child}" for child in view.inputs[node])
        rows.append(
            [
                ("note", f"{node}"),
                ("label", ""),
                ("note", row.operation),
                ("note", inputs if len(inputs) <= 14 else inputs[:12] + " …"),  # noqa: PLR2004
                ("value", number(row.value, options.digits)),
                ("note" if row.adjoint is None else "gradient", adjoint(row, options.digits)),
            ]
        )
    head = [*HEAD[:-1], report.quantity]
    taken = max(sum(len(text) + 2 for _, text in line) for line in aligned(rows, head, 4)) - 12
    room = max(SHORTEST, min(60, options.width - taken))
    for node, row_cells in zip(shown, rows, strict=True):
        row_cells[1] = ("label", label(view, node, room))
    lines = aligned(rows, head, 4)
    if not whole:
        left = count - len(shown)
        note = f"… {left:,} nodes not shown; --max-nodes {count} shows all, --json has them too"
        lines.insert(ends + 1, [("note", note)])
    return lines
