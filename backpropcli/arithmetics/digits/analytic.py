"""Complex numbers of mpmath's, for the complex step: operations that are analytic, and no others.

What chooses by comparing (abs, max, floor, where) has no word here, and no row expands to one. Of
numbers on a branch cut the words say nothing: the real words have no value there.
"""

from __future__ import annotations

from operator import add, mul

import mpmath
from mpmath import mpf

from backpropcli.arithmetics.digits import INFIX as ALL
from backpropcli.arithmetics.digits import constant, double

__all__ = ["INFIX", "WORDS", "add", "constant", "double", "mul"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NEWTON = 8
"""Newton's steps from the real axis: each doubles the digits that are right."""
INFIX = {name: ALL[name] for name in ("add", "sub", "mul", "neg", "name", "result")}


def _pow(x: Any, y: Any) -> Any:  # noqa: ANN401
    whole = y if isinstance(y, (int, float, mpf)) else y.real if not y.imag else None
    return x ** int(whole) if whole is not None and whole == int(whole) else mpmath.power(x, y)


def _softplus(x: Any) -> Any:  # noqa: ANN401
    if mpmath.re(x) > 0:
        return x + mpmath.log1p(mpmath.exp(-x))
    return mpmath.log1p(mpmath.exp(x))


def _lgamma(x: Any) -> Any:  # noqa: ANN401
    if mpmath.re(x) > 0:
        return mpmath.loggamma(x)
    return mpmath.log(mpmath.gamma(x) ** 2) / 2  # gamma may be negative there


def _erfinv(x: Any) -> Any:  # noqa: ANN401 (mpmath has no types)
    """Return the inverse of erf beside the real axis, by Newton's method from there."""
    found = mpmath.erfinv(mpmath.re(x))
    for _ in range(NEWTON):
        found -= (mpmath.erf(found) - x) * mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(found * found)
    return found


def _atan2(y: Any, x: Any) -> Any:  # noqa: ANN401
    """Return the angle of a point beside the reals: atan2 is the imaginary part of a logarithm."""
    return -1j * mpmath.log((x + 1j * y) / mpmath.sqrt(x * x + y * y))


WORDS: dict[str, Callable[..., Any]] = {
    "div": lambda x, y: x / y if y else mpf("nan"),
    "pow": _pow,
    "exp2": lambda x: mpmath.exp(x * mpmath.log(2)),
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "log10": lambda x: mpmath.log(x) / mpmath.log(10),
    "cbrt": lambda x: mpmath.cbrt(x) if mpmath.re(x) >= 0 else -mpmath.cbrt(-x),
    "hypot": lambda x, y: mpmath.sqrt(x * x + y * y),
    "sinc": lambda x: mpmath.sin(x) / x if x else mpf(1),
    "softplus": _softplus,
    "logsigmoid": lambda x: -_softplus(-x),
    "logaddexp": lambda x, y: y + _softplus(x - y),
    "logsumexp": lambda *parts: mpmath.log(sum(map(mpmath.exp, parts))),
    "logcosh": lambda x: mpmath.log1p(2 * mpmath.sinh(x / 2) ** 2),
    "log1mexp": lambda x: mpmath.log(-mpmath.expm1(x)),
    "xlogy": lambda x, y: x * mpmath.log(y),
    "xlog1py": lambda x, y: x * mpmath.log1p(y),
    "log_ndtr": lambda x: mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2),
    "lgamma": _lgamma,
    "erfinv": _erfinv,
    "atan2": _atan2,
    "digamma": lambda x: mpmath.polygamma(0, x),
    "trigamma": lambda x: mpmath.polygamma(1, x),
    "polygamma": lambda n, x: mpmath.polygamma(int(mpmath.re(n)), x),
    **{
        name: getattr(mpmath, name)
        for name in (
            *("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh"),
            *("asin", "acos", "atan", "asinh", "acosh", "atanh", "erf", "erfc", "gamma"),
        )
    },
}
