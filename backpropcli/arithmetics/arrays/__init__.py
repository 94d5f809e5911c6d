"""Arrays as an arithmetic: each value is a NumPy array, or a number of the arithmetic beneath.

Broadcasting stands in one place, ``Partial``: what a rule yields is summed back, or spread, to the
shape of the input. An adjoint that is a number stands for that number times ones; one that is
``Owned`` is nobody else's and may be written to.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.words import WORDS, fit, spread
from backpropcli.arithmetics.rules import adjoint, adjoint_word, by_input, times, weights, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.arithmetics.rules import Arithmetic
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Value = Any


OPERATORS = {
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "neg": "(-{0})",
}
"""Operations that are Python's, on arrays and on numbers."""


class Owned:
    """An array that nobody else holds: a sweep may add to it in place."""

    __slots__ = ("array",)

    def __init__(self, array: Value) -> None:
        self.array = array


def plain(adjoint: Value) -> Value:
    """Return an adjoint as an array or a number."""
    return adjoint.array if isinstance(adjoint, Owned) else adjoint


class Arrays:
    """Arrays over a scalar arithmetic ``base``.

    ``elementwise`` are words that take whole arrays; others take one element after the other, in
    ``base``. ``words`` are those of operations on whole arrays beside the common ones. In rules
    ``infix`` are templates beside those of Python's operators, in the names of ``scope``, and
    ``inner`` other words.
    """

    transposed = True
    """Whether partials are linear maps, known by what they send back."""

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
        self.WORDS = {**WORDS, **(words or {})}
        self.INFIX = {**OPERATORS, **(infix or {})}
        self.inner = inner or {}
        self.scope = scope or {}
        self.elementwise = elementwise or {}
        self.constant, self.double = base.constant, base.double
        self.silence = partial(np.errstate, all="ignore")
        self._elements: dict[Row, Callable[..., Value]] = {}

    def word(self, row: Row) -> Callable[..., Value] | None:
        """Return the word of an elementwise operation; None for what ``expand`` says."""
        if row.derived or row.whole or row.name in OPERATORS:
            return None
        found = self._elements.get(row)
        if found is None:
            found = self._elements[row] = self._elementwise(row)
        return found

    def _elementwise(self, row: Row) -> Callable[..., Value]:
        one = word(row, self.base)
        whole = self.elementwise.get(row.name) or _each(one, floats=bool(self.elementwise))
        if len(row.parameters) == 1 and not row.variadic:
            return lambda x: whole(x) if isinstance(x, np.ndarray) else one(x)

        def found(*inputs: Value) -> Value:
            for value in inputs:
                if isinstance(value, np.ndarray):
                    return whole(*inputs)
            return one(*inputs)

        return found

    @staticmethod
    def quiet() -> np.errstate:
        """Return the context in which NumPy does not warn of what is not finite: reports tell."""
        return np.errstate(all="ignore")

    # For the sweeps

    def weights(self, row: Row, on: Sequence[int]) -> Callable[..., Sequence[Value]]:
        """Return f(out, *inputs): the partials by the inputs ``on``.

        Numbers where all are numbers, and None where such an edge is not taken.
        """
        if row.whole:

            def wholes(out: Value, *inputs: Value, arg: object = None) -> Sequence[Value]:
                edges = [Whole(self, row, at, out, inputs, arg) for at in on]
                return [None if edge.function is None else edge for edge in edges]

            return wholes
        scalar = weights(row, on, self.base)
        if row.variadic:
            return self._of_each(row, scalar)
        functions = [(at, times(row, at, self)) for at in on]

        def found(out: Value, *inputs: Value) -> Sequence[Value]:
            if isinstance(out, np.ndarray):
                return [Partial(function, at, out, inputs) for at, function in functions]
            return scalar(out, *inputs)  # type: ignore[no-any-return]

        return found

    def _of_each(self, row: Row, scalar: Callable[..., Value]) -> Callable[..., Sequence[Value]]:
        """Return f(out, *inputs): the partials by all inputs; what they share is found once."""
        [rule], [taken] = row.in_floats, row.taken

        def found(out: Value, *inputs: Value) -> Sequence[Value]:
            if not isinstance(out, np.ndarray):
                return scalar(out, *inputs)  # type: ignore[no-any-return]
            known: list[Value] = []

            def passing(at: int) -> Callable[..., Value]:
                def through(given: Value, *_: Value) -> Value:
                    if not known:
                        known.append(by_input(row, [rule], self)(out, *inputs))
                        if taken is not None:
                            known.append(by_input(row, [taken], self)(out, *inputs))
                    part = given * known[0][at]
                    return part if taken is None else _passed(known[1][at], part)

                return through

            return [Partial(passing(at), at, out, inputs) for at in range(len(inputs))]

        return found

    def mul(self, given: Value, partial: Value) -> Value:
        """Return what goes back along an edge."""
        return partial.back(given) if isinstance(partial, Partial) else plain(given) * partial

    def forth(self, given: Value, partial: Value) -> Value:
        """Return what goes forward along an edge of an elementwise operation."""
        return partial.forth(given) if isinstance(partial, Partial) else plain(given) * partial

    def add(self, one: Value, other: Value) -> Value:
        """Return the sum of what arrives by two ways; in place where one is nobody else's."""
        if isinstance(one, Owned):
            one.array += plain(other)
            return one
        if isinstance(other, Owned):
            other.array += one
            return other
        total = one + other
        return Owned(total) if isinstance(total, np.ndarray) else total

    def rule_of(self, partial: Value) -> tuple[Graph, int, dict[str, Value]] | None:
        """Return what an operation on whole arrays sends back: a graph, its root and bindings.

        None for an elementwise operation. The rule is linear in g: here it is any array of the
        value's shape.
        """
        return partial.rule() if isinstance(partial, Whole) else None

    def fit(self, value: Value, like: Value) -> Value:
        """Return what arrived at a node, in the shape of ``like``: zeros where nothing did."""
        return fit(0.0 if value is None else plain(value), np.shape(like))

    def in_shape(self, adjoints: Sequence[Value], values: Sequence[Value]) -> list[Value]:
        """Return adjoints in the shapes of their nodes; None where nothing arrives."""
        pairs = zip(adjoints, values, strict=True)
        return [None if one is None else fit(plain(one), np.shape(value)) for one, value in pairs]


