"""Our gradient held against differences in many digits, along random directions.

A difference uses what the operations are, and no rule of a derivative. A gradient that is wrong by
a part d in one element passes with a probability of about 1e-40/d.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mpmath import mp, mpf

from backpropcli.proof.arrays.digits import DIGITS
from backpropcli.proof.arrays.integers import finite, products, scaled
from backpropcli.proof.arrays.problem import Passes, Sides

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.proof.arrays.problem import Problem

    Value = Any
    Place = tuple[int, ...]

LEVELS = ((60, 120, mpf(2) ** -116), (240, 500, mpf(2) ** -498))
"""Digits of our passes, digits of the differences, and their steps: the next where one is not
enough."""
ROOM = mpf(10) ** 10
"""What a difference has to be, beside what rounding leaves of it, to be seen."""
AGREE = mpf(10) ** -40
NEAR = mpf(10) ** -20
"""How far two slopes may be apart, beside what they are made of, without a closer look."""
FADES = mpf(10) ** -3
"""What is an error of the step is smaller than this part of itself with the next level's step."""
AGREES, DIFFERS, KINK, UNKNOWN = "agrees", "differs", "kink", "unknown"
WIDE, SMALL = "wide", "small"
"""Kinds of differences that tell nothing: over many steps, and of what is too small to be seen."""
NOISE = 1000
"""What rounding leaves of our slope that is 0, for the digits that it is worked out in."""
ZERO = mpf(2) ** -1075
"""What is nearer to 0 than this is 0 in doubles."""
BITS = 50


@dataclass(eq=False, slots=True)
class Compared:
    """What a comparison came to, and the two slopes that were compared.

    Both are 0 but for noise, ``below`` a number, where no difference sees them.
    """

    kind: str
    ours: Value
    theirs: Value
    below: Value = None


class Wrong(NamedTuple):
    """The first element that is wrong: of the derivative by ``tail``."""

    tail: int
    place: Place
    found: Compared


class Directions:
    """A problem's passes at each level, made when they are first asked for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.random = np.random.default_rng(0)
        self._ours: dict[int, tuple[Passes, list[Value]]] = {}
        self._theirs: dict[int, Passes] = {}

    def ours(self, level: int) -> tuple[Passes, list[Value]]:
        """Return our passes, and the adjoints of all nodes."""
        if level not in self._ours:
            with mp.workdps(LEVELS[level][0]):
                passes = Passes(self.problem)
                self._ours[level] = passes, passes.adjoints()
        return self._ours[level]

    def theirs(self, level: int) -> Passes:
        """Return the values in as many digits as differences take."""
        if level not in self._theirs:
            with mp.workdps(LEVELS[level][1]):
                self._theirs[level] = Passes(self.problem)
        return self._theirs[level]

    def slope(self, node: int, level: int = 0) -> Value:
        """Return our derivative by a node: zeros where nothing arrives."""
        passes, adjoints = self.ours(level)
        return DIGITS.fit(adjoints[node], passes.values[node])

    def direction(self, node: int) -> Value:
        """Return a random direction: whole numbers in sizes like those of the node's elements."""
        value = self.theirs(0).values[node]
        whole = self.random.integers(-(1 << BITS), 1 << BITS, size=np.shape(value)) | 1
        return scaled(whole, BITS, value)

    def compare(self, node: int, direction: Value) -> Compared:
        """Hold our derivative by a node, along a direction, against differences."""
        nodes = self.theirs(0).moving(node)
        found = judged(
            lambda level: products(self.slope(node, level), direction),
            lambda level: self.theirs(level).sides({node: direction}, LEVELS[level][2], nodes),
            self._size,
        )
        if found.below is not None and found.below < ZERO * min(map(abs, np.ravel(direction))):
            found.kind = AGREES  # no double is so near to 0
        return found

    def _size(self, level: int) -> Value:
        """Return how large what adds up to the output is, rounding errors of it to their part."""
        passes, adjoints = self.ours(level)
        pairs = zip(passes.values, adjoints, strict=True)
        sizes = [products(one, value)[1] for value, one in pairs if one is not None]
        return sum(sizes, mpf(0))

    def compare_sent(self, head: int, tail: int, direction: Value, adjoint: Value) -> Compared:
        """Hold what a node sends to another against differences of this one operation."""

        def ours(level: int) -> tuple[Value, Value]:
            return products(self.ours(level)[0].sent(head, tail, adjoint), direction)

        def sides(level: int) -> Sides:
            step = copy(self.theirs(level))
            step.seeds = {head: adjoint}
            return step.sides({tail: direction}, LEVELS[level][2], [head])

        return judged(ours, sides)

    def first_wrong(self, node: int, direction: Value) -> Wrong:
        """Return the first element that is wrong of a derivative that is, along a direction."""
        return bisected(node, direction, lambda part: self.compare(node, part))

    def wrong_step(self) -> int | None:
        """Return the first node back from the output that sends what is wrong.

        Functions with rules of their own are left out: these are held by themselves.
        """
        passes = self.ours(0)[0]
        graph = passes.graph
        with mp.workdps(LEVELS[0][0]):
            adjoints = passes.arriving()
        for head in reversed(range(len(graph))):
            adjoint = adjoints[head]
            if adjoint is None or not graph.inputs[head] or graph.row(head).own:
                continue
            for tail in dict.fromkeys(passes.felt(head)):
                if finite(passes.values[tail]):
                    compared = self.compare_sent(head, tail, self.direction(tail), adjoint)
                    if compared.kind == DIFFERS:
                        return head
        return None


