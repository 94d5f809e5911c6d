"""Elementary functions of mpmath's real numbers, total and bounded; and whole values of functions.

An exponential whose argument is beyond ``HUGE`` is inf or 0: its exponent alone would fill the
memory. What is periodic is ``LOST`` beyond ``FAR``, since a period there takes as many digits of pi
as the number has.
"""

from __future__ import annotations

from math import factorial

import mpmath
from mpmath import mpf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


HUGE = mpf(10) ** 18
FAR = 100_000
"""Bits before the point of a number, beyond which it has no sine. A double has up to 1024."""
NAN, INF = mpf("nan"), mpf("inf")
LOST = mpf("nan")
"""Stands for a value that there may be and that is not worked out; it is known by identity."""

FACTORIALS = 200
KNOWN: dict[str, dict[int, int]] = {
    **{
        name: {0: 0}
        for name in (
            *("sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh"),
            *("expm1", "log1p", "erf", "cbrt"),
        )
    },
    **{name: {0: 1} for name in ("cos", "cosh", "exp", "erfc")},
    **{name: {1: 0} for name in ("acos", "acosh", "log", "log2", "log10")},
    "lgamma": {1: 0, 2: 0},
    "gamma": {whole: factorial(whole - 1) for whole in range(1, FACTORIALS + 1)},
}
"""The values of functions at whole numbers: a zero of many digits is no proof, one of these is."""


def div(x: Any, y: Any) -> Any:
    if y == 0:
        return NAN if x == 0 else INF * mpmath.sign(x)
    return x / y


def exp(x: Any) -> Any:
    if abs(x) > HUGE:
        return INF if x > 0 else mpf(0)
    return mpmath.exp(x)


def power(x: Any, y: Any) -> Any:
    if y == 0 or x == 1:
        return mpf(1)
    if x == 0:
        return INF if y < 0 else mpf(0)
    if x < 0 and (mpmath.isinf(y) or y != mpmath.floor(y)):
        return NAN
    if abs(y * mpmath.log(abs(x))) > HUGE:
        return INF if (abs(x) > 1) == (y > 0) else mpf(0)
    if x < 0:
        return (-1 if _odd(y) else 1) * mpmath.power(-x, y)
    return mpmath.power(x, y)


def _odd(y: Any) -> bool:
    """Say whether a whole number is odd, however large it is."""
    return mpmath.mag(y) <= FAR and int(y) % 2 == 1


def mod(x: Any, y: Any) -> Any:
    """Return x - y*floor(x/y), of which no digit is lost: mpmath divides whole numbers."""
    if y == 0 or mpmath.isinf(x):
        return NAN
    if mpmath.isinf(y):
        return x if x == 0 or (x > 0) == (y > 0) else y
    if x and mpmath.mag(x) - mpmath.mag(y) > FAR:
        return LOST
    if x and mpmath.mag(y) - mpmath.mag(x) > FAR:
        return x if (x > 0) == (y > 0) else x + y
    return x % y


def log(x: Any) -> Any:
    return -INF if x == 0 else mpmath.log(x)


def near(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, lost where an argument has too many digits before the point."""

    def word(*values: Any) -> Any:
        if any(map(mpmath.isinf, values)):
            return NAN
        far = any(x and mpmath.mag(x) > FAR for x in values)
        return LOST if far else function(*values)

    return word


def pole(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with inf at 0 and nan at the negative whole numbers."""

    def word(x: Any) -> Any:
        if x <= 0 and x == mpmath.floor(x):
            return INF if x == 0 else NAN
        return function(x)

    return near(word)


def logsumexp(*values: Any) -> Any:
    """Return log(exp(x) + exp(y) + ...): the logarithm of what the largest leaves."""
    largest = max(values)
    if mpmath.isinf(largest):
        return largest
    rest = mpmath.fsum(exp(x - largest) for x in values) - 1
    return largest + mpmath.log1p(rest)


def hyperbolic(function: Callable[..., Any], sign: int) -> Callable[..., Any]:
    """Return ``function``, which grows as exp(x)/2 does to both sides, as ``sign`` has it."""
    return lambda x: INF * (sign if x < 0 else 1) if abs(x) > HUGE else function(x)
