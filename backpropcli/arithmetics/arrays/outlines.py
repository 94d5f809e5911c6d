"""Arrays that nobody reads any more: outlines stand for them, or others are written there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Value = Any

MANY = 1 << 12
"""Elements from which on an array is written over: fresh memory takes longer than what is done."""


class Outlines(dict[Any, "Value"]):
    """Arrays by shape and kind of number that take no memory: each element is the same nan."""

    def __missing__(self, key: Any) -> Value:  # noqa: ANN401
        shape, dtype = key
        found = self[key] = np.broadcast_to(np.full((), np.nan, dtype), shape)
        return found


def written_over(
    function: Callable[..., Value], given: Sequence[Value], free: Sequence[Value]
) -> Value | None:
    """Return a ufunc of values, written over one of them that is ``free``; None where it cannot."""
    for value in free:
        if value.size >= MANY and np.broadcast_shapes(*map(np.shape, given)) == value.shape:
            return function(*given, out=value)
    return None


def same_memory(value: Value, given: Sequence[Value]) -> bool:
    """Return whether an array may share its memory with one of those that it is made of."""
    return value.base is not None or any([value is one for one in given])
