"""Arithmetic with as many digits as asked for: mpmath's real numbers.

Words are total, as in floats: nan where there is no real value, inf at a pole. The precision is
mpmath's own (``mp.workdps``). An exponential whose argument is beyond ``HUGE`` is inf or 0: its
exponent alone would fill the memory.
"""

from __future__ import annotations

import mpmath
from mpmath import mp, mpf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CONSTANT_DIGITS = 1100
HUGE = mpf(10) ** 18
NAN, INF = mpf("nan"), mpf("inf")
INFIX = {
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "neg": "(-{0})",
    "lt": "(1 if {0} < {1} else 0)",
    "le": "(1 if {0} <= {1} else 0)",
    "gt": "(1 if {0} > {1} else 0)",
    "ge": "(1 if {0} >= {1} else 0)",
    "eq": "(1 if {0} == {1} else 0)",
    "ne": "(1 if {0} != {1} else 0)",
    "and": "(1 if {0} and {1} else 0)",
    "or": "(1 if {0} or {1} else 0)",
    "not": "(0 if {0} else 1)",
    "where": "({1} if {0} else {2})",
    "sg": "({0})",
}


def constant(text: str) -> Any:  # noqa: ANN401 (mpmath has no types)
    """Return the number that ``text`` names: a decimal, or one of pi, e, tau, inf and nan."""
    with mp.workdps(CONSTANT_DIGITS):
        if text in {"pi", "e"}:
            return +getattr(mp, text)
        return 2 * mp.pi if text == "tau" else mpf(text)


def double(value: float) -> Any:  # noqa: ANN401
    """Return a double exactly."""
    return mpf(value)


def _real(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` on reals only: nan for a complex value or none at all."""

    def word(*values: Any) -> Any:  # noqa: ANN401
        if any(mpmath.isnan(value) for value in values):
            return NAN
        try:
            result = function(*values)
        except (ValueError, ZeroDivisionError, OverflowError):
            return NAN
        return NAN if isinstance(result, mpmath.mpc) else mpf(result)

    return word


def _div(x: Any, y: Any) -> Any:  # noqa: ANN401
    if y == 0:
        return NAN if x == 0 else INF * mpmath.sign(x)
    return x / y


def _exp(x: Any) -> Any:  # noqa: ANN401
    if abs(x) > HUGE:
        return INF if x > 0 else mpf(0)
    return mpmath.exp(x)


def _pow(x: Any, y: Any) -> Any:  # noqa: ANN401
    if y == 0 or x == 1:
        return mpf(1)
    if x == 0:
        return INF if y < 0 else mpf(0)
    if x < 0 and (mpmath.isinf(y) or y != mpmath.floor(y)):
        return NAN
    if abs(y * mpmath.log(abs(x))) > HUGE:
        return INF if (abs(x) > 1) == (y > 0) else mpf(0)
    if x < 0:
        return (-1 if y % 2 else 1) * mpmath.power(-x, y)
    return mpmath.power(x, y)


def _log(x: Any) -> Any:  # noqa: ANN401
    return -INF if x == 0 else mpmath.log(x)


def _pole(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with inf at 0 and nan at the negative whole numbers."""

    def word(x: Any) -> Any:  # noqa: ANN401
        if x <= 0 and x == mpmath.floor(x):
            return INF if x == 0 else NAN
        return function(x)

    return word


def _hyperbolic(sign: int) -> Callable[..., Any]:
    return lambda x: (_exp(x) + sign * _exp(-x)) / 2


def _tanh(x: Any) -> Any:  # noqa: ANN401
    return mpmath.sign(x) if abs(x) > HUGE else mpmath.tanh(x)


def _round(x: Any) -> Any:  # noqa: ANN401
    return x if mpmath.isinf(x) else mpmath.nint(x)


def _ties(value: Any, *others: Any) -> int:  # noqa: ANN401
    return sum(other == value for other in others)


def _atanh(x: Any) -> Any:  # noqa: ANN401
    return INF * x if abs(x) == 1 else mpmath.atanh(x)


WORDS: dict[str, Callable[..., Any]] = {
    name: _real(function)
    for name, function in {
        "div": _div,
        "pow": _pow,
        "mod": lambda x, y: NAN if y == 0 else x - y * mpmath.floor(x / y),
        "max": max,
        "min": min,
        "ties": _ties,
        "exp": _exp,
        "exp2": lambda x: _exp(x * mpmath.log(2)),
        "expm1": lambda x: _exp(x) - 1 if abs(x) > 1 else mpmath.expm1(x),
        "log": _log,
        "log1p": lambda x: -INF if x == -1 else mpmath.log1p(x),
        "log2": lambda x: _log(x) / mpmath.log(2),
        "log10": lambda x: _log(x) / mpmath.log(10),
        "sinh": _hyperbolic(-1),
        "cosh": _hyperbolic(1),
        "tanh": _tanh,
        "atanh": _atanh,
        "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
        "abs": abs,
        "round": _round,
        "gamma": _pole(mpmath.gamma),
        "lgamma": lambda x: INF if x <= 0 and x == mpmath.floor(x) else mpmath.loggamma(x).real,
        "digamma": _pole(mpmath.digamma),
        "trigamma": _pole(lambda x: mpmath.polygamma(1, x)),
        "polygamma": lambda n, x: mpmath.polygamma(int(n), x),
        **{
            name: getattr(mpmath, name)
            for name in [
                "sin",
                "cos",
                "tan",
                "asin",
                "acos",
                "atan",
                "atan2",
                "asinh",
                "acosh",
                "sqrt",
                "sign",
                "floor",
                "ceil",
                "hypot",
                "erf",
                "erfc",
            ]
        },
    }.items()
}
