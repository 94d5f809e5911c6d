"""NumPy arrays as values: real numbers, in double precision or all in single; never written to."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.calculus.bindings.items import MOST
from backpropcli.errors import BackpropError

FEW = 1 << 12
"""Elements up to which an array of flags costs less than two passes."""
LARGEST = "largest"
"""In a type's metadata: the largest whole number that an array of floats was made of."""
REFUSED = {
    "c": ("complex numbers, and values are real", "give its real part, X.real, or abs(X)"),
    "O": ("Python objects, which are not numbers", "convert it first: np.asarray(X, dtype=float)"),
    "V": ("records", "give one field of it, as in X['a']"),
    "U": ("texts", "give the columns that are numbers"),
    "S": ("texts", "give the columns that are numbers"),
    "T": ("texts", "give the columns that are numbers"),
    "M": ("dates", "give them as numbers, such as days: X.astype('int64')"),
    "m": ("durations", "give them as numbers, such as seconds: X / np.timedelta64(1, 's')"),
}
"""Kinds of elements that are no numbers: what to call them, and what to do."""


def real(  # noqa: PLR0913 (what is told of it)
    array: Any,  # noqa: ANN401
    name: str,
    what: str,
    notes: list[str],
    *,
    single: bool = False,
    optional: bool = False,
) -> Any:  # noqa: ANN401
    """Return an array as a value: a read-only array of floats, or a float where it has no axes.

    ``what`` says what it is in an error. What changes its numbers is told in ``notes``. Raises
    BackpropError for one that holds no real numbers, that is empty or too large.
    """
    dtype = array.dtype
    if dtype.kind in REFUSED:
        held, hint = REFUSED[dtype.kind]
        raise BackpropError(f"{what} holds {held}", hint)
    if hasattr(array, "mask"):
        raise BackpropError(f"{what} has a mask", "fill what is masked: X.filled(0)")
    allowed(array.shape, what)
    wanted = np.dtype(np.float32 if single else np.float64)
    _tell(array, name, notes, wanted, optional=optional)
    with np.errstate(over="ignore"):
        found = np.asarray(array).astype(wanted, copy=False)
    if single and dtype != wanted and np.isinf(found).any() > np.isinf(array).any():
        raise BackpropError(
            f"{what} holds numbers too large for single precision",
            "the largest is about 3.4e38; leave --dtype out for double precision",
        )
    if single and (lost := np.argwhere((found == 0) & (array != 0))).size:
        place = tuple(map(int, lost[0]))
        at = f"[{','.join(map(str, place))}]" if place else ""
        notes.append(f"{name}{at} is {float(array[place]):.6g}, and 0 in single precision")
    return float(found) if not found.ndim else frozen(found)


def _tell(
    array: Any,  # noqa: ANN401
    name: str,
    notes: list[str],
    wanted: np.dtype[Any],
    *,
    optional: bool,
) -> None:
    """Note what becomes of an array's numbers where they do not stay as they are."""
    dtype = array.dtype
    if dtype.kind == "f" and dtype.itemsize < wanted.itemsize:
        short = optional and dtype == np.float32
        more = "; --dtype float32 computes in single precision" if short else ""
        notes.append(f"{name} is stored as {dtype.name}, and is {wanted.name} here{more}")
    elif dtype.kind == "f" and dtype.itemsize > np.dtype(np.float64).itemsize:
        notes.append(f"{name} is stored as {dtype.name}, and is rounded to {wanted.name}")
    bits = np.finfo(wanted).nmant + 1
    largest = (dtype.metadata or {}).get(LARGEST, 0)
    if dtype.kind in "iu":
        largest = max(int(array.max()), -int(array.min()))
    if largest > 2**bits:
        notes.append(f"{name} has whole numbers above 2^{bits}, which are rounded to {wanted.name}")


def frozen(array: Any) -> Any:  # noqa: ANN401
    """Return an array that cannot be written to, and shares its numbers."""
    found = array.view()
    found.flags.writeable = False
    return found


def allowed(shape: tuple[int, ...], what: str) -> None:
    """Raise BackpropError for a shape without elements, or with too many."""
    count = prod(shape)
    if count == 0:
        raise BackpropError(f"{what} is empty ({text(shape)})", "an array has at least one element")
    if count > MOST:
        raise BackpropError(
            f"{what} has {count} elements ({text(shape)})",
            f"an array has at most {MOST}: take a part",
        )


def is_finite(value: Any) -> bool:  # noqa: ANN401
    """Say whether all elements of a value are finite numbers."""
    if isinstance(value, np.ndarray) and value.size > FEW:  # no array as large as this one
        return bool(np.isfinite(value.min()) and np.isfinite(value.max()))
    return bool(np.isfinite(np.asarray(value, float)).all())
