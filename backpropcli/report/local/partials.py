"""Which formula a local derivative is, along an edge that is shown."""

from __future__ import annotations

from math import isnan

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import parsed
from backpropcli.calculus.forward import forward
from backpropcli.report.local.local import Local, power

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.row import Row
    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.view import View

SILENT = {"pow", "xlogy", "xlog1py", "mod", "fmod", "gaussian"}
"""Operations whose conditions say nothing that helps a reader."""


def local(view: View, node: int, edge: Edge) -> Local | None:
    """Return the local derivative along an edge of ``node``; None for one without a formula.

    Calls, derivatives, and operations whose slope is an operation of its own have none.
    """
    if node in view.calls:
        return None
    if not view.run.arrays:
        return _of_number(view, node, edge)
    from backpropcli.report.local.elements import local_of_elements

    return local_of_elements(view, node, edge)


def _of_number(view: View, node: int, edge: Edge) -> Local | None:
    """Return the local derivative along an edge of an operation on numbers."""
    row, inputs = view.row(node), view.inputs[node]
    cell = row.cell(edge.index)
    silent = row.name in SILENT or row.convention
    taken = None if silent else row.taken[cell]
    if row.variadic:
        found = Local({row.parameters[0]: edge.input, "out": node})
    else:
        found = Local({"out": node, **dict(zip(row.parameters, inputs, strict=True))})
    if edge.flow or not edge.taken:
        found.root = found.number(0.0)
        if taken is not None:
            found.take(view, *parsed(row, taken), holds=False)
    elif row.name in {"max", "min"}:
        found.ties = round(1 / (edge.partial or 1))
        found.root = found.number(1.0)
        if found.ties > 1:
            found.root = found.graph.node("div", (found.root, found.number(float(found.ties))))
    elif row.name == "pow" and not edge.index and view.literal(inputs[1]):
        power(found, view.values[inputs[1]])
    else:
        if not _rule(found, view, row, cell, edge.partial):
            return None
        if taken is not None:
            found.take(view, *parsed(row, taken), holds=True)
    return found


def _rule(found: Local, view: View, row: Row, cell: int, partial: float | None) -> bool:
    """Take a row's rule, of which only the branch that is taken is left.

    False for a helper, and where the rule has no value and a slope was chosen.
    """
    graph, root = parsed(row, row.rules[cell])
    if any(graph.table[word].helper for word in set(graph.operations) & graph.table.keys()):
        return False
    if "where" in graph.operations or row.kinks:
        known = {name: view.values[node] for name, node in found.leaves.items()}
        values = forward(graph, floats, known)
        if isnan(values[root]) and not isnan(partial or 0.0):
            return False
    while graph.operations[root] == "where":
        condition, yes, no = graph.inputs[root]
        holds = bool(values[condition])
        if row.name not in SILENT and not row.convention:
            found.take(view, graph, condition, holds=holds)
        root = yes if holds else no
    found.root = found.graph.write(graph)[root]
    return True
