"""Arrays in single precision: the words of doubles, whose arrays stay in single precision.

NumPy keeps single precision by itself where arrays meet numbers. What makes a new array (zeros,
a literal, a comparison, a function element by element) makes doubles: those are rounded here.
Numbers without axes are doubles throughout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays import CALLED, Arrays, linear
from backpropcli.arithmetics.arrays.floats import ELEMENTWISE, INNER, RULES, SCOPE
from backpropcli.arithmetics.arrays.partials import Owned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.graph.row import Row

    Value = Any

SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)


def rounded(value: Value) -> Value:
    """Return an array of doubles in single precision, and anything else as it is."""
    if type(value) is Owned:
        return value if value.array.dtype == SINGLE else Owned(value.array.astype(SINGLE))
    if type(value) is np.ndarray and value.dtype == DOUBLE:
        return value.astype(SINGLE)
    return value


def _rounding(word: Callable[..., Value]) -> Callable[..., Value]:
    """Return a word whose arrays are in single precision."""
    return lambda *inputs, **static: rounded(word(*inputs, **static))


def _all(words: Mapping[str, Callable[..., Value]]) -> dict[str, Callable[..., Value]]:
    return {name: _rounding(word) for name, word in words.items()}


class Singles(Arrays):
    """The arithmetic of arrays in single precision."""

    def __init__(self) -> None:
        super().__init__(floats, ELEMENTWISE, linear.WORDS, RULES, INNER, _all(SCOPE))
        self.__name__ = "arrays of floats in single precision"
        self.WORDS = _all(self.WORDS) | CALLED

    def _elementwise(self, row: Row) -> Callable[..., Value]:
        return _rounding(super()._elementwise(row))

    def mul(self, given: Value, partial: Value) -> Value:
        return rounded(super().mul(given, partial))

    def spend(self, given: Value, partial: Value) -> Value:
        return rounded(super().spend(given, partial))

    def forth(self, given: Value, partial: Value) -> Value:
        return rounded(super().forth(given, partial))

    def fit(self, value: Value, like: Value) -> Value:
        return rounded(super().fit(value, like))

    def in_shape(self, adjoints: Sequence[Value], values: Sequence[Value]) -> list[Value]:
        return [*map(rounded, super().in_shape(adjoints, values))]


SINGLES = Singles()
