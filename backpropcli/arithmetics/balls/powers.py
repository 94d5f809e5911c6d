"""Powers and roots of balls: exact where they are rational and short, else through logarithms."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import isqrt

import mpmath

from backpropcli.arithmetics.balls.ball import (
    INF,
    LONGEST,
    NAN,
    ONE,
    UNKNOWN,
    ZERO,
    Ball,
    add,
    ball,
    finite,
    is_nan,
    mul,
    rounded,
)
from backpropcli.arithmetics.balls.choices import order
from backpropcli.arithmetics.balls.functions import function
from backpropcli.arithmetics.balls.quotients import div

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.balls.ball import Number

HALVES, FACTORS = 2, 16


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
    square = add(mul(x, x), mul(y, y))
    if finite(square) and order(square, ZERO) == 1:  # in a chain the radius must not double
        return sqrt(square)
    return function("hypot")(x, y)


def power(x: Number, y: Number) -> Number:
    """Return x to the power y, exact where that is rational and short."""
    if is_nan(x) or is_nan(y):
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
    product = reduce(mul, factors)
    return product if y > 0 else div(ONE, product)


def _through_logarithm(x: Number, y: Number) -> Number:
    """Return a power as mpmath has it: the exponential magnifies what the logarithm rounds."""
    found = function("pow")(x, y)
    if isinstance(found, Fraction) or not finite(found) or found.middle == 0:
        return found
    exponent = abs(ball(y).middle * mpmath.log(abs(ball(x).middle)))
    exact = not mpmath.isfinite(exponent)  # 0^0, 1^inf: by the convention of IEEE-754 they are 1
    return found if exact else rounded(found.middle, found.radius, int(exponent))


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
    return x ** int(y) if length * abs(y) <= LONGEST else None
