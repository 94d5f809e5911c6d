"""Arrays of mpmath's numbers: what a program does in many digits, with no rule of a derivative.

Whatever is a number in them is one of mpmath's: Python's own would lose digits where two are
divided.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from mpmath import mp

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.arrays import words as common
from backpropcli.arithmetics.arrays.arrays import Arrays
from backpropcli.arithmetics.arrays.exact import words
from backpropcli.arithmetics.rules import word
from backpropcli.graph.operations import TABLE
from backpropcli.proof.arrays.integers import exact, matmul, number

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any

PLAIN = (
    *("zeros", "ones", "eye", "arange", "size", "eye_like", "eye_along", "ones_along"),
    *("tri_along", "one_hot", "classes", "argmax", "argmin"),
)
"""Operations on whole arrays whose words make Python's numbers."""

MOST = 64
"""Whole exponents up to which a power is a product."""


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


def _call(name: str, *parts: Value) -> Value:
    return word(TABLE[name], BASE)(*map(number, parts))


def _exactly(function: Callable[..., Value]) -> Callable[..., Value]:
    return lambda *inputs, **static: exact(function(*inputs, **static))


DIGITS = Arrays(
    BASE,
    words={
        **words(_call),
        **{name: _exactly(common.WORDS[name]) for name in PLAIN},
        "matmul": matmul,
    },
)
"""The arithmetic of arrays of many digits: as many as mpmath's precision says."""
