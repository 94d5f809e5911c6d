"""Arithmetic with as many digits as asked for: mpmath's real numbers.

Words are total, as in floats: nan where there is no real value, inf at a pole. The precision is
mpmath's own (``mp.workdps``).
"""

from __future__ import annotations

from operator import add, mul

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics.digits.elementary import (
    HUGE,
    INF,
    NAN,
    div,
    exp,
    hyperbolic,
    log,
    logsumexp,
    mod,
    near,
    pole,
    power,
)
from backpropcli.arithmetics.digits.special import (
    beta,
    erfc,
    erfcx,
    erfcx_derivative,
    erfinv,
    gamma,
    lbeta,
    lgamma,
    polygamma,
    polygamma_difference,
    sinc_derivative,
    sinc_slope,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


__all__ = ["INFIX", "WORDS", "add", "constant", "double", "mul"]

CONSTANT_DIGITS = 1100
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
    "quiet": "({0})",
    "void": "({0})",
    "where": "({1} if {0} else {2})",
    "sg": "({0})",
    "name": "({0})",
    "result": "({0})",
}


def constant(text: str) -> Any:  # noqa: ANN401 (mpmath has no types)
    """Return the number that ``text`` names: a decimal, or one of pi, e, tau, inf and nan."""
    with mp.workdps(max(CONSTANT_DIGITS, mp.dps)):
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
        except (ValueError, ArithmeticError, MemoryError, mpmath.libmp.NoConvergence):
            return NAN
        return NAN if isinstance(result, mpmath.mpc) else mpf(result)

    return word


WORDS: dict[str, Callable[..., Any]] = {
    name: _real(function)
    for name, function in {
        "div": div,
        "pow": power,
        "mod": mod,
        "fmod": lambda x, y: -mod(-x, abs(y)) if x < 0 else mod(x, abs(y)),
        "max": max,
        "min": min,
        "ties": lambda value, *others: sum(other == value for other in others),
        "exp": exp,
        "exp2": lambda x: exp(x * mpmath.log(2)),
        "expm1": lambda x: exp(x) - 1 if abs(x) > 1 else mpmath.expm1(x),
        "log": log,
        "log1p": lambda x: -INF if x == -1 else mpmath.log1p(x),
        "log2": lambda x: log(x) / mpmath.log(2),
        "log10": lambda x: log(x) / mpmath.log(10),
        "sinh": hyperbolic(mpmath.sinh, -1),
        "cosh": hyperbolic(mpmath.cosh, 1),
        "tanh": lambda x: mpmath.sign(x) if abs(x) > HUGE else mpmath.tanh(x),
        "atanh": lambda x: INF * x if abs(x) == 1 else mpmath.atanh(x),
        "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
        "abs": abs,
        "round": lambda x: x if mpmath.isinf(x) else mpmath.nint(x),
        "gamma": pole(gamma),
        "lgamma": near(lgamma),
        "digamma": near(lambda x: polygamma(0, x)),
        "trigamma": near(lambda x: polygamma(1, x)),
        "polygamma": lambda n, x: near(lambda x: polygamma(n, x))(x),
        "erfc": erfc,
        "erfcx": erfcx,
        "erfcx_derivative": lambda n, x: near(lambda x: erfcx_derivative(n, x))(x),
        "erfinv": erfinv,
        "sinc_slope": near(sinc_slope),
        "sinc_derivative": lambda n, x: near(lambda x: sinc_derivative(n, x))(x),
        "logsumexp": logsumexp,
        "logsumexp_rounding": lambda *_: mpf(1),
        "lbeta": lbeta,
        "beta": beta,
        "polygamma_difference": lambda n, x, y: near(
            lambda y: near(lambda x: polygamma_difference(n, x, y))(x)
        )(y),
        **{name: near(getattr(mpmath, name)) for name in ["sin", "cos", "tan"]},
        **{
            name: getattr(mpmath, name)
            for name in [
                *("asin", "acos", "atan", "atan2", "asinh", "acosh", "sqrt", "sign", "floor"),
                *("ceil", "hypot", "erf"),
            ]
        },
    }.items()
}
