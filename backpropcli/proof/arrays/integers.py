"""Arrays of mpmath's numbers as whole numbers times a power of 2: exact, and many times as quick.

Where an element is not finite, or exponents lie far apart, there are no such whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import libmp, mp, mpf

from backpropcli.arithmetics.arrays import products as common

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Value = Any
    Integers = tuple[Value, int]
    Parts = tuple[int, Any, int, int]

LONGEST = 3000
"""Bits between the exponents of numbers that are taken as whole numbers."""
PRECISION = 53
"""Bits of a double."""


def number(value: Value) -> Value:
    """Return a number, of NumPy's too, as one of mpmath's."""
    if type(value) is mpf:
        return value
    return mpf(value.item() if isinstance(value, np.generic) else value)


def element_at(value: Value, place: tuple[int, ...]) -> Value:
    """Return an element of an array; a number itself."""
    return value[place] if place else value


def finite(value: Value) -> bool:
    """Say whether all elements are finite."""
    return _finite(_parts(value))


def integers(value: Value) -> Integers | None:
    """Return whole numbers and the exponent of 2 that makes them the elements; None for none.

    The elements may be doubles, too.
    """
    if isinstance(value, np.ndarray) and value.dtype == float:
        return _of_doubles(value)
    parts = _parts(value)
    exponents = [exponent for _, mantissa, exponent, _ in parts if mantissa]
    low, high = min(exponents, default=0), max(exponents, default=0)
    if high - low > LONGEST or not _finite(parts):
        return None
    found = np.empty(len(parts), dtype=object)
    found[:] = [
        int(-mantissa if sign else mantissa) << (exponent - low) if mantissa else 0
        for sign, mantissa, exponent, _ in parts
    ]
    return found.reshape(np.shape(value)), low


def _of_doubles(value: Value) -> Integers | None:
    mantissas, exponents = np.frexp(value)
    used = exponents[value != 0]
    low, high = (int(used.min()), int(used.max())) if used.size else (0, 0)
    if high - low > LONGEST or not np.all(np.isfinite(value)):
        return None
    shifts = np.where(value == 0, 0, exponents - low).astype(object)
    return np.ldexp(mantissas, PRECISION).astype(np.int64).astype(object) << shifts, low - PRECISION


def _finite(parts: Sequence[Parts]) -> bool:
    return all(mantissa or not exponent for _, mantissa, exponent, _ in parts)


def _parts(value: Value) -> list[Parts]:
    """Return the sign, mantissa, exponent and bits of each element."""
    elements = value.ravel().tolist() if isinstance(value, np.ndarray) else [value]
    return [(one if type(one) is mpf else number(one))._mpf_ for one in elements]


def _numbers(wholes: Iterable[Any], low: int, shape: tuple[int, ...]) -> Value:
    """Return the numbers that whole numbers stand for, rounded to mpmath's precision."""
    precision = mp.prec
    return _array((libmp.from_man_exp(whole, low, precision, "n") for whole in wholes), shape)


def _array(raw: Iterable[Any], shape: tuple[int, ...]) -> Value:
    """Return an array of mpmath's numbers, or the only one."""
    found = [*map(mp.make_mpf, raw)]
    if not shape:
        return found[0]
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array.reshape(shape)


def exact(value: Value) -> Value:
    """Return a number, or an array, in mpmath's numbers."""
    if not isinstance(value, np.ndarray):
        return number(value)
    if value.dtype != float or not np.all(np.isfinite(value)):
        return _array([number(one)._mpf_ for one in value.ravel().tolist()], value.shape)
    mantissas, exponents = np.frexp(value)
    wholes = np.ldexp(mantissas, PRECISION).astype(np.int64)
    pairs = zip(wholes.ravel().tolist(), (exponents - PRECISION).ravel().tolist(), strict=True)
    return _array((libmp.from_man_exp(*pair) for pair in pairs), value.shape)


def matmul(x: Value, y: Value) -> Value:
    """Return a product of matrices, rounded once."""
    one, other = integers(x), integers(y)
    if one is None or other is None:
        return common.matmul(x, y)
    found = common.matmul(one[0], other[0])
    return _numbers(np.ravel(found).tolist(), one[1] + other[1], np.shape(found))


def products(x: Value, y: Value) -> tuple[Value, Value]:
    """Return the sum of the products of elements, and that of their sizes."""
    one, other = integers(x), integers(y)
    if one is None or other is None:
        each = x * y
        return np.sum(each), np.sum(abs(each))
    terms = np.ravel(one[0] * other[0]).tolist()
    low = one[1] + other[1]
    sums = _numbers([sum(terms), sum(map(abs, terms))], low, (2,))
    return sums[0], sums[1]


def moved(value: Value, shift: Value, step: Value) -> tuple[Value, Value]:
    """Return a value less a part of a shift, and with it; ``step`` says which part."""
    one, other = integers(value), integers(shift)
    if not isinstance(value, np.ndarray) or one is None or other is None:
        return value - shift * step, value + shift * step
    _, mantissa, exponent, _ = step._mpf_
    lows = one[1], other[1] + exponent
    low = min(lows)
    here = np.ravel(one[0] << (lows[0] - low)).tolist()
    gaps = np.ravel(other[0] * int(mantissa) << (lows[1] - low)).tolist()
    pairs = [*zip(here, gaps, strict=True)]
    before = _numbers((whole - by for whole, by in pairs), low, value.shape)
    return before, _numbers((whole + by for whole, by in pairs), low, value.shape)


def apart(result: Value, truth: Value) -> Value:
    """Return by which part of themselves exact numbers are off from doubles: 1 for no 0 of a 0."""
    one, other = integers(np.asarray(result, dtype=float)), integers(truth)
    if one is None or other is None:
        exactly = np.asarray(truth, dtype=object)
        gap = np.abs(np.asarray(result - exactly, dtype=object).astype(float))
        return gap / np.abs(exactly.astype(float))
    low = min(one[1], other[1])
    here, there = (np.ravel(whole << (at - low)).tolist() for whole, at in (one, other))
    found = [
        abs(first - exactly) / abs(exactly) if exactly else float(first != 0)
        for first, exactly in zip(here, there, strict=True)
    ]
    return np.reshape(found, np.shape(truth))


def magnitudes(value: Value) -> list[int | None]:
    """Return the power of 2 that each element is just below; None for 0, inf and nan."""
    return [
        exponent + length if mantissa else None for _, mantissa, exponent, length in _parts(value)
    ]


def scaled(wholes: Value, bits: int, value: Value) -> Value:
    """Return whole numbers of up to so many bits in the sizes of the elements of a value.

    They are below 1 where an element is 0, or not finite.
    """
    sizes = [0 if size is None else size for size in magnitudes(value)]
    pairs = zip(np.ravel(wholes).tolist(), sizes, strict=True)
    return _array(
        (libmp.from_man_exp(whole, size - bits) for whole, size in pairs), np.shape(value)
    )
