"""Quotients, powers and roots of balls: exact where they are rational and short.

A quotient may have a 0, or what is too large to be written, in it; powers go through logarithms.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import isqrt

import mpmath
from mpmath import mpf

from backpropcli.arithmetics.balls import ball, parts
from backpropcli.arithmetics.balls.ball import INF, NAN, ONE, UNKNOWN, ZERO, Ball, OfPi
from backpropcli.arithmetics.balls.choices import order, sign_of
from backpropcli.arithmetics.balls.functions import function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.balls.ball import Number

HALVES, FACTORS = 2, 16


def div(x: Number, y: Number) -> Number:  # noqa: PLR0911 (a return for each case)
    """Return x/y; over an exact 0 it is inf with the sign of x, or nan."""
    if y == ZERO:
        sign = sign_of(x)
        return sign if isinstance(sign, Ball) else ball.mul(sign, INF)
    if type(x) is Fraction and type(y) is Fraction:
        return ball.shortened(x / y)
    one, other = ball.ball(x), ball.ball(y)
    if ball.too_large(one) or ball.too_large(other):
        return _quotient(x, y)
    if not (one.known and other.known) or ball.around_zero(other):
        return UNKNOWN
    if mpmath.isinf(other.middle) and mpmath.isfinite(one.middle):
        return ZERO
    above, below = ball.blurred(one), ball.blurred(other)
    if above is None or below is None:
        return Ball(one.middle / other.middle, mpf(0))
    if ball.is_zero(x):
        return ZERO
    found = ball.made(parts.quotient(*above, *below))
    if isinstance(x, OfPi) and isinstance(y, Fraction):
        return ball.of_pi(found, x.times / y)
    if isinstance(x, OfPi) and isinstance(y, OfPi):
        return ball.shortened(x.times / y.times)
    return found


def _quotient(x: Number, y: Number) -> Number:
    """Return the quotient where one is too large to be written."""
    if ball.too_large(x):
        sign = ONE if ball.ball(y).middle > 0 else -ONE
        return ball.times_large(x, sign) if ball.moderate(y) else UNKNOWN
    if x == ZERO:
        return ZERO
    small = ball.finite(x) and abs(ball.ball(x).middle) < ball.MODERATE
    return ball.NEXT_TO_NOTHING if small else UNKNOWN


def cotangent(x: Number) -> Number:
    """Return cos(x)/sin(x), which is known at a pole of the tangent."""
    return div(function("cos")(x), function("sin")(x))


def sqrt(x: Number) -> Number:
    """Return the square root, which is rational for a quotient of squares."""
    if isinstance(x, Fraction) and x >= 0:
        above, below = isqrt(x.numerator), isqrt(x.denominator)
        if (above * above, below * below) == (x.numerator, x.denominator):
            return Fraction(above, below)
    return function("sqrt")(x)


def hypot(x: Number, y: Number) -> Number:
    """Return the distance of (x, y) from the origin."""
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return sqrt(x * x + y * y)
    square = ball.add(ball.mul(x, x), ball.mul(y, y))
    if ball.finite(square) and order(square, ZERO) == 1:  # in a chain the radius must not double
        return sqrt(square)
    return function("hypot")(x, y)


def power(x: Number, y: Number) -> Number:
    """Return x to the power y, exact where that is rational and short."""
    if ball.is_nan(x) or ball.is_nan(y):
        return NAN
    if y == ZERO or x == ONE:
        return ONE
    if x == ZERO:
        sign = order(y, ZERO)
        return UNKNOWN if sign is None else (ZERO if sign > 0 else INF)
    if isinstance(y, Ball) and y.radius and order(x, ZERO) != 1:
        return UNKNOWN  # a negative number has a power only where y is whole
    found = None
    if isinstance(y, Fraction):
        found = _rational_power(x, y) if isinstance(x, Fraction) else _product(x, y)
    return _through_logarithm(x, y) if found is None else found


def _product(x: Ball, y: Fraction) -> Number | None:
    """Return a power as a product of a few factors; None for others."""
    if y.denominator != 1 or abs(y) > FACTORS:
        return None
    factors: list[Number] = [x] * abs(int(y))
    product = reduce(ball.mul, factors)
    return product if y > 0 else div(ONE, product)


def _through_logarithm(x: Number, y: Number) -> Number:
    """Return a power as mpmath has it: the exponential magnifies what the logarithm rounds."""
    found = function("pow")(x, y)
    if isinstance(found, Fraction) or not ball.finite(found) or found.middle == 0:
        return found
    exponent = abs(ball.ball(y).middle * mpmath.log(abs(ball.ball(x).middle)))
    exact = not mpmath.isfinite(exponent)  # 0^0, 1^inf: by the convention of IEEE-754 they are 1
    return found if exact else ball.rounded(found.middle, found.radius, int(exponent))


def exp2(x: Number) -> Number:
    """Return 2 to the power x."""
    return power(Fraction(2), x)


def _rational_power(x: Fraction, y: Fraction) -> Number | None:
    """Return a power that is rational and short, or by its roots; None for others."""
    if y.denominator == HALVES and x > 0:
        root = sqrt(x)
        return power(root, y * HALVES) if isinstance(root, Fraction) else None
    if y.denominator != 1:
        return None
    length = max(x.numerator.bit_length(), x.denominator.bit_length())
    return x ** int(y) if length * abs(y) <= ball.LONGEST else None
