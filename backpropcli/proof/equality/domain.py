"""Where expressions are compared: ranges of variables, and conditions that are assumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import copysign

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.arrays.titles import parted
from backpropcli.arithmetics.balls.ball import Ball
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.calculus.forward import forward
from backpropcli.proof.equality.conditions import Conditions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Point, Ranges


OUTSIDE = "the values that are given are outside of what is assumed, and are left out"
TYPED = 60
"""Working digits for numbers as they were typed."""


@dataclass(eq=False, slots=True)
class Where:
    """Where claims are compared: ``ranges`` by name; the ``point`` given, if there is one.

    ``count`` is how many points are to be tried, 0 for as many as there are. What is ``fixed`` is
    the same at all points, such as places of elements. The values of the point are ``typed``, by
    name. The point that was given is left out where it is ``outside`` of what is assumed, and where
    it is ``infinite``, or nan.
    """

    ranges: Ranges
    point: Point | None = None
    count: int = 0
    fixed: Point = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    outside: bool = False
    infinite: bool = False

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


def point_of(bindings: Mapping[str, Any], names: Sequence[str]) -> Point | None:
    """Return the point that values give, in exact numbers; None where one has none.

    An element of an array has the name of a variable, x[0]. What was typed is taken as typed.
    """
    found: dict[str, Any] = {}
    for title in names:
        name, place = parted(title)
        if name not in bindings:
            return None
        value = bindings[name]
        number = _exact(float(value[place]) if place else value)
        if number is None:
            return None
        found[title] = number
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
