"""What is being built: a graph, with names and places."""

from __future__ import annotations

from array import array
from itertools import compress

from backpropcli.graph.graph import Graph
from backpropcli.language.program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Scope:
    """What is being built, of a program or of a function's body: a graph, names and places.

    ``parameters`` are the only names that a body may use; a program has none.
    """

    def __init__(self, parameters: Sequence[str] | None = None, name: str = "") -> None:
        self.parameters = parameters
        self.name = name
        self.graph = Graph()
        self.starts = array("q")  # no objects: one of each a node
        self.ends = array("q")
        self.names: dict[str, int] = {}
        self.used: dict[str, int] = {}
        self.literals: dict[int, float] = {}

    def program(self, outputs: list[int], source: str, origin: str) -> Program:
        """Return the finished program: what its outputs depend on."""
        graph, starts, ends = self.graph, self.starts, self.ends
        keep = graph.ancestors(outputs)
        unused = [name for name, number in self.names.items() if not keep[number]]
        if not all(keep):
            graph, places = graph.part(outputs)
            outputs = [places[output] for output in outputs]
            starts = array("q", compress(starts, keep))
            ends = array("q", compress(ends, keep))
        graph.freeze()
        return Program(graph, outputs, source, origin, starts, ends, unused)
