"""Whether values are at a kink, where a slope is a convention and there is nothing to prove."""

from __future__ import annotations

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.rules import kink_function
from backpropcli.calculus.reverse import activity
from backpropcli.report.kinks import COMPARISONS, same_input, settled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.graph import Graph


def kinked(graph: Graph, by: int, values: list[Any]) -> bool:
    """Say whether any node that moves with node ``by`` is at a kink."""
    active = activity(graph, [by])
    return any(
        active[child] and at_kink(graph, number, index, values)
        for number, inputs in enumerate(graph.inputs)
        for index, child in enumerate(inputs)
    )


def at_kink(graph: Graph, number: int, index: int, values: list[Any]) -> bool:
    """Say whether ``values`` are at a kink of node ``number`` by its input ``index``."""
    row = graph.table[graph.operations[number]]
    if row.name in COMPARISONS and settled(graph, number, values):
        return False
    children = graph.inputs[number]
    parameter = row.parameters[0 if row.variadic else index]
    if row.variadic and same_input(
        children, [values[number], *[values[c] for c in children]], index
    ):
        return False
    given = [values[number], *[values[child] for child in children]]
    return any(
        parameter in kink.slopes
        and bool(kink_function(row, kink.when, index, len(children), digits)(*given))
        for kink in row.kinks
    )
