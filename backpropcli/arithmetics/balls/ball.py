"""Numbers that know how far they are right: exact rationals, and balls where there is none.

A number is a ``Fraction`` as long as it is rational and short; else a ``Ball``, a middle of
mpmath's precision and a radius within which the truth lies. What a radius leaves open (a quotient
by a ball around 0) is ``UNKNOWN``, never a guess.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mp, mpf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Middle = Any  # mpmath has no types

LONGEST = 4096
"""Bits of the longest rational that is kept exact."""


class Undecided(ArithmeticError):  # noqa: N818 (no mistake: nothing is known)
    """A choice that the digits at hand do not decide."""


class Ball:
    """All reals within ``radius`` of ``middle``; what is known to be inf or nan has radius 0."""

    __slots__ = ("middle", "radius")

    def __init__(self, middle: Middle, radius: Middle) -> None:
        self.middle = middle
        self.radius = radius

    @property
    def known(self) -> bool:
        """Whether anything is known of the number."""
        return not mpmath.isinf(self.radius)

    def __add__(self, other: Fraction | Ball | int) -> Number:
        return add(self, Fraction(other) if isinstance(other, int) else other)

    def __sub__(self, other: Fraction | Ball | int) -> Number:
        return self + -other

    def __rsub__(self, other: Fraction | int) -> Number:
        return -self + other

    def __mul__(self, other: Fraction | Ball | int) -> Number:
        return mul(self, Fraction(other) if isinstance(other, int) else other)

    def __neg__(self) -> Ball:
        return Ball(mpmath.fneg(self.middle, exact=True), self.radius)

    __radd__, __rmul__ = __add__, __mul__

    def __bool__(self) -> bool:
        """Say whether it is not 0, as a choice asks. Raises Undecided where that is not known."""
        if around_zero(self):
            raise Undecided
        return True


Number = Fraction | Ball

NAN, INF = Ball(mpf("nan"), mpf(0)), Ball(mpf("inf"), mpf(0))
UNKNOWN = Ball(mpf(0), mpf("inf"))
NEXT_TO_NOTHING = Ball(mpf(0), mpf(10) ** -100_000)
"""An exponential that is too small to be written."""
MODERATE = mpf(10) ** 2000
"""A factor within this, or its inverse, leaves what is too large to be written too large."""
ZERO, ONE = Fraction(0), Fraction(1)


def ball(number: Number) -> Ball:
    """Return a number as a ball of the precision at hand."""
    if isinstance(number, Ball):
        return number
    below = number.denominator
    middle = mpf(number.numerator) / below
    exact = below & (below - 1) == 0 and abs(number.numerator).bit_length() <= mp.prec
    return Ball(middle, mpf(0) if exact else abs(middle) * mp.eps)


def truth(number: Number) -> bool | None:
    """Return whether a number is not 0, which nan is; None where that is not known."""
    if isinstance(number, Fraction):
        return number != 0
    return None if around_zero(number) else True


def order(one: Number, other: Number) -> int | None:
    """Return -1, 0 or 1 as one number is less, equal or greater; None where that is not known.

    Neither is nan. What is one object is equal.
    """
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return (one > other) - (one < other)
    first, second = ball(one), ball(other)
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


def is_nan(number: Number) -> bool:
    """Whether a number is known to have no value."""
    return isinstance(number, Ball) and bool(mpmath.isnan(number.middle))


def finite(number: Number) -> bool:
    """Whether a number is known to be finite."""
    return isinstance(number, Fraction) or (number.known and bool(mpmath.isfinite(number.middle)))


def around_zero(number: Ball) -> bool:
    """Whether a ball holds 0."""
    return bool(abs(number.middle) <= number.radius)


def too_large(number: Number) -> bool:
    """Whether a number is an exponential that is too large to be written: of that sign, not inf."""
    return isinstance(number, Ball) and bool(
        mpmath.isinf(number.middle) and mpmath.isinf(number.radius)
    )


def _moderate(number: Number) -> bool:
    """Whether a number is neither very large nor near 0."""
    one = ball(number)
    return finite(number) and bool(
        abs(one.middle) - one.radius > 1 / MODERATE and abs(one.middle) < MODERATE
    )


def shortened(value: Fraction) -> Number:
    """Return a rational as it is, or as a ball where it is too long."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > LONGEST:
        return ball(value)
    return value


