"""The search for a point where scores are positive: one variable is moved after the other."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isfinite, isnan
from time import monotonic

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import prepared
from backpropcli.proof.equality.points import span
from backpropcli.proof.equality.scores import parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Point, Ranges

    Height = tuple[float, ...]

ROUNDS = 3
"""How often each variable is moved, and once more for each of them."""
POWERS = range(-24, 34)
"""Powers of 2 by which a variable is moved."""
FAR_POWERS = (*range(POWERS[-1], 1024, 10), *range(POWERS[0], -1075, -50))
"""Powers of 2 that are looked at where nothing is found near."""
GRID = [step / 4 for step in range(-40, 41)]
NARROWED = 40
"""Steps of a golden section."""
ANYWHERE = (-inf, inf)
LOWEST = (-inf,)
GOLDEN = 0.6180339887498949


class Climb:
    """The search for a point where ``scores`` are positive.

    A height is all scores, the least first: where that stays, the others make room for it.
    """

    def __init__(self, graph: Graph, scores: Sequence[int], ranges: Ranges) -> None:
        self.part, places = graph.part(scores)
        self.nodes = [*parts(self.part, "min", [places[node] for node in scores])]
        self.ranges = ranges
        self.names = [*self.part.variables()]
        self.values_at = prepared(self.part, floats)
        self.count = 0
        numbers = [abs(arg) for arg in self.part.args.values() if isinstance(arg, float)]
        sizes = {number * share for number in numbers for share in (0.5, 1, 2)}
        self.far = sorted(sizes | {2.0**power for power in FAR_POWERS})

    def height(self, point: Mapping[str, Fraction | float]) -> Height:
        """Return the scores at a point, LOWEST where there is none."""
        self.count += 1
        values = self.values_at({name: float(point[name]) for name in self.names})
        found = [values[node] for node in self.nodes]
        return LOWEST if any(map(isnan, found)) else tuple(sorted(found))

    def from_(self, start: Point, most: int, deadline: float) -> Point | None:
        """Return a point with short coordinates on the side, near ``start`` if it can be."""
        point = {name: float(start[name]) for name in self.names}
        self.count, height = 0, self.height(point)
        before: Height = LOWEST
        for _ in range(ROUNDS + len(self.names)):
            if height <= before:
                break
            before = height
            for name in self.names:
                if height[0] > 0:
                    return self._short(point)
                if self.count > most or monotonic() > deadline:
                    return None
                point[name], height = self._along(point, name, height)
        return self._short(point) if height[0] > 0 else None

    def _along(self, point: dict[str, float], name: str, height: Height) -> tuple[float, Height]:
        """Return where a variable is best, and the height there."""
        here = point[name]
        low, high = map(float, span(self.ranges, name) or ANYWHERE)

        def at(value: float) -> Height:
            return self.height({**point, name: value})

        steps = {sign * 2.0**power for power in POWERS for sign in (1, -1)}
        places = {here, *GRID, *(here + step for step in steps | {*GRID})}
        places |= {low, high} | {low + (high - low) * share / 20 for share in range(21)}
        inside = sorted(place for place in places if low <= place <= high and isfinite(place))
        heights = [at(place) for place in inside]
        best = max(range(len(inside)), key=lambda index: heights[index])
        if heights[best][0] > 0:
            best = max(range(len(inside)), key=lambda index: heights[index][0])
            return inside[best], heights[best]
        ends = inside[max(best - 1, 0)], inside[min(best + 1, len(inside) - 1)]
        place = _golden(at, *ends)
        top = at(place)
        if top[0] <= 0:
            far = (sign * size for size in self.far for sign in (1, -1))
            for there in (one for one in far if low <= one <= high and isfinite(one)):
                if (found := at(there))[0] > 0:
                    return there, found
        if top > max(height, heights[best]):
            return place, top
        return (inside[best], heights[best]) if heights[best] > height else (here, height)

    def _short(self, point: Mapping[str, float]) -> Point:
        """Return a point with as few digits as keep it on the side."""
        found = {name: Fraction(repr(value)) for name, value in point.items()}
        for name, value in point.items():
            for digits in range(1, 12):
                short = found | {name: Fraction(f"{value:.{digits}g}")}
                low, high = span(self.ranges, name) or ANYWHERE
                if low <= short[name] <= high and self.height(short)[0] > 0:
                    found = short
                    break
        return found


def _golden(height: Callable[[float], Height], low: float, high: float) -> float:
    """Return about where a function is highest between two ends, if it has one top there."""
    one, other = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    first, second = height(one), height(other)
    for _ in range(NARROWED):
        if first[0] > 0:
            return one
        if second[0] > 0:
            return other
        if first >= second:
            high, other, second = other, one, first
            one = high - GOLDEN * (high - low)
            first = height(one)
        else:
            low, one, first = one, other, second
            other = low + GOLDEN * (high - low)
            second = height(other)
    return one if first >= second else other
