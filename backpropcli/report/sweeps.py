"""The sweeps through a program with arrays. Adjoints are all worked out only if they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.partials import Owned
from backpropcli.calculus.bindings.arrays import is_finite
from backpropcli.calculus.choice import given_to
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sparing import Sparing
from backpropcli.calculus.sweeps import pull
from backpropcli.report.branches.elements import felt_elements, keep_felt
from backpropcli.report.kinks.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from backpropcli.report.evaluated import Evaluated

    Value = Any


class Adjoints(Sequence["Value | None"]):
    """The adjoint of every node, in its shape; None where nothing arrives.

    Those of the names come from a sweep that keeps no others; the rest from one more, if need be.
    At an element that no branch takes nothing arrives: what is not finite there is no matter, and
    ``flags`` of the run say which elements are felt. ``active``, ``tops`` and ``smooth`` are as in
    ``Run``.
    """

    def __init__(self, run: Evaluated) -> None:
        self.run, self.graph, self.numbers = run, run.graph, run.arithmetic
        self.wrt = [*run.wrt.values()]
        self.smooth = False
        self._all: list[Value | None] | None = None
        self._by_felt = False
        passes = Sparing(self.graph, self.numbers, self.wrt, run.values if run.known else ())
        self.active = passes.active
        if not run.known:
            watch = Watch(run.lowered, self.active, self.numbers)
            passes.forward(given_to(self.numbers, run.point), run.seeds, watch.checks)
            self.smooth = not watch.met
        self.tops = {node: passes.values[node] for node in run.seeds}
        likes = [passes.values[node] for node in self.wrt]
        found = passes.pull(run.seeds, self.wrt)
        self._asked = {
            node: self._unsigned(found[node], like)
            for node, like in zip(self.wrt, likes, strict=True)
        }
        if not all(one is None or is_finite(one) for one in self._asked.values()):
            run.flags = felt_elements(self.graph, run.values, run.seeds, self.numbers)
            self._asked, self._by_felt = {}, True

    def _unsigned(self, adjoint: Value, like: Value) -> Value | None:
        """Return an adjoint in the shape of its node, without -0; None where nothing arrives."""
        if adjoint is None:
            return None
        value = self.numbers.fit(adjoint, like)
        if isinstance(adjoint, Owned) and value is adjoint.array:
            value += 0.0
            return value
        return value + 0.0

    def all(self) -> list[Value | None]:
        """Return the adjoints of all nodes."""
        if self._all is None:
            run = self.run
            if self._by_felt:
                self._all = swept(run, pull, run.seeds, self.wrt)[1]
            else:
                self._all = self.numbers.in_shape(self._spent(), run.values)
        return self._all

    def _spent(self) -> list[Value | None]:
        """Return the adjoints, where those of variables are known."""
        known = {*self.graph.variables().values()} & self._asked.keys()
        passes = Sparing(self.graph, self.numbers, self.wrt, self.run.values, known)
        found = passes.pull(self.run.seeds)
        for node in known:
            found[node] = self._asked[node]
        return found

    def __len__(self) -> int:
        return len(self.graph)

    def __getitem__(self, number: Any) -> Any:  # noqa: ANN401 (a node, as of a list)
        return self._asked[number] if number in self._asked else self.all()[number]

    def __iter__(self) -> Iterator[Value | None]:
        return iter(self.all())


@np.errstate(all="ignore")
def swept(
    run: Evaluated,
    sweep: Callable[..., list[Any]],
    seeds: Mapping[int, Any],
    ends: Collection[int],
    nodes: Iterable[int] | None = None,
) -> tuple[bytearray, list[Any]]:
    """Return which nodes move with ``ends``, and what ``pull`` or ``push`` brings to each node.

    At an element that no branch takes nothing arrives: ``flags`` of the run say which are felt,
    where something is not finite.
    """
    numbers = run.arithmetic
    edges = linearize(run.graph, numbers, run.values, ends, nodes)
    if run.flags is None:
        found: list[Any] = numbers.in_shape(sweep(edges, numbers, seeds), run.values)
        if all(one is None or is_finite(one) for one in found):
            return edges.active, found
        run.flags = felt_elements(run.graph, run.values, run.seeds, numbers)
    keep_felt(edges, run.flags)
    return edges.active, numbers.in_shape(sweep(edges, numbers, seeds), run.values)
