"""Arrays as an arithmetic: each value is a NumPy array, or a number of the arithmetic beneath.

Broadcasting stands in one place, ``Partial``: what a rule yields is summed back, or spread, to the
shape of the input. An adjoint that is a number stands for that number times ones; one that is
``Owned`` is nobody else's and may be written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.words import WORDS, fit, spread
from backpropcli.arithmetics.rules import adjoint, adjoint_word, by_input, weights, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.arithmetics.rules import Arithmetic
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Value = Any


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
    ``base``. ``words`` are those of operations on whole arrays beside the common ones.
    """

    INFIX: dict[str, str]

    def __init__(
        self,
        base: Arithmetic,
        elementwise: Mapping[str, Callable[..., Value]] | None = None,
        words: Mapping[str, Callable[..., Value]] | None = None,
    ) -> None:
        self.base = base
        self.__name__ = f"arrays of {base.__name__}"
        self.WORDS = {**WORDS, **(words or {})}
        self.INFIX = {
            "add": "({0} + {1})",
            "sub": "({0} - {1})",
            "mul": "({0} * {1})",
            "neg": "(-{0})",
        }
        self.elementwise = elementwise or {}
        self.constant, self.double = base.constant, base.double
        self._elements: dict[Row, Callable[..., Value]] = {}

    def word(self, row: Row) -> Callable[..., Value] | None:
        """Return the word of an elementwise operation; None for what ``expand`` says."""
        if row.derived or row.whole or row.name in self.INFIX:
            return None
        found = self._elements.get(row)
        if found is None:
            found = self._elements[row] = self._elementwise(row)
        return found

    def _elementwise(self, row: Row) -> Callable[..., Value]:
        one = word(row, self.base)
        many = self.elementwise.get(row.name)
        dtype = None if self.elementwise else object

        def each(*inputs: Value) -> Value:
            found = np.frompyfunc(one, len(inputs), 1)(*inputs)
            return found if dtype is object else found.astype(float)

        whole = many or each

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

    def weights(self, row: Row, on: Sequence[int]) -> Callable[..., list[Value]]:
        """Return f(out, *inputs): the partials by the inputs ``on``.

        Floats where all are numbers, and None where such an edge is not taken.
        """
        scalar = None if row.whole else weights(row, on, self.base)

        def found(out: Value, *inputs: Value, arg: tuple[Any, ...] = ()) -> Sequence[Value]:
            if scalar is not None and not any(isinstance(value, np.ndarray) for value in inputs):
                return scalar(out, *inputs)
            shared: dict[object, Value] = {}
            places = range(len(inputs)) if row.variadic and not row.whole else on
            return [Partial(self, row, at, out, inputs, arg, shared) for at in places]

        return found

    def mul(self, given: Value, partial: Value) -> Value:
        """Return what goes back along an edge."""
        return partial.back(given) if isinstance(partial, Partial) else plain(given) * partial

    transposed = True
    """Whether partials are linear maps, known by what they send back."""

    def forth(self, given: Value, partial: Value) -> Value:
        """Return what goes forward along an edge of an elementwise operation."""
        return partial.forth(given) if isinstance(partial, Partial) else plain(given) * partial

    def rule_of(self, partial: Value) -> tuple[Graph, int, dict[str, Value]] | None:
        """Return what an operation on whole arrays sends back: a graph, its root and bindings.

        None for an elementwise operation. The rule is linear in g: here it is any array of the
        value's shape.
        """
        if not isinstance(partial, Partial) or not partial.row.whole:
            return None
        axes = tuple(map(np.ndim, partial.inputs))
        rule = adjoint(partial.row, partial.index, axes, partial.arg)
        assert rule is not None  # noqa: S101 (for mypy: there is an edge)
        bindings = {f"x{at}": value for at, value in enumerate(partial.inputs)}
        return *rule, {"g": partial.out, "out": partial.out, **bindings}

    def fit(self, value: Value, like: Value) -> Value:
        """Return what arrived at a node, in the shape of ``like``: zeros where nothing did."""
        return fit(0.0 if value is None else plain(value), np.shape(like))

    def in_shape(self, adjoints: Sequence[Value], values: Sequence[Value]) -> list[Value]:
        """Return adjoints in the shapes of their nodes; None where nothing arrives."""
        pairs = zip(adjoints, values, strict=True)
        return [None if one is None else fit(plain(one), np.shape(value)) for one, value in pairs]

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


