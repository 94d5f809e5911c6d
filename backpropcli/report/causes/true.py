"""What an element of an array truly is, and what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropcli.graph.graph import Graph
from backpropcli.report.elements import element_of
from backpropcli.report.written import flat_place, numbers_of

if TYPE_CHECKING:
    from backpropcli.report.causes.spots import Spot
    from backpropcli.report.run import Run


def true_at(run: Run, spot: Spot, number: int, place: tuple[int, ...]) -> list[Any]:
    """Return what an element truly is, and what those that it is made of are."""
    from backpropcli.report.digits.exact import values_at

    found = numbers_of(run)
    if found is None:
        return _alone(run, spot, number)
    nodes = [(number, place)] + [
        (child, element_of(run.values[child], place)) for child in run.graph.inputs[number]
    ]
    roots = [found.places[node][flat_place(run.values[node], at)] for node, at in nodes]
    return values_at(found.program.graph, found.bindings, roots)


def _alone(run: Run, spot: Spot, number: int) -> list[Any]:
    """Return what an operation truly is at the doubles of its inputs, and those.

    An input that is worked out may be 0 by rounding alone: that is not known.
    """
    from backpropcli.report.digits.exact import values_at

    graph, given = Graph(run.graph.table), run.graph.inputs[number]
    inputs = [graph.node("variable", (), f"x{at}") for at in range(len(given))]
    root = graph.node(spot.row.name, tuple(inputs), run.graph.args.get(number))
    point = {f"x{at}": value for at, value in enumerate(spot.given)}
    true = values_at(graph, point, [root, *inputs])
    for at, child in enumerate(given, 1):
        if run.graph.inputs[child] and true[at] == 0:
            true[at] = None
    return true
