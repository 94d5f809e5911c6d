"""A program at a point: the value of each node."""

from __future__ import annotations

from backpropcli.calculus.choice import given_to, numbers_of
from backpropcli.calculus.forward import forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.arithmetics.rounded import Format
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph

    Start = tuple[
        Lowered, Mapping[str, float], dict[str, int], list[float] | None, dict[int, float]
    ]
    """What a run starts from: the arguments of ``Evaluated``."""


class Evaluated:
    """The forward pass at a point.

    ``wrt`` are the nodes to differentiate by, by name, and ``seeds`` the cotangents of the outputs:
    1 for the one output of most programs. ``graph`` is the flat graph, and ``values`` hold a float
    for each of its nodes: with ``arrays`` a number or an array. ``format`` is the one that all is
    rounded to, if there is one; ``point`` are the bindings that were given. ``as_typed`` says that
    it is told at the numbers as they were typed, not at their doubles. ``flags`` say which elements
    are felt, where that had to be asked.

    Without ``values`` they are worked out when asked for: the gradient of a program with arrays is
    found without keeping them.
    """

    as_typed = False

    def __init__(
        self,
        lowered: Lowered,
        bindings: Mapping[str, float],
        wrt: dict[str, int],
        values: list[float] | None,
        seeds: dict[int, float],
    ) -> None:
        self.lowered = lowered
        self.program = lowered.program
        self.graph = lowered.graph
        self.wrt = wrt
        self._values = values
        self.seeds = seeds
        names = [*self.program.variables, *lowered.given]
        self.bindings = {name: bindings[name] for name in names if name in bindings}
        self.arithmetic = numbers_of(self.graph, bindings)
        self.point = bindings
        self.format: Format | None = getattr(self.arithmetic, "format", None)
        self.arrays = hasattr(self.arithmetic, "in_shape")
        self.flags: list[Any] | None = None

    @property
    def dtype(self) -> str:
        """The name of the format of all numbers."""
        return self.format.name if self.format else "float64"

    @property
    def values(self) -> list[float]:
        """The values of all nodes."""
        if self._values is None:
            given = given_to(self.arithmetic, self.point)
            self._values = forward(self.graph, self.arithmetic, given)
        return self._values

    def at_point(self, graph: Graph, given: Mapping[str, float]) -> list[Any]:
        """Return the values of another graph's nodes as they are told here: see ``as_typed``.

        Each node then has the double nearest to what it is; where that is not known, its own.
        """
        found = forward(graph, self.arithmetic, given)
        if not self.as_typed:
            return found
        from backpropcli.report.digits.exact import values_at

        there = values_at(graph, given, range(len(graph)), as_typed=True)
        return [
            here if true is None or float(true) == here else float(true)
            for here, true in zip(found, there, strict=True)
        ]

    @property
    def known(self) -> bool:
        """Whether the values have been worked out."""
        return self._values is not None

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node of the flat graph as the user wrote it, or written out."""
        return self.lowered.text(number, limit)
