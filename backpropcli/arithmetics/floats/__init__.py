"""Floating-point arithmetic: every operation as a word on Python floats.

Words are IEEE-754 total: they return inf or nan where ``math`` raises. They are within 4 units
in the last place of the true value over the whole range of a double (tests measure it).

Where two terms cancel around a zero that is no double (silu', gelu', digamma, lgamma, ...) the
word falls back on fixed-point arithmetic. The modules of words load when a word of theirs is
first asked for: most runs need one or two of them.
"""

from __future__ import annotations

from _operator import add, mul, neg, sub  # operator itself is slow to load

__all__ = ["INFIX", "WORDS", "add", "constant", "double", "mul", "total"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CONSTANTS = {
    "pi": 3.141592653589793,
    "e": 2.718281828459045,
    "tau": 6.283185307179586,
    "inf": float("inf"),
    "nan": float("nan"),
}
HOMES = {
    "arithmetic": "div pow pow_slope mod fmod copysign max min ties clip sqrt cbrt hypot abs sign "
    "floor ceil round",
    "trigonometry": "sin cos tan asin acos atan atan2 asec acsc inversion sinc_slope "
    "sinc_derivative",
    "hyperbolic": "sinh cosh tanh sech csch asinh acosh atanh asech acsch acoth",
    "exponential": "exp exp2 expm1 log log1p log2 log10 pow_log xlogy xlog1py",
    "softmax": "logaddexp softmax2 logsumexp exp_difference logsumexp_rounding",
    "error": "erf erfc gaussian ndtr erfcx erfcx_derivative erfinv",
    "gamma": "gamma lgamma",
    "polygamma": "digamma trigamma polygamma polygamma_difference",
    "beta": "beta lbeta beta_slope",
    "activations": "sigmoid logit softplus logsigmoid relu relu6 leaky_relu elu selu softsign "
    "hardtanh huber",
    "gates": "gelu gelu_slope gelu_tanh gelu_tanh_slope silu silu_slope mish mish_slope",
}
"""The words of each module beside this one."""
HOME = {name: home for home, names in HOMES.items() for name in names.split()}
INFIX = {
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "neg": "(-{0})",
    "lt": "(1.0 if {0} < {1} else 0.0)",
    "le": "(1.0 if {0} <= {1} else 0.0)",
    "gt": "(1.0 if {0} > {1} else 0.0)",
    "ge": "(1.0 if {0} >= {1} else 0.0)",
    "eq": "(1.0 if {0} == {1} else 0.0)",
    "ne": "(1.0 if {0} != {1} else 0.0)",
    "and": "(1.0 if {0} and {1} else 0.0)",
    "or": "(1.0 if {0} or {1} else 0.0)",
    "not": "(0.0 if {0} else 1.0)",
    "quiet": "({0})",
    "void": "({0})",
    "given": "({1} if {0} else 0.0)",
    "where": "({1} if {0} else {2})",
    "name": "({0})",
    "result": "({0})",
    "sg": "({0})",
}


def constant(text: str) -> float:
    """Return the float nearest to a number's text, or to one of pi, e, tau, inf and nan."""
    return CONSTANTS[text] if text in CONSTANTS else float(text)


def total(parts: list[float]) -> float:
    """Return a sum that is rounded once: a hundred shares of 1/100 are 1."""
    from math import fsum, isfinite

    plain = parts[0]
    for part in parts[1:]:
        plain += part
    if not isfinite(plain):
        return plain
    try:
        return fsum(parts) or (0.0 if plain else plain)  # a zero keeps its sign
    except OverflowError:
        return plain


def double(value: float) -> float:
    """Return a literal's double."""
    return float(value)


class _Words(dict[str, "Callable[..., float]"]):
    """Words by the operations' names; the dict fills up as they are asked for.

    Their homes have functions of these names, with _ where Python itself has that name.
    """

    def __missing__(self, name: str) -> Callable[..., float]:
        home = __import__(f"{__name__}.{HOME[name]}", fromlist=[name])  # importlib is slow to load
        self[name] = getattr(home, name, None) or getattr(home, f"{name}_")
        return self[name]

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 (as dict has it)
        return self[name] if name in HOME else super().get(name, default)


WORDS: dict[str, Callable[..., float]] = _Words(add=add, sub=sub, mul=mul, neg=neg)
