"""Where functions have whole values: a zero of many digits is no proof, one of these is."""

from __future__ import annotations

from math import factorial

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
"""The values of functions at whole numbers, by the names of their operations."""
