"""Points in floats at which a wrong claim is looked at: what it is, and what it could have been."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.proof.domain import Conditions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.calculus.linearize import Edges
    from backpropcli.calculus.lower import Lowered
    from backpropcli.language.claims import Claim
    from backpropcli.proof.claims.judge import Where
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.points import Point

    Value = Any

COUNT, TRIES = 4, 40
"""Points that are looked at, and how many are drawn for them."""
CLOSE = 1e-9
"""How near numbers are that are taken for equal, for their size."""
SHORTER = {"float32": 1e-4, "float16": 1e-2}
"""The same in precisions of fewer digits."""


class Sample:
    """The passes over a program at a point, in floats: ``values``, ``edges``, and the two sides.

    ``of`` and ``by`` are the flat nodes of what is differentiated, ``true`` and ``claimed`` arrays
    (or numbers) of the derivative by the first of ``by``.
    """

    def __init__(self, lowered: Lowered, claim: Claim, bindings: Mapping[str, Value]) -> None:
        target = claim.target
        self.graph = lowered.graph
        self.numbers = numbers_of(self.graph, bindings)
        self.of = lowered.places[target.of]
        self.by = [lowered.places[node] for node in target.by]
        self.claim = lowered.places[claim.node]
        self.bindings = bindings
        self.values: list[Value] = forward(self.graph, self.numbers, bindings)
        self.claimed = np.asarray(self.values[self.claim], dtype=float)
        self._edges: dict[int, Edges] = {}
        self._pulled: dict[tuple[int, int], list[Value]] = {}
        self.true = self.slope(self.of, self.by[0])

    def edges(self, by: int) -> Edges:
        """Return the edges of what moves with a node."""
        if by not in self._edges:
            self._edges[by] = linearize(self.graph, self.numbers, self.values, [by])
        return self._edges[by]

    def adjoints(self, of: int, by: int) -> list[Value]:
        """Return the adjoints of the sum of a node's elements, of what moves with another."""
        if (of, by) not in self._pulled:
            shape = np.shape(self.values[of])
            seed: Value = np.ones(shape) if shape else 1.0
            found = pull(self.edges(by), self.numbers, {of: seed})
            if hasattr(self.numbers, "in_shape"):
                found = self.numbers.in_shape(found, self.values)
            self._pulled[of, by] = found
        return self._pulled[of, by]

    def slope(self, of: int, by: int) -> Value:
        """Return the derivative of the sum of a node's elements by another node."""
        found = self.adjoints(of, by)[by]
        shape = np.shape(self.values[by])
        return np.zeros(shape) if found is None else np.asarray(found, dtype=float)

    def without(self, cut: int) -> Value:
        """Return the derivative without what comes along one edge."""
        edges = self.edges(self.by[0])
        kept = linearize(self.graph, self.numbers, self.values, [self.by[0]])
        kept.heads, kept.tails, kept.partials = (
            [one for at, one in enumerate(each) if at != cut]
            for each in (edges.heads, edges.tails, edges.partials)
        )
        found = pull(kept, self.numbers, {self.of: 1.0})[self.by[0]]
        shape = np.shape(self.values[self.by[0]])
        return (
            np.zeros(shape) if found is None else np.broadcast_to(np.asarray(found, float), shape)
        )


def samples(posed: Posed, where: Where) -> list[Sample]:
    """Return points at which both sides are finite and not all 0, as many as are found."""
    found: list[Sample] = []
    with np.errstate(all="ignore"):
        for bindings in _drawn(posed, where):
            one = Sample(posed.problem.lowered, posed.claim, bindings)
            if np.isfinite(one.claimed).all() and np.isfinite(one.true).all() and one.true.any():
                found.append(one)
            if len(found) == COUNT:
                break
    return found


def _drawn(posed: Posed, where: Where) -> Iterator[dict[str, Value]]:
    """Yield points as bindings: no special numbers, in the ranges and under the conditions."""
    problem = posed.problem
    graph = problem.graph
    names = [*graph.variables()]
    random = np.random.default_rng(1)
    fixed = {name for name in names if name.partition("[")[0] in where.ranges}
    conditions = Conditions(graph, problem.conditions, fixed)
    below = graph.ancestors([*posed.claims, *posed.truths])
    varies = any(below[node] for node in graph.variables().values())
    rests = graph.ancestors(posed.claims)
    constant = not any(rests[node] for node in graph.variables().values())
    if where.point is not None and (constant or not varies):
        yield _bound(problem.bindings, where.point)
        return
    for turn in range(TRIES):
        point: Point = {}
        for name in names:
            low, high = where.ranges.get(name.partition("[")[0], (None, None))
            if low is None or high is None:
                draw = random.uniform(0.3, 1.9) * (random.choice([-1, 1]) if turn % 2 else 1)
            else:
                draw = float(low) + (float(high) - float(low)) * random.uniform(0.1, 0.9)
            point[name] = Fraction(f"{draw:.5f}")
        for met in conditions.met([point | where.fixed]):
            yield _bound(problem.bindings, met)


def _bound(shaped: Mapping[str, Value], point: Mapping[str, Fraction]) -> dict[str, Value]:
    """Return a point's elements as the arrays that they are elements of; the rest is as it was."""
    found: dict[str, Value] = {
        name: np.array(value) if np.shape(value) else value for name, value in shaped.items()
    }
    for name, number in point.items():
        base, _, place = name.partition("[")
        if not place:
            found[base] = float(number)
            continue
        found[base][tuple(map(int, place[:-1].split(",")))] = float(number)
    return found


def same(one: Value, other: Value) -> bool:
    """Say whether two arrays have one shape and the same numbers, as far as floats tell."""
    if np.shape(one) != np.shape(other):
        return False
    size = max(float(np.max(np.abs(one), initial=0)), float(np.max(np.abs(other), initial=0)))
    close = SHORTER.get(str(getattr(one, "dtype", "")), CLOSE)
    with np.errstate(all="ignore"):
        return bool(np.max(np.abs(one - other), initial=0) <= close * size)
