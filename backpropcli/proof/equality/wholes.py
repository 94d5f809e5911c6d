"""Derivatives that whole expressions have at kinks: these are true there, whatever rules say.

Germs tell them at exact points. At those that an equation gives, in so many digits, they are the
limit of what rules have on both sides, where that is one and the expression is continuous.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import compress
from typing import NamedTuple

from mpmath import isfinite, mp, mpf

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import Ball, ball, finite
from backpropcli.arithmetics.germs.balls import real
from backpropcli.calculus.forward import forward
from backpropcli.proof.equality.solved import Solved, in_balls
from backpropcli.report.kinked import with_kinks
from backpropcli.report.run import SIGNED
from backpropcli.report.truth.hidden import at_kink
from backpropcli.report.whole.along import whole
from backpropcli.report.whole.second import second

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Point

    Balls = Any
    """An arithmetic of balls."""

MOST = 50
"""Derivatives for which the whole is looked at, at one point."""
WORK = 6_000
"""Operations in germs at all points together: points beyond that go by the rules."""
LINES = 6
"""Lines along which a second derivative is looked at."""
BLUR = mpf(10) ** -50
"""What part of a slope that is not exact is not known."""
STEP = Fraction(1, 10**100)
"""How far beside a point that an equation gives both sides are looked at."""
DIGITS = 350
"""Working digits there."""
CLOSE = mpf(10) ** -40
"""How near slopes on both sides are that are the same."""


class Derivative(NamedTuple):
    """Of which node a derivative is, by which nodes, one after the other, and that by rules."""

    of: int
    by: tuple[int, ...]
    rule: int


class Wholes:
    """What each of some derivatives truly is at points that are kinks of what it is of.

    ``moving`` has what moves with some nodes of the ``graph``. Numbers of many digits have no zero
    with a sign: of what may turn on one nothing is said, nor of functions with rules of their own.
    """

    def __init__(
        self,
        graph: Graph,
        derivatives: Sequence[Derivative | None],
        moving: Callable[[tuple[int, ...]], bytearray],
    ) -> None:
        self.graph = graph
        self.derivatives = derivatives
        self.moving = moving
        self.left = WORK
        told = [one for one in derivatives if one is not None]
        self.every = tuple(dict.fromkeys(node for one in told for node in one.by))
        below = graph.ancestors([one.of for one in told])
        self.kinks = [node for node in with_kinks(graph) if below[node]]
        self._below: dict[int, bytearray] = {}
        self._known: dict[tuple[Derivative, tuple[Fraction, ...]], Number | None] = {}

    def at(self, point: Point, values: list[Number], arithmetic: Balls) -> dict[int, Number]:
        """Return the derivatives at a point, by their numbers, where it is, or may be, a kink.

        ``values`` are those of all nodes there, in an ``arithmetic`` of balls. Those that are not
        known, or are none, are left out.
        """
        solved = any(isinstance(value, Solved) for value in point.values())
        if not self.kinks or (solved and arithmetic is balls):  # which decide on no tie there
            return {}
        moving = self.moving(self.every)
        graph = self.graph
        met = [at for at in self.kinks if at_kink(graph, at, values, moving, arithmetic)]
        if not met:
            return {}
        found: dict[int, Number] = {}
        for at, derivative in self._turning(met, values, arithmetic):
            key = derivative, (*point.values(),)
            if key not in self._known:
                if self.left <= 0:
                    break
                self._known[key] = self._slope(derivative, point, arithmetic)
            slope = self._known[key]
            if slope is not None:
                found[at] = slope
            if len(found) >= MOST:
                break
        return found

    def _turning(
        self, met: Sequence[int], values: list[Number], arithmetic: Balls
    ) -> Iterator[tuple[int, Derivative]]:
        """Yield the derivatives that some kinks make a difference to."""
        for at, derivative in enumerate(self.derivatives):
            if derivative is None or not self._is_plain(derivative.of):
                continue
            below, moving = self._of(derivative.of), self.moving(derivative.by)
            if any(
                below[node] and at_kink(self.graph, node, values, moving, arithmetic)
                for node in met
            ):
                yield at, derivative

    def _of(self, node: int) -> bytearray:
        if node not in self._below:
            self._below[node] = self.graph.ancestors([node])
        return self._below[node]

    def _is_plain(self, node: int) -> bool:
        """Say whether a node rests on nothing that has a sign of zero, or a rule of its own."""
        graph = self.graph
        return not any(
            graph.inputs[at] and (graph.operations[at] in SIGNED or graph.row(at).own)
            for at in compress(range(len(graph)), self._of(node))
        )

    def _slope(self, derivative: Derivative, point: Point, arithmetic: Balls) -> Number | None:
        """Return the derivative of the whole, None where there is none that is sure."""
        of, by, _ = derivative
        size = sum(self._of(of))
        self.left -= size if len(by) == 1 else LINES * size
        if any(isinstance(value, Solved) for value in point.values()):
            return self._limit(derivative, point, arithmetic)
        if len(by) == 1:
            one = whole(self.graph, of, point, by[0], typed=True)
            known = one.kind == "derivative" and one.sure
            return _number(one.right.slope) if known else None
        two = second(self.graph, of, point, [*dict.fromkeys(by)], typed=True)
        entry = two[by] if by in two else two[by[::-1]]  # type: ignore[index]
        return _number(entry.value) if entry.sure and entry.value is not None else None

    def _limit(self, derivative: Derivative, point: Point, arithmetic: Balls) -> Number | None:
        """Return the limit of what rules have beside a point, where the value is continuous."""
        graph, (of, by, rule) = self.graph, derivative
        if len(by) > 1 or graph.operations[by[0]] != "variable":
            return None
        name = str(graph.args[by[0]])
        with mp.workdps(DIGITS):
            there = forward(graph, arithmetic, in_balls(point))[of]
            slopes = []
            for step in (-STEP, STEP):
                values = forward(graph, balls, in_balls({**point, name: point[name] + step}))
                if not all(map(finite, (there, values[of], values[rule]))):
                    return None
                slope = ball(values[rule])
                rest = ball(values[of] - there - slope * step)
                most = CLOSE * ball(STEP).middle * (1 + abs(slope.middle))
                if abs(rest.middle) + rest.radius > most:
                    return None
                slopes.append(slope)
            left, right = slopes
            gap = abs(left.middle - right.middle) + left.radius + right.radius
            close = gap <= CLOSE * (1 + abs(left.middle))
            middle = (left.middle + right.middle) / 2
            return Ball(middle, gap + ball(STEP).middle) if close else None


def _number(slope: Any) -> Number | None:  # noqa: ANN401 (a number of germs)
    """Return a slope as a number of balls; None for what is not finite."""
    if isinstance(slope, int | Fraction):
        return Fraction(slope)
    middle = real(slope)
    return Ball(middle, abs(middle) * BLUR) if isfinite(middle) else None