def judged(
    ours: Callable[[int], tuple[Value, Value]],
    sides: Callable[[int], Sides],
    size: Callable[[int], Value] = lambda _: 1,
) -> Compared:
    """Hold a slope of ours, and the size of its terms, against differences, all by the level.

    What is an error of the step fades as the step does; what is no such error stays. Two numbers
    differ only where both are steady: else one may be the noise of what truly is 0.
    Differences lose digits of what adds up to the output, which has a ``size``. Where all terms
    of ours are 0, the error of the step is what both sides are apart.
    """
    before: tuple[Value, Value, Value, Value] | None = None
    last: tuple[Value, Value] | None = None
    for level, (few, digits, step) in enumerate(LEVELS):
        noise = NOISE * mpf(10) ** -few if level and not (before and before[0]) else mpf(0)
        with mp.workdps(digits):
            found_there = sides(level)
            own, whole = ours(level)
            slope = found_there.slope
            off, apart = abs(slope - own), abs(found_there.right - found_there.left)
            found = Compared(WIDE if found_there.wide else UNKNOWN, own, slope)
            if found_there.wide:
                continue
            if not all(map(mp.isfinite, (off, apart, whole))):
                return found
            seen = ROOM * mpf(10) ** -digits / step
            if off and abs(slope) < seen and _is_hidden(own, slope, seen, size(level), noise):
                steady = last and own and abs(own - last[1]) <= FADES * abs(own)
                found.kind = SMALL
                fades = last and apart <= FADES * last[0] and not steady
                found.below, last = seen if fades else None, (apart, own)
                continue  # differences of so many digits do not see what is so small
            if before is None:
                if apart <= NEAR * whole and off <= AGREE * whole:
                    found.kind = AGREES
                    return found
                before, last = (off, apart, slope, own), (apart, own)
                continue
            if apart > max(NEAR * whole, FADES * before[1]):
                found.kind = KINK
            elif off <= max(AGREE * whole, FADES * (before[0] if whole else apart)):
                found.kind = AGREES
            elif max(abs(slope - before[2]), abs(own - before[3])) <= FADES * off:
                found.kind = DIFFERS
    return found


def _is_hidden(own: Value, slope: Value, seen: Value, size: Value, noise: Value) -> bool:
    """Say whether two slopes are too small for differences, ours but for ``noise`` of its size."""
    least = seen * min(size, 1)
    return bool(abs(slope) < least and abs(own) < max(least, noise * size))


def bisected(node: int, direction: Value, compare: Callable[[Value], Compared]) -> Wrong:
    """Return the first element of a direction along which two slopes differ."""
    places = [*np.ndindex(np.shape(direction))]
    while len(places) > 1:
        half = places[: len(places) // 2]
        wrong = compare(_only(direction, half)).kind == DIFFERS
        places = half if wrong else places[len(places) // 2 :]
    unit = mpf(1) if not places[0] else _only(_each(lambda _: mpf(1), direction), places)
    return Wrong(node, places[0], compare(unit))


def _only(direction: Value, places: Sequence[Place]) -> Value:
    """Return a direction of some elements alone."""
    found = _each(lambda _: mpf(0), direction)
    for place in places:
        found[place] = direction[place]
    return found


def _each(function: Callable[[Value], Value], value: Value) -> Value:
    """Return what a function gives for a number, or for each element."""
    return (
        np.frompyfunc(function, 1, 1)(value) if isinstance(value, np.ndarray) else function(value)
    )
