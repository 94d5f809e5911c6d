"""Words of exponentials and logarithms."""

# ruff: noqa: PLR0124, PLR2004
# Quick tests for nan (x != x), comparisons that do what they say with nan (max and min do not),
# and the thresholds and branches of numerical methods.

from __future__ import annotations

import math
from math import inf, nan

from backpropcli.arithmetics.floats.arithmetic import pow_

_exp = math.exp
_log = math.log
_log1p = math.log1p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def exp(x: float) -> float:
    """Return e to the power x."""
    try:
        return _exp(x)
    except OverflowError:
        return inf


def exp2(x: float) -> float:
    """Return 2 to the power x."""
    try:
        return math.exp2(x)
    except OverflowError:
        return inf


def expm1(x: float) -> float:
    """Return exp(x) - 1."""
    try:
        return math.expm1(x)
    except OverflowError:
        return inf


def log(x: float) -> float:
    """Return the natural logarithm."""
    try:
        return _log(x)
    except ValueError:
        return -inf if x == 0.0 else nan


def log1p(x: float) -> float:
    """Return log(1 + x)."""
    try:
        return _log1p(x)
    except ValueError:
        return -inf if x == -1.0 else nan


def log2(x: float) -> float:
    """Return the logarithm to base 2."""
    try:
        return math.log2(x)
    except ValueError:
        return -inf if x == 0.0 else nan


def log10(x: float) -> float:
    """Return the logarithm to base 10."""
    try:
        return math.log10(x)
    except ValueError:
        return -inf if x == 0.0 else nan


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


WORDS: dict[str, Callable[..., float]] = {
    "exp": exp,
    "exp2": exp2,
    "expm1": expm1,
    "log": log,
    "log1p": log1p,
    "log2": log2,
    "log10": log10,
    "pow_log": pow_log,
    "xlogy": xlogy,
    "xlog1py": xlog1py,
}
