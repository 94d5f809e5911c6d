"""Words of the derivatives of log gamma."""

from __future__ import annotations

import math
from math import copysign, inf, nan

from backpropcli.arithmetics.floats.fixed import (
    fixed_log,
    fixed_pi,
    fixed_sine_cosine,
    ratio,
    to_fixed,
    to_float,
)
from backpropcli.arithmetics.floats.gamma import bernoulli

MOST = 220
"""The highest derivative that there is: the language ends earlier, its slopes do not."""
_floor = math.floor
_log = math.log
_log1p = math.log1p


def digamma(x: float) -> float:
    """Return the logarithmic derivative of gamma."""
    return polygamma(0.0, x)


def trigamma(x: float) -> float:
    """Return the derivative of digamma."""
    return polygamma(1.0, x)


def polygamma(n: float, x: float) -> float:
    """Return derivative number n of digamma."""
    if not 0.0 <= n <= MOST or n != _floor(n) or x != x or x == -inf:
        return nan
    order = int(n)
    if x < 0.0 and x == _floor(x):
        return nan
    if x == 0.0 or (abs(x) < 0.25 and math.lgamma(n + 1) - (n + 1) * _log(abs(x)) > 720.0):
        return inf if order % 2 else copysign(inf, -x)
    if x == inf:
        return inf if order == 0 else 0.0
    if order == 0 and x > 12.0:
        u = 1.0 / x
        v = u * u
        # B2k/(2k) v^k (DLMF 5.11.2).
        tail = v * (
            1 / 12
            - v
            * (
                1 / 120
                - v * (1 / 252 - v * (1 / 240 - v * (1 / 132 - v * (0.02109279609279609 - v / 12))))
            )
        )
        return _log(x) - (0.5 * u + tail)
    m, d = x.as_integer_ratio()
    if x > 2.0**60:
        value = ratio(math.factorial(order - 1) * d**order, m**order)
        return value if order % 2 else -value
    # The bits below the value's leading one: it is about n!/x^n, and near a zero less.
    p = 200 + (order + 1) * max(0, math.frexp(x)[1])
    if x > -30.0:
        return to_float(_fixed_psi(order, m, d, p), p)
    # Reflection (DLMF 5.15.6): psi_n(x) = (-1)^n psi_n(1 - x) - pi d^n/dx^n cot(pi x)
    total = _fixed_psi(order, d - m, d, p)
    if order % 2:
        total = -total
    return to_float(total - _fixed_cotangent(order, x - round(x), p), p)


def _fixed_cotangent(n: int, r: float, p: int) -> int:
    """Return pi d^n/dr^n cot(pi r) in fixed point, for |r| <= 1/2."""
    q = p + 64 * (n + 2)
    angle = to_fixed(r, q) * fixed_pi(q) >> q
    sine, cosine = fixed_sine_cosine(angle, q)
    cotangent = (cosine << q) // sine
    # d/dx c = -pi (1 + c^2): the derivatives are polynomials in c.
    polynomial = [0, 1]
    for _ in range(n):
        slope = [j * c for j, c in enumerate(polynomial)][1:]
        polynomial = [-(a + b) for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    total = 0
    for c in reversed(polynomial):
        total = (total * cotangent >> q) + (c << q)
    for _ in range(n + 1):
        total = total * fixed_pi(q) >> q
    return total >> (q - p)


def _fixed_psi(n: int, m: int, d: int, p: int) -> int:
    """Return polygamma of m/d in fixed point: shifted beyond 40, then its series (DLMF 5.15.8)."""
    total = 0
    factorial = math.factorial(n)
    one = factorial << p
    while m < (40 + 2 * n) * d:
        total -= one * d ** (n + 1) // m ** (n + 1)
        m += d
    u = (d << p) // m
    square = u * u >> p
    power = 1 << p
    for _ in range(n):
        power = power * u >> p
    if n == 0:
        series = -fixed_log((m << p) // d, p) + (u >> 1)
    else:
        series = power * (factorial // n) + (factorial * power * u >> (p + 1))
    for k, (a, b) in enumerate(bernoulli(), 1):
        # (2k + n - 1)!/(2k)!
        power = power * square >> p
        top = math.factorial(2 * k + n - 1)
        series += power * a * top // (b * math.factorial(2 * k))
        if abs(power) < 2:
            break
    return total - series if n % 2 == 0 else -total + series


def polygamma_difference(n: float, x: float, y: float) -> float:
    """Return polygamma(n, x) - polygamma(n, x + y) for x and y from 0 up."""
    if not (x >= 0.0 and y >= 0.0 and 0.0 <= n <= MOST and n == _floor(n)):
        return nan
    order = int(n)
    odd = order % 2 == 1
    if x == 0.0:
        return (inf if odd else -inf) if y > 0.0 else nan
    if y == inf or x == inf:
        return polygamma(n, x) - polygamma(n, y) if x != inf else nan if y == inf else 0.0
    if x > 2.0**60:  # the first term of the asymptotic series (DLMF 5.15.8)
        rise = _log1p(y / x)
        return -math.expm1(-order * rise) * polygamma(n, x) if order else -rise
    if y < x * 2.0**-60 and x < 2.0**-60:  # the pole alone
        return (n + 1.0) * (y / x) * polygamma(n, x)
    if y < x * 2.0**-60:
        return -y * polygamma(n + 1.0, x)
    m, d = x.as_integer_ratio()
    a, b = y.as_integer_ratio()
    p = 260 + (order + 1) * max(0, math.frexp(x)[1])
    return to_float(_fixed_psi(order, m, d, p) - _fixed_psi(order, m * b + a * d, d * b, p), p)