def rounded(middle: Middle, radius: Middle, units: int = 1) -> Ball:
    """Return the ball of a result that is rounded by so many units in the last place."""
    if not mpmath.isfinite(middle):
        return Ball(middle, mpf(0))
    return Ball(middle, radius + units * abs(middle) * mp.eps)


def add(x: Number, y: Number) -> Number:
    """Return x + y; what is added to an exact 0 stays what it is."""
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return shortened(x + y)
    if ZERO in (x, y):
        return y if x == ZERO else x
    one, other = ball(x), ball(y)
    if not (one.known and other.known):
        return _beside(x, y)
    return rounded(one.middle + other.middle, one.radius + other.radius)


def _beside(x: Number, y: Number) -> Number:
    """Return the sum where one is not known: what is too large stays so beside what is not."""
    for large, other in ((x, y), (y, x)):
        if isinstance(large, Ball) and too_large(large):
            small = finite(other) and abs(ball(other).middle) < MODERATE
            if small or (too_large(other) and ball(other).middle == large.middle):
                return large
    return UNKNOWN


def neg(x: Number) -> Number:
    """Return -x, of which nothing is rounded."""
    return -x


def sub(x: Number, y: Number) -> Number:
    """Return x - y: an exact 0 where both are one object."""
    if x is y and finite(x):
        return ZERO
    return add(x, neg(y))


def mul(x: Number, y: Number) -> Number:
    """Return x*y: an exact 0 where one is that and the other is finite."""
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return shortened(x * y)
    if ZERO in (x, y) and finite(x) and finite(y):
        return ZERO
    one, other = ball(x), ball(y)
    if not (one.known and other.known):
        return _times(x, y)
    if not (finite(x) and finite(y)):
        blurred = any(part.radius and around_zero(part) for part in (one, other))
        return UNKNOWN if blurred else Ball(one.middle * other.middle, mpf(0))
    radius = abs(one.middle) * other.radius + (abs(other.middle) + other.radius) * one.radius
    return rounded(one.middle * other.middle, radius)


def _times(x: Number, y: Number) -> Number:
    """Return the product where one is not known: what is too large stays so."""
    for large, other in ((x, y), (y, x)):
        if too_large(large):
            if other == ZERO:
                return ZERO
            if _moderate(other) or too_large(other):
                return Ball(ball(large).middle * ball(other).middle, INF.middle)
    return UNKNOWN


def div(x: Number, y: Number) -> Number:  # noqa: PLR0911 (a return for each case)
    """Return x/y; over an exact 0 it is inf with the sign of x, or nan."""
    if y == ZERO:
        sign = sign_of(x)
        return sign if isinstance(sign, Ball) else mul(sign, INF)
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return shortened(x / y)
    one, other = ball(x), ball(y)
    if too_large(one) or too_large(other):
        return _quotient(x, y)
    if not (one.known and other.known) or around_zero(other):
        return UNKNOWN
    middle = one.middle / other.middle
    if not mpmath.isfinite(middle):
        return Ball(middle, mpf(0))
    if x == ZERO or mpmath.isinf(other.middle):
        return ZERO
    radius = (one.radius + abs(middle) * other.radius) / (abs(other.middle) - other.radius)
    return rounded(middle, radius)


def _quotient(x: Number, y: Number) -> Number:
    """Return the quotient where one is too large to be written."""
    if too_large(x):
        return _times(x, Fraction(1 if ball(y).middle > 0 else -1)) if _moderate(y) else UNKNOWN
    if x == ZERO:
        return ZERO
    return NEXT_TO_NOTHING if finite(x) and abs(ball(x).middle) < MODERATE else UNKNOWN


def sign_of(x: Number) -> Number:
    """Return -1, 0 or 1; unknown for a ball around 0."""
    if is_nan(x):
        return NAN
    sign = order(x, ZERO)
    return UNKNOWN if sign is None else Fraction(sign)


def absolute(x: Number) -> Number:
    """Return the absolute value."""
    negative = x < 0 if isinstance(x, Fraction) else x.middle < 0
    return neg(x) if negative else x
