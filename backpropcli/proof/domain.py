"""Where expressions are compared: ranges of variables, and conditions that are assumed."""

from __future__ import annotations

from fractions import Fraction

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import Ball, truth
from backpropcli.calculus import bindings
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.calculus.forward import forward
from backpropcli.errors import SourceError
from backpropcli.proof.points import points

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.points import Domain, Point

    Ranges = Mapping[str, tuple[Fraction, Fraction]]

RANGE = "--range"
EXAMPLE = f"a range is written as in {RANGE} x=0.1..3"
DIGITS = 40
"""Working digits in which conditions are looked at."""
DEEP = 60
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
            hint = f"it has: {', '.join(known)}"
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
    the same at all points, such as places of elements.
    """

    __slots__ = ("count", "fixed", "point", "ranges", "typed")

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
        self.typed: Mapping[str, Any] = {}
        """The values of the point as they were typed, by name."""


class Conditions:
    """Conditions on points: nodes of ``graph`` that have to be true.

    An equation is met by moving one variable, where it is linear in one.
    """

    def __init__(self, graph: Graph, nodes: Sequence[int], fixed: Collection[str] = ()) -> None:
        self.graph, places = graph.part(nodes)
        self.nodes = [places[node] for node in nodes]
        self.fixed = fixed

    def met(self, all_points: Iterable[Point]) -> Iterator[Point]:
        """Yield the points that meet the conditions, some moved so that they do."""
        if not self.nodes:
            yield from all_points
            return
        seen = set()
        for point in all_points:
            moved = self._moved(point)
            if moved is not None and (key := tuple(moved.values())) not in seen:
                seen.add(key)
                yield moved

    def _moved(self, point: Point) -> Point | None:
        """Return a point that meets the conditions; None where none is found near this one."""
        moved = dict(point)
        used: set[str] = set(self.fixed)
        for node in self.nodes:
            if self.graph.operations[node] == "eq" and self._gap(node, moved) != 0:
                for name in [name for name in self._names(node) if name not in used]:
                    found = self._solved(node, moved, name)
                    if found is not None:
                        moved[name] = found
                        used.add(name)
                        break
        return moved if self._true(moved) else None

    def _names(self, node: int) -> list[str]:
        below = self.graph.ancestors([node])
        return [name for name, at in self.graph.variables().items() if below[at]][::-1]

    def _gap(self, node: int, point: Point) -> Fraction | None:
        """Return by how much an equation is missed; None where that is no rational number."""
        with mp.workdps(DIGITS):
            values = forward(self.graph, balls, self._bound(point))
        one, other = [values[child] for child in self.graph.inputs[node]]
        if isinstance(one, Fraction) and isinstance(other, Fraction):
            return one - other
        return None

    def _solved(self, node: int, point: Point, name: str) -> Fraction | None:
        """Return where an equation that is linear in a variable holds."""
        gaps = [self._gap(node, point | {name: point[name] + step}) for step in range(3)]
        one, two, three = gaps
        if one is None or two is None or three is None or two == one or three - two != two - one:
            return None
        return point[name] - one / (two - one)

    def _true(self, point: Point) -> bool:
        with mp.workdps(DIGITS):
            values = forward(self.graph, balls, self._bound(point))
        return all(truth(values[node]) for node in self.nodes)

    def _bound(self, point: Point) -> dict[str, Fraction]:
        return {name: point[name] for name in self.graph.variables()}


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
        with mp.workdps(DEEP):
            number = forward(value.graph, balls, {})[value.root]
        if isinstance(number, Fraction):
            return number
        assert isinstance(number, Ball)  # noqa: S101 (for mypy)
        return Fraction(str(mp.nstr(number.middle, DEEP)))
    typed = value.text if isinstance(value, Spelled) else repr(float(value))
    return Fraction(typed.replace("_", ""))
