"""Points on sides of choices that no sampled point takes: searched for, or shown to be nowhere.

A score is climbed along one variable after the other. That a side is nowhere is proved by
intervals, which are split where they tell nothing.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, islice
from time import monotonic

from backpropcli.proof.equality.climb import Climb
from backpropcli.proof.equality.conditions import Conditions
from backpropcli.proof.equality.nowhere import sign_of_highest
from backpropcli.proof.equality.points import is_within, points
from backpropcli.proof.equality.scores import LOOSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backpropcli.proof.equality.choices import Choices, Side
    from backpropcli.proof.equality.points import Point

SHARE = 0.1
"""The share of points that are moved to where an equation holds that is not linear."""
STARTS, FOUND = 6, 3
"""Points to climb from, and points on a side that are enough."""
STEPS = range(18)
"""Powers of 1/10 by which points lie beside one that takes a side."""
LARGEST, LEAST = 40_000, 400
"""Operations that a search from one point takes, at most, and points for each variable that it may
look at then."""
EMPTY = 4
"""Points without a value that make a side one of which nothing is to be compared."""


class Reaching:
    """The sides of some ``choices``, where points meet ``conditions``, in the ranges of these."""

    def __init__(self, choices: Choices, conditions: Conditions) -> None:
        self.choices = choices
        self.conditions = conditions
        self.ranges = conditions.ranges
        self.sides = choices.sides

    def more(self, known: Sequence[Point], deadline: float) -> list[Point]:
        """Return points on sides that few of the ``known`` ones take, as far as they are found.

        They are searched for until the time ``deadline``. Sides that are nowhere are left out, and
        those that are elsewhere: found only where the conditions do not hold.
        """
        found: list[Point] = []
        thin = self.choices.left(known, self.sides, least=FOUND)
        self.sides = missing = self.choices.left(known, thin)
        for side in thin:
            if side not in missing and monotonic() < deadline:
                taking = (point for point in known if not self.choices.left([point], [side]))
                found += self._met(side, chain(*map(self._beside, islice(taking, FOUND))))
        for at, side in enumerate(missing):
            if not self.choices.left(found, [side], least=FOUND):
                continue
            highest, now = sign_of_highest(self.choices, self.ranges, side), monotonic()
            end = now + (deadline - now) / (len(missing) - at)
            half = (now + end) / 2 if self.conditions.nodes else end
            more = self.points(side, [*known, *found], half) if highest > 0 else []
            found += more
            elsewhere = highest > 0 and not more and self._is_elsewhere(side, known, end)
            if elsewhere or self.is_nowhere(side, highest):
                self.sides = [one for one in self.sides if one is not side]
        return found

    def _beside(self, point: Point) -> Iterator[Point]:
        """Yield points ever nearer to one, in two directions."""
        names = [*self.conditions.movable(point)]
        for power in STEPS:
            for turn in (1, -1):
                step = turn * Fraction(1, 10**power)
                yield point | {
                    name: point[name] + turn**at * step * Fraction(7 + at % 23, 10)
                    for at, name in enumerate(names)
                }

    def _met(self, side: Side, everywhere: Iterable[Point]) -> list[Point]:
        """Return the first points of some that take a side."""
        found: list[Point] = []
        for point in everywhere:
            for met in self.conditions.met([point]) if is_within(point, self.ranges) else ():
                if not self.choices.left([met], [side]) and met not in found:
                    found.append(met)
            if len(found) >= FOUND:
                break
        return found

    def _is_elsewhere(self, side: Side, known: Sequence[Point], deadline: float) -> bool:
        """Say whether a side is found where the conditions do not hold."""
        if not self.conditions.nodes:
            return False
        graph = self.choices.graph
        sampled = points(graph, [*graph.variables()], self.ranges)
        everywhere = chain(sampled, self._candidates(side, known, deadline, ()))
        return any(not self.choices.left([point], [side]) for point in everywhere)

    def is_nowhere(self, side: Side, highest: int | None = None) -> bool:
        """Say whether it is proved that no point takes a side, by its ``highest`` score."""
        highest = sign_of_highest(self.choices, self.ranges, side) if highest is None else highest
        loose = self.choices.graph.operations[side.condition] in {"eq", *LOOSE}
        return highest < 0 or (highest == 0 and not loose)

    def missed(
        self, points: Sequence[Point], void: Sequence[Point] = (), *, look: bool = False
    ) -> str:
        """Return which side none of the points takes, as a sentence; "" if each is taken.

        With ``look`` it says where others may be. Nothing is to be compared on a side of which only
        points that are ``void`` are known.
        """
        left = self.choices.left(points, self.sides, loosely=True)
        left = [side for side in left if self._count(side, void) < EMPTY]
        return self.choices.told(left, look=look)

    def _count(self, side: Side, points: Iterable[Point]) -> int:
        """Return how many of the points take a side."""
        return sum(not self.choices.left([point], [side]) for point in points)

    def points(self, side: Side, known: Sequence[Point], deadline: float) -> list[Point]:
        """Return points on a side, searched for from ``known`` ones until the time ``deadline``."""
        found: list[Point] = []
        for point in self._candidates(side, known, deadline, self.choices.assumed):
            if met := self._met(side, [point]):
                found += [*met, *self._met(side, self._beside(met[0]))]
            if len(found) >= FOUND:
                break
        return found

    def _candidates(
        self, side: Side, known: Sequence[Point], deadline: float, assumed: Sequence[int]
    ) -> Iterator[Point]:
        graph = self.choices.graph
        if graph.operations[side.condition] == "eq":
            equation = Conditions(graph, [side.condition], self.ranges)
            yield from equation.met(known, SHARE)
            return
        climb = Climb(graph, [*side.scores, *assumed], self.ranges)
        budget = max(LEAST * len(climb.names), LARGEST // max(1, len(climb.part)))
        starts = sorted(known, key=climb.height, reverse=True)
        for start in islice(starts, STARTS):
            point = climb.from_(start, budget, deadline)
            if point is not None:
                yield {**start, **point}
