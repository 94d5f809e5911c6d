"""The words of what goes by the order of elements, for elements that are nodes.

The order is that of the point, but elements that are equal, or next to it, are compared in the
program: beside the point, and in exact arithmetic, they may stand the other way round. Equal ones
stay in their order.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.element import Element
from backpropcli.arithmetics.arrays.exact import reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Array = np.ndarray[Any, Any]
    Value = Any
    Pair = tuple[int, int]
    Swap = tuple[int, int, Value]
    """Two places, and the condition on which what stands there is exchanged."""

MOST_TIES = 100
"""Comparisons of equal elements that a program in numbers has."""


class Order:
    """The order of elements, which ``call`` compares in the program; ``number`` makes them.

    It is ``asked`` for once something goes by order: ``compared`` has the pairs of nodes whose
    values are far from equal, with -1 or 1 as the first is less or greater. Each first of
    ``before`` stands before the second, whatever their values are. With ``everywhere`` all that is
    ordered is compared in the program, not only what is next to equal; ``comparisons`` are the
    nodes that do. Of very many such elements the order is ``fixed``: these nodes could stand the
    other way round.
    """

    def __init__(
        self,
        call: Callable[..., Element],
        number: Callable[[Any], Element],
        before: Iterable[Pair],
        *,
        everywhere: bool,
    ) -> None:
        self.call = call
        self.number = number
        self.before = {*before}
        self.everywhere = everywhere
        self.asked = False
        self.compared: dict[Pair, int] = {}
        self.fixed: set[int] = set()
        self.comparisons: set[int] = set()
        self._left = MOST_TIES

    def words(self) -> dict[str, Callable[..., Value]]:
        """Return the words of sorting, and of the places of what is largest or smallest."""
        first = self.first
        return {
            "sort": self.by_rows(lambda row: self.sorted(row)[2]),
            "in_order": self.by_rows(self.in_order),
            "unsorted": self.by_rows(self.unsorted),
            "argmax": lambda x, arg: reduced(partial(first, "gt"), x, arg[0], keep=arg[1]),
            "argmin": lambda x, arg: reduced(partial(first, "lt"), x, arg[0], keep=arg[1]),
        }

    def precedes(self, one: Any, other: Any) -> bool:  # noqa: ANN401 (elements or numbers)
        """Say whether one is less than the other, and remember that it was asked."""
        self.asked = True
        less = float(one) < float(other)
        if isinstance(one, Element) and isinstance(other, Element) and one.node != other.node:
            pair = one.node, other.node
            if not one.near(other) and pair[::-1] not in self.compared:
                self.compared[pair] = -1 if less else 1
            return pair in self.before or (less and pair[::-1] not in self.before)
        return less

    def comparing(self, count: int, near: Iterable[Element]) -> bool:
        """Say whether so many comparisons of elements are written; else their order is fixed."""
        if self.everywhere or count <= self._left:
            self._left -= count
            return True
        for one, other in pairwise(near):
            if one == other:
                self.fixed |= {one.node, other.node}
            else:
                self.compared[one.node, other.node] = -1 if one.value < other.value else 1
        return False

    def ordering(self, comparison: str, one: Any, other: Any) -> Element:  # noqa: ANN401
        """Return the comparison of two elements, by which others are ordered."""
        found = self.call(comparison, one, other)
        self.comparisons.add(found.node)
        return found

    def by_rows(self, function: Callable[..., Array]) -> Callable[..., Array]:
        """Return the word of a function of rows, which goes along an axis."""
        number = np.frompyfunc(self.number, 1, 1)  # some may be plain numbers

        def word(*arrays: Array, arg: tuple[int, bool]) -> Array:
            axis, descending = arg
            way = slice(None, None, -1 if descending else 1)
            last = [np.moveaxis(number(one), axis, -1)[..., way] for one in arrays]
            found = np.empty(last[0].shape, dtype=object)
            for place in np.ndindex(found.shape[:-1]):
                found[place] = function(*[one[place] for one in last])
            return np.moveaxis(found[..., way], -1, axis)

        return word

    def sorted(self, row: Array) -> tuple[Array, list[Swap], Array]:
        """Return the places that sort a row, what is exchanged then, and the row in order."""
        places, swaps = np.argsort(row, kind="stable"), []
        found = row[places]
        for group in _groups(found, everywhere=self.everywhere):
            pairs = [*network(len(group))]
            if not self.comparing(len(pairs), found[group]):
                continue
            for one, other in ((group[at], group[by]) for at, by in pairs):
                if found[one].node != found[other].node:
                    turned = self.ordering("lt", found[other], found[one])
                    swaps.append((one, other, turned))
                    self._exchange(found, swaps[-1])
        return places, swaps, found

    def in_order(self, row: Array, by: Array) -> Array:
        """Return a row in the order that sorts another one."""
        places, swaps, _ = self.sorted(by)
        found: Array = row[places]
        for swap in swaps:
            self._exchange(found, swap)
        return found

    def unsorted(self, row: Array, by: Array) -> Array:
        """Return a row, each element where sorting another one took it from."""
        places, swaps, _ = self.sorted(by)
        row, found = row.copy(), np.empty_like(row)
        for swap in reversed(swaps):
            self._exchange(row, swap)
        found[places] = row
        return found

    def first(self, comparison: str, row: list[Value]) -> Value:
        """Return the place of the first element that no other one is better than."""
        call, number = self.call, self.number
        best, place = number(row[0]), number(0)
        for at, one in enumerate(map(number, row)):
            tied = one.near(best) and one.node != best.node
            if self.everywhere or (tied and self.comparing(1, (best, one))):
                better = self.ordering(comparison, one, best)
                best, place = call("where", better, one, best), call("where", better, at, place)
            elif self.precedes(*((best, one) if comparison == "gt" else (one, best))):
                best, place = one, number(at)
        return place

    def _exchange(self, row: Array, swap: Swap) -> None:
        one, other, condition = swap
        pair = row[one], row[other]
        row[one] = self.call("where", condition, *pair[::-1])
        row[other] = self.call("where", condition, *pair)


def _groups(row: Array, *, everywhere: bool) -> Iterator[range]:
    """Yield the places of elements of a row in order that are next to equal; or ``everywhere``."""
    start = 0
    for at in range(1, len(row) + 1):
        if at == len(row) or not (everywhere or row[at - 1].near(row[at])):
            yield range(start, at)
            start = at


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
