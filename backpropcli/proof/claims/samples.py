"""Points in floats at which a wrong claim is looked at: what it is, and what it could have been."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays.partials import Partial, Whole, plain
from backpropcli.arithmetics.arrays.words import fit
from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.proof.domain import Conditions
from backpropcli.proof.points import around, literals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from backpropcli.calculus.linearize import Edges
    from backpropcli.calculus.lower import Lowered
    from backpropcli.graph.graph import Graph
    from backpropcli.language.claims import Claim
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.domain import Where
    from backpropcli.proof.points import Point

    Value = Any

COUNT, TRIES = 4, 40
"""Points near 1 where a claim is wrong, and how many are drawn for them."""
SIGNED, WIDE = 16, 24
"""Points of all signs that are looked at besides, and such near literals and of all sizes."""
TINY = 1e-200
"""Below this floats lose digits."""
LOST = 1e-13
"""How much of the largest values on the way may be lost at points of all sizes."""
CLOSE = 1e-9
"""How near numbers are that are taken for equal, for their size."""
SHORTER = {"float32": 1e-4, "float16": 1e-2}
"""The same in precisions of fewer digits."""


class Sample:
    """The passes over a program at a point, in floats: ``values``, ``edges``, and the two sides.

    ``of`` and ``by`` are the nodes of what is differentiated, in a graph that has no arrays where
    it is a derivative itself; ``true`` and ``claimed`` are arrays (or numbers) of the derivative.
    Numbers that are nearer than ``slack`` are taken for equal.
    """

    slack = 0.0

    def __init__(
        self,
        graph: Graph,
        nodes: tuple[int, int, int],
        bindings: Mapping[str, Value],
        true: Value = None,
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
        self._ways: dict[Any, Value] = {}
        self.true = self.slope(self.of, self.by) if true is None else true

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
        """Return the passes for a claim, which may be on a second derivative."""
        lowered, target, problem = posed.problem.lowered, posed.claim.target, posed.problem
        if len(target.by) == 1:
            return cls.first(lowered, posed.claim, bindings)
        of, by, other = (lowered.places[node] for node in (target.of, *target.by))
        claim = lowered.places[posed.claim.node]
        if lowered.shapes is None:
            [slope] = problem.slopes(of, [by])
            return cls(problem.graph, (slope, other, claim), bindings)
        values = forward(problem.graph, floats, _elements(problem.graph, bindings))
        true = np.array([float(values[node]) for node in posed.truths]).reshape(posed.shape)
        return cls(lowered.graph, (of, by, claim), bindings, true)

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
        return self._kept(
            ("without", heads, tail), lambda head, end: head in heads and tail in {None, end}
        )

    def left_out(self, head: int, tail: int) -> Value:
        """Return the derivative with one local derivative not multiplied in."""
        edges = linearize(self.graph, self.numbers, self.values, [self.by])
        for at, ends in enumerate(zip(edges.heads, edges.tails, strict=True)):
            if ends == (head, tail):
                if isinstance(edges.partials[at], Whole):
                    return None
                edges.partials[at] = _left_out(edges.partials[at], self.values[tail])
        return self.slope(self.of, self.by, edges)

    def _kept(self, key: object, cut: Callable[[int, int], bool]) -> Value:
        if key not in self._ways:
            kept = linearize(self.graph, self.numbers, self.values, [self.by])
            three = zip(kept.heads, kept.tails, kept.partials, strict=True)
            rest = [one for one in three if not cut(one[0], one[1])]
            kept.heads, kept.tails, kept.partials = ([one[at] for one in rest] for at in range(3))
            self._ways[key] = self.slope(self.of, self.by, kept)
        return self._ways[key]


class _LeftOut(Partial):
    """A local derivative that is taken for 1."""

    def back(self, given: Value, *, last: bool = False) -> Value:
        del last
        return fit(plain(given), np.shape(self.out))


def _left_out(partial: Value, tail: Value) -> Value:
    return _LeftOut(partial.local, tail, ()) if isinstance(partial, Partial) else 1.0


def _elements(graph: Graph, bindings: Mapping[str, Value]) -> dict[str, float]:
    """Return what the variables of a graph of elements are, of arrays by name."""
    found = {}
    for name in graph.variables():
        base, _, place = name.partition("[")
        value = bindings[base]
        found[name] = float(value[tuple(map(int, place[:-1].split(",")))] if place else value)
    return found


def samples(posed: Posed, where: Where) -> list[Sample]:
    """Return points at which both sides are finite, as many as are found; none if all are right.

    First those where the claim is wrong, then those where it is right, and then those far off:
    they are of all signs, and reach other branches.
    """
    wrong: list[Sample] = []
    right: list[Sample] = []
    far: list[Sample] = []
    with np.errstate(all="ignore"):
        for kind, bindings in _drawn(posed, where):
            if kind == "near" and len(wrong) >= COUNT:
                continue
            one = Sample.posed(posed, bindings)
            if not (_told(one.claimed) and _told(one.true)):
                continue
            if kind == "far":
                one.slack = LOST * _largest(one)
                far += [one] if np.isfinite(one.slack) else []
            elif same(one.claimed, one.true):
                right.append(one)
            else:
                wrong.append(one)
    found = [*wrong, *right, *far]
    return found if wrong and any(one.true.any() for one in wrong) else []


def _told(value: Value) -> bool:
    """Say whether floats tell a value in all digits."""
    size = _size(value)
    return bool(np.isfinite(value).all()) and (size == 0 or size > TINY)


def _largest(one: Sample) -> float:
    """Return how large rounding errors get on the way to both sides, in units of a rounding."""
    below = one.graph.ancestors([one.of, one.claim])
    values = [value for value, flag in zip(one.values, below, strict=True) if flag]
    adjoints = [value for value in one.adjoints(one.of, one.by) if value is not None]
    sizes = [size for value in values if np.isfinite(size := _size(value))]
    return max(1.0, *sizes) * max(1.0, *map(_size, adjoints))


def _size(value: Value) -> float:
    return float(np.max(np.abs(np.asarray(value, float)), initial=0))


def _drawn(posed: Posed, where: Where) -> Iterator[tuple[str, dict[str, Value]]]:
    """Yield points as bindings: no special numbers, in the ranges and under the conditions.

    They are "near" 1, or "signed": near 1 and of all signs, or "far".
    """
    problem = posed.problem
    graph = problem.graph
    names = [*graph.variables()]
    random = np.random.default_rng(1)
    fixed = {name for name in names if name.partition("[")[0] in where.ranges}
    conditions = Conditions(graph, problem.conditions, fixed)
    if where.point is not None and not posed.varies:
        yield "near", _bound(problem.bindings, where.point)
        return
    sizes = [float(number) for number in around(*literals(graph))]
    kinds = ["near"] * TRIES + ["signed"] * SIGNED + ["far"] * WIDE
    for turn, kind in enumerate(kinds):
        point: Point = {}
        for place, name in enumerate(names):
            low, high = where.ranges.get(name.partition("[")[0], (None, None))
            draw = random.uniform(0.3, 1.9)
            if kind == "near":
                draw *= random.choice([-1, 1]) if turn % 2 else 1
            elif kind == "signed":
                few = len(names) <= SIGNED.bit_length() - 1
                draw *= -1 if (turn >> place & 1 if few else random.random() < 0.5) else 1  # noqa: PLR2004
            elif sizes and random.random() < 0.5:  # noqa: PLR2004 (as often as of all sizes)
                draw = random.choice(sizes) + random.uniform(0.01, 0.2) * random.choice([-1, 1])
            else:
                draw = 10 ** random.uniform(-2, 3) * random.choice([-1, 1])
            if low is not None and high is not None and not (kind == "far" and low < draw < high):
                draw = float(low) + (float(high) - float(low)) * random.uniform(0.02, 0.98)
            point[name] = Fraction(f"{draw:.5f}")
        for met in conditions.met([point | where.fixed]):
            yield kind, _bound(problem.bindings, met)


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


def same(one: Value, other: Value, slack: float = 0.0) -> bool:
    """Say whether two arrays have one shape and the same numbers, as far as floats tell."""
    if np.shape(one) != np.shape(other):
        return False
    size = max(float(np.max(np.abs(one), initial=0)), float(np.max(np.abs(other), initial=0)))
    close = SHORTER.get(str(getattr(one, "dtype", "")), CLOSE)
    with np.errstate(all="ignore"):
        return bool(np.max(np.abs(one - other), initial=0) <= close * size + slack < np.inf)
