"""Numbers that know how far they are right: exact rationals, and balls where there is none.

A number is a ``Fraction`` as long as it is rational and short; else a ``Ball``, a middle of
mpmath's precision and a radius within which the truth lies. What a radius leaves open (a quotient
by a ball around 0) is ``UNKNOWN``, never a guess.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mp, mpf
from mpmath.libmp import (
    finf,
    from_int,
    from_rational,
    fzero,
    mpf_abs,
    mpf_add,
    mpf_div,
    mpf_mul,
    mpf_sub,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Middle = Any  # mpmath has no types
    Parts = Any
    """A number as mpmath has it: its sign, mantissa, exponent, and the mantissa's bits."""

ROUGH = 30
"""Bits of a radius, which is rounded up."""
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
        return bool(self.radius._mpf_ != finf)

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
NOTHING = mpf(0)
SMALL = 2**50
"""Whole numbers below this are exact at any precision."""


def ball(number: Number) -> Ball:
    """Return a number as a ball of the precision at hand."""
    if isinstance(number, Ball):
        return number
    above, below = number.numerator, number.denominator
    if below == 1 and -SMALL < above < SMALL:
        return Ball(mp.make_mpf(from_int(above)), NOTHING)
    middle = from_rational(above, below, mp.prec, "n")
    exact = below & (below - 1) == 0 and abs(above).bit_length() <= mp.prec
    return Ball(mp.make_mpf(middle), NOTHING if exact else mp.make_mpf(_unit(middle)))


def _unit(middle: Parts) -> Parts:
    """Return how far a number of the precision at hand is rounded, at most: a power of 2."""
    _, mantissa, power, bits = middle
    return (0, 1, power + bits + 1 - mp.prec, 1) if mantissa else fzero


def _parts(x: Number, y: Number) -> tuple[Parts, Parts, Parts, Parts] | None:
    """Return the middles and radii of two numbers as mpmath has them; None if not all are finite.

    Its own operators take several times as long as what they are made of.
    """
    one, other = ball(x), ball(y)
    middle, radius = one.middle._mpf_, one.radius._mpf_
    if (not middle[1] and middle[2]) or radius == finf:
        return None
    second, blur = other.middle._mpf_, other.radius._mpf_
    if (not second[1] and second[2]) or blur == finf:
        return None
    return middle, radius, second, blur


def _around(middle: Parts, radius: Parts) -> Ball:
    """Return the ball of a result that is rounded."""
    unit = _unit(middle)
    radius = unit if radius == fzero else mpf_add(radius, unit, ROUGH, "u")
    return Ball(mp.make_mpf(middle), mp.make_mpf(radius))


def truth(number: Number) -> bool | None:
    """Return whether a number is not 0, which nan is; None where that is not known."""
    if not isinstance(number, Ball):
        return number != 0
    return None if around_zero(number) else True


def order(one: Number, other: Number) -> int | None:
    """Return -1, 0 or 1 as one number is less, equal or greater; None where that is not known.

    Neither is nan. What is one object is equal.
    """
    if not (isinstance(one, Ball) or isinstance(other, Ball)):
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
    return not isinstance(number, Ball) or (number.known and bool(mpmath.isfinite(number.middle)))


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
    if type(x) is Fraction and type(y) is Fraction:
        return shortened(x + y)
    if _is_zero(x) or _is_zero(y):
        return y if _is_zero(x) else x
    if parts := _parts(x, y):
        one, radius, other, more = parts
        radius = radius if more == fzero else mpf_add(radius, more, ROUGH, "u")
        return _around(mpf_add(one, other, mp.prec, "n"), radius)
    first, second = ball(x), ball(y)
    if not (first.known and second.known):
        return _beside(x, y)
    return rounded(first.middle + second.middle, first.radius + second.radius)


def _is_zero(number: Number) -> bool:
    return not (isinstance(number, Ball) or number)


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
    if type(x) is Fraction and type(y) is Fraction:
        return shortened(x * y)
    if (_is_zero(x) and finite(y)) or (_is_zero(y) and finite(x)):
        return ZERO
    if parts := _parts(x, y):
        return _product(*parts)
    one, other = ball(x), ball(y)
    if not (one.known and other.known):
        return _times(x, y)
    if not (finite(x) and finite(y)):
        blurred = any(part.radius and around_zero(part) for part in (one, other))
        return UNKNOWN if blurred else Ball(one.middle * other.middle, mpf(0))
    radius = abs(one.middle) * other.radius + (abs(other.middle) + other.radius) * one.radius
    return rounded(one.middle * other.middle, radius)


def _product(one: Parts, blur: Parts, other: Parts, more: Parts) -> Ball:
    """Return the product of two numbers with their radii."""
    radius = fzero
    if more != fzero:
        radius = mpf_mul(mpf_abs(one, ROUGH, "u"), more, ROUGH, "u")
    if blur != fzero:
        reach = mpf_add(mpf_abs(other, ROUGH, "u"), more, ROUGH, "u")
        radius = mpf_add(radius, mpf_mul(reach, blur, ROUGH, "u"), ROUGH, "u")
    return _around(mpf_mul(one, other, mp.prec, "n"), radius)


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
    if type(x) is Fraction and type(y) is Fraction:
        return shortened(x / y)
    one, other = ball(x), ball(y)
    if too_large(one) or too_large(other):
        return _quotient(x, y)
    if not (one.known and other.known) or around_zero(other):
        return UNKNOWN
    if mpmath.isinf(other.middle) and mpmath.isfinite(one.middle):
        return ZERO
    parts = _parts(one, other)
    if parts is None:
        return Ball(one.middle / other.middle, mpf(0))
    if _is_zero(x):
        return ZERO
    above, blur, below, more = parts
    middle = mpf_div(above, below, mp.prec, "n")
    if more != fzero:
        spread = mpf_mul(mpf_abs(middle, ROUGH, "u"), more, ROUGH, "u")
        blur = mpf_add(blur, spread, ROUGH, "u")
    if blur != fzero:
        blur = mpf_div(blur, mpf_sub(mpf_abs(below), more, ROUGH, "d"), ROUGH, "u")
    return _around(middle, blur)


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
