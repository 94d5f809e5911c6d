"""Signs, comparisons, logic and choices of balls: decided where the radii allow, else unknown."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import mpmath

from backpropcli.arithmetics.balls import ball
from backpropcli.arithmetics.balls.ball import NAN, ONE, UNKNOWN, ZERO, Ball, OfPi
from backpropcli.graph.operations import COMPARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.arithmetics.balls.ball import Number


def truth(number: Number) -> bool | None:
    """Return whether a number is not 0, which nan is; None where that is not known."""
    if not isinstance(number, Ball):
        return number != 0
    return None if ball.around_zero(number) else True


def order(one: Number, other: Number) -> int | None:
    """Return -1, 0 or 1 as one number is less, equal or greater; None where that is not known.

    Neither is nan. What is one object is equal.
    """
    if isinstance(one, OfPi) and isinstance(other, OfPi):
        one, other = one.times, other.times
    if not (isinstance(one, Ball) or isinstance(other, Ball)):
        return (one > other) - (one < other)
    first, second = ball.ball(one), ball.ball(other)
    if not (first.known and second.known):
        return None
    if one is other:
        return 0
    if mpmath.isinf(first.middle) or mpmath.isinf(second.middle):
        return int(first.middle > second.middle) - int(first.middle < second.middle)
    gap = first.middle - second.middle
    if abs(gap) <= first.radius + second.radius:
        return None
    return 1 if gap > 0 else -1


def sign_of(x: Number) -> Number:
    """Return -1, 0 or 1; unknown for a ball around 0."""
    if ball.is_nan(x):
        return NAN
    sign = order(x, ZERO)
    return UNKNOWN if sign is None else Fraction(sign)


def absolute(x: Number) -> Number:
    """Return the absolute value."""
    negative = x < 0 if isinstance(x, Fraction) else x.middle < 0
    return -x if negative else x


def compared(name: str) -> Callable[..., Number]:
    """Return a comparison: 1 or 0 by the order of two numbers; of nan only "ne" holds."""
    holds = COMPARED[name]

    def word(x: Number, y: Number) -> Number:
        if ball.is_nan(x) or ball.is_nan(y):
            return Fraction(name == "ne")
        found = order(x, y)
        return UNKNOWN if found is None else Fraction(holds(found, 0))

    return word


EQUAL = compared("eq")


def both(x: Number, y: Number) -> Number:
    """Return 1 where neither is 0; one that is 0 is enough to know."""
    truths = truth(x), truth(y)
    if False in truths:
        return ZERO
    return UNKNOWN if None in truths else ONE


def either(x: Number, y: Number) -> Number:
    """Return 1 where one is not 0."""
    return negated(both(negated(x), negated(y)))


def negated(x: Number) -> Number:
    """Return 1 where x is 0."""
    found = truth(x)
    return UNKNOWN if found is None else Fraction(not found)


def where(condition: Number, then: Number, other: Number) -> Number:
    """Return the branch that is taken."""
    found = truth(condition)
    if found is None:
        return then if then is other else UNKNOWN
    return then if found else other


def extreme(sign: int) -> Callable[..., Number]:
    """Return max or min: one of the inputs where that is known, else a ball that holds both."""

    def of_two(x: Number, y: Number) -> Number:
        if ball.is_nan(x) or ball.is_nan(y):
            return NAN
        found = order(x, y)
        if found is not None:
            return x if found * sign >= 0 else y
        one, other = ball.ball(x), ball.ball(y)
        if not (one.known and other.known):
            return UNKNOWN
        pick = max if sign > 0 else min
        return Ball(pick(one.middle, other.middle), max(one.radius, other.radius))

    return lambda *values: reduce(of_two, values)


def ties(value: Number, *others: Number) -> Number:
    """Return how many of the others equal the first."""
    return reduce(ball.add, [EQUAL(other, value) for other in others])
