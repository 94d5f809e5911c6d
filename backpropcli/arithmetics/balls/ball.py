"""Numbers that know how far they are right: exact rationals, and balls where there is none.

A number is a ``Fraction`` as long as it is rational and short; else a ``Ball``, a middle of
mpmath's precision and a radius within which the truth lies. What a radius leaves open (a quotient
by a ball around 0) is ``UNKNOWN``, never a guess.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mp, mpf
from mpmath.libmp import finf, from_int, from_rational

from backpropcli.arithmetics.balls import parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.arithmetics.balls.parts import Blurred

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


class OfPi(Ball):
    """A ball that holds ``times`` pi, which is not 0, exactly."""

    __slots__ = ("times",)

    def __init__(self, middle: Middle, radius: Middle, times: Fraction) -> None:
        super().__init__(middle, radius)
        self.times = times

    def __neg__(self) -> OfPi:
        return OfPi(mpmath.fneg(self.middle, exact=True), self.radius, -self.times)


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
    return Ball(mp.make_mpf(middle), NOTHING if exact else mp.make_mpf(parts.unit(middle)))


def blurred(number: Number) -> Blurred | None:
    """Return a number's middle and radius as mpmath has them; None if it is not finite.

    Its own operators take several times as long as what they are made of.
    """
    one = ball(number)
    middle, radius = one.middle._mpf_, one.radius._mpf_
    if (not middle[1] and middle[2]) or radius == finf:
        return None
    return middle, radius


def made(blurred: Blurred) -> Ball:
    """Return the ball of a middle and a radius as mpmath has them."""
    return Ball(mp.make_mpf(blurred[0]), mp.make_mpf(blurred[1]))


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


def moderate(number: Number) -> bool:
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


def of_pi(number: Ball, times: Fraction) -> Number:
    """Return a ball as what it is known to be, ``times`` pi: an exact 0, or a multiple if short."""
    if times and shortened(times) is times:
        return OfPi(number.middle, number.radius, times)
    return number if times else ZERO


def multiple(product: Ball, x: Number, y: Number) -> Number:
    """Return a product as what it is known to be where one factor is a multiple of pi."""
    one, other = (x, y) if isinstance(x, OfPi) else (y, x)
    if isinstance(one, OfPi) and isinstance(other, Fraction):
        return of_pi(product, one.times * other)
    return product


def rounded(middle: Middle, radius: Middle, units: int = 1) -> Ball:
    """Return the ball of a result that is rounded by so many units in the last place."""
    if not mpmath.isfinite(middle):
        return Ball(middle, mpf(0))
    return Ball(middle, radius + units * abs(middle) * mp.eps)


def add(x: Number, y: Number) -> Number:
    """Return x + y; what is added to an exact 0 stays what it is."""
    if type(x) is Fraction and type(y) is Fraction:
        return shortened(x + y)
    if is_zero(x) or is_zero(y):
        return y if is_zero(x) else x
    if (first := blurred(x)) and (second := blurred(y)):
        found = made(parts.total(*first, *second))
        if type(x) is OfPi and type(y) is OfPi:
            return of_pi(found, x.times + y.times)
        return found
    one, other = ball(x), ball(y)
    if not (one.known and other.known):
        return _beside(x, y)
    return Ball(one.middle + other.middle, NOTHING)  # one is infinite, or nan


def is_zero(number: Number) -> bool:
    """Whether a number is an exact 0."""
    return not (isinstance(number, Ball) or number)


def _beside(x: Number, y: Number) -> Number:
    """Return the sum where one is not known: what is too large stays so beside what is not."""
    for large, other in ((x, y), (y, x)):
        if isinstance(large, Ball) and too_large(large):
            small = finite(other) and abs(ball(other).middle) < MODERATE
            if small or (too_large(other) and ball(other).middle == large.middle):
                return large
    return UNKNOWN


def sub(x: Number, y: Number) -> Number:
    """Return x - y: an exact 0 where both are one object."""
    if x is y and finite(x):
        return ZERO
    return add(x, -y)


def mul(x: Number, y: Number) -> Number:
    """Return x*y: an exact 0 where one is that and the other is finite."""
    if type(x) is Fraction and type(y) is Fraction:
        return shortened(x * y)
    if (is_zero(x) and finite(y)) or (is_zero(y) and finite(x)):
        return ZERO
    if (first := blurred(x)) and (second := blurred(y)):
        found = made(parts.product(*first, *second))
        return multiple(found, x, y) if type(x) is OfPi or type(y) is OfPi else found
    one, other = ball(x), ball(y)
    if not (one.known and other.known):
        return times_large(x, y)
    unsure = any(part.radius and around_zero(part) for part in (one, other))
    return UNKNOWN if unsure else Ball(one.middle * other.middle, NOTHING)


def times_large(x: Number, y: Number) -> Number:
    """Return the product where one is not known: what is too large stays so."""
    for large, other in ((x, y), (y, x)):
        if too_large(large):
            if other == ZERO:
                return ZERO
            if moderate(other) or too_large(other):
                return Ball(ball(large).middle * ball(other).middle, INF.middle)
    return UNKNOWN
