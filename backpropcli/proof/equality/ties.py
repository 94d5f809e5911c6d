"""Comparisons at points that balls leave undecided: ties of what is equal, but for its radius.

Whether ``max(r*A, clip(r, a, b)*A)`` ties is open in balls, wherever r is not rational. Here two
numbers that no digit tells apart are equal.
"""

from __future__ import annotations

from copy import copy
from fractions import Fraction
from functools import reduce
from time import monotonic
from typing import TYPE_CHECKING, Any

from mpmath import mpf

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls import choices
from backpropcli.arithmetics.balls.ball import Ball, add, ball, finite
from backpropcli.graph.operations import COMPARED
from backpropcli.proof.equality.differs import Differs
from backpropcli.proof.equality.pairs import ROUNDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.proof.equality.conditions import Conditions
    from backpropcli.proof.equality.pairs import Pairs
    from backpropcli.proof.equality.points import Point

NARROW = mpf(10) ** -40
"""The radius, for its number's size or 1, up to which a number is known well enough to tie."""

STEPS = ((13, -17, 19, -23, 29), (-31, 37, -41, 43, -47))
"""Two directions off a kink: no kink of a common form contains them."""
NEAR = 10**7
"""A point nearby is so many times nearer than 1, or than a coordinate is to 0."""


def _narrow(number: Number) -> bool:
    one = ball(number)
    return finite(number) and bool(one.radius <= NARROW * max(abs(one.middle), 1))


def _tied(name: str) -> Callable[..., Number]:
    """Return a comparison of balls for which those that overlap are equal."""
    decided = choices.compared(name)

    def word(x: Number, y: Number) -> Number:
        found = decided(x, y)
        if isinstance(found, Ball) and _narrow(x) and _narrow(y):
            return Fraction(COMPARED[name](0, 0))
        return found

    return word


_equal = _tied("eq")


class Tied:
    """The arithmetic of balls, in which numbers tie that no digit tells apart."""

    __name__ = "tied balls"
    WORDS: dict[str, Callable[..., Any]] = {  # noqa: RUF012 (never written to)
        **balls.WORDS,
        **{name: _tied(name) for name in COMPARED},
        "ties": lambda value, *others: reduce(add, [_equal(other, value) for other in others]),
    }

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (what balls have)
        return getattr(balls, name)


TIED = Tied()


def compare(pairs: Pairs, point: Point) -> Differs | bool | None:
    """Compare pairs at a point: with ties of balls where balls alone decide nothing."""
    found = pairs.compare(point, ROUNDS[0])
    return tied(pairs, point) if found is None else found


def tied(pairs: Pairs, point: Point) -> Differs | bool | None:
    """Compare pairs at a point with ties of balls."""
    with_ties = copy(pairs)
    with_ties.arithmetic = TIED
    return with_ties.compare(point, ROUNDS[1])


def persists(pairs: Pairs, point: Point, conditions: Conditions) -> bool:
    """Say whether a difference at a kink is there on all sides that are looked at."""
    found = [compare(pairs, near) for near in conditions.beside(nearby(point), point)]
    return bool(found) and all(isinstance(one, Differs) for one in found)


def nearby(point: Point) -> list[Point]:
    """Return points on two sides of a point."""
    return [
        {
            name: value + max(abs(value), Fraction(1)) * steps[at % len(steps)] / NEAR * (at + 1)
            for at, (name, value) in enumerate(point.items())
        }
        for steps in STEPS
    ]


def beside(
    pairs: Pairs, kinks: Sequence[Differs], conditions: Conditions, deadline: float
) -> Differs | None:
    """Return a difference at a kink that is there beside it too: what ties everywhere is none."""
    return next(
        (one for one in kinks if monotonic() < deadline and persists(pairs, one.point, conditions)),
        None,
    )
