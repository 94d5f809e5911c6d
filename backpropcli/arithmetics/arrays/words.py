"""The words for operations on whole arrays, for NumPy arrays of floats and of any other numbers.

A number is a number of the arithmetic beneath, never an array of no axes. ``arg`` is what is
static. What only floats can have from LAPACK stands in ``linear``.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.shapes.arrangements import widths
from backpropcli.arithmetics.shapes.axes import along, spread_axes
from backpropcli.arithmetics.shapes.indices import whole_spec
from backpropcli.graph.arrays import subscripts_of

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
    gone = along(axes, x.ndim)
    return value.reshape([1 if at in gone else size for at, size in enumerate(x.shape)])


def argreduced(function: Any) -> Callable[..., Value]:
    """Return the word of argmax or argmin: places as numbers of the arithmetic of floats."""

    def found(x: Value, arg: tuple[Any, bool]) -> Value:
        if not isinstance(x, np.ndarray):
            return 0.0
        places = function(x, axis=arg[0], keepdims=arg[1])
        return number(np.asarray(places, dtype=x.dtype if x.dtype != object else float))

    return found


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


def _array(x: Value, like: Value) -> Array:
    return x if isinstance(x, np.ndarray) else np.asarray(x, dtype=_dtype(like))


def _dtype(like: Value) -> Any:
    return like.dtype if isinstance(like, np.ndarray) else None


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
    axes = (*range(lead), *ones)
    if not ones:
        found = np.add.reduce(x, axis=axes) if axes else x
    else:
        found = np.add.reduce(x, axis=axes, keepdims=True)
        found = found.reshape(found.shape[lead:]) if lead else found
    return found if found.shape == shape else np.broadcast_to(found, shape)


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


def place_of(spec: Any, count: int, picks: tuple[Value, ...]) -> tuple[Any, ...]:
    """Return an index as NumPy takes it."""
    kinds: dict[str, Callable[..., Any]] = {
        "at": lambda at: at,
        "cut": slice,
        "new": lambda: None,
        "pick": lambda at: np.asarray(picks[at - 1]).astype(np.intp),
    }
    return tuple(kinds[item[0]](*item[1:]) for item in whole_spec(spec, count))


def index(x: Value, *picks: Value, arg: tuple[Any]) -> Value:
    return number(np.asarray(x)[place_of(arg[0], np.ndim(x), picks)])


def put(x: Value, y: Value, *picks: Value, arg: tuple[Any]) -> Value:
    found = np.zeros_like(y)
    place = place_of(arg[0], np.ndim(y), picks)
    if picks:
        np.add.at(found, place, x)
    else:
        found[place] = x
    return number(found)


def scattered(x: Value, y: Value, i: Value, arg: tuple[int]) -> Value:
    found = np.zeros_like(y)
    axis = arg[0] % y.ndim
    places = list(np.ogrid[tuple(slice(size) for size in y.shape)])
    places[axis] = i.astype(np.intp)
    np.add.at(found, tuple(places), x)
    return found


def one_hot(i: Value, arg: tuple[int]) -> Value:
    return (np.asarray(i)[..., None] == np.arange(arg[0])).astype(float)


def sort(x: Value, arg: tuple[int, bool]) -> Value:
    return in_order(x, x, arg)


def order(x: Value, axis: int, descending: bool) -> Array:  # noqa: FBT001 (what is static)
    """Return the places that sort x along an axis; equal elements stay in their order."""
    if not descending:
        return np.argsort(x, axis=axis, kind="stable")
    places = np.argsort(np.flip(x, axis), axis=axis, kind="stable")
    return x.shape[axis] - 1 - np.flip(places, axis)  # type: ignore[no-any-return]


def in_order(x: Value, y: Value, arg: tuple[int, bool]) -> Value:
    return np.take_along_axis(x, order(y, *arg), axis=arg[0])


def unsorted(x: Value, y: Value, arg: tuple[int, bool]) -> Value:
    found = np.empty_like(x)
    np.put_along_axis(found, order(y, *arg), x, axis=arg[0])
    return found


def others(x: Value, arg: tuple[int]) -> Value:
    """Return for each element the product of all others along an axis: two exclusive products."""
    last = np.moveaxis(x, arg[0], -1)
    before, after = np.ones_like(last), np.ones_like(last)
    np.multiply.accumulate(last[..., :-1], axis=-1, out=before[..., 1:])
    after[..., :-1] = np.multiply.accumulate(last[..., :0:-1], axis=-1)[..., ::-1]
    return np.moveaxis(before * after, -1, arg[0])


def on_diagonal(x: Value, y: Value) -> Value:
    found = np.zeros_like(y)
    np.fill_diagonal(found, x)
    return found


def triangle(x: Value, keep: Any, k: int) -> Value:
    """Return a triangle of a matrix; zeros elsewhere."""
    mask = keep(np.ones(x.shape[-2:], dtype=bool), k)
    return np.where(mask, x, np.zeros((), dtype=x.dtype).item() if x.dtype != object else 0)


def counted(x: Value, arg: tuple[Any]) -> float:
    """Return the number of elements along axes."""
    shape = np.shape(x)
    return float(prod([shape[axis] for axis in along(arg[0], len(shape))]))


def arange(arg: tuple[Any, ...]) -> Value:
    start, stop, step = arg
    if stop is None:
        start, stop = 0, start
    return np.arange(float(start), stop, step)


WORDS: dict[str, Callable[..., Value]] = {
    "sum": reduced(np.add),
    "prod": reduced(np.multiply),
    "amax": reduced(np.maximum),
    "amin": reduced(np.minimum),
    "argmax": argreduced(np.argmax),
    "argmin": argreduced(np.argmin),
    "cumsum": lambda x, arg: np.add.accumulate(x, axis=arg[0]),
    "others": others,
    "flip": lambda x, arg: np.flip(x, arg[0]),
    "roll": lambda x, arg: np.roll(x, arg[0], axis=arg[1])[()],
    "sort": sort,
    "unsorted": unsorted,
    "in_order": in_order,
    "matmul": matmul,
    "outer": np.multiply.outer,
    "cross": cross,
    "kron": np.kron,
    "in_blocks": lambda x, y, z: x.reshape(y.shape[0], z.shape[0], y.shape[1], z.shape[1]),
    "einsum": einsum,
    "transpose": lambda x, arg: x.transpose(arg[0]) if isinstance(x, np.ndarray) else x,
    "mT": lambda x: np.swapaxes(x, -1, -2),
    "swapaxes": lambda x, arg: np.swapaxes(x, *arg),
    "moveaxis": lambda x, arg: np.moveaxis(x, *arg),
    "reshape": lambda x, arg: number(np.asarray(x).reshape(arg[0])),
    "rows": lambda x: x.reshape(-1, x.shape[-1]),
    "kept": lambda x, y, arg: kept(x, y, arg[0]),
    "shaped": lambda x, y: number(_array(x, y).reshape(np.shape(y))),
    "squeeze": lambda x, arg: number(np.squeeze(x, arg[0])),
    "expand_dims": lambda x, arg: np.expand_dims(x, arg[0]),
    "broadcast_to": lambda x, arg: np.broadcast_to(x, arg[0]) if arg[0] else x,
    "spread": spread,
    "gathered": lambda x, y: fit(x, np.shape(y)),
    "tile": lambda x, arg: np.tile(x, arg[0]),
    "untile": untile,
    "repeat": lambda x, arg: np.repeat(x, arg[0], axis=arg[1]),
    "unrepeat": unrepeat,
    "pad": lambda x, arg: np.pad(x, widths(arg[0], x.ndim)),
    "unpad": unpad,
    "windows": windows,
    "windows_of": lambda x, y, arg: windows(x, (y.shape[arg[0]], *arg[1:])),
    "unwindows": unwindows,
    "array": stack,
    "stack": stack,
    "concat": lambda *parts, arg: np.concatenate(parts, axis=arg[0]),
    "part": part,
    "joined": joined,
    "split": lambda x, arg: np.stack(np.split(x, arg[0], axis=arg[1])),
    "unsplit": lambda x, _y, arg: np.concatenate(list(x), axis=arg[1]),
    "index": index,
    "put": put,
    "gather": lambda x, i, arg: np.take_along_axis(x, i.astype(np.intp), axis=arg[0]),
    "scattered": scattered,
    "classes": lambda t, z: t if np.ndim(t) == np.ndim(z) else one_hot(t, (z.shape[-1],)),
    "one_hot": one_hot,
    "trace": lambda x: number(np.add.reduce(np.diagonal(x, axis1=-2, axis2=-1), axis=-1)),
    "diag": np.diag,
    "on_diagonal": on_diagonal,
    "tril": lambda x, arg: triangle(x, np.tril, arg[0]),
    "triu": lambda x, arg: triangle(x, np.triu, arg[0]),
    "zeros": lambda arg: np.zeros(arg[0]) if arg[0] else 0.0,
    "ones": lambda arg: np.ones(arg[0]) if arg[0] else 1.0,
    "eye": lambda arg: np.eye(*arg),
    "arange": arange,
    "size": counted,
    "eye_like": lambda x: np.eye(x.shape[-2], x.shape[-1]),
    "eye_along": lambda x, arg: np.eye(x.shape[arg[0]]),
    "ones_along": lambda x, arg: np.ones(x.shape[arg[0]]),
    "tri_along": lambda x, arg: np.tri(x.shape[arg[0]]),
}
