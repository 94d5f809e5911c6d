"""Which elements move at a point: an element of X@w stays 0 where its row of X is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.arrangements import spread
from backpropcli.arithmetics.arrays.partials import Partial, Whole, plain
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.graph.graph import Graph
from backpropcli.report.moving.nodes import is_affine, is_quotient

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Value = Any

LARGE = 2.0**100
"""How long random steps are: what becomes of them is not 0 by underflow."""


def moving_elements(
    graph: Graph,
    values: Sequence[Value],
    wrt: Collection[int],
    arrays: Any,  # noqa: ANN401 (an arithmetic of arrays)
) -> list[Value]:
    """Return where the elements of each node move beside the point, as the nodes ``wrt`` do.

    It is None for a node that stays where it is. A random step of ``wrt`` shows it. What is linear
    in each of its inputs, as a product, is looked at where those have moved: at random numbers it
    is constant only if it is constant. By anything else moves all that may.
    """
    random = np.random.default_rng(0)
    steps: dict[int, Value] = {
        node: random.uniform(LARGE, 2 * LARGE, np.shape(values[node])) for node in wrt
    }
    tangents: list[Value] = [None] * len(graph)
    there = [*values]
    for node, flag in enumerate(linearize(graph, None, (), wrt).active):
        if not flag:
            continue
        moved = {
            child: tangents[child] for child in graph.inputs[node] if tangents[child] is not None
        }
        step = steps.get(node)
        if step is None:
            step = _sent(graph, node, there, moved, arrays) if moved else 0.0
        step = arrays.fit(step, values[node])
        if np.any(np.not_equal(step, 0)):
            tangents[node], there[node] = step, values[node] + step
    return [None if one is None else np.not_equal(one, 0) for one in tangents]


def _sent(
    graph: Graph,
    node: int,
    there: Sequence[Value],
    moved: Mapping[int, Value],
    arrays: Any,  # noqa: ANN401 (an arithmetic of arrays)
) -> Value:
    """Return what steps of its inputs send to a node, which is looked at by itself."""
    inputs = graph.inputs[node]
    alone = Graph(graph.table)
    places = {child: alone.node("variable", (), f"x{child}") for child in inputs}
    top = alone.node(
        graph.operations[node], tuple([places[one] for one in inputs]), graph.args.get(node)
    )
    values = [*[there[child] for child in places], there[node]]
    edges = linearize(alone, arrays, values, [places[child] for child in moved])

    def changed(_head: int, _tail: int, partial: Value) -> Value:
        moves = [child in moved for child in inputs]
        axes = [np.ndim(there[child]) for child in inputs]
        if is_affine(graph, node, moves, axes, each=True) or is_quotient(graph, node, there):
            return partial
        return Reaching(there[node], whole=isinstance(partial, Whole))

    edges.change(changed)
    found = push(edges, arrays, {places[child]: step for child, step in moved.items()})
    return 0.0 if found[top] is None else found[top]


class Reaching(Partial):
    """An edge by which all moves that may: element by element, or as a ``whole`` all by any."""

    __slots__ = ("whole",)

    def __init__(self, out: Value, *, whole: bool) -> None:
        self.out = out
        self.whole = whole

    def forth(self, given: Value) -> Value:
        """Return what goes to the value: LARGE times flags."""
        flags = np.not_equal(plain(given), 0)
        return spread(LARGE * (np.any(flags) if self.whole else flags), self.out)
