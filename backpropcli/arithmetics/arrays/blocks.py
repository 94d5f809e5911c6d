"""Elementwise functions of large arrays, by blocks: what they make on the way stays in cache."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Value = Any

BLOCK = 1 << 16
"""Elements of a block."""
LARGE = 2 * BLOCK
"""Elements from which on an array goes by blocks."""


def blocks(shape: tuple[int, ...], values: Sequence[Value]) -> Iterator[tuple[slice, list[Value]]]:
    """Yield numbers and arrays that broadcast to ``shape``, a block of all at a time.

    The slice is that of the block in an array that is cut: along the one axis, where all arrays
    are taken as vectors, or else along the first.
    """
    size = prod(shape)
    alike = all(
        value.shape == shape and (value.flags.c_contiguous or not any(value.strides))
        for value in values
        if isinstance(value, np.ndarray)
    )
    if alike:
        values = [_flat(value) if isinstance(value, np.ndarray) else value for value in values]
    axes, count = (1, size) if alike else (len(shape), shape[0])
    cut = [
        isinstance(value, np.ndarray) and value.ndim == axes and value.shape[0] == count
        for value in values
    ]
    step = max(1, BLOCK * count // size)
    for start in range(0, count, step):
        block = slice(start, start + step)
        pairs = zip(values, cut, strict=True)
        yield block, [value[block] if parted else value for value, parted in pairs]


def _flat(value: Value) -> Value:
    """Return an array as a vector; of an array that is one element all over, one that is too."""
    if value.flags.c_contiguous:
        return value.reshape(-1)
    return np.broadcast_to(value[(0,) * value.ndim], value.size)


def filled(found: Value, function: Callable[..., Value], values: Sequence[Value]) -> Value:
    """Return the array ``found``, filled with ``function`` of values: one of them may be itself.

    The function may write to the block of ``found`` that it is told to write ``into``.
    """
    for _, (part, *given) in blocks(found.shape, (found, *values)):
        made = function(*given, into=part)
        if made is not part:
            part[...] = made
    return found


def in_blocks(word: Callable[[Value], Value]) -> Callable[[Value], Value]:
    """Return a word of one array that goes by blocks."""

    def found(x: Value) -> Value:
        if x.size < LARGE:
            return word(x)
        return filled(np.empty(x.shape, x.dtype), lambda part, into: word(part), [x])  # noqa: ARG005 (it makes its own)

    found.__doc__ = word.__doc__
    return found
