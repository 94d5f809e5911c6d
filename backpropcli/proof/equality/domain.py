"""Where expressions are compared: ranges of variables, and conditions that are assumed."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import copysign, inf

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import Ball, truth
from backpropcli.calculus import bindings
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.calculus.forward import forward
from backpropcli.errors import SourceError
from backpropcli.language.names import hint_for
from backpropcli.proof.equality.points import points
from backpropcli.proof.equality.surfaces import Surface, holds, in_balls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Domain, Point

    Ranges = Mapping[str, tuple[Fraction, Fraction]]

RANGE = "--range"
OUTSIDE = "the values that are given are outside of what is assumed, and are left out"
EXAMPLE = f"a range is written as in {RANGE} x=0.1..3"
DIGITS = 40
"""Working digits in which conditions are looked at."""
MOVED = 160
"""Points that are moved to a surface for a verdict, times one more than there are equations."""
DEEP = 150
"""Working digits for what is not decided in fewer."""
TYPED = 60
"""Working digits for numbers as they were typed."""


def ranges(texts: Iterable[str], known: Collection[str]) -> dict[str, tuple[Fraction, Fraction]]:
    """Return the ranges that texts such as "x=0.1..3" say, by name. Raises SourceError."""
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for text in texts:
        name, equals, rest = text.partition("=")
        name = name.strip()
        low, dots, high = rest.partition("..")
        if not equals or not dots or not name.isidentifier():
            raise SourceError("this is no range", text, 0, len(text), _as_range(text), RANGE)
        if name not in known:
            hint = hint_for(name, known, f"it has: {', '.join(known)}")
            raise SourceError(f"there is no '{name}'", text, 0, len(name), hint, RANGE)
        if name in found:
            raise SourceError(f"{name} has a range already", text, 0, len(name), "keep one", RANGE)
        start = len(text) - len(rest)
        ends = _end(text[: start + len(low)], start), _end(text, len(text) - len(high))
        if ends[0] > ends[1]:
            hint = f"write {RANGE} {name}={high.strip()}..{low.strip()}"
            raise SourceError("this range is empty", text, start, len(text), hint, RANGE)
        found[name] = ends
    return found


def _as_range(text: str) -> str:
    """Return what to write for x=1:3, x=[1, 3] or x=1,3; an example for anything else."""
    name, _, rest = text.partition("=")
    ends = [end.strip() for end in rest.strip(" ()[]").replace(":", ",").split(",")]
    if len(ends) == 2 and all(ends) and name.strip().isidentifier():  # noqa: PLR2004 (two ends)
        return f"write {RANGE} {name.strip()}={ends[0]}..{ends[1]}"
    return EXAMPLE


def _end(text: str, start: int) -> Fraction:
    """Return the number from ``start`` on in a text."""
    if not text[start:].strip():
        raise SourceError("a range has two ends", text, 0, len(text), EXAMPLE, RANGE)
    number = bindings.value(text, start, RANGE)
    if not isinstance(number, float) or not bindings.is_finite(number):
        raise SourceError(
            "an end of a range is a finite number", text, start, len(text), EXAMPLE, RANGE
        )
    return Fraction(repr(float(number)))


def within(
    graph: Graph, names: list[str], given: Mapping[str, tuple[Fraction, Fraction]]
) -> list[Point]:
    """Return points for a graph's variables; elements of an array have the array's range."""
    domain: Domain = {
        name: given[base] for name in names if (base := name.partition("[")[0]) in given
    }
    return points(graph, names, domain)


class Where:
    """Where claims are compared: ``ranges`` by name; the ``point`` given, if there is one.

    ``count`` is how many points are to be tried, 0 for as many as there are. What is ``fixed`` is
    the same at all points, such as places of elements. The point that was given is left out where
    it is ``outside`` of what is assumed, and where it is ``infinite``, or nan.
    """

    __slots__ = ("count", "fixed", "infinite", "outside", "point", "ranges", "typed")

    def __init__(
        self,
        ranges: Ranges,
        point: Point | None = None,
        count: int = 0,
        fixed: Point | None = None,
    ) -> None:
        self.ranges = ranges
        self.fixed = fixed or {}
        self.point = point
        self.count = count
        self.outside = self.infinite = False
        self.typed: Mapping[str, Any] = {}
        """The values of the point as they were typed, by name."""

    @property
    def has_negative_zero(self) -> bool:
        """Whether the point was given with a -0, which exact numbers do not have."""
        flat = (getattr(one, "ravel", lambda one=one: [one])() for one in self.typed.values())
        return any(number == 0 > copysign(1, number) for each in flat for number in each)

    @property
    def spans(self) -> Ranges:
        """The ranges, also those of what is fixed."""
        return {**self.ranges, **{name: (at, at) for name, at in self.fixed.items()}}

    def confine(self, graph: Graph, nodes: Sequence[int]) -> None:
        """Leave out the point given where conditions, ``nodes`` of a graph, do not hold there."""
        self.outside = self.point is not None and not Conditions(graph, nodes, self.spans).hold(
            self.point
        )
        self.point = None if self.outside else self.point


class Conditions:
    """Conditions on points: nodes of ``graph`` that have to be true, for points in ``ranges``.

    Equations are met by moving variables that have more than one value.
    """

    def __init__(self, graph: Graph, nodes: Sequence[int], ranges: Ranges | None = None) -> None:
        self.graph, places = graph.part(nodes)
        self.nodes = [*_conjuncts(self.graph, [places[node] for node in nodes])]
        self.equations = [node for node in self.nodes if self.graph.operations[node] == "eq"]
        self.ranges = ranges or {}

    @cached_property
    def surface(self) -> Surface:
        """The surface where the equations hold."""
        names = [*self._movable(self.graph.variables())]
        return Surface(self.graph, self.equations, names)

    def leave(self, names: Iterable[str]) -> bool:
        """Say whether the equations leave points with these variables free to move."""
        count = len([*self._movable(names)])
        return count > (self.surface.rank if self.equations else 0)

    def _movable(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            low, high = span(self.ranges, name) or (0, 1)
            if low != high:
                yield name

    def some(self, points: Sequence[Point]) -> Iterator[Point]:
        """Yield points that meet the conditions, spread over all: moving many takes time."""
        yield from self.met(points, (MOVED / (1 + len(self.equations))) / max(1, len(points)))

    def met(self, all_points: Iterable[Point], share: float = inf) -> Iterator[Point]:
        """Yield the points that meet the conditions, some moved so that they do.

        Where equations are not linear, such a ``share`` of the points is moved, every so often.
        """
        if not self.nodes:
            yield from all_points
            return
        saved = share
        seen = set()
        for point in all_points:
            moved = point if self._hold(self.equations, point) else self.surface.stepped(point)
            saved += share
            if moved is None and saved >= 1:
                saved -= 1
                moved = self.surface.near(point)
            if moved is not None and self.hold(moved):
                key = tuple(moved.values())
                if key not in seen:
                    seen.add(key)
                    yield moved

    def beside(self, near: Iterable[Point], point: Point) -> Iterator[Point]:
        """Yield points near another that meet the conditions: what has one value keeps it."""
        free = {*self._movable(point)}
        held = {name: value for name, value in point.items() if name not in free}
        return self.met({**one, **held} for one in near)

    def hold(self, point: Point) -> bool:
        """Say whether a point is within the ranges, and meets the conditions."""
        return is_within(point, self.ranges) and self._hold(self.nodes, point)

    def _hold(self, nodes: Sequence[int], point: Point) -> bool:
        """Say whether conditions are known to be true; equations, as far as many digits tell."""
        here = {name: point[name] for name in self.graph.variables()}
        found: list[bool | None] = [None] * len(nodes)
        for digits in (DIGITS, DEEP):
            if None in found:
                with mp.workdps(digits):
                    values = forward(self.graph, balls, in_balls(here))
                    found = [self._truth(node, values) for node in nodes]
        return all(found)

    def _truth(self, node: int, values: Sequence[Number]) -> bool | None:
        if node not in self.equations or truth(values[node]) is not None:
            return truth(values[node])
        return holds(*(values[side] for side in self.graph.inputs[node])) or None


def _conjuncts(graph: Graph, nodes: Sequence[int]) -> Iterator[int]:
    """Yield conditions that hold together where some nodes do: the parts of an "and"."""
    todo = [*nodes][::-1]
    while todo:
        node = todo.pop()
        if graph.operations[node] == "and":
            todo += graph.inputs[node][::-1]
        else:
            yield node


def span(ranges: Ranges, name: str) -> tuple[Fraction, Fraction] | None:
    """Return the range of a variable, or of the array that it is an element of, if it has one."""
    return ranges.get(name) or ranges.get(name.partition("[")[0])


def is_within(point: Point, ranges: Ranges) -> bool:
    """Say whether a point is within the ranges."""
    for name, value in point.items():
        low, high = span(ranges, name) or (value, value)
        if not low <= value <= high:
            return False
    return True


def point_of(bindings: Mapping[str, Any], names: Sequence[str]) -> Point | None:
    """Return the point that values give, in exact numbers; None where one has none.

    An element of an array has the name of a variable, x[0]. What was typed is taken as typed.
    """
    found: dict[str, Any] = {}
    for name in names:
        base, _, place = name.partition("[")
        if base not in bindings:
            return None
        value = bindings[base]
        if place:
            value = float(value[tuple(map(int, place[:-1].split(",")))])
        number = _exact(value)
        if number is None:
            return None
        found[name] = number
    return found


def _exact(value: float) -> Fraction | None:
    """Return a value as it was typed; None for what is not finite."""
    if value - value != 0:
        return None
    if isinstance(value, Typed):
        with mp.workdps(TYPED):
            number = forward(value.graph, balls, {})[value.root]
        if isinstance(number, Fraction):
            return number
        assert isinstance(number, Ball)  # noqa: S101 (for mypy)
        return Fraction(str(mp.nstr(number.middle, TYPED)))
    typed = value.text if isinstance(value, Spelled) else repr(float(value))
    return Fraction(typed.replace("_", ""))
