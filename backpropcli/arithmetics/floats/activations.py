"""Words of activations and losses."""

from __future__ import annotations

import math
from math import copysign, inf, nan

from backpropcli.arithmetics.floats.arithmetic import clip

_exp = math.exp
_log = math.log
_log1p = math.log1p


def sigmoid(x: float) -> float:
    """Return 1/(1 + exp(-x))."""
    if x >= 0.0:
        return 1.0 / (1.0 + _exp(-x))
    e = _exp(x)
    return e / (1.0 + e)


def logit(x: float) -> float:
    """Return log(x/(1 - x)): by log1p around 1/2."""
    if 0.25 < x < 0.75:
        return _log1p((x + x - 1.0) / (1.0 - x))
    if 0.0 < x < 1.0:
        return _log(x) - _log1p(-x) if x < 0.5 else _log(x / (1.0 - x))
    if x == 0.0:
        return -inf
    return inf if x == 1.0 else nan


def softplus(x: float) -> float:
    """Return log(1 + exp(x))."""
    if x > 0.0:
        return x + _log1p(_exp(-x))
    return _log1p(_exp(x))


def logsigmoid(x: float) -> float:
    """Return log(sigmoid(x))."""
    return -softplus(-x)


def relu(x: float) -> float:
    """Return x where positive, else 0."""
    return 0.0 if x <= 0.0 else x


def relu6(x: float) -> float:
    """Return x kept within 0 and 6."""
    return clip(x, 0.0, 6.0)


def hardtanh(x: float) -> float:
    """Return x kept within -1 and 1."""
    return clip(x, -1.0, 1.0)


def leaky_relu(x: float, slope: float) -> float:
    """Return x where positive, else slope*x."""
    return x if x > 0.0 else slope * x


def elu(x: float, alpha: float) -> float:
    """Return x where positive, else alpha*(exp(x) - 1)."""
    return x if x > 0.0 else alpha * math.expm1(x)


def selu(x: float) -> float:
    """Return the scaled elu."""
    return 1.0507009873554805 * x if x > 0.0 else 1.7580993408473768 * math.expm1(x)


def softsign(x: float) -> float:
    """Return x/(1 + |x|)."""
    return x / (1.0 + abs(x)) if abs(x) != inf else copysign(1.0, x)


def huber(x: float, delta: float) -> float:
    """Return x^2/2 up to delta, linear beyond; nan for a negative delta."""
    x = abs(x) if delta >= 0.0 else nan
    if x <= delta:
        return 0.5 * x * x
    return delta * (x - 0.5 * delta)
