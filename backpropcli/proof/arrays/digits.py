"""Arrays of mpmath's numbers: what a program does in many digits, with no rule of a derivative.

Whatever is a number in them is one of mpmath's: Python's own would lose digits where two are
divided.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mpf

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
    "zeros",
    "ones",
    "eye",
    "arange",
    "size",
    "eye_like",
    "eye_along",
    "ones_along",
    "tri_along",
    "one_hot",
    "classes",
    "argmax",
    "argmin",
)
"""Operations on whole arrays whose words make Python's numbers."""

BASE: Any = SimpleNamespace(
    __name__="digits of arrays",
    WORDS={**digits.WORDS, "div": lambda x, y: digits.WORDS["div"](mpf(x), mpf(y))},
    INFIX=digits.INFIX,
    constant=digits.constant,
    double=digits.double,
    add=digits.add,
    mul=digits.mul,
)


def exact(value: Value) -> Value:
    """Return a number, or an array, in mpmath's numbers."""
    if isinstance(value, np.ndarray):
        return np.frompyfunc(mpf, 1, 1)(value) if value.size else value.astype(object)
    return mpf(value)


def _call(name: str, *parts: Value) -> Value:
    return word(TABLE[name], BASE)(*map(mpf, parts))


def _exactly(function: Callable[..., Value]) -> Callable[..., Value]:
    return lambda *inputs, **static: exact(function(*inputs, **static))


DIGITS = Arrays(
    BASE, words={**words(_call), **{name: _exactly(common.WORDS[name]) for name in PLAIN}}
)
"""The arithmetic of arrays of many digits: as many as mpmath's precision says."""
