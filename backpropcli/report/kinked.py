"""Which operations of a graph have kinks somewhere, wherever the point is."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import parsed
from backpropcli.calculus.forward import forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.graph.cells import Kink
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row


def with_kinks(graph: Graph) -> list[int]:
    """Return the nodes whose operations have kinks somewhere, by an input that is no literal."""
    known: dict[tuple[object, ...], bool] = {}
    found = []
    for number, operation in enumerate(graph.operations):
        inputs = graph.inputs[number]
        if not inputs or not (row := graph.table[operation]).kinks:
            continue
        literals = [_literal(graph, child) for child in inputs]
        key = operation, *literals
        if key not in known:
            free = [row.parameters[row.cell(at)] for at, one in enumerate(literals) if one is None]
            known[key] = any(kink.by(free) and _may_hold(row, kink, literals) for kink in row.kinks)
        if known[key]:
            found.append(number)
    return found


def _literal(graph: Graph, node: int) -> float | None:
    """Return the number that a node is written as, None for none."""
    if not graph.literal(node):
        return None
    sign = 1.0
    if graph.inputs[node]:
        [node], sign = graph.inputs[node], -1.0
    number: Any = graph.args[node]
    return sign * float(number)


def _may_hold(row: Row, kink: Kink, given: Sequence[float | None]) -> bool:
    """Say whether a kink may be met where some inputs are given: x^2 does not end at 0."""
    known = {} if row.variadic or row.whole else dict(zip(row.parameters, given, strict=False))
    if all(one is None for one in known.values()):
        return True
    power = known.get(kink.fractional)
    if power is not None and power % 1 == 0:
        return False

    graph, root = parsed(row, kink.when)
    names = graph.variables()
    values = forward(graph, floats, {name: known.get(name) or 0.0 for name in names})
    free, stack = [node for name, node in names.items() if known.get(name) is None], [root]
    while stack:
        part = stack.pop()
        if graph.operations[part] == "and":
            stack += graph.inputs[part]
        elif not values[part]:
            below = graph.ancestors([part])
            if not any(below[node] for node in free):
                return False
    return True


def may_kink(graph: Graph, active: Sequence[int], values: Sequence[float | None]) -> bool:
    """Say whether an operation has kinks or steps somewhere, by an input that moves.

    ``values`` are those of the point, which hold for what does not move.
    """
    for number in with_kinks(graph):
        row, inputs = graph.row(number), graph.inputs[number]
        given = [None if active[child] else values[child] for child in inputs]
        names = moved(row, inputs, active)
        if any(kink.by(names) and _may_hold(row, kink, given) for kink in row.kinks):
            return True
    return False


def moved(row: Row, inputs: Sequence[int], moving: Sequence[int]) -> list[str]:
    """Return the parameter of each input that moves: one node may stand for several."""
    return [row.parameters[row.cell(at)] for at, child in enumerate(inputs) if moving[child]]
