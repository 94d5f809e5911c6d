"""Words of the error function and the normal distribution."""

from __future__ import annotations

import math
from math import copysign, inf, nan

from backpropcli.arithmetics.floats.fixed import BITS, fixed_exp, to_fixed, to_float

_exp = math.exp
_floor = math.floor
erf = math.erf
erfc = math.erfc

SQRT_TAU = 2.5066282746310007
SQRT2 = 1.4142135623730951
SQRT_PI = 1.772453850905516


def gaussian(x: float) -> float:
    """Return exp(-x^2/2), with x = h + l split so that h^2 is exact (Cody 1969)."""
    x = abs(x)
    if x > 40.0:
        return 0.0
    h = _floor(x * 16.0) / 16.0 if x == x else x
    return _exp(-0.5 * h * h) * _exp(-0.5 * (x - h) * (x + h))


def normal(x: float) -> float:
    """Return the normal distribution function for x >= -5."""
    z = -x / SQRT2
    # z is off by d, and erfc changes by its slope times d: z^2 - x^2/2 = 2 z d.
    if x > -0.5:
        return 0.5 * erfc(z)
    t = to_fixed(x, 120)
    d = to_float(to_fixed(z, 120) * to_fixed(z, 120) - (t * t >> 1), 240) / (2.0 * z)
    return 0.5 * erfc(z) + d * gaussian(x) / SQRT_PI


def hazard(x: float) -> float:
    """Return the normal density over the tail, for x >= 5: DLMF 7.9.1 has one over it."""
    ratio = x
    for k in range(60 if x < 10.0 else 20, 0, -1):
        ratio = x + k / ratio
    return ratio


def density(x: float, over: float, under: float = 1.0) -> float:
    """Return the normal density times a quotient, for 5 <= x <= 45, without underflow."""
    h = _floor(x * 1024.0) / 1024.0  # its square is exact, and the rest of x^2 is small
    rest = over * _exp(-0.5 * (x - h) * (x + h)) / (under * SQRT_TAU)
    if x < 37.5:
        return _exp(-0.5 * h * h) * rest
    e = _exp(-0.25 * h * h)
    return e * rest * e


def ndtr(x: float) -> float:
    """Return the normal distribution function."""
    if x >= -5.0:
        return normal(x)
    if x < -45.0 or x != x:
        return x if x != x else 0.0
    return density(-x, 1.0, hazard(-x))


def erfcx(x: float) -> float:
    """Return exp(x^2)*erfc(x)."""
    if -0.5 <= x <= 0.5:
        return _exp(x * x) * erfc(x)
    if x > 0.0:
        return to_float(_fixed_erfcx(x), BITS) if x < 4.0 else 1.0 / (x + _fraction(x)) / SQRT_PI
    if x < -26.63 or x != x:
        return inf if x == x else x
    h = math.trunc(x * 16.0) / 16.0
    return _exp((x - h) * (x + h)) * erfc(x) * _exp(h * h)


def erfcx_derivative(n: float, x: float) -> float:
    """Return derivative number n of erfcx, a solution of f_k+1 = 2 x f_k + 2 k f_k-1.

    For x > 0 it is the smallest one, so the quotients f_k/f_k-1 are a continued fraction, and the
    recurrence loses digits: it is in fixed point where the fraction would be long.
    """
    if not 0.0 <= n <= 20.0 or n != _floor(n):
        return nan
    order = int(n)
    if x >= 4.0:
        value = erfcx(x)
        quotient = 0.0
        for k in range(order + (80 if x < 10.0 else 20), 0, -1):
            quotient = 2.0 * k / (2.0 * x + quotient)
            if k <= order:
                value *= -quotient
        return value
    if x > 0.2:
        t = to_fixed(x, BITS)
        before, last = _FACTOR, _fixed_erfcx(x)
        for k in range(order):
            before, last = last, (2 * t * last >> BITS) + (2 * k * before if k else -before)
        return to_float(last, BITS)
    earlier, latest = 2.0 / SQRT_PI, erfcx(x)
    for k in range(order):
        earlier, latest = latest, 2.0 * x * latest + (2.0 * k * earlier if k else -earlier)
    return latest


def _fraction(x: float) -> float:
    """Return the r of 1/(x + r), the continued fraction of sqrt(pi)*erfcx(x) (DLMF 7.9.1)."""
    r = 0.0
    for k in range(80 if x < 10.0 else 20, 0, -1):
        r = 0.5 * k / (x + r)
    return r


_FACTOR = 1813235411955051368075975534027907639852476658415964181376627  # 2/sqrt(pi)


def _fixed_erfcx(x: float) -> int:
    """Return erfcx in fixed point: exp(x^2) less the series of exp(x^2)*erf(x) (DLMF 7.6.2)."""
    t = to_fixed(x, BITS)
    square = t * t >> BITS
    total = 0
    k = 1
    while t:
        total += t
        k += 2
        t = 2 * (t * square >> BITS) // k
    return fixed_exp(square, BITS) - (total * _FACTOR >> BITS)


def erfinv(x: float) -> float:
    """Return the inverse of erf: Winitzki's approximation (2008) and three steps of Halley's."""
    a = abs(x)
    if a < 1e-9:
        return x * (0.5 * SQRT_PI)
    if not a < 1.0:
        return copysign(inf, x) if a == 1.0 else nan
    log = 0.5 * math.log1p(-a * a) if a < 0.5 else 0.5 * math.log((1.0 - a) * (1.0 + a))
    b = 4.330746750799873 + log  # 2/(pi 0.147)
    y = math.sqrt(math.sqrt(b * b - 2.0 * log / 0.147) - b)
    for _ in range(3):
        excess = erf(y) - a if a < 0.5 else (1.0 - a) - erfc(y)
        step = excess * (0.5 * SQRT_PI) * _exp(y * y)
        y -= step / (1.0 + y * step)
    return copysign(y, x)
