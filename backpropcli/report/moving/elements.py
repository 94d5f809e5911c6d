"""Which elements move at a point: an element of X@w stays 0 where its row of X is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.partials import Partial, Whole, plain
from backpropcli.arithmetics.arrays.words import spread
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.report.moving.nodes import is_affine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from backpropcli.calculus.linearize import Edges
    from backpropcli.graph.graph import Graph

    Value = Any

LARGE = 2.0**100
"""How long random steps are: what becomes of them is not 0 by underflow."""


class Steps:
    """A random step of the nodes ``wrt``, and what becomes of it, to see what moves at all.

    ``tangents`` has where each node goes, 0 where it stays and None where all of it does. What is
    linear in each of its inputs, as a product, is looked at where those have moved: at random
    numbers it is constant only if it is constant. By anything else moves all that may.
    """

    def __init__(
        self,
        graph: Graph,
        values: Sequence[Value],
        wrt: Collection[int],
        arrays: Any,  # noqa: ANN401 (an arithmetic of arrays)
    ) -> None:
        self.graph, self.values, self.arrays = graph, values, arrays
        self.random = np.random.default_rng(0)
        self.tangents: list[Value] = [None] * len(graph)
        self.there = [*values]
        for node in wrt:
            self._go(node, self.random.uniform(LARGE, 2 * LARGE, np.shape(values[node])))
        active = linearize(graph, None, (), wrt).active
        for node, flag in enumerate(active):
            if flag and node not in wrt:
                moved = {tail: self.tangents[tail] for tail in graph.inputs[node]}
                moved = {tail: step for tail, step in moved.items() if step is not None}
                if moved:
                    self._go(node, push(self.edges(moved, [node]), arrays, moved)[node])

    def _go(self, node: int, step: Value) -> None:
        step = self.arrays.fit(step, self.values[node])
        if np.any(np.not_equal(step, 0)):
            self.tangents[node], self.there[node] = step, self.values[node] + step

    def edges(self, wrt: Collection[int], nodes: Iterable[int] | None = None) -> Edges:
        """Return the edges of nodes that move with others, at the point that the step goes to."""
        graph, values = self.graph, self.values
        found = linearize(graph, self.arrays, self.there, wrt, nodes)

        def changed(head: int, _tail: int, partial: Value) -> Value:
            inputs = graph.inputs[head]
            moves = [found.moving[child] is not None for child in inputs]
            axes = [np.ndim(values[child]) for child in inputs]
            if is_affine(graph, head, moves, axes, each=True):
                return partial
            return Reaching(values[head], whole=isinstance(partial, Whole))

        found.change(changed)
        return found


def moving_elements(
    graph: Graph,
    values: Sequence[Value],
    wrt: Collection[int],
    arrays: Any,  # noqa: ANN401 (an arithmetic of arrays)
) -> list[Value]:
    """Return where the elements of each node move beside the point, as the nodes ``wrt`` do.

    It is None for a node that stays where it is.
    """
    steps = Steps(graph, values, wrt, arrays)
    return [None if one is None else np.not_equal(one, 0) for one in steps.tangents]


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
