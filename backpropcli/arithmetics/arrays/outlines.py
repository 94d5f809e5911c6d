"""Arrays that nobody reads any more: outlines stand for them, or others are written there."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    Value = Any

ARRAY = np.ndarray
MANY = 1 << 12
"""Elements from which on an array is written over: fresh memory takes longer than the work."""


def outline_of(value: Value) -> Value:
    """Return an array of the same shape that takes no memory: each element is the same nan."""
    return _outline(value.shape, value.dtype)


@lru_cache
def _outline(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Value:
    return np.broadcast_to(np.full((), np.nan, dtype), shape)


def fills(free: Value, given: Sequence[Value]) -> bool:
    """Return whether what is made of values, element by element, has the shape of an array."""
    return bool(np.broadcast_shapes(*map(np.shape, given)) == free.shape)


def same_memory(value: Value, given: Sequence[Value]) -> bool:
    """Return whether an array may share its memory with one of those that it is made of."""
    return value.base is not None or id(value) in map(id, given)


def axes_of(value: Value) -> int:
    """Return the number of axes of a value."""
    return value.ndim if type(value) is ARRAY else 0
