"""Arrays as values: elementwise operations go to NumPy as a whole, or to each element by itself.

Each value is a NumPy array, or a number of the arithmetic beneath.
"""

from __future__ import annotations

import operator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.words import WORDS
from backpropcli.arithmetics.rules import word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.row import Row

    Value = Any


OPERATORS = {
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "neg": "(-{0})",
}
"""Operations that are Python's, on arrays and on numbers."""
CALLED = {name: getattr(operator, name) for name in OPERATORS}
UFUNCS = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "neg": np.negative}
"""The same as functions that may write to an array."""


class Elementwise:
    """Arrays over a scalar arithmetic ``base``, as the forward pass has them.

    ``elementwise`` are words that take whole arrays; others take one element after the other, in
    ``base``. ``words`` are those of operations on whole arrays beside the common ones. In rules
    ``infix`` are templates beside those of Python's operators, in the names of ``scope``, and
    ``inner`` other words.
    """

    def __init__(  # noqa: PLR0913 (an arithmetic has this many parts)
        self,
        base: Arithmetic,
        elementwise: Mapping[str, Callable[..., Value]] | None = None,
        words: Mapping[str, Callable[..., Value]] | None = None,
        infix: Mapping[str, str] | None = None,
        inner: Mapping[str, Callable[..., Value]] | None = None,
        scope: Mapping[str, Callable[..., Value]] | None = None,
    ) -> None:
        self.base = base
        self.__name__ = f"arrays of {base.__name__}"
        self.WORDS = {**CALLED, **WORDS, **(words or {})}
        self.INFIX = {**OPERATORS, **(infix or {})}
        self.inner = inner or {}
        self.scope = scope or {}
        self.elementwise = elementwise or {}
        self.floats = bool(elementwise)
        self.ufuncs = UFUNCS | {
            name: one for name, one in self.elementwise.items() if isinstance(one, np.ufunc)
        }
        self.constant, self.double = base.constant, base.double
        # NumPy does not warn of what is not finite: reports tell
        self.silence = partial(np.errstate, all="ignore")
        self.made: dict[object, Any] = {}  # by row, and by what else it is for

    def word(self, row: Row) -> Callable[..., Value] | None:
        """Return the word of an elementwise operation; None for what ``expand`` says."""
        if row.derived or row.whole:
            return None
        found = self.made.get(row)
        if found is None:
            found = self.made[row] = self._elementwise(row)
        return found

    def _elementwise(self, row: Row) -> Callable[..., Value]:
        one = word(row, self.base)
        whole = self.elementwise.get(row.name) or _each(one, floats=self.floats)
        if len(row.parameters) == 1 and not row.variadic:
            return lambda x: whole(x) if isinstance(x, np.ndarray) else one(x)

        def found(*inputs: Value) -> Value:
            for value in inputs:
                if isinstance(value, np.ndarray):
                    return whole(*inputs)
            return one(*inputs)

        return found


def _each(one: Callable[..., Value], *, floats: bool) -> Callable[..., Value]:
    """Return the word that takes one element after the other."""

    def found(*inputs: Value) -> Value:
        values = np.frompyfunc(one, len(inputs), 1)(*inputs)
        return values.astype(float) if floats else values

    return found
