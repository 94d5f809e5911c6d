"""Two losses compared in floats at random points: large ones, and such as go by order of elements.

What rounding explains is no difference; nothing is proved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.choice import shapes_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.graph.graph import Graph
from backpropcli.proof.compared.answer import DIFFERS, EDGE, KINK, OPEN, SAME, At
from backpropcli.proof.floats.apart import (
    BESIDE,
    BEYOND,
    Blurred,
    both_passes,
    doubles,
    moved,
    moving,
)
from backpropcli.proof.floats.drawn import NUMBER, rough
from backpropcli.proof.floats.places import holders
from backpropcli.proof.floats.reached import Reached, choices_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.language.program import Program
    from backpropcli.proof.compared.setting import Setting

    Value = Any
    Values = Mapping[str, Value]

COUNT = 12
"""Points that are tried besides the one given."""


class Side:
    """One of the two programs, flat, and the nodes ``by`` that it is differentiated by, by name."""

    def __init__(self, program: Program, values: Mapping[str, Value], wrt: list[str]) -> None:
        own = {name: values[name] for name in program.variables}
        self.lowered = lower(program, shapes_of(program.graph, own))
        self.graph = self.lowered.graph
        self.output = self.lowered.outputs[0]
        known = {**self.lowered.names, **self.graph.variables()}
        self.by = {name: known[name] for name in wrt if name in known}

    def values(self, given: Mapping[str, Value]) -> list[Value]:
        """Return the values of all nodes."""
        return forward(self.graph, FLOATS, given)


class Here:
    """Both programs at a point: how their values compare, and their derivatives ``by`` each name.

    ``results`` has both values, and then both derivatives by each name. Its ``kind`` is "random" or
    "point", for the one that was given.
    """

    def __init__(self, point: Mapping[str, Value], blurred: Blurred, names: list[str]) -> None:
        self.kind = "random"
        self.point = point
        self.blurred = blurred
        self.results = blurred.results
        self.finite = all(np.isfinite(one).all() for one in self.results)
        self.value = self._at(0)
        self.by = {name: self._at(2 + 2 * place) for place, name in enumerate(names)}

    def _at(self, place: int) -> At:
        one, other = (np.isfinite(each).all() for each in self.results[place : place + 2])
        if not (one and other):
            return At(EDGE if one or other else OPEN)
        times = self.blurred.times(place, place + 1)
        apart = times > BEYOND
        if apart.any():
            return At(DIFFERS, int(np.argmax(apart)))
        return At(SAME if (times <= 1).all() else OPEN)

    @property
    def alone(self) -> bool:
        """Whether one of the two alone is finite."""
        return EDGE in {one.status for one in (self.value, *self.by.values())}

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return any(one.status == DIFFERS for one in (self.value, *self.by.values()))


class Floats:
    """Both programs at points: the one given, if there is one, and random ones.

    Variables that hold places of elements stay as they are; what is ``still`` makes no kink.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        given = {name: setting.values.get(name, NUMBER) for name in setting.variables}
        self.given = doubles(given)
        self.wrt = setting.wrt
        self.sides = [Side(program, self.given, setting.wrt) for program in setting.programs]
        self.held = {name for side in self.sides for name in holders(side.graph, setting.values)}
        moves = [moving(side.lowered, side.by.values()) for side in self.sides]
        self.still = self.held | (self.given.keys() - set().union(*moves))
        self.reached = [
            Reached(
                choices_of(side.lowered, side.lowered.outputs),
                setting.ranges,
                self.held,
                assumed=bool(setting.assumed),
            )
            for side in self.sides
        ]
        self.conditions = [Side(program, self.given, []) for program in setting.assumed]

    def at(self, point: Mapping[str, Value], deadline: float) -> Here | None:
        """Compare at a point; what is so at a kink alone is KINK. None where time runs out."""
        blurred = Blurred.at(self._run, point, deadline)
        if blurred is None:
            return None
        found = Here(point, blurred, self.wrt)
        if found.differs:
            near = self._run(moved(point, self.still, BESIDE, 0), FLOATS)
            beside = Here(
                point, Blurred([np.asarray(one, float) for one in near], blurred.explains), self.wrt
            )
            for one, other in zip(
                (found.value, *found.by.values()), (beside.value, *beside.by.values()), strict=True
            ):
                if one.status == DIFFERS and other.status != DIFFERS:
                    one.status = KINK
        return found

    def _run(self, point: Mapping[str, Value], numbers: Any) -> list[Value]:  # noqa: ANN401
        """Return both values, and both derivatives by each name, in an arithmetic."""
        found, slopes = [], []
        for side in self.sides:
            values, by = both_passes(side.graph, point, side.by, {side.output: 1.0}, numbers)
            found.append(values[side.output])
            slopes.append(by)
        for name in self.wrt:
            like = next(one[name] for one in slopes if name in one)
            found += [one.get(name, np.zeros(np.shape(like))) for one in slopes]
        return found

    def points(self) -> Iterator[tuple[str, Mapping[str, Value]]]:
        """Yield points in the ranges, at which the assumptions hold, each with its kind."""
        literals, ranges, count = Graph(), self.setting.ranges, self.setting.count
        for side in self.sides:
            literals.write(side.graph)
        every = rough(literals, self.given, ranges, self.held, min(count or COUNT, COUNT))
        for at, values in enumerate(every):
            if not at and not (self.setting.is_bound and self._within(values)):
                continue
            if self._meets(values):
                yield "random" if at else "point", values

    def more(
        self, points: Sequence[Mapping[str, Value]], deadline: float
    ) -> Iterator[Mapping[str, Value]]:
        """Yield points on sides of choices that none of the points takes."""
        for reached in self.reached:
            for point in points:
                reached.take(point)
            yield from filter(self._meets, reached.more(points, deadline))

    @property
    def missed(self) -> str:
        """Which side no point took, as a sentence; "" if each was taken."""
        return next((one.missed for one in self.reached if one.missed), "")

    def _meets(self, point: Mapping[str, Value]) -> bool:
        """Say whether the assumptions hold."""
        found = ((one.lowered.outputs, one.values(point)) for one in self.conditions)
        return all(np.all(values[node]) for outputs, values in found for node in outputs)

    def _within(self, values: Mapping[str, Value]) -> bool:
        ranges = self.setting.ranges.items()
        return all(
            bool(np.all((float(low) <= values[name]) & (values[name] <= float(high))))
            for name, (low, high) in ranges
        )
