"""Words of arithmetic, choice, roots and parts."""

from __future__ import annotations

import math
from math import copysign, inf, nan

_floor = math.floor
_sqrt = math.sqrt
abs_ = abs
hypot = math.hypot


def div(x: float, y: float) -> float:
    """Return x/y: by zero a signed inf, or nan."""
    try:
        return x / y
    except ZeroDivisionError:
        if x == 0.0 or x != x:
            return nan
        return inf * copysign(1.0, x) * copysign(1.0, y)


def pow_(x: float, y: float) -> float:
    """Return x to the power y, as C's pow."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -inf if x < 0.0 and y % 2.0 == 1.0 else inf
    except ValueError:
        if x == 0.0:
            return -inf if copysign(1.0, x) < 0.0 and y % 2.0 == 1.0 else inf
        return nan


def pow_slope(x: float, y: float) -> float:
    """Return y*x^(y - 1), in the form that neither rounds y - 1 nor under- or overflows."""
    if y == 0.0:
        return 0.0
    if 0.5 <= y <= 4.0 or x == 0.0:
        return y * pow_(x, y - 1.0)
    out = pow_(x, y)
    if abs(out) < 1e-290 and abs(y) > 4.0:
        half = pow_(abs(x), y / 2.0)
        return half * y * (half / x) * (pow_(-1.0, y) if x < 0.0 else 1.0)
    if 4.0 < y <= 9007199254740992.0 or abs(x) == inf:
        return y * pow_(x, y - 1.0)
    return out * y / x


def mod(x: float, y: float) -> float:
    """Return the remainder of floored division, with the sign of y."""
    try:
        return x % y
    except ZeroDivisionError:
        return nan


def fmod(x: float, y: float) -> float:
    """Return the remainder of truncated division, with the sign of x, as C's fmod."""
    try:
        return math.fmod(x, y)
    except ValueError:
        return nan


def max_(*values: float) -> float:
    """Return the largest value, or nan where there is one."""
    largest = values[0]
    for value in values:
        if value != value:
            return value
        if value > largest:
            largest = value
    return largest


def min_(*values: float) -> float:
    """Return the smallest value, or nan where there is one."""
    smallest = values[0]
    for value in values:
        if value != value:
            return value
        if value < smallest:
            smallest = value
    return smallest


def ties(value: float, *values: float) -> float:
    """Return how many of the values equal the first."""
    return float(values.count(value))


def clip(x: float, lo: float, hi: float) -> float:
    """Return x kept within lo and hi; nan where one of the three is."""
    if lo != lo or hi != hi:
        return nan
    if x < lo:
        x = lo
    return hi if x > hi else x


def sqrt(x: float) -> float:
    """Return the square root; that of -0.0 is 0.0, so that its slope is inf from any side."""
    try:
        return _sqrt(x + 0.0)
    except ValueError:
        return nan


def cbrt(x: float) -> float:
    """Return the cube root: the platform's, within 3 ulp, and a step of Newton's on integers."""
    if x - x != 0.0 or x == 0.0:
        return x
    y = math.cbrt(x)
    a, b = x.as_integer_ratio()
    m, d = y.as_integer_ratio()
    # y^3 - x = (m^3 b - a d^3)/(d^3 b), to be divided by 3 y^2 = 3 m^2/d^2
    return y - (m * m * m * b - a * d * d * d) / (3 * m * m * b * d)


def sign(x: float) -> float:
    """Return -1, 0 or 1."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return x


def floor(x: float) -> float:
    """Return the largest whole number that is at most x."""
    return copysign(float(_floor(x)), x) if -4.6e18 < x < 4.6e18 else x


def ceil(x: float) -> float:
    """Return the smallest whole number that is at least x."""
    return copysign(float(math.ceil(x)), x) if -4.6e18 < x < 4.6e18 else x


def round_(x: float) -> float:
    """Return the nearest whole number, half-way cases to the even one."""
    return copysign(float(round(x)), x) if -4.6e18 < x < 4.6e18 else x
