"""Arrays rounded to a shorter format: the words of doubles, and what they make is rounded.

Arrays in single precision are NumPy's own, which stay so where they meet numbers; what makes a new
array (zeros, a comparison, a function element by element) makes doubles, and those are rounded.
Those of shorter formats are doubles that hold numbers of the format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays import linear
from backpropcli.arithmetics.arrays.arrays import Arrays
from backpropcli.arithmetics.arrays.elementwise import CALLED
from backpropcli.arithmetics.arrays.floats import ELEMENTWISE, FLOATS, INNER, RULES, SCOPE
from backpropcli.arithmetics.arrays.partials import Owned
from backpropcli.arithmetics.rounded import NUMBERS
from backpropcli.arithmetics.rules import word
from backpropcli.graph.arrays import TABLE_OF_ARRAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.arithmetics.rounded import Format
    from backpropcli.graph.row import Row

    Value = Any

SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)


def short(value: Value, given: Format) -> Value:
    """Return an array of doubles in a format: of two nearest numbers, the even one."""
    unit = np.maximum(np.frexp(value)[1] - given.bits, given.exponent)
    found = np.ldexp(np.rint(np.ldexp(value, -unit)), unit)
    found = np.where(np.abs(found) > given.largest, np.copysign(given.beyond, found), found)
    return np.where(np.isfinite(value), found, value)


def _passed(c: Value, part: Value, into: Value = None) -> Value:
    """Return what passes where c is not 0, in single precision: no array of doubles is made."""
    return SCOPE["passed"](c, np.float32(part) if type(part) is float else part, into)


class _Doubles(dict[str, "Callable[..., Value]"]):
    """The words of rules: local derivatives are worked out in doubles."""

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401, ARG002 (as dict has it)
        return super().get(name) or word(TABLE_OF_ARRAYS[name], FLOATS)


class RoundedArrays(Arrays):
    """The arithmetic of arrays, and numbers, of one format."""

    def __init__(self, name: str) -> None:
        base = NUMBERS[name]
        self.format = base.format
        self.single = name == SINGLE.name
        inner = INNER if self.single else _Doubles(INNER)
        scope = SCOPE
        if self.single:
            scope = {**self._all(SCOPE), "product": SCOPE["product"], "passed": _passed}
        super().__init__(base, ELEMENTWISE, self._all(linear.WORDS), RULES, inner, scope)
        self.__name__ = f"arrays of {base.__name__}"
        self.stays = self.single
        self.WORDS = self._all(self.WORDS)
        if self.single:
            self.WORDS |= {name: self._numbers(one) for name, one in CALLED.items()}
        else:
            self.ufuncs = {}  # what they write would not be rounded

    def rounded(self, value: Value) -> Value:
        """Return a value in the format."""
        if self.single and getattr(value, "dtype", None) is SINGLE:
            return value
        if type(value) is Owned:
            found = self.rounded(value.array)
            return value if found is value.array else Owned(found)
        if isinstance(value, np.ndarray):
            if self.single:
                return value.astype(SINGLE) if value.dtype == DOUBLE else value
            return short(value, self.format) if value.dtype == DOUBLE else value
        if not isinstance(value, (float, np.generic)):
            return value
        return float(np.float32(value)) if self.single else self.format.rounded(float(value))

    def given(self, bindings: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of variables, rounded."""
        return {name: self.rounded(value) for name, value in bindings.items()}

    def _rounding(self, function: Callable[..., Value]) -> Callable[..., Value]:
        """Return a word whose results are in the format."""
        return lambda *inputs, **static: self.rounded(function(*inputs, **static))

    def _numbers(self, function: Callable[..., Value]) -> Callable[..., Value]:
        """Return an operator: NumPy's arrays stay in single precision by themselves."""

        def found(*inputs: Value) -> Value:
            value = function(*inputs)
            return value if isinstance(value, np.ndarray) else self.rounded(value)

        return found

    def _all(self, words: Mapping[str, Callable[..., Value]]) -> dict[str, Callable[..., Value]]:
        return {name: self._rounding(one) for name, one in words.items()}

    def _elementwise(self, row: Row) -> Callable[..., Value]:
        function = super()._elementwise(row)
        return self._numbers(function) if row.name in self.ufuncs else self._rounding(function)

    def swept(self, value: Value) -> Value:
        """Return what goes along an edge, in the format: in single precision arrays are so."""
        return value if self.single and type(value) is not float else self.rounded(value)

    def mul(self, given: Value, partial: Value) -> Value:
        return self.swept(super().mul(given, partial))

    def forth(self, given: Value, partial: Value) -> Value:
        return self.rounded(super().forth(given, partial))

    def add(self, one: Value, other: Value) -> Value:
        total = super().add(one, other)
        return total if self.stays and type(total) is np.ndarray else self.swept(total)

    def fit(self, value: Value, like: Value) -> Value:
        return self.rounded(super().fit(value, like))

    def in_shape(self, adjoints: Sequence[Value], values: Sequence[Value]) -> list[Value]:
        return [*map(self.rounded, super().in_shape(adjoints, values))]


ARRAYS: dict[str, RoundedArrays] = {}
"""The arithmetics of arrays, by their formats' names, as they are asked for."""


def arrays_of(name: str) -> RoundedArrays:
    """Return the arithmetic of arrays of a format."""
    if name not in ARRAYS:
        ARRAYS[name] = RoundedArrays(name)
    return ARRAYS[name]
