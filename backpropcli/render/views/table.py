"""The table: one row a node, in topological order."""

from __future__ import annotations

from backpropcli.render.layout.lines import (
    SHORTEST,
    adjoint,
    aligned,
    bits,
    label,
    value,
    width,
    wrapped,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.render.layout.lines import Line, Options, Part
    from backpropcli.report.report import Report

HEAD = ("node", "operation", "inputs", "value")
SHOWN = 40
"""The rows of a table that is not shown whole."""
EXPRESSION = "expression"
MANY = 14
"""Columns of the inputs' numbers; more are left out."""


def table(report: Report, options: Options, view: str = "table") -> list[Line]:
    """Return the table; over ``max_nodes`` nodes its middle is left out, and a line says so.

    In place of a tree it shows what that ``view`` does.
    """
    graph = report.view
    count, most = len(graph), options.max_nodes
    rows = count if count <= most else min(SHOWN, most)
    last = rows - rows // 2 if rows < count else 0  # the output is the last
    shown = [*range(rows - last), *range(count - last, count)]
    last_column = {"graph": 3, "forward": 4}.get(view, 5)
    cells = [_cells(report, node, options)[:last_column] for node in shown]
    head = [*HEAD, report.quantity][:last_column]
    if report.arrays:
        from backpropcli.render.layout.arrays import sized
        from backpropcli.report.elements import shape_of

        head.insert(3, "shape")
        for node, row in zip(shown, cells, strict=True):
            row.insert(3, ("note", sized(shape_of(graph.values[node]))))
    if report.bits and options.bits and view != "graph":
        head.append("bits")
        for node, row in zip(shown, cells, strict=True):
            row.append(("note", bits(report.bits, node)))
    lines = aligned(cells, head, 3)
    room = _room(lines, options)
    for first in range(3, 6 if report.arrays else 5):  # the node's text says what the operation is
        if room < (2 * SHORTEST if first == 3 else len(EXPRESSION)):  # noqa: PLR2004
            narrow = [[row[0], *row[first:]] for row in cells]
            lines = aligned(narrow, [head[0], *head[first:]], 1)
            room = _room(lines, options)
    limit = max(SHORTEST, room) if options.fitted else options.longest(count)
    lines[0].append(("heading", f"  {EXPRESSION}"))
    for node, line in zip(shown, lines[1:], strict=True):
        line.append(("label", f"  {label(graph, node, limit)}"))
    lines = lines if rows else []
    if rows < count:
        left = count - rows
        plural = "" if left == 1 else "s"
        note = f"… {left:,} node{plural} not shown; --max-nodes {count} shows all, --json has them"
        at = rows - last + 1 if rows else 0
        lines[at:at] = wrapped([("note", note)], options.width)
    return lines


def _room(lines: list[Line], options: Options) -> int:
    """Return the columns that are left for the nodes' texts; many where nothing has to fit."""
    if not options.fitted:
        return 2 * SHORTEST
    return options.width - width(lines[0]) - 2


def _cells(report: Report, node: int, options: Options) -> list[Part]:
    """Return one row, but for the node's text, which is the last: it may be long."""
    view = report.view
    row = view.node(node)
    inputs = " ".join(f"{child}" for child in view.inputs[node][:MANY])
    return [
        ("note", f"{node}"),
        ("note", row.operation),
        ("note", inputs if len(inputs) <= MANY else inputs[: MANY - 2] + " …"),
        ("value", _told(row.value, options) or value(view, node, options.digits)),
        (
            "note" if row.adjoint is None else "gradient",
            _told(row.adjoint, options) or adjoint(row, options.digits),
        ),
    ]


def _told(found: Any, options: Options) -> str:  # noqa: ANN401 (a number, or an array)
    """Return an array in a cell; "" for a number."""
    if found is None or isinstance(found, float):
        return ""
    from backpropcli.render.layout.arrays import brief

    return brief(found, options)
