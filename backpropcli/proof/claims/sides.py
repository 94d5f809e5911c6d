"""Both sides of a claim in floats: of a second derivative, its products with random directions."""

from __future__ import annotations

from itertools import islice
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.elements import each_place, element
from backpropcli.calculus.node_shapes import node_shapes
from backpropcli.errors import BackpropError
from backpropcli.proof.claims.numbers import rounded_to
from backpropcli.proof.claims.sample import Sample
from backpropcli.proof.findings.answer import Seen
from backpropcli.proof.floats.alike import same
from backpropcli.proof.floats.apart import BESIDE, moved, moving
from backpropcli.report.kinked import with_kinks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.claims.records import Claim

    Value = Any

ALONG = "a direction"
"""The name of a variable that no program has."""
STEPS = (-2.0, -1.0, 1.0, 2.0)
"""What random directions are made of."""
MOST = 400
"""Directions along one element that are tried for the element where a claim is wrong."""
FEW = 4
"""Elements that are looked at alone for a convention."""
JUMP = 1e-3
"""How far a derivative jumps, beside the largest, at a kink."""


class Sides:
    """What is claimed and what is true, as nodes of a graph.

    They ``fit`` if the claim has the derivative's shape, or is a number. The second derivative by
    x and y of a number is compared as that of its derivative by y along a direction. Kinks are by
    variables that move: not by those that are ``held``. Where the claim does not vary, plain
    numbers are claimed, which may be off by ``half`` a unit of their last place. What rounding
    explains has to be known by the time ``deadline``.
    """

    def __init__(
        self, lowered: Lowered, claim: Claim, held: Collection[str], deadline: float
    ) -> None:
        places, self.target = lowered.places, claim.target
        self.deadline = deadline
        self.graph = lowered.graph
        self.of, self.node = places[claim.target.of], places[claim.node]
        self.by, *rest = (places[by] for by in claim.target.by)
        self.still = {*lowered.graph.variables(), ALONG} - moving(lowered, [self.by, *rest])
        self.still |= {*held}
        assert lowered.shapes is not None  # noqa: S101 (for mypy: there are arrays)
        shapes: Any = node_shapes(lowered.graph, lowered.shapes)
        self.given = shapes[self.node]
        self.shape = (
            *shapes[self.of],
            *(size for by in claim.target.by for size in shapes[places[by]]),
        )
        self.fit = self.given in {(), self.shape}
        below = self.graph.ancestors([self.node])
        self.varies = any(below[node] for node in self.graph.variables().values())
        self.half = 0.0 if self.varies else rounded_to(self.graph, self.node)
        self.width: tuple[int, ...] = ()
        self.told = "they"
        if rest:
            self.width = shapes[rest[0]]
            self.told = "products with random directions"
            self._turn(lowered, rest[0], shapes[self.of])

    @property
    def slack(self) -> float:
        """How far what is compared may be off, by how numbers are rounded."""
        turned = ALONG in self.graph.variables()
        return self.half * max(STEPS) * prod(self.width) if turned else self.half

    @property
    def agree(self) -> str:
        """The sentence that both sides agree."""
        return f"{self.told} agree in floats, as far as rounding explains"

    def _turn(self, lowered: Lowered, by: int, shape: tuple[int, ...]) -> None:
        """Let both sides be products with a direction. Raises BackpropError."""
        if shape or len(self.target.by) > 2:  # noqa: PLR2004
            what = "a second derivative of an array" if shape else "a third derivative"
            raise BackpropError(f"the arrays are too large for {what}")
        graph = self.graph = lowered.graph.copy()
        slope = adjoint_nodes(graph, self.of, [by], lowered.shapes, book=False).get(by)
        along = graph.node("variable", (), ALONG)
        if slope is None:
            slope = graph.node("mul", (graph.node("number", (), 0.0), along))
        self.of = graph.node("mul", (slope, along))
        self.node = graph.node("mul", (self.node, along))
        if self.width:
            axes = tuple(range(-len(self.width), 0))
            self.of = graph.node("sum", (self.of,), (None, False))
            self.node = graph.node("sum", (self.node,), (axes, False))

    def at(self, values: Mapping[str, Value], seed: int) -> Mapping[str, Value]:
        """Return values for all variables, of the direction too."""
        if ALONG not in self.graph.variables():
            return values
        random = np.random.default_rng(seed)
        direction = random.choice(STEPS, self.width)
        return {**values, ALONG: direction if self.width else float(direction)}

    def sample(self, values: Mapping[str, Value]) -> Sample:
        """Return both sides at values."""
        found = Sample(self.graph, (self.of, self.by, self.node), values)
        found.deadline = self.deadline
        return found

    def times(self, one: Sample) -> Value | None:
        """Return how many times what rounding explains both are apart; None if time runs out."""
        if np.array_equal(one.claimed, one.true):
            return np.zeros(np.shape(one.true))
        return None if one.blurred is None else one.blurred.times(0, 1)

    def ahead(self, one: Sample) -> Mapping[str, Value]:
        """Return values beside a point; what makes no kink stays as it is."""
        return moved(one.bindings, self.still, BESIDE, 0)

    def turning(self, one: Sample) -> Value:
        """Return which derivatives are others on one side of a point, or on the other."""
        ahead = self.ahead(one)
        back = {
            name: value if ahead[name] is value else 2 * value - ahead[name]
            for name, value in one.bindings.items()
        }
        least = JUMP * (1 + np.abs(one.true).max())
        sizes = [np.abs(self.sample(near).true - one.true) for near in (ahead, back)]
        return ~(np.maximum(*sizes) <= least)

    def conventions(self, one: Sample) -> Value:
        """Return flags of elements whose slope is a convention, where the whole has another one.

        So slopes on both sides are the same, and the value is continuous. A few elements are looked
        at, each along itself; none along directions.
        """
        found = np.zeros(np.shape(one.true))
        name = str(self.graph.args.get(self.by, ""))
        if ALONG in one.bindings or name not in one.bindings or not with_kinks(self.graph):
            return found
        least = JUMP * (1 + np.abs(one.true).max())
        value, near = one.bindings[name], self.sample(self.ahead(one)).true
        size = np.shape(value)
        for place in map(tuple, np.argwhere(np.abs(near - one.true) > least)[:FEW].tolist()):
            step = np.zeros(size)
            step[place[len(place) - len(size) :]] = BESIDE
            both = [self.sample({**one.bindings, name: value + to}) for to in (-step, step)]
            left, right = [each.true[place] for each in both]
            here, *beside = [each.values[self.of] for each in (one, *both)]
            continuous = all(np.abs(other - here).max() <= least for other in beside)
            found[place] = continuous and abs(left - right) <= least < abs(left - one.true[place])
        return found

    def seen(self, kind: str, one: Sample, times: Value) -> Seen:
        """Return the element that is farthest from what rounding explains."""
        place = tuple(map(int, np.unravel_index(np.argmax(times), times.shape)))
        if ALONG not in one.bindings:
            return self._seen(kind, one, place)
        for last in islice(each_place(self.width), MOST):
            unit = np.zeros(self.width)
            unit[last] = 1.0
            alone = self.sample({**one.bindings, ALONG: unit if self.width else 1.0})
            claimed, true = np.broadcast_arrays(alone.claimed, alone.true)
            if not same(claimed, true, self.half):
                place = tuple(
                    map(int, np.unravel_index(np.argmax(np.abs(claimed - true)), true.shape))
                )
                return self._seen(kind, alone, place, last)
        return self._seen(kind, one, (), ())

    def _seen(
        self, kind: str, one: Sample, place: tuple[int, ...], last: tuple[int, ...] = ()
    ) -> Seen:
        both = (np.broadcast_to(side, one.true.shape)[place] for side in (one.claimed, one.true))
        claimed, true = (repr(float(number)) for number in both)
        whole = (*place, *last)
        return Seen(kind, {}, claimed, true, element(self.target.title, whole) if whole else "")
