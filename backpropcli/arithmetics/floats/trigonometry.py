"""Words of trigonometry."""

from __future__ import annotations

import math
from math import copysign, inf, nan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _defined(function: Callable[[float], float]) -> Callable[[float], float]:
    """Return a function of ``math`` that is nan outside its domain."""

    def word(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return nan

    return word


sin, cos, tan = _defined(math.sin), _defined(math.cos), _defined(math.tan)
asin, acos, atan, atan2 = _defined(math.asin), _defined(math.acos), math.atan, math.atan2


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
    from backpropcli.arithmetics.floats import fixed

    p = fixed.BITS + max(0, math.frexp(x)[1])
    t = fixed.to_fixed(x, p)
    turns, angle = divmod(t, fixed.fixed_pi(p))
    sine, cosine = fixed.fixed_sine_cosine(angle, p)
    slope = (cosine * t >> p) - sine
    return fixed.to_float(-slope if turns % 2 else slope, p) / x / x


def sinc_derivative(n: float, x: float) -> float:
    """Return derivative number n of sinc, a solution of x*f_k + k*f_k-1 = sin(x + k*pi/2).

    In fixed point, since its terms cancel around its zeros: by the recurrence, or where that loses
    digits by Taylor's series, with the terms (-1)^k*x^m/m!/(2*k + 1), where m = 2*k - n.
    """
    if not 0.0 <= n <= 100.0 or n != math.floor(n) or x - x != 0.0:
        return nan
    order = int(n)
    odd = order % 2
    sign = -1 if (order + 1) // 2 % 2 else 1
    if abs(x) < 1e-9:
        return sign * x / (order + 2) if odd else sign / (order + 1)
    from backpropcli.arithmetics.floats import fixed

    if abs(x) > 100.0:
        p = fixed.BITS + math.frexp(x)[1]
        t = fixed.to_fixed(x, p)
        turns, angle = divmod(t, fixed.fixed_pi(p))
        waves = [-wave if turns % 2 else wave for wave in fixed.fixed_sine_cosine(angle, p)]
        total = (waves[0] << p) // t
        for k in range(1, order + 1):
            wave = -waves[k % 2] if k % 4 > 1 else waves[k % 2]
            total = ((wave - k * total) << p) // t
        return fixed.to_float(total, p)
    p = 2 * fixed.BITS
    t = fixed.to_fixed(x, p)
    square = t * t >> p
    term = sign * (t if odd else 1 << p)
    total, m = 0, odd
    while term not in (0, -1):
        total += term // (m + order + 1)
        term = -((term * square >> p) // ((m + 1) * (m + 2)))
        m += 2
    return fixed.to_float(total, p)


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
