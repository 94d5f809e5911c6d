"""The words of what goes by the order of elements, for elements that are nodes.

The order is that of the point, but elements that are equal are compared in the program: beside the
point they may stand the other way round. At it they stay in their order.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.exact import reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backpropcli.arithmetics.arrays.elements import Elements

    Array = np.ndarray[Any, Any]
    Value = Any
    Pair = tuple[int, int]
    Swap = tuple[int, int, Value]
    """Two places, and the condition on which what stands there is exchanged."""


def words(elements: Elements) -> dict[str, Callable[..., Value]]:
    """Return the words of sorting, and of the places of what is largest or smallest."""
    call = elements.call

    def exchange(row: Array, swap: Swap) -> None:
        one, other, condition = swap
        pair = row[one], row[other]
        row[one] = call("where", condition, *pair[::-1])
        row[other] = call("where", condition, *pair)

    def ordered(row: Array) -> tuple[Array, list[Swap], Array]:
        """Return the places that sort a row, what is exchanged then, and the row in order."""
        places, swaps = np.argsort(row, kind="stable"), []
        found = row[places]
        for one, other in _pairs(found, everywhere=elements.everywhere):
            if found[one].node != found[other].node:
                swaps.append((one, other, call("lt", found[other], found[one])))
                exchange(found, swaps[-1])
        return places, swaps, found

    def in_order(row: Array, by: Array) -> Array:
        places, swaps, _ = ordered(by)
        found = row[places]
        for swap in swaps:
            exchange(found, swap)
        return found

    def unsorted(row: Array, by: Array) -> Array:
        places, swaps, _ = ordered(by)
        row, found = row.copy(), np.empty_like(row)
        for swap in reversed(swaps):
            exchange(row, swap)
        found[places] = row
        return found

    def by_rows(function: Callable[..., Array]) -> Callable[..., Array]:
        """Return the word of a function of rows, which goes along an axis."""

        def word(*arrays: Array, arg: tuple[int]) -> Array:
            last = [np.moveaxis(_all(elements, one), arg[0], -1) for one in arrays]
            found = np.empty(last[0].shape, dtype=object)
            for place in np.ndindex(found.shape[:-1]):
                found[place] = function(*[one[place] for one in last])
            return np.moveaxis(found, -1, arg[0])

        return word

    def place_of(comparison: str) -> Callable[..., Value]:
        """Return the word of the place of the first element that no other one is better than."""

        def first(row: list[Value]) -> Value:
            best, place = elements.number(row[0]), elements.number(0)
            for at, one in enumerate(map(elements.number, row)):
                pair = (best, one) if comparison == "gt" else (one, best)
                if elements.everywhere or (one == best and one.node != best.node):
                    better = call(comparison, one, best)
                    best = call("where", better, one, best)
                    place = call("where", better, at, place)
                elif elements.precedes(*pair):
                    best, place = one, elements.number(at)
            return place

        return lambda x, arg: reduced(first, x, arg[0], keep=arg[1])

    return {
        "sort": by_rows(lambda row: ordered(row)[2]),
        "in_order": by_rows(in_order),
        "unsorted": by_rows(unsorted),
        "argmax": place_of("gt"),
        "argmin": place_of("lt"),
    }


def _all(elements: Elements, array: Array) -> Array:
    """Return an array of elements, some of which may be plain numbers."""
    found: Array = np.frompyfunc(elements.number, 1, 1)(array)
    return found


def _pairs(row: Array, *, everywhere: bool) -> Iterator[Pair]:
    """Yield the places to compare, one pair after the other, of a row that is in order.

    Those of equal elements; or all, ``everywhere``.
    """
    start = 0
    for _, group in groupby(row, key=lambda one: everywhere or float(one)):
        size = len(list(group))
        yield from ((start + one, start + other) for one, other in network(size))
        start += size


def network(size: int) -> Iterator[Pair]:
    """Yield the pairs of places that sort any row of a size, by exchanges alone.

    Batcher's merge exchange: Knuth, The Art of Computer Programming 3, algorithm 5.2.2M.
    """
    top = 1 << max(0, (size - 1).bit_length() - 1)
    p = top
    while p and size > 1:
        q, r, d = top, 0, p
        while True:
            yield from ((at, at + d) for at in range(size - d) if at & p == r)
            if q == p:
                break
            d, q, r = q - p, q >> 1, p
        p >>= 1