class Partial:
    """The local derivative along one edge, as a linear map: ``back`` is its transpose."""

    __slots__ = ("arg", "arrays", "index", "inputs", "out", "row", "shared")

    def __init__(  # noqa: PLR0913 (an edge has this many parts)
        self,
        arrays: Arrays,
        row: Row,
        index: int,
        out: Value,
        inputs: tuple[Value, ...],
        arg: tuple[Any, ...],
        shared: dict[object, Value],
    ) -> None:
        self.arrays = arrays
        self.row = row
        self.index = index
        self.out = out
        self.inputs = inputs
        self.arg = arg
        self.shared = shared

    @property
    def tail(self) -> Value:
        """The value of the input that the edge leads to."""
        return self.inputs[self.index]

    def elements(self) -> tuple[Value, Value]:
        """Return an elementwise operation's local derivatives, and where the edge is taken."""
        row, arrays = self.row, self.arrays
        found = []
        for rules in (row.in_floats, row.taken):
            rule = rules[row.cell(self.index)]
            if rule is None or rule.number is not None:
                found.append(None if rule is None else float(rule.number))
                continue
            if rule not in self.shared:
                self.shared[rule] = by_input(row, [rule], arrays)(self.out, *self.inputs)
            value = self.shared[rule]
            found.append(value[self.index if row.variadic else 0])
        return found[0], found[1]

    def back(self, given: Value) -> Value:
        """Return what goes to the input, given the adjoint of the value."""
        value = plain(given)
        shape = np.shape(self.tail)
        if self.row.whole:
            return self._fresh(self._whole(value), value, shape)
        local, taken = self.elements()
        return self._fresh(_where(taken, _times(value, local)), value, shape)

    def _fresh(self, part: Value, given: Value, shape: tuple[int, ...]) -> Value:
        """Return what arrives at the input, in its shape: owned where it is a new array."""
        if not isinstance(part, np.ndarray):  # a number times ones of the value's shape
            ratio = (
                np.size(self.out) // max(1, np.prod(shape, dtype=int)) if not self.row.whole else 1
            )
            return part * ratio if ratio != 1 else part
        found = fit(part, shape)
        owned = isinstance(found, np.ndarray) and found.base is None and found is not given
        return Owned(found) if owned and not self._held(found) else found

    def _held(self, found: Value) -> bool:
        return found is self.out or any(found is value for value in self.inputs)

    def _whole(self, given: Value) -> Value:
        out = self.out
        if not isinstance(given, np.ndarray) and isinstance(out, np.ndarray):
            given = np.broadcast_to(np.asarray(given, dtype=out.dtype), out.shape)
        axes = tuple(map(np.ndim, self.inputs))
        function = adjoint_word(self.row, self.index, axes, self.arg, self.arrays)
        return 0.0 if function is None else function(given, out, *self.inputs)

    def forth(self, given: Value) -> Value:
        """Return the tangent of the value, given that of the input: elementwise operations only."""
        local, taken = self.elements()
        return spread(_where(taken, _times(plain(given), local)), self.out)


def _times(given: Value, local: Value) -> Value:
    if not isinstance(local, np.ndarray) and local in {1, -1}:
        return given if local == 1 else -given
    return given * local


def _where(taken: Value, part: Value) -> Value:
    """Return what passes where an edge is taken: chosen, for 0 times nan is nan."""
    if taken is None:
        return part
    if isinstance(taken, np.ndarray):
        return np.where(taken != 0, part, 0.0)
    return part if taken else 0.0
