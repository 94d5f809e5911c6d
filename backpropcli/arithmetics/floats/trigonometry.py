"""Words of trigonometry."""

# ruff: noqa: PLR0124, PLR2004, FURB136
# Quick tests for nan (x != x), comparisons that do what they say with nan (max and min do not),
# and the thresholds and branches of numerical methods.

from __future__ import annotations

import math
from math import copysign, inf, nan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def sin(x: float) -> float:
    """Return the sine."""
    try:
        return math.sin(x)
    except ValueError:
        return nan


def cos(x: float) -> float:
    """Return the cosine."""
    try:
        return math.cos(x)
    except ValueError:
        return nan


def tan(x: float) -> float:
    """Return the tangent."""
    try:
        return math.tan(x)
    except ValueError:
        return nan


def asin(x: float) -> float:
    """Return the arc sine."""
    try:
        return math.asin(x)
    except ValueError:
        return nan


def acos(x: float) -> float:
    """Return the arc cosine."""
    try:
        return math.acos(x)
    except ValueError:
        return nan


def asec(x: float) -> float:
    """Return acos(1/x): by the arc tangent near 1 and -1, where 1/x has lost the digits."""
    a = abs(x)
    if a > 2.0:
        return math.acos(1.0 / x)
    if not a >= 1.0:
        return nan
    angle = math.atan(math.sqrt((a - 1.0) * (a + 1.0)))
    return angle if x > 0.0 else math.pi - angle


def acsc(x: float) -> float:
    """Return asin(1/x): by the arc tangent near 1 and -1, where 1/x has lost the digits."""
    a = abs(x)
    if a > 2.0:
        return math.asin(1.0 / x)
    if not a >= 1.0:
        return nan
    return copysign(math.atan2(1.0, math.sqrt((a - 1.0) * (a + 1.0))), x)


# The coefficients of x^19, ..., x^3, x in Taylor's series of sinc'
_SERIES = tuple((-1) ** k * 2 * k / math.factorial(2 * k + 1) for k in range(10, 0, -1))


def sinc_slope(x: float) -> float:
    """Return (x cos(x) - sin(x))/x^2, less the spherical Bessel function j1 (DLMF 10.49.3).

    By its series around 0, and in fixed point around its other zeros, where the terms cancel.
    """
    if abs(x) < 1.0:
        square = x * x
        total = 0.0
        for coefficient in _SERIES:
            total = total * square + coefficient
        return total * x
    if x - x != 0.0:
        return nan
    s = math.sin(x)
    c = math.cos(x)
    if abs(x * c - s) < 0.7 * abs(s):
        return _fixed_sinc_slope(x)
    return (c - s / x) / x


def _fixed_sinc_slope(x: float) -> float:
    """Return (x cos(x) - sin(x))/x^2 with 200 bits, for x near one of its zeros."""
    from backpropcli.arithmetics.floats import fixed  # noqa: PLC0415 (rarely needed)

    p = fixed.BITS + max(0, math.frexp(x)[1])
    t = fixed.to_fixed(x, p)
    turns, angle = divmod(t, fixed.fixed_pi(p))
    sine, cosine = fixed.fixed_sine_cosine(angle, p)
    slope = (cosine * t >> p) - sine
    return fixed.to_float(-slope if turns % 2 else slope, p) / x / x


def inversion(x: float, y: float) -> float:
    """Return x/(x^2 + y^2), scaled by a power of 2 where a square would not be exact enough."""
    a = abs(x)
    b = abs(y)
    m = a if a > b else b
    if 1e-100 < m < 1e100:
        return x / (x * x + y * y)
    if m == 0.0 or m != m:
        return nan
    if m == inf:
        return copysign(0.0, x) if x == x else nan
    scale = 2.0**-540 if m > 1.0 else 2.0**540
    x *= scale
    y *= scale
    return x / (x * x + y * y) * scale


WORDS: dict[str, Callable[..., float]] = {
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "asin": asin,
    "acos": acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "asec": asec,
    "acsc": acsc,
    "inversion": inversion,
    "sinc_slope": sinc_slope,
}
