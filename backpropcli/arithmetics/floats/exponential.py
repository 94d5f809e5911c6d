"""Words of exponentials and logarithms."""

from __future__ import annotations

import math
from math import inf, nan

from backpropcli.arithmetics.floats.arithmetic import pow_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _finite(function: Callable[[float], float]) -> Callable[[float], float]:
    """Return an exponential of ``math`` that is inf where it overflows."""

    def word(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return inf

    return word


def _above(pole: float, function: Callable[[float], float]) -> Callable[[float], float]:
    """Return a logarithm of ``math`` that is -inf at its pole, and nan below."""

    def word(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return -inf if x == pole else nan

    return word


exp, exp2, expm1 = _finite(math.exp), _finite(math.exp2), _finite(math.expm1)
log, log2, log10 = _above(0.0, math.log), _above(0.0, math.log2), _above(0.0, math.log10)
log1p = _above(-1.0, math.log1p)


def pow_log(x: float, y: float) -> float:
    """Return x^y*log(x)."""
    out = pow_(x, y)
    if 1e-290 < abs(out) < inf:
        return out * log(x)
    half = pow_(x, y / 2.0)
    return half * log(x) * half


def xlogy(x: float, y: float) -> float:
    """Return x*log(y), which is 0 where x is 0."""
    return 0.0 if x == 0.0 and y == y else x * log(y)


def xlog1py(x: float, y: float) -> float:
    """Return x*log(1 + y), which is 0 where x is 0."""
    return 0.0 if x == 0.0 and y == y else x * log1p(y)
