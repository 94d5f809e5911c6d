"""A table: textbook definitions of operations, in SymPy's words."""

from __future__ import annotations

import sympy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _softplus(x: Any) -> Any:  # noqa: ANN401
    return sympy.log(1 + sympy.exp(x))


def _gelu_tanh(x: Any) -> Any:  # noqa: ANN401
    # Hendrycks and Gimpel, "Gaussian error linear units" (2016).
    inner = sympy.sqrt(2 / sympy.pi) * (x + sympy.Rational("0.044715") * x**3)
    return x / (1 + sympy.exp(-2 * inner))  # (1 + tanh(u))/2, without its cancellation


def slope_of(function: Callable[[Any], Any], order: int = 1) -> Callable[[Any], Any]:
    """Return a derivative of a function, as a function."""

    def slope(x: Any) -> Any:  # noqa: ANN401
        inner = sympy.Dummy(real=True)
        return sympy.diff(function(inner), inner, order).subs(inner, x)

    return slope


def _silu(x: Any) -> Any:  # noqa: ANN401
    return x / (1 + sympy.exp(-x))


def _mish(x: Any) -> Any:  # noqa: ANN401
    # tanh(u) is (t - 1)/(t + 1) with t = exp(2*u), which is (1 + exp(x))^2 here.
    grown = sympy.exp(x) * (sympy.exp(x) + 2)
    return x * grown / (grown + 2)


DEFINITIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "given": lambda _, a: a,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "pow": lambda x, y: x**y,
    "pow_slope": lambda x, y: y * x ** (y - 1),
    "pow_log": lambda x, y: x**y * sympy.log(x),
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "asin": sympy.asin,
    "acos": sympy.acos,
    "atan": sympy.atan,
    "atan2": sympy.atan2,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "asinh": sympy.asinh,
    "acosh": sympy.acosh,
    "atanh": sympy.atanh,
    "sech": lambda x: 1 / sympy.cosh(x),
    **{
        name: getattr(sympy, name)
        for name in (
            *("sec", "csc", "cot", "asec", "acsc", "acot", "csch", "coth", "asech", "acsch"),
            "acoth",
        )
    },
    "logcosh": lambda x: sympy.log(sympy.cosh(x)),
    "log1mexp": lambda x: sympy.log(1 - sympy.exp(x)),
    "logsumexp_rounding": lambda *_: sympy.Integer(1),
    "exp": sympy.exp,
    "exp2": lambda x: 2**x,
    "expm1": lambda x: sympy.exp(x) - 1,
    "log": sympy.log,
    "log1p": lambda x: sympy.log(1 + x),
    "log2": lambda x: sympy.log(x) / sympy.log(2),
    "log10": lambda x: sympy.log(x) / sympy.log(10),
    "softmax2": lambda x, y: 1 / (1 + sympy.exp(y - x)),
    "sqrt": sympy.sqrt,
    "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
    "inversion": lambda x, y: x / (x**2 + y**2),
    "gaussian": lambda x: sympy.exp(-(x**2) / 2),
    "erf": sympy.erf,
    "erfc": sympy.erfc,
    "erfinv": sympy.erfinv,
    "gamma": sympy.gamma,
    "digamma": sympy.digamma,
    "trigamma": lambda x: sympy.polygamma(1, x),
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "logit": lambda x: sympy.log(x / (1 - x)),
    "softplus": _softplus,
    "logsigmoid": lambda x: -_softplus(-x),
    "gelu_tanh": _gelu_tanh,
    "gelu_tanh_slope": slope_of(_gelu_tanh),
    "silu": _silu,
    "silu_slope": slope_of(_silu),
    "mish": _mish,
    "mish_slope": slope_of(_mish),
}
