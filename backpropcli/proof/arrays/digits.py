"""Arrays of mpmath's numbers: what a program does in many digits, with no rule of a derivative.

Whatever is a number in them is one of mpmath's: Python's own would lose digits where two are
divided.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import libmp, mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.arrays import Arrays
from backpropcli.arithmetics.arrays import words as common
from backpropcli.arithmetics.arrays.exact import words
from backpropcli.arithmetics.rules import word
from backpropcli.graph.operations import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any

PLAIN = (
    *("zeros", "ones", "eye", "arange", "size", "eye_like", "eye_along", "ones_along"),
    *("tri_along", "one_hot", "classes", "argmax", "argmin"),
)
"""Operations on whole arrays whose words make Python's numbers."""

LONGEST = 3000
"""Bits between the exponents of numbers that are multiplied as whole numbers."""

MOST = 64
"""Whole exponents up to which a power is a product."""


def number(value: Value) -> Value:
    """Return a number, of NumPy's too, as one of mpmath's."""
    if type(value) is mpf:
        return value
    return mpf(value.item() if isinstance(value, np.generic) else value)


def _pow(x: Value, y: Value) -> Value:
    """Return a power; a product, and no logarithm, where the exponent is a small whole number."""
    x, y = number(x), number(y)
    if x and mp.isfinite(x) and abs(y) <= MOST and y == int(y):
        return x ** int(y)
    return digits.WORDS["pow"](x, y)


BASE: Any = SimpleNamespace(
    __name__="digits of arrays",
    WORDS={
        **digits.WORDS,
        "div": lambda x, y: digits.WORDS["div"](number(x), number(y)),
        "pow": _pow,
    },
    INFIX=digits.INFIX,
    constant=digits.constant,
    double=digits.double,
    add=digits.add,
    mul=digits.mul,
)


def exact(value: Value) -> Value:
    """Return a number, or an array, in mpmath's numbers."""
    if isinstance(value, np.ndarray):
        return np.frompyfunc(number, 1, 1)(value) if value.size else value.astype(object)
    return number(value)


def _matmul(x: Value, y: Value) -> Value:
    """Return a product of matrices: of whole numbers, which is exact and quick, then rounded."""
    one, other = _integers(x), _integers(y)
    if one is None or other is None:
        return common.matmul(x, y)
    found = common.matmul(one[0], other[0])
    low = one[1] + other[1]

    def rounded(whole: int) -> Value:
        return mp.make_mpf(libmp.from_man_exp(whole, low, mp.prec, "n"))

    return np.frompyfunc(rounded, 1, 1)(found)


def _integers(x: Value) -> tuple[Value, int] | None:
    """Return whole numbers and the exponent of 2 that makes them the elements.

    None where they would be long, or an element is not finite.
    """
    parts = [number(one)._mpf_ for one in x.ravel()]
    exponents = [exponent for _, mantissa, exponent, _ in parts if mantissa]
    low, high = min(exponents, default=0), max(exponents, default=0)
    if high - low > LONGEST or any(exponent and not mantissa for _, mantissa, exponent, _ in parts):
        return None
    found = np.empty(len(parts), dtype=object)
    found[:] = [
        int(-mantissa if sign else mantissa) << (exponent - low) if mantissa else 0
        for sign, mantissa, exponent, _ in parts
    ]
    return found.reshape(x.shape), low


def _call(name: str, *parts: Value) -> Value:
    return word(TABLE[name], BASE)(*map(number, parts))


def _exactly(function: Callable[..., Value]) -> Callable[..., Value]:
    return lambda *inputs, **static: exact(function(*inputs, **static))


DIGITS = Arrays(
    BASE,
    words={
        **words(_call),
        **{name: _exactly(common.WORDS[name]) for name in PLAIN},
        "matmul": _matmul,
    },
)
"""The arithmetic of arrays of many digits: as many as mpmath's precision says."""
