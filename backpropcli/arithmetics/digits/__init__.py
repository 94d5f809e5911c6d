"""Arithmetic with as many digits as asked for: mpmath's real numbers.

Words are total, as in floats: nan where there is no real value, inf at a pole; and ``LOST``, a nan
too, where there may be a value that is not worked out. The precision is mpmath's own
(``mp.workdps``).
"""

from __future__ import annotations

from operator import add, mul

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.digits import elementary, special

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


__all__ = ["INFIX", "LOST", "WORDS", "add", "constant", "double", "mul"]

LOST = elementary.LOST
CONSTANT_DIGITS = 1100
INFIX = {name: text.replace(".0", "") for name, text in floats.INFIX.items()}
"""The same as of floats, with whole numbers for truth: they are exact in a quotient."""


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
    """Return ``function`` on reals only: nan for a complex value or none at all.

    What cannot be worked out, for its size or as a series does not settle, is lost.
    """

    def word(*values: Any) -> Any:  # noqa: ANN401
        if any(mpmath.isnan(value) for value in values):
            return elementary.NAN
        try:
            result = function(*values)
        except (OverflowError, MemoryError, mpmath.libmp.NoConvergence):
            return LOST
        except (ValueError, ArithmeticError):
            return elementary.NAN
        if result is LOST:
            return LOST
        return elementary.NAN if isinstance(result, mpmath.mpc) else mpf(result)

    return word


WORDS: dict[str, Callable[..., Any]] = {
    name: _real(function)
    for name, function in {
        "div": elementary.div,
        "pow": elementary.power,
        "mod": elementary.mod,
        "fmod": lambda x, y: -elementary.mod(-x, abs(y)) if x < 0 else elementary.mod(x, abs(y)),
        "max": max,
        "min": min,
        "ties": lambda value, *others: sum(other == value for other in others),
        "exp": elementary.exp,
        "exp2": lambda x: elementary.exp(x * mpmath.log(2)),
        "expm1": lambda x: elementary.exp(x) - 1 if abs(x) > 1 else mpmath.expm1(x),
        "log": elementary.log,
        "log1p": lambda x: -elementary.INF if x == -1 else mpmath.log1p(x),
        "log2": lambda x: elementary.log(x) / mpmath.log(2),
        "log10": lambda x: elementary.log(x) / mpmath.log(10),
        "sinh": elementary.hyperbolic(mpmath.sinh, -1),
        "cosh": elementary.hyperbolic(mpmath.cosh, 1),
        "tanh": lambda x: mpmath.sign(x) if abs(x) > elementary.HUGE else mpmath.tanh(x),
        "atanh": lambda x: elementary.INF * x if abs(x) == 1 else mpmath.atanh(x),
        "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
        "abs": abs,
        "round": lambda x: x if mpmath.isinf(x) else mpmath.nint(x),
        "gamma": elementary.pole(special.gamma),
        "lgamma": elementary.near(special.lgamma),
        "digamma": elementary.near(lambda x: special.polygamma(0, x)),
        "trigamma": elementary.near(lambda x: special.polygamma(1, x)),
        "polygamma": elementary.near(special.polygamma),
        "erfc": special.erfc,
        "erfcx": special.erfcx,
        "erfcx_derivative": elementary.near(special.erfcx_derivative),
        "erfinv": special.erfinv,
        "sinc_slope": elementary.near(special.sinc_slope),
        "sinc_derivative": elementary.near(special.sinc_derivative),
        "logsumexp": elementary.logsumexp,
        "logsumexp_rounding": lambda *_: mpf(1),
        "lbeta": special.lbeta,
        "beta": special.beta,
        "polygamma_difference": elementary.near(special.polygamma_difference),
        **{name: elementary.near(getattr(mpmath, name)) for name in ["sin", "cos", "tan"]},
        **{
            name: getattr(mpmath, name)
            for name in [
                *("asin", "acos", "atan", "atan2", "asinh", "acosh", "sqrt", "sign", "floor"),
                *("ceil", "hypot", "erf"),
            ]
        },
    }.items()
}
