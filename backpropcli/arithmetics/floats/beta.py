"""Words of the beta function: in fixed point, for the logarithms of the gammas cancel."""

from __future__ import annotations

import math
from math import inf, nan

from backpropcli.arithmetics.floats.fixed import BITS, fixed_exp, fixed_log, to_float
from backpropcli.arithmetics.floats.gamma import fixed_lgamma
from backpropcli.arithmetics.floats.polygamma import polygamma_difference, trigamma

_SMALL = 2.0**-70
_LOG2 = fixed_log(2 << BITS, BITS)


def _fixed_lbeta(x: float, y: float) -> int:
    """Return log(beta(x, y)) in fixed point."""
    m, d = x.as_integer_ratio()
    a, b = y.as_integer_ratio()
    return fixed_lgamma(m, d) + fixed_lgamma(a, b) - fixed_lgamma(m * b + a * d, d * b)


def _edge(x: float, y: float) -> float | None:
    """Return beta where it is nan, 0 or inf for what one of its inputs is; else None."""
    if not (x >= 0.0 and y >= 0.0):
        return nan
    if inf in {x, y}:
        return nan if x == 0.0 or y == 0.0 else 0.0
    return inf if x == 0.0 or y == 0.0 else None


def lbeta(x: float, y: float) -> float:
    """Return the logarithm of the beta function."""
    edge = _edge(x, y)
    if edge is not None:
        return edge or -inf
    low, high = (x, y) if x < y else (y, x)
    if low < _SMALL:  # 1/x + 1/y
        return math.log1p(low / high) - math.log(low)
    return to_float(_fixed_lbeta(x, y), BITS) if x != 1.0 or y != 1.0 else 0.0


def _scaled(x: float, y: float) -> tuple[float, int]:
    """Return the beta function as a float around 1 times a power of 2, and the exponent."""
    low, high = (x, y) if x < y else (y, x)
    if low < _SMALL:  # 1/x + 1/y
        fraction, exponent = math.frexp(low)
        return (1.0 + low / high) / fraction, -exponent
    exponent, rest = divmod(_fixed_lbeta(x, y), _LOG2)
    return to_float(fixed_exp(rest, BITS), BITS), max(exponent, -9999)


def _ldexp(value: float, exponent: int) -> float:
    """Return value * 2^exponent."""
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.copysign(inf, value)


def beta(x: float, y: float) -> float:
    """Return the beta function of two numbers from 0 up."""
    edge = _edge(x, y)
    return _ldexp(*_scaled(x, y)) if edge is None else edge


def beta_slope(x: float, y: float) -> float:
    """Return the derivative of beta(x, y) by x: beta(x, y)*(digamma(x) - digamma(x + y))."""
    edge = _edge(x, y)
    if edge == 0.0 or edge != edge:
        return -0.0 if edge == 0.0 and x != 0.0 and y != 0.0 else nan
    near = y < x * 2.0**-60
    if near and y < _SMALL:  # beta is 1/y, and the difference -y*trigamma(x)
        return -trigamma(x)
    if edge is not None:
        return -inf if y != 0.0 else nan
    value, exponent = _scaled(x, y)
    if near:
        return _ldexp(value * y, exponent) * -trigamma(x)
    return _ldexp(value * polygamma_difference(0.0, x, y), exponent)
