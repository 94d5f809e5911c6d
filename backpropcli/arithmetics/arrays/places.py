"""Elements of arrays by their places: indices, marks, the order of sorting, triangles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.reductions import number
from backpropcli.arithmetics.shapes.indices import whole_spec

if TYPE_CHECKING:
    from collections.abc import Callable

    Array = np.ndarray[Any, Any]
    Value = Any


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


def on_diagonal(x: Value, y: Value) -> Value:
    found = np.zeros_like(y)
    np.fill_diagonal(found, x)
    return found


def triangle(x: Value, keep: Any, k: int) -> Value:
    """Return a triangle of a matrix; zeros elsewhere."""
    mask = keep(np.ones(x.shape[-2:], dtype=bool), k)
    return np.where(mask, x, np.zeros((), dtype=x.dtype).item() if x.dtype != object else 0)
