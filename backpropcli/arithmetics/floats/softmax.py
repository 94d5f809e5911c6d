"""Words of sums of exponentials."""

from __future__ import annotations

import math
from math import inf, nan

from backpropcli.arithmetics.floats.fixed import fixed_exp, to_fixed, to_float

_exp = math.exp
_log1p = math.log1p


def logaddexp(x: float, y: float) -> float:
    """Return log(exp(x) + exp(y))."""
    if x < y:
        x, y = y, x
    if x == inf or x == -inf:
        return x if y == y else nan
    if -0.75 < x < 0.0 and y < 0.0:
        # exp(x) + exp(y) may be near 1, its logarithm near 0.
        p = 128 - math.frexp(x)[1]
        if y > -0.7 * p - 60.0:
            s = fixed_exp(to_fixed(x, p), p) + fixed_exp(to_fixed(y, p), p) - (1 << p)
            return _log1p(to_float(s, p))
    d = y - x
    t = _exp(d)
    return x + _log1p(t + t * difference_error(y, x, d)) if t else x


def difference_error(a: float, b: float, d: float) -> float:
    """Return a - b - d exactly, where d is the rounded a - b (Knuth, TAOCP 2, 4.2.2)."""
    c = d - a
    return (a - (d - c)) - (b + c)


def softmax2(x: float, y: float) -> float:
    """Return exp(x)/(exp(x) + exp(y)), with the rounding error of x - y made good."""
    d = y - x
    if d <= 0.0:
        return 1.0 / (1.0 + _exp(d))
    if d < 800.0:
        # exp(x - y) is exp(-d)*(1 - e), e being the rounding error of d.
        e = difference_error(y, x, d)
        t = _exp(-d)
        return (t - t * e) / (1.0 + t)
    if d == d:
        return 0.0
    return 0.5 if x == y else nan


def exp_difference(x: float, y: float) -> float:
    """Return exp(x - y), with the rounding error of x - y made good; 1 for equal infinities."""
    d = x - y
    if d != d:
        return 1.0 if x == y else nan
    if d > 710.0:
        return inf
    if d < -800.0:
        return 0.0
    t = _exp(d)
    return t + t * difference_error(x, y, d)


def _shares(values: tuple[float, ...]) -> tuple[float, float]:
    """Return the largest value m, and the sum of exp(x - m) over all of them but one m."""
    largest = values[0]
    for value in values:
        if value != value:
            return nan, nan
        if value > largest:
            largest = value
    total = math.fsum([exp_difference(value, largest) for value in values])
    return largest, total - 1.0 if total > 2.0 else _rest(values, largest)


def _rest(values: tuple[float, ...], largest: float) -> float:
    """Return the sum of exp(x - m) over all but one m, where it may be small."""
    first = values.index(largest)
    others = [value for index, value in enumerate(values) if index != first]
    return math.fsum([exp_difference(value, largest) for value in others])


def logsumexp(*values: float) -> float:
    """Return log(exp(x) + exp(y) + ...): in fixed point where the sum of exponentials is near 1."""
    largest, rest = _shares(values)
    if largest - largest != 0.0:
        return largest
    excess = _log1p(rest)
    if largest >= 0.0 or excess < -0.1 * largest:
        return largest + excess
    p = 128 - math.frexp(largest)[1]
    terms = [fixed_exp(to_fixed(x, p), p) for x in values if x > -0.7 * p - 60.0]
    return _log1p(to_float(sum(terms) - (1 << p), p))


def logsumexp_rounding(out: float, *values: float) -> float:
    """Return exp(out - log(exp(x) + exp(y) + ...)), which is 1 but for the rounding of out."""
    largest, rest = _shares(values)
    return exp_difference(out, largest) / (1.0 + rest)
