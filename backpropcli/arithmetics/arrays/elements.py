"""Elements of arrays as nodes of a graph of numbers: what an array program does, number by number.

An element has its value too: where an operation goes by order (sort, argmax) or takes elements by
their places, it is this value that decides. Elements that are equal are compared in the graph.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays import exact, ordered
from backpropcli.arithmetics.arrays.arrays import Arrays
from backpropcli.arithmetics.rules import word
from backpropcli.errors import NotByElementsError
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.operations import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row


NEAR = 1e-9
"""How close numbers are, for their size, that are told apart by comparing them in the program."""
MOST_TIES = 100
"""Comparisons of equal elements that a program in numbers has."""


class Element:
    """A node of a graph of numbers, and its value."""

    __slots__ = ("node", "of", "value")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, of: Elements, node: int, value: float) -> None:
        self.of = of
        self.node = node
        self.value = value

    def __add__(self, other: Any) -> Element:  # noqa: ANN401 (an element or a number)
        return NotImplemented if _many(other) else self.of.call("add", self, other)

    def __radd__(self, other: Any) -> Element:  # noqa: ANN401
        return self.of.call("add", other, self)

    def __sub__(self, other: Any) -> Element:  # noqa: ANN401
        return NotImplemented if _many(other) else self.of.call("sub", self, other)

    def __rsub__(self, other: Any) -> Element:  # noqa: ANN401
        return self.of.call("sub", other, self)

    def __mul__(self, other: Any) -> Element:  # noqa: ANN401
        return NotImplemented if _many(other) else self.of.call("mul", self, other)

    def __rmul__(self, other: Any) -> Element:  # noqa: ANN401
        return self.of.call("mul", other, self)

    def __neg__(self) -> Element:
        return self.of.call("neg", self)

    def __lt__(self, other: Any) -> bool:  # noqa: ANN401
        return self.of.precedes(self, other)

    def __gt__(self, other: Any) -> bool:  # noqa: ANN401
        return self.of.precedes(other, self)

    def __eq__(self, other: object) -> bool:
        return self.value == float(other)  # type: ignore[arg-type]

    def near(self, other: Element) -> bool:
        """Say whether another element is equal, or may be but for rounding."""
        one, two = self.value, other.value
        return one == two or abs(one - two) <= NEAR * max(abs(one), abs(two)) < inf

    def __float__(self) -> float:
        return self.value

    def __int__(self) -> int:
        if self.of.graph.operations[self.node] not in LEAVES:
            self.of.placed[self.node] = int(self.value)
        return int(self.value)


def _many(value: object) -> bool:
    """Say whether NumPy is to go through an array, element by element."""
    return isinstance(value, np.ndarray)


class Elements:
    """The arithmetic of elements: ``graph`` takes in what is built.

    It is ``ordered`` once something goes by order: ``compared`` has the pairs of nodes whose values
    are far from equal, with -1 or 1 as the first is less or greater. ``placed`` are those computed
    that were places. Each first of ``before`` stands before the second, whatever their values are.
    With ``everywhere`` all that is ordered is compared in the graph, not only what is next to
    equal; ``comparisons`` are the nodes that do. Of very many such elements the order is ``fixed``:
    these nodes could stand the other way round.
    """

    __name__ = "elements"
    WORDS: dict[str, Callable[..., Any]] = {}  # noqa: RUF012 (never written to)
    INFIX: dict[str, str] = {}  # noqa: RUF012

    def __init__(
        self,
        graph: Graph,
        most: int,
        before: Iterable[tuple[int, int]] = (),
        *,
        everywhere: bool = False,
    ) -> None:
        self.graph = graph
        self.most = most
        self.before = {*before}
        self.everywhere = everywhere
        self.ordered = False
        self.compared: dict[tuple[int, int], int] = {}
        self.placed: dict[int, int] = {}
        self.fixed: set[int] = set()
        self.comparisons: set[int] = set()
        self._left = MOST_TIES
        self.arrays = Arrays(self, words=exact.words(self.call) | ordered.words(self))
        self._floats: dict[Row, Callable[..., float]] = {}

    def fitting(self, nodes: int) -> None:
        """Raise NotByElementsError for more nodes than there may be."""
        if nodes > self.most:
            raise NotByElementsError(
                f"written out in numbers this is more than {self.most:,} operations",
                "ask for less: fewer names in --wrt, or smaller arrays",
            )

    def precedes(self, one: Any, other: Any) -> bool:  # noqa: ANN401 (elements or numbers)
        """Say whether one is less than the other, and remember that it was asked."""
        self.ordered = True
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

    def leaf(self, operation: str, arg: object, value: float) -> Element:
        """Return the element that is a leaf."""
        return Element(self, self.graph.node(operation, (), arg), value)

    def constant(self, text: str) -> Element:
        """Return a constant by its name."""
        return self.leaf("constant", text, floats.constant(text))

    def double(self, value: float) -> Element:
        """Return a number that is written in the program."""
        return self.leaf("number", value, float(value))

    def named(self, value: Any, name: str) -> Any:  # noqa: ANN401 (an element or an array of them)
        """Return what stands under a name: each element has a name of its own."""
        if not isinstance(value, np.ndarray):
            return self._named(value, name)
        found = np.empty(value.shape, dtype=object)
        for place in np.ndindex(value.shape):
            found[place] = self._named(value[place], titled(name, place))
        return found

    def _named(self, value: Any, name: str) -> Element:  # noqa: ANN401
        element = self.number(value)
        return Element(self, self.graph.node("name", (element.node,), name), element.value)

    def nodes(self, value: Any) -> list[int]:  # noqa: ANN401 (an element or an array of them)
        """Return the nodes of elements, in row-major order."""
        parts = value.ravel() if isinstance(value, np.ndarray) else [value]
        return [self.number(part).node for part in parts]

    def number(self, value: Any) -> Element:  # noqa: ANN401 (an element, or any number)
        """Return an element for a number, which may be one already."""
        if isinstance(value, Element):
            return value
        found = self.double(abs(float(value)))
        return self.call("neg", found) if value < 0 else found

    def word(self, row: Row) -> Callable[..., Any] | None:
        """Return the function that does an operation on elements."""
        if row.whole:
            return lambda *parts: parts[-1]  # the body, whatever its rules say
        if row.own:
            self.graph.define({row.name: row})
            for rule in row.rules:
                if rule.own:
                    self.graph.define(rule.parsed[0].table)
        return lambda *parts: self._made(row, parts)

    def call(self, name: str, *parts: Any) -> Element:  # noqa: ANN401
        """Return what an operation of numbers gives."""
        if name == "mul" and any(not isinstance(part, Element) for part in parts):
            return self._scaled(*parts)
        if name == "add" and not all(isinstance(part, Element) or part for part in parts):
            [found] = [part for part in parts if isinstance(part, Element)] or [self.number(0.0)]
            return found
        return self._made(TABLE[name], parts)

    def _scaled(self, one: Any, other: Any) -> Element:  # noqa: ANN401
        """Return a product with a plain number: with 0, 1 and -1 there is none."""
        factor, part = (other, one) if isinstance(one, Element) else (one, other)
        if isinstance(part, Element) and factor in {1, -1}:
            return part if factor == 1 else self.call("neg", part)
        if factor == 0:
            return self.number(0.0)
        return self._made(TABLE["mul"], (factor, part))

    def _made(self, row: Row, parts: tuple[Any, ...]) -> Element:
        elements = [self.number(part) for part in parts]
        function = self._floats.get(row)
        if function is None:
            function = self._floats[row] = word(row, floats)
        value = function(*[element.value for element in elements])
        node = self.graph.node(row.name, tuple([element.node for element in elements]))
        self.fitting(node)
        return Element(self, node, value)


def filled(elements: Elements, name: str, value: Any) -> Any:  # noqa: ANN401 (a number or an array)
    """Return a variable of numbers for each element of an array: x[0], A[1,2]; or one alone."""
    if not isinstance(value, np.ndarray):
        return elements.leaf("variable", name, float(value))
    found = np.empty(value.shape, dtype=object)
    for place in np.ndindex(value.shape):
        found[place] = elements.leaf("variable", titled(name, place), float(value[place]))
    return found


def titled(name: str, place: tuple[int, ...]) -> str:
    """Return what an element of an array is called."""
    return f"{name}[{','.join(map(str, place))}]" if place else name
