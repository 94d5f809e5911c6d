"""The passes over a program at a point, in floats: both sides of a claim, and what they rest on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays.arrangements import fit
from backpropcli.arithmetics.arrays.partials import Partial, Whole, plain
from backpropcli.arithmetics.arrays.titles import parted
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.graph.cells import late
from backpropcli.proof.floats.alike import same
from backpropcli.proof.floats.apart import UNIT, Blurred

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.calculus.linearize import Edges
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph
    from backpropcli.language.claims.records import Claim
    from backpropcli.proof.claims.posed import Posed

    Value = Any

MENDED = 4
"""How many times what rounding explains of both sides a claim is off that is mended: that rounds
as well."""
ALWAYS = 16 * UNIT
"""How near a number is, for its size, that any operation's rounding explains."""


class Sample:
    """The passes over a program at a point, in floats: ``values``, ``edges``, and the two sides.

    ``of`` and ``by`` are the nodes of what is differentiated, in a graph that has no arrays where
    it is a derivative itself; ``true`` and ``claimed`` are arrays (or numbers) of the derivative.
    ``truth`` returns it in an arithmetic where it is no slope of ``of``. Numbers that are nearer
    than ``slack`` are taken for equal. By the time ``deadline`` nothing is said to be near.
    """

    slack = 0.0
    deadline = math.inf
    dtype = "float64"

    def __init__(
        self,
        graph: Graph,
        nodes: tuple[int, int, int],
        bindings: Mapping[str, Value],
        truth: Callable[[Any], Value] | None = None,
        numbers: Any = None,  # noqa: ANN401 (an arithmetic)
    ) -> None:
        self.graph = graph
        self.of, self.by, self.claim = nodes
        self.numbers = numbers_of(graph, bindings) if numbers is None else numbers
        self.bindings = bindings
        self.values: list[Value] = forward(graph, self.numbers, bindings)
        self.claimed = np.asarray(self.values[self.claim], dtype=float)
        self._edges: dict[int, Edges] = {}
        self._pulled: dict[tuple[int, int], list[Value]] = {}
        self._ways: dict[tuple[frozenset[int], int | None], Value] = {}
        self.truth = truth
        self.true = self.slope(self.of, self.by) if truth is None else truth(numbers or floats)

    @classmethod
    def first(
        cls,
        lowered: Lowered,
        claim: Claim,
        bindings: Mapping[str, Value],
        numbers: Any = None,  # noqa: ANN401 (an arithmetic)
    ) -> Sample:
        """Return the passes for a claim on a first derivative."""
        places, target = lowered.places, claim.target
        nodes = places[target.of], places[target.by[0]], places[claim.node]
        return cls(lowered.graph, nodes, bindings, numbers=numbers)

    @classmethod
    def posed(cls, posed: Posed, bindings: Mapping[str, Value]) -> Sample:
        """Return the passes for a claim, which may be on a higher derivative."""
        lowered, target, problem = posed.problem.lowered, posed.claim.target, posed.problem
        if len(target.by) == 1:
            return cls.first(lowered, posed.claim, bindings)
        of, *by = (lowered.places[node] for node in (target.of, *target.by))
        claim = lowered.places[posed.claim.node]
        if lowered.shapes is None:
            for one in by[:-1]:
                [of] = problem.slopes(of, [one])
            return cls(problem.graph, (of, by[-1], claim), bindings)

        def truth(numbers: Any) -> Value:  # noqa: ANN401 (an arithmetic)
            values = forward(problem.graph, numbers, elements(problem.graph, bindings))
            return np.array([float(values[node]) for node in posed.truths]).reshape(posed.shape)

        return cls(lowered.graph, (of, by[0], claim), bindings, truth)

    def near(self, one: Value, other: Value) -> bool:
        """Say whether two results are the same here, as nearly as rounding explains."""
        if not same(one, other, self.slack, self.dtype):
            return False
        if (np.abs(one - other) <= ALWAYS * np.abs(other)).all():
            return True
        each = np.shape(self.rounding) == np.shape(one)
        rounding = self.rounding if each else np.max(self.rounding, initial=0)
        return bool((np.abs(one - other) <= rounding + self.slack).all())

    @late
    def blurred(self) -> Blurred | None:
        """Return the two sides with what rounding explains of each; None if time runs out."""
        return Blurred.at(self._both, self.bindings, self.deadline)

    @late
    def rounding(self) -> Value:
        """How far rounding explains a claim from the derivative, and one that is mended."""
        if self.blurred is None:
            return 0.0
        explains = [np.where(np.isfinite(one), one, np.inf) for one in self.blurred.explains]
        if np.shape(explains[0]) != np.shape(explains[1]):
            explains = [np.max(one, initial=0) for one in explains]
        return MENDED * np.hypot(*explains)

    def _both(self, bindings: Mapping[str, Value], numbers: Any) -> list[Value]:  # noqa: ANN401
        """Return the two sides in an arithmetic."""
        nodes = self.of, self.by, self.claim
        one = Sample(self.graph, nodes, bindings, self.truth, numbers)
        return [one.claimed, one.true]

    def edges(self, by: int) -> Edges:
        """Return the edges of what moves with a node."""
        if by not in self._edges:
            self._edges[by] = linearize(self.graph, self.numbers, self.values, [by])
        return self._edges[by]

    def adjoints(self, of: int, by: int) -> list[Value]:
        """Return the adjoints of the sum of a node's elements, of what moves with another."""
        if (of, by) not in self._pulled:
            self._pulled[of, by] = self._pull(self.edges(by), of)
        return self._pulled[of, by]

    def _pull(self, edges: Edges, of: int, seed: Value = None) -> list[Value]:
        shape = np.shape(self.values[of])
        if seed is None:
            seed = np.ones(shape) if shape else 1.0
        found = pull(edges, self.numbers, {of: seed})
        return (
            self.numbers.in_shape(found, self.values)
            if hasattr(self.numbers, "in_shape")
            else found
        )

    def slope(self, of: int, by: int, edges: Edges | None = None) -> Value:
        """Return the derivative of a node by another: its Jacobian, where it is an array."""
        shape, sizes = np.shape(self.values[of]), np.shape(self.values[by])
        edges = edges or self.edges(by)
        rows = []
        for place in np.ndindex(shape):
            seed = np.zeros(shape)
            seed[place] = 1.0
            found = self._pull(edges, of, seed if shape else 1.0)[by]
            rows.append(np.zeros(sizes) if found is None else np.asarray(found, dtype=float))
        return np.reshape(rows, (*shape, *sizes))

    def without(self, heads: frozenset[int], tail: int | None = None) -> Value:
        """Return the derivative without what goes through nodes ``heads``, down to a ``tail``."""
        if (heads, tail) not in self._ways:
            edges = linearize(self.graph, self.numbers, self.values, [self.by])
            edges.change(
                lambda head, end, partial: (
                    None if head in heads and tail in {None, end} else partial
                )
            )
            self._ways[heads, tail] = self.slope(self.of, self.by, edges)
        return self._ways[heads, tail]

    def left_out(self, head: int, tail: int) -> Value:
        """Return the derivative with one local derivative not multiplied in."""
        edges = linearize(self.graph, self.numbers, self.values, [self.by])
        ways = [partial for *ends, partial in edges if ends == [head, tail]]
        if any(isinstance(partial, Whole) for partial in ways):
            return None
        edges.change(
            lambda one, end, partial: (
                _left_out(partial, self.values[tail]) if (one, end) == (head, tail) else partial
            )
        )
        return self.slope(self.of, self.by, edges)

    def overwritten(self, head: int) -> Value:
        """Return the derivative where of an element that is taken twice the last use counts.

        None where no element is.
        """
        edges = linearize(self.graph, self.numbers, self.values, [self.by])
        wholes = [way for start, _, way in edges if start == head and isinstance(way, Whole)]
        if not wholes:
            return None
        found = _Overwritten(wholes[0], self.numbers)
        if not found.twice:
            return None
        edges.change(lambda _head, _tail, partial: found if partial is wholes[0] else partial)
        return self.slope(self.of, self.by, edges)


