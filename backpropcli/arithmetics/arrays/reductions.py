"""Reductions of arrays, of floats and of any other numbers: a number comes out as one.

It is never an array of no axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.shapes.axes import along, count_along
from backpropcli.arithmetics.shapes.axes import kept as kept_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    Array = np.ndarray[Any, Any]
    Value = Any


def number(value: Value) -> Value:
    """Return ``value``; a number as a number, if it came as an array of no axes."""
    if isinstance(value, np.ndarray):
        return value if value.ndim else value.item()
    if isinstance(value, np.floating):
        return float(value)  # item takes as long as many a sum
    return value.item() if isinstance(value, np.generic) else value


def axes_of(axes: Any, x: Array) -> Any:
    """Return axes as NumPy takes them."""
    return along(axes, x.ndim) if isinstance(axes, tuple) else axes


def reduced(ufunc: Any) -> Callable[..., Value]:
    """Return the word of a reduction by a ufunc."""

    def found(x: Value, arg: tuple[Any, bool]) -> Value:
        if not isinstance(x, np.ndarray):
            return x
        return number(ufunc.reduce(x, axis=axes_of(arg[0], x), keepdims=arg[1]))

    return found


def kept(value: Value, x: Value, axes: Any) -> Value:
    """Return a reduction's value, or its adjoint, with the reduced axes of x as 1."""
    if not isinstance(x, np.ndarray) or not isinstance(value, np.ndarray):
        return value
    return value.reshape(kept_shape(x.shape, axes))


def argreduced(function: Any) -> Callable[..., Value]:
    """Return the word of argmax or argmin: places as numbers of the arithmetic of floats."""

    def found(x: Value, arg: tuple[Any, bool]) -> Value:
        if not isinstance(x, np.ndarray):
            return 0.0
        places = function(x, axis=arg[0], keepdims=arg[1])
        return number(np.asarray(places, dtype=x.dtype if x.dtype != object else float))

    return found


def others(x: Value, arg: tuple[int]) -> Value:
    """Return for each element the product of all others along an axis: two exclusive products."""
    last = np.moveaxis(x, arg[0], -1)
    before, after = np.ones_like(last), np.ones_like(last)
    np.multiply.accumulate(last[..., :-1], axis=-1, out=before[..., 1:])
    after[..., :-1] = np.multiply.accumulate(last[..., :0:-1], axis=-1)[..., ::-1]
    return np.moveaxis(before * after, -1, arg[0])


def counted(x: Value, arg: tuple[Any]) -> float:
    """Return the number of elements along axes."""
    return float(count_along(np.shape(x), arg[0]))  # type: ignore[arg-type]
