"""Points on sides of choices that no sampled point takes: searched for, or shown to be nowhere.

A score is climbed along one variable after the other. That a side is nowhere is proved by
intervals, which are split where they tell nothing.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, islice, pairwise
from math import inf, isfinite, isnan
from time import monotonic

from backpropcli.arithmetics import floats, intervals
from backpropcli.arithmetics.intervals import Interval
from backpropcli.arithmetics.tidy.tidied import tidied
from backpropcli.calculus.forward import forward, prepared
from backpropcli.proof.equality.choices import LOOSE
from backpropcli.proof.equality.domain import Conditions, is_within, span
from backpropcli.proof.equality.points import points

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.choices import Choices, Side
    from backpropcli.proof.equality.points import Point

    Ranges = Mapping[str, tuple[Fraction, Fraction]]
    Box = dict[str, tuple[float, float]]
    Height = tuple[float, ...]

SHARE = 0.1
"""The share of points that are moved to where an equation holds that is not linear."""
STARTS, FOUND, ROUNDS = 6, 3, 3
"""Points to climb from, points on a side that are enough, and how often each variable is moved, and
once more for each of them."""
POWERS = range(-24, 34)
"""Powers of 2 by which a variable is moved."""
FAR_POWERS = (*range(POWERS[-1], 1024, 10), *range(POWERS[0], -1075, -50))
"""Powers of 2 that are looked at where nothing is found near."""
GRID = [step / 4 for step in range(-40, 41)]
STEPS = range(18)
"""Powers of 1/10 by which points lie beside one that takes a side."""
NARROWED = 40
"""Steps of a golden section."""
ANYWHERE = (-inf, inf)
LOWEST = (-inf,)
GOLDEN = 0.6180339887498949
LARGEST, LEAST = 40_000, 400
"""Operations that a search from one point takes, at most, and points for each variable that it may
look at then."""
EMPTY = 4
"""Points without a value that make a side one of which nothing is to be compared."""
MOST_NODES, MOST_SUMMED = 200, 8
"""Operations, and scores, up to which sums of scores are looked at."""
BOXES = 120
"""Boxes that are looked at for a proof."""


class Reaching:
    """The sides of some ``choices``, where points are in ``ranges`` and meet ``conditions``.

    What is ``fixed`` is the same at all points.
    """

    def __init__(
        self, choices: Choices, ranges: Ranges, conditions: Conditions, fixed: Point | None = None
    ) -> None:
        self.choices = choices
        self.ranges = {**ranges, **{name: (at, at) for name, at in (fixed or {}).items()}}
        self.conditions = conditions
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
            highest, now = self._highest(side), monotonic()
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
        names = [name for name in point if not self._is_held(name)]
        for power in STEPS:
            for turn in (1, -1):
                step = turn * Fraction(1, 10**power)
                yield point | {
                    name: point[name] + turn**at * step * Fraction(7 + at % 23, 10)
                    for at, name in enumerate(names)
                }

    def _is_held(self, name: str) -> bool:
        low, high = span(self.ranges, name) or ANYWHERE
        return low == high

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
        ranges = {name: ends for name in graph.variables() if (ends := span(self.ranges, name))}
        sampled = points(graph, [*graph.variables()], ranges)
        everywhere = chain(sampled, self._candidates(side, known, deadline, ()))
        return any(not self.choices.left([point], [side]) for point in everywhere)

    def is_nowhere(self, side: Side, highest: int | None = None) -> bool:
        """Say whether it is proved that no point takes a side, by its ``highest`` score."""
        highest = self._highest(side) if highest is None else highest
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

    def _highest(self, side: Side) -> int:
        """Return 1, or what is proved to be the sign of the highest score that a side has: 0, -1.

        An equation's is 0.
        """
        graph = self.choices.graph
        part, places = graph.part([*side.scores, *self.choices.assumed])
        nodes = [places[node] for node in side.scores]
        assumed = [places[node] for node in self.choices.assumed]
        strict = graph.operations[side.condition] not in {"eq", *LOOSE}
        sums, together = _sums(part, nodes, assumed if strict else [], alone=strict)
        todo, found = [self._first(part)], -1
        for _ in range(BOXES):
            box = todo.pop()
            values = forward(part, intervals, _interval(box))
            score, *felt = [values[node].high for node in nodes]
            added = forward(sums, intervals, _interval(box)) if together else []
            never = any(one <= 0 for one in felt) or any(values[one].high < 0 for one in assumed)
            never = never or any(added[one].high <= 0 for one in together)
            if score == 0 and not never:
                found = 0
            elif score > 0 and not never:
                todo += (halves := _split(box))
                if not halves:
                    return 1
            if not todo:
                return 1 if found == 0 and graph.operations[side.condition] == "eq" else found
        return 1

    def _first(self, part: Graph) -> Box:
        """Return the box of the ranges."""
        box: Box = {}
        for name in part.variables():
            low, high = span(self.ranges, name) or ANYWHERE
            box[name] = float(low), float(high)
        return box

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


class Climb:
    """The search for a point where ``scores`` are positive.

    A height is all scores, the least first: where that stays, the others make room for it.
    """

    def __init__(self, graph: Graph, scores: Sequence[int], ranges: Ranges) -> None:
        self.part, places = graph.part(scores)
        self.nodes = [*_parts(self.part, [places[node] for node in scores])]
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


def _parts(graph: Graph, scores: Sequence[int]) -> Iterator[int]:
    """Yield the scores that others are the least of."""
    todo, seen = [*scores], set[int]()
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if graph.operations[node] == "min":
            todo += graph.inputs[node]
        else:
            yield node


def _sums(
    part: Graph, scores: Sequence[int], assumed: Sequence[int], *, alone: bool
) -> tuple[Graph, Sequence[int]]:
    """Return the sums of each two scores, and the first ``alone``, with like terms joined.

    All are positive where the side is taken; what is ``assumed`` may be 0.
    """
    plain = not any(part.row(at).whole for at, inputs in enumerate(part.inputs) if inputs)
    if not plain or len(part) > MOST_NODES:
        return part, []
    graph = part.copy()
    first, *others = [scores[0], *_parts(part, scores[1:])][:MOST_SUMMED]
    pairs = [(first, other) for other in (*others, *assumed)]
    pairs += [(one, other) for at, one in enumerate(others) for other in (*others[:at], *assumed)]
    sums = [graph.node("add", pair) for pair in pairs]
    return tidied(graph, [*([first] if alone else []), *sums])


def _interval(box: Box) -> dict[str, Interval]:
    return {name: Interval(*ends) for name, ends in box.items()}


def _split(box: Box) -> list[Box]:
    """Return the halves of a box along its widest side, pieces of one that has no end."""
    if not box:
        return []
    name = max(box, key=lambda one: box[one][1] - box[one][0])
    low, high = box[name]
    if low == -inf and high == inf:
        cuts = [-1.0, 0.0, 1.0]
    elif low == -inf or high == inf:
        end = high if low == -inf else low
        cuts = [(-1 if low == -inf else 1) * max(1.0, 4 * abs(end))]
        cuts = [cut for cut in cuts if low < cut < high]
    else:
        cuts = [low + (high - low) / 2]
    pieces = pairwise([low, *cuts, high])
    return [{**box, name: piece} for piece in pieces if piece[0] < piece[1]] if cuts else []


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