class _LeftOut(Partial):
    """A local derivative that is taken for 1."""

    def back(self, given: Value, *, last: bool = False) -> Value:
        del last
        return fit(plain(given), np.shape(self.out))


class _Overwritten(Partial):
    """What picks elements, sent back as an assignment does it: what comes last stays."""

    def __init__(self, whole: Whole, numbers: Any) -> None:  # noqa: ANN401 (an arithmetic)
        self.source, *rest = whole.inputs
        places = np.arange(float(np.size(self.source))).reshape(np.shape(self.source))
        picked = word(whole.row, numbers)(places, *rest, arg=whole.arg)
        self.picked = np.asarray(picked, dtype=int)
        self.twice = len(np.unique(self.picked)) < self.picked.size

    def back(self, given: Value, *, last: bool = False) -> Value:
        del last
        found = np.zeros(np.size(self.source))
        found[self.picked.ravel()] = np.broadcast_to(plain(given), self.picked.shape).ravel()
        return found.reshape(np.shape(self.source))


def _left_out(partial: Value, tail: Value) -> Value:
    return _LeftOut(partial.local, tail, ()) if isinstance(partial, Partial) else 1.0


def elements(graph: Graph, bindings: Mapping[str, Value]) -> dict[str, float]:
    """Return what the variables of a graph of elements are, of arrays by name."""
    found = {}
    for title in graph.variables():
        name, place = parted(title)
        found[title] = float(bindings[name][place] if place else bindings[name])
    return found
