"""What flows along each edge of a graph with arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.partials import Whole
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull, push
from backpropcli.calculus.transpose import transposed
from backpropcli.report.branches.elements import passed, where_felt
from backpropcli.report.flow.flow import CHOICES, Edge, Flow
from backpropcli.report.sweeps import swept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from backpropcli.report.run import Run

    Value = Any


QUIET = np.errstate(all="ignore")
"""What is not finite is told by the report, not by NumPy."""


class FlowOfElements(Flow):
    """The flow where values may be arrays: a contribution has the shape of its input's value."""

    @QUIET
    def __init__(self, run: Run) -> None:
        super().__init__(run)

    @QUIET
    def _partials(self, number: int) -> dict[int, Any]:
        return super()._partials(number)

    def pulled(
        self, ends: Collection[int], seeds: Mapping[int, Any], nodes: Iterable[int] | None = None
    ) -> tuple[bytearray, list[Any]]:
        """Return which nodes move with ``ends``, and what ``seeds`` send to each, in its shape."""
        return swept(self.run, pull, seeds, ends, nodes)

    def zero(self, number: int) -> Value:
        """Return zeros in the shape of a node."""
        return self.run.arithmetic.fit(None, self.run.values[number])

    @QUIET
    def _edge(self, number: int, index: int, partial: Value) -> Edge:
        """Return an edge along which something flows, if only to some elements."""
        graph = self.run.graph
        child = graph.inputs[number][index]
        if isinstance(partial, Whole):
            return Edge(child, index, None, self._passed(number, child, partial), "")
        run = self.run
        given = [run.values[number], *[run.values[one] for one in graph.inputs[number]]]
        local, taken = passed(graph.row(number), index, partial, given, run.arithmetic)
        if taken is not None and not np.any(taken):
            if graph.operations[number] in CHOICES:
                return Edge(child, index, 0.0, None, "not taken")
            return Edge(child, index, 0.0, self.zero(child), "", taken=False)
        if taken is not None:
            local = np.where(np.not_equal(taken, 0), local, 0.0)
        if isinstance(local, np.ndarray):
            local = np.broadcast_to(local, np.shape(self.run.values[number]))
        return Edge(child, index, local, self._passed(number, child, partial), "")

    @QUIET
    def _passed(self, number: int, child: int, partial: Value) -> Value:
        numbers, given = self.run.arithmetic, self.given(number, child)
        if self.run.flags is not None:
            partial = where_felt(partial, self.run.flags[number])
        if number in self._still or given is None:
            return self.zero(child)
        if self._tangents:
            tangent = transposed(numbers, pull)(given, partial)
            return numbers.fit(tangent, self.run.values[number])
        return numbers.fit(numbers.mul(given, partial), self.run.values[child])

    @QUIET
    def through(self, number: int, stops: set[int]) -> dict[int, tuple[Any, Any]]:
        """Return the derivatives of a node by ``stops``, and what they pass on.

        An array has no derivatives that are arrays of the inputs' shapes: only what it passes on.
        """
        run = self.run
        if not np.ndim(run.values[number]) and not self._tangents:
            return super().through(number, stops)
        if not self._tangents:
            given = self.held(number, stops, self.adjoints[number])
            return {stop: (None, part) for stop, part in given.items()}
        found = {}
        for stop in stops:
            if self.adjoints[stop] is not None and self.moving[stop]:
                edges = linearize(run.graph, run.arithmetic, run.values, [stop])
                tangents = push(edges, run.arithmetic, {stop: self.adjoints[stop]})
                part = run.arithmetic.fit(tangents[number], run.values[number])
                found[stop] = None, part
        return found
