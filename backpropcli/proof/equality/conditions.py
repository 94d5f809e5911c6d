"""Conditions that are assumed of points, which are moved to where equations hold."""

from __future__ import annotations

from functools import cached_property
from math import inf

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.choices import truth
from backpropcli.calculus.forward import prepared
from backpropcli.proof.equality.points import is_within, span
from backpropcli.proof.equality.scores import parts
from backpropcli.proof.equality.solved import holds, in_balls
from backpropcli.proof.equality.surfaces import Surface

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Point, Ranges

DIGITS = 40
"""Working digits in which conditions are looked at."""
MOVED = 160
"""Points that are moved to a surface for a verdict, times one more than there are equations."""
DEEP = 150
"""Working digits for what is not decided in fewer."""


class Conditions:
    """Conditions on points: nodes of ``graph`` that have to be true, for points in ``ranges``.

    Equations are met by moving variables that have more than one value.
    """

    def __init__(self, graph: Graph, nodes: Sequence[int], ranges: Ranges | None = None) -> None:
        self.graph, places = graph.part(nodes)
        self.nodes = [*parts(self.graph, "and", [places[node] for node in nodes])]
        self.equations = [node for node in self.nodes if self.graph.operations[node] == "eq"]
        self.ranges = ranges or {}
        self._passes: dict[int, Callable[[Mapping[str, Any]], list[Number]]] = {}

    @cached_property
    def surface(self) -> Surface:
        """The surface where the equations hold."""
        names = [*self.movable(self.graph.variables())]
        return Surface(self.graph, self.equations, names)

    def leave(self, names: Iterable[str]) -> bool:
        """Say whether the equations leave points with these variables free to move."""
        count = len([*self.movable(names)])
        return count > (self.surface.rank if self.equations else 0)

    def movable(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the variables that have more than one value."""
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
        free = {*self.movable(point)}
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
                    if digits not in self._passes:
                        self._passes[digits] = prepared(self.graph, balls)
                    values = self._passes[digits](in_balls(here))
                    found = [self._truth(node, values) for node in nodes]
        return all(found)

    def _truth(self, node: int, values: Sequence[Number]) -> bool | None:
        if node not in self.equations or truth(values[node]) is not None:
            return truth(values[node])
        return holds(*(values[side] for side in self.graph.inputs[node])) or None
