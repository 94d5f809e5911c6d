"""Arrays of floats: NumPy's ufuncs as elementwise words, and LAPACK for linear algebra.

What no ufunc does to the last digits goes element by element through the words of ``floats``.
"""

from __future__ import annotations

import operator
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays import linear, special
from backpropcli.arithmetics.arrays.arrays import Arrays

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any


def _truth(ufunc: Any) -> Callable[..., Value]:
    """Return a comparison that gives 1.0 and 0.0."""
    return lambda *inputs: ufunc(*inputs).astype(float)


def _power_slope(x: Value, y: Value) -> Value:
    """Return the derivative of x^y by x."""
    if isinstance(y, np.ndarray):
        return np.where(y == 0, 0.0, y * np.power(x, y - 1))
    if y == 2:  # noqa: PLR2004 (the usual one)
        return 2.0 * x
    return np.zeros_like(x) if y == 0 else y * x ** (y - 1)


def _of_all(ufunc: Any) -> Callable[..., Value]:
    def found(*inputs: Value) -> Value:
        total = inputs[0]
        for value in inputs[1:]:
            total = ufunc(total, value)
        return total

    return found


def _ties(value: Value, *inputs: Value) -> Value:
    if len(inputs) == 2 and not np.equal(*inputs).any() and not np.isnan(value).any():  # noqa: PLR2004
        return 1.0  # one of the two, everywhere
    first, *others = [np.equal(other, value) for other in inputs]
    total = first.astype(float) if isinstance(first, np.ndarray) else float(first)
    for other in others:
        total = total + other
    return total


def _sech(x: Value) -> Value:
    found = np.cosh(x)
    return np.reciprocal(found, out=found)


def _same(x: Value) -> Value:
    return x


INNER = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
}
"""In rules a comparison is an array of bits."""
ELEMENTWISE: dict[str, Callable[..., Value]] = {
    **{
        name: getattr(np, name)
        for name in (
            *("exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "sqrt", "cbrt"),
            *("sin", "cos", "tan", "sinh", "cosh", "tanh", "floor", "ceil", "sign"),
            *("hypot", "copysign", "fmod"),
        )
    },
    **{
        f"a{name}": getattr(np, f"arc{name}")
        for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")
    },
    "atan2": np.arctan2,
    "abs": np.abs,
    "round": np.rint,
    "div": np.divide,
    "pow": operator.pow,
    "pow_slope": _power_slope,
    "max": _of_all(np.maximum),
    "min": _of_all(np.minimum),
    "ties": _ties,
    "where": lambda c, a, b: np.where(np.not_equal(c, 0), a, b),
    "given": lambda c, x: np.where(np.not_equal(c, 0), x, 0.0),
    **{name: _truth(ufunc) for name, ufunc in INNER.items()},
    "sech": _sech,
    "relu": lambda x: np.maximum(x, 0.0),
    "logaddexp": np.logaddexp,
    **special.WORDS,
    **dict.fromkeys(("name", "result", "quiet", "void", "sg"), _same),
}


def choose(c: Value, one: Callable[[], Value], other: Callable[[], Value]) -> Value:
    """Return where(c, one(), other()): a branch that is met nowhere is not worked out."""
    if not isinstance(c, np.ndarray):
        return one() if c else other()
    if c.all():
        return spread(one(), c)
    return np.where(c, one(), other()) if c.any() else spread(other(), c)


def spread(value: Value, like: Value) -> Value:
    return value if isinstance(value, np.ndarray) else np.full(like.shape, value)


def product(given: Value, slope: Value, into: Value) -> Value:
    """Return a product: written to the array ``into``, but a number is one for all elements."""
    if isinstance(given, np.ndarray) or isinstance(slope, np.ndarray):
        return np.multiply(given, slope, into)
    return given * slope


def passed(c: Value, part: Value, into: Value = None) -> Value:
    """Return what passes where c is not 0: chosen, for 0 times nan is nan.

    Bits are multiplied where they can be, since there is no branch to predict. The array ``into``
    may be written to.
    """
    if not isinstance(c, np.ndarray):
        return part if c else 0.0
    if c.dtype == bool and isinstance(part, (float, np.floating)) and isfinite(part):
        return np.multiply(c, part, into)
    if c.dtype != bool or not isinstance(part, np.ndarray) or c.shape != part.shape:
        return np.where(c, part, 0.0)
    kind = WHOLE[part.itemsize]
    found = np.empty(part.shape, part.dtype) if into is None else into
    np.multiply(part.view(kind), c.view(np.int8), out=found.view(kind))
    return found


WHOLE = {4: np.int32, 8: np.int64}
"""Whole numbers as long as floats, by their bytes."""
RULES = {
    "where": "choose({0}, lambda: {1}, lambda: {2})",
    "given": "passed({0}, {1})",
    "times": "(given * ({0}) if into is None else product(given, {0}, into))",
    "taken": "passed({0}, {1}, into)",
    "quiet": "({0})",
    "void": "({0})",
}
SCOPE: dict[str, Callable[..., Value]] = {
    "choose": choose,
    "passed": passed,
    "product": product,
}

FLOATS = Arrays(floats, ELEMENTWISE, linear.WORDS, RULES, INNER, SCOPE)
"""The arithmetic of arrays of doubles."""
