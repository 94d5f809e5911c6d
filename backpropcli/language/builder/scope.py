"""What is being built: a graph, with names and places."""

from __future__ import annotations

from backpropcli.graph.graph import Graph, integers
from backpropcli.language.program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Scope:
    """What is being built, of a program or of a function's body: a graph, names and places.

    ``parameters`` are the only names that a body may use; a program has none. ``size`` is that of
    the text, in characters.
    """

    def __init__(
        self, parameters: Sequence[str] | None = None, name: str = "", size: int = 0
    ) -> None:
        self.parameters = parameters
        self.name = name
        self.graph = Graph()
        self.starts, self.ends = integers(size), integers(size)
        self.names: dict[str, int] = {}
        self.used: dict[str, int] = {}
        self.literals: dict[int, float] = {}
        self.none = False
        """Whether there is a None, which only an index or a setting may have."""

    def program(self, outputs: list[int], source: str, origin: str) -> Program:
        """Return the finished program: what its outputs depend on."""
        keep = self.graph.ancestors(outputs)
        unused = [name for name, number in self.names.items() if not keep[number]]
        program = Program(self.graph, outputs, source, origin, self.starts, self.ends, unused)
        if not all(keep):
            program = program.part(outputs)
            program.unused = unused
        program.graph.freeze()
        return program
