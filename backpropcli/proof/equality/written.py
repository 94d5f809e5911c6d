"""A program written out in numbers, so that the engine and the proof are those of numbers."""

from __future__ import annotations

from backpropcli.graph.graph import Graph
from backpropcli.proof.equality.choices import own_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lowered import Lowered

    Place = tuple[int, ...]


class Written:
    """A program in a ``graph`` of numbers; ``nodes`` has the elements of each flat node.

    ``shapes`` are theirs, and the ``own`` nodes are the program's, with what each is an element of.
    It is ``placed`` where elements are taken by computed places, which are those of the values it
    was written out for.
    """

    nodes: Sequence[list[int]]
    shapes: Sequence[Place]

    def __init__(self, lowered: Lowered, bindings: Mapping[str, Any]) -> None:
        if lowered.shapes is None:
            self.graph = lowered.graph.copy()
            self.nodes = [[node] for node in range(len(self.graph))]
            self.shapes = [()] * len(self.graph)
            self.own = own_nodes(lowered)
            self.placed = False
            return
        from backpropcli.calculus.elements import built

        self.graph = Graph()
        elements, self.nodes, values = built(lowered, bindings, self.graph, everywhere=True)
        self.shapes = [tuple(getattr(value, "shape", ())) for value in values]
        self.own = {node: at for at, each in enumerate(self.nodes) for node in each}
        self.placed = bool(elements.placed)
