"""Inverses of elements whose products leave the range of doubles: scaled by powers of 2.

A matrix x is r*x*c with factors for its rows and columns. They go by the elements' values, and
change nothing but rounding: the identities hold wherever the elements are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.exact import batched, paired

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.arithmetics.arrays.exact import Call

    Array = np.ndarray[Any, Any]
    Value = Any

ROOM = 250
"""Powers of 2 of a determinant up to which all is left as it is: derivatives have its third."""
LARGEST = 1000
"""Powers of 2 in one factor."""


def words(call: Call, plain: Mapping[str, Callable[..., Value]]) -> dict[str, Callable[..., Value]]:
    """Return the words of what divides by a determinant, which ``plain`` has without scales.

    ``call`` does an operation on elements, which are floats too.
    """

    def times(x: Array, powers: Array) -> Array:
        """Return elements times powers of 2, which may be larger than a double is."""
        found = np.empty(x.shape, dtype=object)
        for place in np.ndindex(x.shape):
            part, left = x[place], int(powers[place])
            while left:
                step = max(-LARGEST, min(LARGEST, left))
                factor = call("pow", 2.0, float(step))  # a literal would be a rounded decimal
                part, left = call("mul", factor, part), left - step
            found[place] = part
        return found

    def scaled(x: Array) -> tuple[Array, Array, Array]:
        """Return a matrix with elements near 1, and the powers of its rows and columns."""
        rows, columns = _powers(x.astype(float))
        return times(x, rows[:, None] + columns), rows, columns

    def logdet(x: Array) -> Value:
        inner, rows, columns = scaled(x)
        power = int(rows.sum() + columns.sum())
        found = plain["logdet"](inner)
        return call("sub", found, call("mul", float(power), call("log", 2.0))) if power else found

    def inv(x: Array) -> Array:
        inner, rows, columns = scaled(x)
        return times(plain["inv"](inner), columns[:, None] + rows)

    def solve(x: Array, y: Array) -> Array:
        inner, rows, columns = scaled(x)
        right = rows if y.ndim == 1 else np.broadcast_to(rows[:, None], y.shape)
        left = columns if y.ndim == 1 else np.broadcast_to(columns[:, None], y.shape)
        return times(plain["solve"](inner, times(y, right)), left)

    return {
        "logdet": batched(logdet),
        "inv": batched(inv),
        "solve": lambda x, y: paired(solve, x, y),
    }


def _powers(x: Array) -> tuple[Array, Array]:
    """Return the powers of 2 of rows and of columns that bring elements near 1; 0 if they are."""
    none = np.zeros(len(x), dtype=int)
    if not np.isfinite(x).all():
        return none, none
    sizes = np.where(x == 0, -np.inf, np.frexp(x)[1])

    def least(axis: int) -> Array:
        top = sizes.max(axis=axis)
        return np.where(np.isfinite(top), -top, 0).astype(int)

    if len(x) * np.abs(least(1)).max() <= ROOM and len(x) * np.abs(least(0)).max() <= ROOM:
        return none, none
    rows = least(1)
    sizes = sizes + rows[:, None]
    return rows, least(0)