class Partial:
    """The local derivative along one edge of an elementwise operation, as a linear map.

    ``function`` multiplies what is given by the derivative, where the edge is taken.
    """

    __slots__ = ("function", "index", "inputs", "out")

    def __init__(
        self, function: Callable[..., Value], index: int, out: Value, inputs: tuple[Value, ...]
    ) -> None:
        self.function = function
        self.index = index
        self.out = out
        self.inputs = inputs

    def back(self, given: Value) -> Value:
        """Return what goes to the input, in its shape, given the adjoint of the value."""
        value = given.array if isinstance(given, Owned) else given
        part = self.function(value, self.out, *self.inputs)
        tail = self.inputs[self.index]
        shape = tail.shape if isinstance(tail, np.ndarray) else ()
        if not isinstance(part, np.ndarray):  # a number times ones of the value's shape
            return part if shape == self.out.shape else part * (self.out.size / np.size(tail))
        return _fitted(part, value, shape)

    def forth(self, given: Value) -> Value:
        """Return the tangent of the value, given that of the input."""
        return spread(self.function(plain(given), self.out, *self.inputs), self.out)


class Whole(Partial):
    """The local derivative along one edge of an operation on whole arrays, as a linear map."""

    __slots__ = ("arg", "arrays", "axes", "row")

    def __init__(  # noqa: PLR0913 (an edge has this many parts)
        self,
        arrays: Arrays,
        row: Row,
        index: int,
        out: Value,
        inputs: tuple[Value, ...],
        arg: object,
    ) -> None:
        self.arrays = arrays
        self.row = row
        self.index = index
        self.out = out
        self.inputs = inputs
        self.arg = arg
        self.axes = tuple(map(np.ndim, inputs))
        self.function = adjoint_word(row, index, self.axes, arg, arrays)  # type: ignore[assignment]

    def back(self, given: Value) -> Value:
        value, out, inputs = plain(given), self.out, self.inputs
        if isinstance(out, np.ndarray) and not isinstance(value, np.ndarray):
            value = np.broadcast_to(np.asarray(value, dtype=out.dtype), out.shape)
        part = self.function(value, out, *inputs)
        if isinstance(part, np.ndarray):
            return _fitted(part, value, np.shape(inputs[self.index]))
        return part

    def rule(self) -> tuple[Graph, int, dict[str, Value]] | None:
        """Return what goes back as a graph, its root and its bindings."""
        rule = adjoint(self.row, self.index, self.axes, self.arg)
        assert rule is not None  # noqa: S101 (for mypy: there is an edge)
        bindings = {f"x{at}": value for at, value in enumerate(self.inputs)}
        return *rule, {"g": self.out, "out": self.out, **bindings}


def _fitted(part: Value, given: Value, shape: tuple[int, ...]) -> Value:
    """Return an array in ``shape``: owned where it is a new one."""
    if part.shape != shape:
        part = fit(part, shape)
    if part is given or not isinstance(part, np.ndarray) or part.base is not None:
        return part
    return Owned(part)


def _each(one: Callable[..., Value], *, floats: bool) -> Callable[..., Value]:
    """Return the word that takes one element after the other."""

    def found(*inputs: Value) -> Value:
        values = np.frompyfunc(one, len(inputs), 1)(*inputs)
        return values.astype(float) if floats else values

    return found


def _passed(taken: Value, part: Value) -> Value:
    """Return what passes where an edge is taken: chosen, for 0 times nan is nan."""
    bits = taken if getattr(taken, "dtype", None) == np.dtype(bool) else np.not_equal(taken, 0)
    return np.where(bits, part, 0.0)
