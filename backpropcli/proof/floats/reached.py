"""Which sides of a program's choices points take, in floats and on whole arrays.

A side is taken where one element takes it. For those that no point takes, arrays are moved as a
whole: scaled and shifted.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward
from backpropcli.proof.equality.choices import Choices, own_nodes
from backpropcli.proof.equality.conditions import Conditions
from backpropcli.proof.equality.reaching import Reaching
from backpropcli.proof.equality.scores import LOOSE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.proof.equality.choices import Side
    from backpropcli.proof.equality.points import Ranges

    Key = tuple[int, int, int]
    Value = Any
    Values = Mapping[str, Value]

SCALES = [sign * 2.0**at for at in (*range(-8, 24, 2), 40, 80, 160) for sign in (1, -1)]
SHIFTS = [sign * 2.0**at for at in range(-6, 24, 2) for sign in (1, -1)]
STARTS, EACH = 3, 2
"""Points that are moved, and points on a side that are enough."""


class Reached:
    """The sides of ``choices``: those that are still ``left``.

    Variables that are ``held`` stay where they are. Where something is ``assumed``, a side that is
    found, and at none of the points that are taken in, is one where that does not hold.
    """

    def __init__(
        self, choices: Choices, ranges: Ranges, held: Collection[str], *, assumed: bool = False
    ) -> None:
        self.assumed = assumed
        self.found: list[Side] = []
        self.choices = choices
        self.ranges = ranges
        self.held = held
        self.left = choices.left([], choices.sides)

    def take(self, values: Values) -> None:
        """Take in a point: the sides that it takes are no longer left."""
        if self.left:
            self.drop(self.taken(values))

    def taken(self, values: Values) -> set[Key]:
        """Return the keys of the sides that are left, and that a point takes."""
        left, found = {side.key for side in self.left}, self._values(values)
        sides = [side for side in self.choices.sides if side.key in left]
        return {side.key for side in sides if self._is_taken(side, found)}

    def drop(self, keys: Collection[Key]) -> None:
        """Leave sides no longer left."""
        self.left = [side for side in self.left if side.key not in keys]

    def points(self, first: Iterable[Values], deadline: float) -> Iterator[Values]:
        """Yield points, and then some on sides that are left."""
        every = []
        for values in first:
            every.append(values)
            yield values
        yield from self.more(every, deadline)

    def more(self, points: Sequence[Values], deadline: float) -> Iterator[Values]:
        """Yield points on sides that are left, by moving others, until the time ``deadline``.

        A side that is proved to be nowhere is left no longer.
        """
        reaching = Reaching(self.choices, Conditions(self.choices.graph, [], self.ranges))
        self.left = [side for side in self.left if not reaching.is_nowhere(side)]
        for side in [*self.left]:
            count = 0
            for values in self._moved(points):
                if count >= EACH or monotonic() > deadline:
                    break
                if self._is_taken(side, self._values(values)):
                    count += 1
                    self.found.append(side)
                    yield values

    @property
    def missed(self) -> str:
        """Which side no point took, as a sentence; "" if each was taken."""
        elsewhere = self.found if self.assumed else []
        return self.choices.told([side for side in self.left if side not in elsewhere], look=True)

    def _values(self, values: Values) -> list[Value]:
        names = self.choices.graph.variables()
        return forward(self.choices.graph, FLOATS, {name: values[name] for name in names})

    def _is_taken(self, side: Side, values: Sequence[Value]) -> bool:
        felt = 1.0 if side.felt is None else values[side.felt]
        return takes(self.choices, side, values[side.score], felt)

    def _moved(self, points: Sequence[Values]) -> Iterator[Values]:
        """Yield points with one variable scaled or shifted, in its range."""
        for values in points[:STARTS]:
            for name in self.choices.graph.variables():
                if name in self.held:
                    continue
                low, high = map(float, self.ranges.get(name, (-np.inf, np.inf)))
                here = np.asarray(values[name])
                for place in (*(here * by for by in SCALES), *(here + by for by in SHIFTS)):
                    inside = np.clip(place, low, high)
                    yield {**values, name: inside if here.shape else float(inside)}


def takes(choices: Choices, side: Side, score: Value, felt: Value) -> bool:
    """Say whether an element of a side's score takes it where its choice is felt."""
    loose = choices.graph.operations[side.condition] in {"eq", *LOOSE}
    return bool(np.any((np.asarray(score) >= 0 if loose else np.asarray(score) > 0) & (felt > 0)))


def choices_of(lowered: Lowered, roots: Sequence[int]) -> Choices:
    """Return the choices that ``roots`` of a program rest on."""
    return Choices(lowered.graph, roots, own_nodes(lowered), arrays=True)
