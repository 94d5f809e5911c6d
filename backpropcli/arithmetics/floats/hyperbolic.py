"""Words of hyperbolic functions and their inverses."""

from __future__ import annotations

import math
from math import copysign, inf, nan

_exp = math.exp
_log1p = math.log1p
tanh = math.tanh
asinh = math.asinh


def sinh(x: float) -> float:
    """Return the hyperbolic sine."""
    try:
        return math.sinh(x)
    except OverflowError:
        return copysign(inf, x)


def cosh(x: float) -> float:
    """Return the hyperbolic cosine."""
    try:
        return math.cosh(x)
    except OverflowError:
        return inf


def sech(x: float) -> float:
    """Return 1/cosh(x), which underflows later than cosh overflows."""
    e = _exp(-abs(x))
    square = e * e
    if square < 0.1:
        return 2.0 * e - 2.0 * e * (square / (1.0 + square))
    return 2.0 * e / (1.0 + square)


def csch(x: float) -> float:
    """Return 1/sinh(x), which underflows later than sinh overflows."""
    if abs(x) < 1.0:
        return 1.0 / math.sinh(x) if x else copysign(inf, x)
    e = _exp(-abs(x))
    square = e * e
    return copysign(2.0 * e + 2.0 * e * (square / (1.0 - square)), x) if x == x else x


def acosh(x: float) -> float:
    """Return the inverse hyperbolic cosine."""
    try:
        return math.acosh(x)
    except ValueError:
        return nan


def atanh(x: float) -> float:
    """Return the inverse hyperbolic tangent."""
    try:
        return math.atanh(x)
    except ValueError:
        return copysign(inf, x) if abs(x) == 1.0 else nan


def asech(x: float) -> float:
    """Return acosh(1/x): by log1p near 1, where 1/x has lost the digits."""
    if 0.5 <= x <= 1.0:
        t = (1.0 - x) / x
        return _log1p(t + math.sqrt(t * (2.0 + t)))
    if 0.0 < x < 0.5:
        return _log1p(math.sqrt((1.0 - x) * (1.0 + x))) - math.log(x)
    return inf if x == 0.0 else nan


def acsch(x: float) -> float:
    """Return asinh(1/x), which is log(2/x) where 1/x overflows."""
    if abs(x) < 1e-200:
        return copysign(math.log(2.0) - math.log(abs(x)) if x else inf, x)
    return asinh(1.0 / x)


def acoth(x: float) -> float:
    """Return atanh(1/x): by log1p near 1 and -1, where 1/x has lost the digits."""
    a = abs(x)
    if a > 2.0:
        return math.atanh(1.0 / x)
    if a > 1.0:
        return copysign(0.5 * _log1p(2.0 / (a - 1.0)), x)
    return copysign(inf, x) if a == 1.0 else nan
