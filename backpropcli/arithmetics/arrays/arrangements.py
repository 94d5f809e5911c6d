"""Arrays put into other shapes, and together, and what leads their adjoints back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.reductions import number
from backpropcli.arithmetics.shapes.arrangements import widths
from backpropcli.arithmetics.shapes.axes import spread_axes

if TYPE_CHECKING:
    Array = np.ndarray[Any, Any]
    Value = Any


def shaped(x: Value, y: Value) -> Value:
    """Return an array, or a number, in the shape of y."""
    array = x if isinstance(x, np.ndarray) else np.asarray(x, dtype=getattr(y, "dtype", None))
    return number(array.reshape(np.shape(y)))


def spread(x: Value, y: Value) -> Value:
    return np.broadcast_to(x, np.shape(y)) if np.ndim(y) else x


def fit(x: Value, shape: tuple[int, ...]) -> Value:
    """Return an array in ``shape``: summed over what broadcasting had spread, spread elsewhere."""
    if not isinstance(x, np.ndarray):
        return np.broadcast_to(x, shape) if shape else number(x)
    if not shape:
        return number(np.add.reduce(x.reshape(-1)))
    if x.shape == shape:
        return x
    lead, ones = spread_axes(x.shape, shape)
    if lead or ones:
        x = np.add.reduce(x, axis=(*range(lead), *ones), keepdims=True)
        x = x.reshape(x.shape[lead:])
    return x if x.shape == shape else np.broadcast_to(x, shape)


def untile(x: Value, y: Value, arg: tuple[tuple[int, ...]]) -> Value:  # noqa: ARG001 (y has the shape)
    shape = np.shape(y)
    count = x.ndim
    sizes = (1,) * (count - len(shape)) + shape
    split = [
        part for size, whole in zip(sizes, x.shape, strict=True) for part in (whole // size, size)
    ]
    found = np.add.reduce(x.reshape(split), axis=tuple(range(0, 2 * count, 2)))
    return number(found.reshape(shape))


def unrepeat(x: Value, y: Value, arg: tuple[int, int | None]) -> Value:
    times, axis = arg
    if axis is None:
        return number(np.add.reduce(x.reshape(-1, times), axis=1).reshape(np.shape(y)))
    axis %= y.ndim
    shape = (*y.shape[: axis + 1], times, *y.shape[axis + 1 :])
    return np.add.reduce(x.reshape(shape), axis=axis + 1)


def unpad(x: Value, y: Value, arg: tuple[Any]) -> Value:
    pairs = zip(widths(arg[0], y.ndim), y.shape, strict=True)
    return x[tuple(slice(before, before + size) for (before, _), size in pairs)]


def windows(x: Value, arg: tuple[int, int | None, int]) -> Value:
    count, stride, axis = arg
    found = np.lib.stride_tricks.sliding_window_view(x, count, axis)
    place = [slice(None)] * x.ndim
    place[axis] = slice(None, None, stride or count)
    return found[tuple(place)]


def unwindows(x: Value, y: Value, arg: tuple[int | None, int]) -> Value:
    """Return windows added up where they came from: one sum for each place in a window."""
    count = x.shape[-1]
    stride, axis = arg[0] or count, arg[1] % y.ndim
    found = np.zeros_like(y)
    along_last, parts = np.moveaxis(found, axis, -1), np.moveaxis(x, axis, -2)
    stop = stride * (x.shape[axis] - 1) + 1
    for at in range(count):
        along_last[..., at : at + stop : stride] += parts[..., at]
    return found


def stack(*parts: Value, arg: tuple[int] = (0,)) -> Value:
    return np.stack([np.asarray(part) for part in parts], axis=arg[0])


def part(x: Value, *others: Value, arg: tuple[int, int]) -> Value:
    axis, which = arg
    before = sum(other.shape[axis] for other in others[:which])
    place: list[Any] = [slice(None)] * x.ndim
    place[axis] = slice(before, before + others[which].shape[axis])
    return x[tuple(place)]


def joined(x: Value, *others: Value, arg: tuple[int, int]) -> Value:
    axis, which = arg
    parts = [np.zeros_like(other) for other in others]
    parts[which] = x
    return np.concatenate(parts, axis=axis)
