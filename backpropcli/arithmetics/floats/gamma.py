"""Words of the gamma function and its logarithm."""

from __future__ import annotations

import math
from math import copysign, inf, nan

from backpropcli.arithmetics.floats.exponential import log
from backpropcli.arithmetics.floats.fixed import BITS, PI, fixed_log, ratio, to_float

_floor = math.floor
_log = math.log
_HALF_LOG_TAU = fixed_log(2 * PI, BITS) >> 1

# 1/gamma(1 + r) as a power series in r (Wrench, Math. Comp. 22, 1968)
_RECIPROCAL = (
    1.0,
    0.5772156649015329,
    -0.6558780715202539,
    -0.04200263503409524,
    0.16653861138229148,
    -0.04219773455554433,
    -0.009621971527876973,
    0.0072189432466631,
    -0.0011651675918590652,
    -0.00021524167411495098,
    0.0001280502823881162,
    -2.013485478078824e-05,
    -1.2504934821426706e-06,
    1.133027231981696e-06,
    -2.056338416977607e-07,
    6.116095104481416e-09,
    5.002007644469223e-09,
    -1.18127457048702e-09,
    1.0434267116911005e-10,
    7.782263439905071e-12,
    -3.696805618642206e-12,
    5.100370287454476e-13,
    -2.0583260535665066e-14,
    -5.348122539423018e-15,
    1.2267786282382608e-15,
)
_BACKWARDS = tuple(reversed(_RECIPROCAL))


def gamma(x: float) -> float:  # noqa: C901 (a branch for each region)
    """Return the gamma function: an exact product down to r in [-1/2, 1/2], and a series there."""
    if x == 0.0:
        return copysign(inf, x)
    if x > 172.0:
        return inf
    if x != x or x == -inf:
        return nan
    if x < -190.0:
        below = _floor(x)
        return nan if x == below else copysign(0.0, 0.5 - below % 2)
    n = round(x)
    if n <= 0.0 and x == n:
        return nan
    r = x - n
    s = 0.0
    for coefficient in _BACKWARDS:
        s = s * r + coefficient
    m, d = x.as_integer_ratio()
    product = 1
    if n >= 1:
        # gamma(x) = (x - 1)(x - 2)...(x - n + 1) gamma(1 + r)
        for k in range(1, n):
            product *= m - k * d
        return (
            ratio(product, d ** (n - 1)) / s
            if n < 165
            else (ratio(product, d ** (n - 1) << 100) / s * 2.0**100)
        )
    # gamma(x) = gamma(1 + r)/(x (x + 1)...(x - n))
    for k in range(1 - n):
        product *= m + k * d
    if n > -140:
        return ratio(d ** (1 - n), product) / s
    return ratio(d ** (1 - n) << 400, product) / s * 2.0**-400


def lgamma(x: float) -> float:
    """Return the logarithm of the absolute value of gamma."""
    if x > 25.0:
        return math.lgamma(x) if x < 2.6e305 else inf
    if abs(x) < 1e-20:
        return -log(abs(x))
    if x != x or x - x != 0.0:
        return x if x != x else inf
    if x in {1.0, 2.0}:
        return 0.0
    if x == _floor(x) and x <= 0.0:
        return inf
    if x < -45.0:
        # Reflection (DLMF 5.5.3): the logarithm of the sine is small beside the rest.
        return -math.lgamma(-x) - _log(-x * abs(_sin_pi(x)) / math.pi)
    return to_float(fixed_lgamma(*x.as_integer_ratio()), BITS)


def fixed_lgamma(m: int, d: int) -> int:
    """Return lgamma of m/d in fixed point: shifted beyond 40, then Stirling's (DLMF 5.11.1).

    The product of a number and its logarithm needs more bits before the point, and so behind it.
    """
    product = 1
    power = 0
    while m < 40 * d:
        product *= m
        power += 1
        m += d
    p = BITS + max(0, m.bit_length() - d.bit_length())
    y = (m << p) // d
    total = ((y - (1 << (p - 1))) * fixed_log(y, p) >> p) - y
    total = (total >> (p - BITS)) + _HALF_LOG_TAU
    u = (d << BITS) // m
    square = u * u >> BITS
    for k, (a, b) in enumerate(bernoulli(), 1):
        if not u:
            break
        total += a * u // (b * 2 * k * (2 * k - 1))
        u = u * square >> BITS
    if power:
        total -= fixed_log((abs(product) << BITS) // d**power, BITS)
    return total


def _sin_pi(x: float) -> float:
    """Return sin(pi x)."""
    r = x - round(x)
    return math.sin(math.pi * r) if round(x) % 2 == 0 else -math.sin(math.pi * r)


_numbers: list[tuple[int, int]] = []


def bernoulli() -> list[tuple[int, int]]:
    """Return B2, B4, ..., B80 as ratios, by the tangent numbers (Brent and Harvey 2013)."""
    if not _numbers:
        n = 40
        tangent = [0] + [math.factorial(k - 1) for k in range(1, n + 1)]
        for k in range(2, n + 1):
            for j in range(k, n + 1):
                tangent[j] = (j - k) * tangent[j - 1] + (j - k + 2) * tangent[j]
        for k in range(1, n + 1):
            b = (-1) ** (k - 1) * 2 * k * tangent[k]
            _numbers.append((b, 4**k * (4**k - 1)))
    return _numbers
