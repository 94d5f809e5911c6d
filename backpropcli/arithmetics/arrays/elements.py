"""Elements of arrays as nodes of a graph of numbers: what an array program does, number by number.

An element has its value too: where an operation goes by order (sort, argmax) or takes elements by
their places, it is this value that decides. Elements that are equal are compared in the graph.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays import exact, scaled
from backpropcli.arithmetics.arrays.arrays import Arrays
from backpropcli.arithmetics.arrays.element import Element
from backpropcli.arithmetics.arrays.ordered import Order
from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.arithmetics.rules import word
from backpropcli.errors import NotByElementsError
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Value = Any


class Elements:
    """The arithmetic of elements: ``graph`` takes in what is built.

    ``placed`` are those computed that were places.
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
        self.everywhere = everywhere
        self.placed: dict[int, int] = {}
        self.order = Order(self.call, self.number, before, everywhere=everywhere)
        self.precedes = self.order.precedes
        plain = exact.words(self.call)
        own = scaled.words(self.call, plain) | self.order.words()
        own |= {"one_hot": self._one_hot, "classes": self._classes}
        self.arrays = Arrays(self, words=plain | own)
        self._floats: dict[Row, Callable[..., float]] = {}

    def fitting(self, nodes: int) -> None:
        """Raise NotByElementsError for more nodes than there may be."""
        if nodes > self.most:
            raise NotByElementsError(
                f"written out in numbers this is more than {self.most:,} operations",
                "ask for less: fewer names in --wrt, or smaller arrays",
            )

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
        return _each(self._named, value, name)

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

    def _one_hot(self, i: Value, arg: tuple[int]) -> Value:
        """Return the word one_hot: what is computed is compared in the program with each place."""
        places, found = np.asarray(i, dtype=object), np.empty((*np.shape(i), *arg), dtype=object)
        for at in np.ndindex(places.shape):
            place = self.number(places[at])
            moves = self.graph.operations[place.node] not in LEAVES
            if moves and self.everywhere:
                found[at] = [self.call("eq", place, float(one)) for one in range(*arg)]
                continue
            if moves and place.value.is_integer():
                int(place)  # what is a place is remembered
            found[at] = [float(place.value == one) for one in range(*arg)]
        return found

    def _classes(self, t: Value, z: Value) -> Value:
        """Return the word of classes: their numbers as marks, or probabilities as they are."""
        return t if np.ndim(t) == np.ndim(z) else self._one_hot(t, (z.shape[-1],))

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
    return _each(lambda one, title: elements.leaf("variable", title, float(one)), value, name)


def _each(make: Callable[[Any, str], Element], value: Any, name: str) -> Any:  # noqa: ANN401
    """Return what is made of each element of an array and its title; or of a number alone."""
    if not isinstance(value, np.ndarray):
        return make(value, name)
    found = np.empty(value.shape, dtype=object)
    for place in np.ndindex(value.shape):
        found[place] = make(value[place], titled(name, place))
    return found
