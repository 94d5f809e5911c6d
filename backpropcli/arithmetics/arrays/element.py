"""An element of an array: a node of a graph of numbers, and its value at the point."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from backpropcli.graph.graph import LEAVES

if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph

NEAR = 1e-9
"""How close numbers are, for their size, that are told apart by comparing them in the program."""


class Program(Protocol):
    """What an element needs of the program that it belongs to."""

    graph: Graph
    placed: dict[int, int]

    def call(self, name: str, *parts: Any) -> Element:  # noqa: ANN401
        """Return what an operation of numbers gives."""

    def precedes(self, one: Any, other: Any) -> bool:  # noqa: ANN401
        """Say whether one is less than the other."""


class Element:
    """A node of a graph of numbers, and its value."""

    __slots__ = ("node", "of", "value")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, of: Program, node: int, value: float) -> None:
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
