"""Products of whole arrays, of floats and of any other numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.reductions import number
from backpropcli.graph.arrays import subscripts_of

if TYPE_CHECKING:
    Value = Any


def matmul(x: Value, y: Value) -> Value:
    """Return x@y; the batch axes of x are one where y is a matrix: one product, not many."""
    if x.ndim > 2 and y.ndim == 2:  # noqa: PLR2004
        found = np.empty((*x.shape[:-1], y.shape[-1]), np.result_type(x, y))
        np.matmul(x.reshape(-1, x.shape[-1]), y, out=found.reshape(-1, y.shape[-1]))
        return found
    return number(x @ y)


def cross(x: Value, y: Value) -> Value:
    a, b, c = (x[..., at] for at in range(3))
    p, q, r = (y[..., at] for at in range(3))
    return np.stack((b * r - c * q, c * p - a * r, a * q - b * p), axis=-1)


def einsum(*values: Value, arg: tuple[str]) -> Value:
    """Return the sum of products; through matmul where it can be (optimize)."""
    operands, out = subscripts_of(arg[0], [np.ndim(value) for value in values])
    if any(isinstance(value, np.ndarray) and value.dtype == object for value in values):
        return _einsum_of_objects(operands, out, values)
    return number(np.einsum(f"{','.join(operands)}->{out}", *values, optimize=True))


def _einsum_of_objects(operands: list[str], out: str, values: tuple[Value, ...]) -> Value:
    letters = "".join(dict.fromkeys(out + "".join(operands)))
    found: Value = 1
    for subscripts, value in zip(operands, values, strict=True):
        names, factor = [*subscripts], np.asarray(value, dtype=object)
        for letter in dict.fromkeys(subscripts):
            while names.count(letter) > 1:  # a diagonal is the last axis
                first = names.index(letter)
                second = names.index(letter, first + 1)
                factor = np.diagonal(factor, 0, first, second)
                names = [one for at, one in enumerate(names) if at not in {first, second}]
                names.append(letter)
        order = sorted(range(len(names)), key=lambda at: letters.index(names[at]))
        shape = [factor.shape[names.index(one)] if one in names else 1 for one in letters]
        found = found * factor.transpose(order).reshape(shape)
    axes = tuple(range(len(out), len(letters)))
    return number(np.add.reduce(found, axis=axes) if axes else found)
