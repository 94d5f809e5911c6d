"""Local derivatives along edges of arrays, as linear maps: what goes back is in the input's shape.

An adjoint is an array; or a number, which stands for that number times ones; or ``Owned``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.adjoints import adjoint, adjoint_word, bound
from backpropcli.arithmetics.arrays.arrangements import fit, spread
from backpropcli.arithmetics.arrays.blocks import LARGE, blocks, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Value = Any


ARRAY = np.ndarray
SINGLE = np.dtype(np.float32)


class Owned:
    """An array that the sweep has made: it may write to it, as long as it is ``free``.

    It is not free once a node below has been handed the same array.
    """

    __slots__ = ("array", "free")

    def __init__(self, array: Value) -> None:
        self.array = array
        self.free = True


def plain(adjoint: Value) -> Value:
    """Return an adjoint as an array or a number."""
    return adjoint.array if type(adjoint) is Owned else adjoint


class Local:
    """The rule of an elementwise operation by input number ``index``.

    ``times`` multiplies what is given by the derivative, where the edge is taken. ``slope`` is the
    derivative alone, where that is known to be a factor, and ``number`` the one that it always is.
    With ``floats`` a large array goes by blocks, but where it takes one step only (``short``).
    """

    __slots__ = ("floats", "index", "number", "short", "slope", "times")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        times: Callable[..., Value],
        index: int,
        slope: Callable[..., Value] | None = None,
        number: int | None = None,
        *,
        short: bool = False,
        floats: bool = False,
    ) -> None:
        self.times = times
        self.index = index
        self.slope = slope
        self.number = number
        self.short = short
        self.floats = floats

    def total(self, given: Value, out: Value, inputs: Sequence[Value]) -> Value:
        """Return the sum of all that goes back, as a number: of a product without the product."""
        if out.size >= LARGE and self.slow(given):
            parts = blocks(out.shape, (given, out, *inputs))
            return sum(self._total(part, piece, rest) for _, (part, piece, *rest) in parts)
        return self._total(given, out, inputs)

    def _total(self, given: Value, out: Value, inputs: Sequence[Value]) -> Value:
        if self.slope is not None and type(given) is ARRAY:
            slope = self.slope(out, *inputs)
            if type(slope) is not ARRAY:
                return slope * float(given.sum())
            if slope.shape == given.shape:
                if given.dtype == SINGLE:  # BLAS adds up in few parts, NumPy's sum pairwise
                    return float(np.sum(given * slope))
                if given.ndim > 1:
                    given, slope = given.reshape(-1), slope.reshape(-1)
                return float(given.dot(slope))
        part = self.times(given, out, *inputs)
        if type(part) is not ARRAY:
            return part * out.size
        return float(part.sum()) * (out.size / part.size)

    def slow(self, given: Value) -> bool:
        """Return whether arrays are made on the way from an adjoint to what goes back."""
        return not self.short and (self.number is None or type(given) is ARRAY)

    def back(
        self,
        given: Value,
        out: Value,
        inputs: Sequence[Value],
        *,
        last: bool,
        spare: Value = None,
    ) -> Value:
        """Return what goes to the input, in its shape, given the adjoint of the value.

        With ``last`` nobody asks for that adjoint any more: it may be written over. So may the
        array ``spare``, in the shape of the value; it may be one of those that are read here.
        """
        tail, number = inputs[self.index], self.number
        shape = tail.shape if type(tail) is ARRAY else ()
        fits = shape == out.shape
        if number == 1 and last and fits:
            return given
        owned = type(given) is Owned
        value = given.array if owned else given
        into = value if last and owned and given.free else spare
        if not (fits and self.floats):
            into = None
        if number == 1:
            part = value
        elif not self.floats:
            part = self.times(value, out, *inputs)
        elif not shape:
            return self.total(value, out, inputs)
        elif out.size >= LARGE and (self.slow(value) or not fits):
            found = into if into is not None else (np.empty if fits else np.zeros)(shape, out.dtype)
            part = self._in_blocks(found, (value, out, *inputs), out.shape)
        else:
            part = self.times(value, out, *inputs, into=into)
        if type(part) is not ARRAY:  # a number times ones of the value's shape
            return part if fits else part * (out.size / np.size(tail))
        if part is into or (part.shape == shape and part.base is None and part is not value):
            return Owned(part)
        return handed(fit(part, shape), given, last=last)

    def few(self, given: Value, out: Value, inputs: Sequence[Value]) -> Value:
        """Return what goes to the input, as ``back``, for a value of few elements."""
        tail = inputs[self.index]
        shape = tail.shape if type(tail) is ARRAY else ()
        if self.number == 1:
            part = given
        elif self.floats and not shape:
            return self._total(given, out, inputs)
        else:
            part = self.times(given, out, *inputs)
        if type(part) is not ARRAY:
            return part if shape == out.shape else part * (out.size / np.size(tail))
        return part if part.shape == shape else fit(part, shape)

    def _in_blocks(self, found: Value, values: Sequence[Value], shape: tuple[int, ...]) -> Value:
        """Return an array with what goes back to it, from a value of ``shape``, written to it."""
        if found.shape == shape:
            return filled(found, self.times, values)
        along = found.ndim == len(shape) and found.shape[0] == shape[0]
        for block, (given, piece, *rest) in blocks(shape, values):
            part = self.times(given, piece, *rest)
            if not isinstance(part, np.ndarray):
                part = np.broadcast_to(part, piece.shape)
            target = found[block] if along else found
            target += fit(part, target.shape)
        return found


class Partial:
    """The local derivative along one edge of an elementwise operation, as a linear map."""

    __slots__ = ("inputs", "local", "out")

    def __init__(self, local: Local, out: Value, inputs: tuple[Value, ...]) -> None:
        self.local = local
        self.out = out
        self.inputs = inputs

    def back(self, given: Value, *, last: bool = False) -> Value:
        """Return what goes to the input, as ``Local.back`` does."""
        return self.local.back(given, self.out, self.inputs, last=last)

    def forth(self, given: Value) -> Value:
        """Return the tangent of the value, given that of the input."""
        return spread(self.local.times(plain(given), self.out, *self.inputs), self.out)


class Whole(Partial):
    """The local derivative along one edge of an operation on whole arrays, as a linear map."""

    __slots__ = ("arg", "axes", "function", "index", "row")

    def __init__(  # noqa: PLR0913 (an edge has this many parts)
        self,
        arrays: Any,  # noqa: ANN401 (an arithmetic of arrays)
        row: Row,
        index: int,
        out: Value,
        inputs: tuple[Value, ...],
        arg: object,
    ) -> None:
        self.row = row
        self.index = index
        self.out = out
        self.inputs = inputs
        self.arg = arg
        self.axes = tuple(map(np.ndim, inputs))
        self.function = adjoint_word(row, index, self.axes, arg, arrays)

    def back(self, given: Value, *, last: bool = False) -> Value:
        """Return what goes to the input, in its shape, given the adjoint of the value."""
        value, out, inputs = plain(given), self.out, self.inputs
        if isinstance(out, np.ndarray) and not isinstance(value, np.ndarray):
            value = np.broadcast_to(np.asarray(value, dtype=out.dtype), out.shape)
        assert self.function is not None  # noqa: S101 (for mypy: there is an edge)
        part = self.function(value, out, *inputs)
        if not isinstance(part, np.ndarray):
            return part
        shape = np.shape(inputs[self.index])
        return handed(part if part.shape == shape else fit(part, shape), given, last=last)

    def rule(self) -> tuple[Graph, int, dict[str, Value]]:
        """Return what goes back as a graph, its root and its bindings."""
        rule = adjoint(self.row, self.index, self.axes, self.arg)
        assert rule is not None  # noqa: S101 (for mypy: there is an edge)
        return *rule, bound(self.out, self.out, self.inputs)


def handed(part: Value, given: Value, *, last: bool) -> Value:
    """Return what goes on, made from an adjoint: owned where nobody else holds it.

    It may be the adjoint itself, or a view of it.
    """
    if not isinstance(part, np.ndarray):
        return part
    if part.base is None and part is not plain(given):
        return Owned(part)
    if isinstance(given, Owned):
        if last and given.free and part.flags.writeable:
            return given if part is given.array else Owned(part)
        given.free = False
    return part
