"""The words of linear algebra and of reductions for arrays of any numbers, by their definitions.

Sums and products alone give the determinant and the adjugate (Samuelson and Berkowitz: Berkowitz,
Inf. Process. Lett. 18, 1984), so that numbers, formulas and nodes are treated alike. ``call`` does
an operation on numbers: its name comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.linear import SMALL, of_each_pair, small_cofactors
from backpropcli.arithmetics.arrays.reductions import counted, kept, number
from backpropcli.arithmetics.shapes.axes import along

if TYPE_CHECKING:
    from collections.abc import Callable

    Array = np.ndarray[Any, Any]
    Value = Any
    Call = Callable[..., Any]


def words(call: Call) -> dict[str, Callable[..., Value]]:  # noqa: C901 (a function for each word)
    """Return the words for numbers on which ``call`` does operations."""

    def each(name: str, *arrays: Value) -> Value:
        count = len(arrays)
        return number(np.frompyfunc(lambda *parts: call(name, *parts), count, 1)(*arrays))

    def of_all(name: str) -> Callable[[list[Value]], Value]:
        return lambda parts: parts[0] if len(parts) == 1 else call(name, *parts)

    def hypotenuse(parts: list[Value]) -> Value:
        if len(parts) == 1:
            return call("abs", parts[0])
        total = parts[0]
        for part in parts[1:]:
            total = call("hypot", total, part)
        return total

    def norm(x: Value, arg: tuple[Any, Any, bool]) -> Value:
        order, axis, keep = arg
        if order == 2:  # noqa: PLR2004 (the usual one)
            return reduced(hypotenuse, x, axis, keep=keep)
        sizes = each("abs", x)
        if order == np.inf:
            return reduced(of_all("max"), sizes, axis, keep=keep)
        if order == 1:
            return reduced(sum, sizes, axis, keep=keep)
        total = reduced(sum, each("pow", sizes, order), axis, keep=keep)
        root = each("pow", total, call("div", 1.0, order))
        return each("where", each("eq", total, 0.0), 0.0, root)  # the root has no slope at 0

    def std(x: Value, arg: tuple[Any, bool, int]) -> Value:
        axis, keep, ddof = arg
        count = counted(x, (axis,))
        mean = each("div", reduced(sum, x, axis, keep=True), count)
        found = reduced(hypotenuse, x - mean, axis, keep=keep)
        return each("div", found, call("sqrt", count - ddof))

    def lse(x: Value, arg: tuple[Any, bool]) -> Value:
        return reduced(of_all("logsumexp"), x, arg[0], keep=arg[1])

    def log_softmax(x: Value, arg: tuple[int]) -> Value:
        return each("sub", x, lse(x, (arg[0], True)))

    def cholesky(x: Array) -> Array:
        x = each("mul", x + x.T, 0.5)  # a derivative is that by a symmetric matrix
        found = np.zeros_like(x)
        for column in range(len(x)):
            done = found[column, :column]
            found[column, column] = call("sqrt", x[column, column] - sum(done * done))
            for row in range(column + 1, len(x)):
                rest = x[row, column] - sum(found[row, :column] * done)
                found[row, column] = call("div", rest, found[column, column])
        return found

    def substituted(x: Array, y: Array, *, lower: bool) -> Array:
        found = np.zeros_like(y)
        order = range(len(x)) if lower else range(len(x) - 1, -1, -1)
        for row in order:
            known = range(row) if lower else range(row + 1, len(x))
            rest = y[row] - sum((x[row, at] * found[at] for at in known), start=0)
            found[row] = each("div", rest, x[row, row])
        return found

    def inv(x: Array) -> Array:
        adjugate, det = adjugate_and_det(x)
        found: Array = (
            each("div", adjugate, det)
            if x.size > 1
            else np.array([[call("div", 1.0, det)]], dtype=object)
        )
        return found

    def solve(x: Array, y: Array) -> Array:
        return inv(x) @ y

    return {
        "amax": lambda x, arg: reduced(of_all("max"), x, arg[0], keep=arg[1]),
        "amin": lambda x, arg: reduced(of_all("min"), x, arg[0], keep=arg[1]),
        "lse": lse,
        "log_softmax": log_softmax,
        "softmax": lambda x, arg: each("exp", log_softmax(x, arg)),
        "norm": norm,
        "std": std,
        "det": batched(lambda x: adjugate_and_det(x)[1]),
        "logdet": batched(lambda x: call("log", adjugate_and_det(x)[1])),
        "cofactors": batched(lambda x: adjugate_and_det(x)[0].T),
        "cofactors_along": lambda x, y: paired(cofactors_along, x, y),
        "inv": batched(inv),
        "cholesky": batched(cholesky),
        "solve": lambda x, y: paired(solve, x, y),
        "solve_triangular": lambda x, y, arg: paired(
            lambda a, b: substituted(a, b, lower=arg[0]), x, y
        ),
    }


def reduced(function: Callable[[list[Value]], Value], x: Value, axes: Any, *, keep: bool) -> Value:
    """Return what a function of a list gives for the elements along axes."""
    if not isinstance(x, np.ndarray):
        return function([x])
    gone = along(axes, x.ndim)
    rest = [at for at in range(x.ndim) if at not in gone]
    flat = x.transpose(*rest, *gone).reshape(*[x.shape[at] for at in rest], -1)
    found = np.empty(flat.shape[:-1], dtype=object)
    for place in np.ndindex(found.shape):
        found[place] = function(list(flat[place]))
    return number(kept(found, x, axes) if keep else found)


def adjugate_and_det(x: Array) -> tuple[Array, Value]:
    """Return the adjugate of a matrix, and its determinant, by sums and products alone."""
    size = len(x)
    if size in SMALL:
        cofactors = small_cofactors(x, x)
        return cofactors.T, x[0] @ cofactors[0]
    coefficients = _characteristic(x)
    adjugate = np.eye(size, dtype=object)
    for coefficient in coefficients[1:size]:
        adjugate = x @ adjugate + coefficient * np.eye(size, dtype=object)
    sign = -1 if size % 2 else 1
    return -sign * adjugate, sign * coefficients[size]


class Moving:
    """A number and how it changes, for sums and products alone."""

    __slots__ = ("change", "value")

    def __init__(self, value: Value, change: Value = 0) -> None:
        self.value = value
        self.change = change

    def __add__(self, other: Value) -> Moving:
        if isinstance(other, np.ndarray):
            return NotImplemented  # NumPy goes through it
        other = _moving(other)
        return Moving(self.value + other.value, self.change + other.change)

    def __mul__(self, other: Value) -> Moving:
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = _moving(other)
        change = self.value * other.change + self.change * other.value
        return Moving(self.value * other.value, change)

    def __neg__(self) -> Moving:
        return Moving(-self.value, -self.change)

    __radd__, __rmul__ = __add__, __mul__


def _moving(value: Value) -> Moving:
    return value if isinstance(value, Moving) else Moving(value)


def cofactors_along(x: Array, y: Array) -> Array:
    """Return how the cofactors of x change along y."""
    moving: Value = np.frompyfunc(Moving, 2, 1)(x, y)
    adjugate = adjugate_and_det(moving)[0]
    found: Array = np.frompyfunc(lambda one: _moving(one).change, 1, 1)(adjugate.T)
    return found


def _characteristic(x: Array) -> list[Value]:
    """Return the coefficients of the characteristic polynomial, the highest power first."""
    found: list[Value] = [1, -x[0, 0]]
    for size in range(1, len(x)):
        row, column, inner = x[size, :size], x[:size, size], x[:size, :size]
        steps: list[Value] = [1, -x[size, size]]
        for _ in range(size):
            steps.append(-(row @ column))
            column = inner @ column
        found = [
            sum((steps[at - by] * found[by] for by in range(min(at, size) + 1)), start=0)
            for at in range(size + 2)
        ]
    return found


def batched(function: Callable[[Array], Value]) -> Callable[[Array], Value]:
    """Return the function for a matrix and for batches of them."""

    def found(x: Array) -> Value:
        if x.ndim == 2:  # noqa: PLR2004 (one matrix)
            return function(x)
        parts = [function(x[place]) for place in np.ndindex(x.shape[:-2])]
        return np.array(parts, dtype=object).reshape(x.shape[:-2] + np.shape(parts[0]))

    return found


def paired(function: Callable[[Array, Array], Array], x: Array, y: Array) -> Array:
    """Return the function of a matrix and a right side, for batches too."""
    if x.ndim == 2 and y.ndim <= 2:  # noqa: PLR2004 (one of each)
        return function(x, y)
    found: Array = of_each_pair(function)(x, y[..., None] if y.ndim == 1 else y)
    return found[..., 0] if y.ndim == 1 else found
