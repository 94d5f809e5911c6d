"""Words of activations that their expansions would not compute as well."""

# ruff: noqa: PLR2004
# Comparisons that do what they say with nan (max and min do not),
# and the thresholds and branches of numerical methods.

from __future__ import annotations

import math
from math import copysign, inf, nan

_exp = math.exp
_log = math.log
_log1p = math.log1p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


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


def softsign(x: float) -> float:
    """Return x/(1 + |x|)."""
    return x / (1.0 + abs(x)) if abs(x) != inf else copysign(1.0, x)


WORDS: dict[str, Callable[..., float]] = {
    "sigmoid": sigmoid,
    "logit": logit,
    "softplus": softplus,
    "logsigmoid": logsigmoid,
    "softsign": softsign,
}
