"""What is being built: a graph, with names and places."""

from __future__ import annotations

from backpropcli.graph.graph import Graph
from backpropcli.language.program import Call, Diff, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.calculus.derivative import Derivative


class Scope:
    """What is being built, of a program or of a function's body: a graph, names and places.

    ``parameters`` are the only names that a body may use; a program has none.
    """

    def __init__(self, parameters: Sequence[str] | None = None, name: str = "") -> None:
        self.parameters = parameters
        self.name = name
        self.graph = Graph()
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.made = bytearray()
        self.names: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.used: dict[str, int] = {}
        self.literals: dict[int, float] = {}
        self.calls: dict[int, Call] = {}
        self.derivatives: dict[int, Derivative] = {}
        self.diffs: list[Diff] = []

    def program(self, outputs: list[int], source: str, origin: str) -> Program:
        """Return the finished program: what its outputs depend on."""
        graph = self.graph
        keep = graph.ancestors(outputs)
        renamed = list(range(len(graph)))
        starts, ends, names, made = self.starts, self.ends, self.names, self.made
        unused = [name for name, number in names.items() if not keep[number]]
        if not all(keep):
            graph, renamed = graph.part(keep)
            outputs = [renamed[output] for output in outputs]
            starts = [start for start, kept in zip(starts, keep, strict=True) if kept]
            ends = [end for end, kept in zip(ends, keep, strict=True) if kept]
            names = {name: renamed[number] for name, number in names.items() if keep[number]}
            made = bytearray(
                [flag for flag, kept in zip(made, keep, strict=False) if kept]  # made is shorter
            )
        graph.freeze()
        program = Program(graph, outputs, source, origin, starts, ends, names, unused)
        program.made = made
        for node, call in self.calls.items():
            if keep[node]:
                inputs = tuple(renamed[child] for child in call.inputs if keep[child])
                program.calls[renamed[node]] = Call(call.name, inputs)
        for diff in self.diffs:
            given = {name: renamed[node] for name, node in diff.given.items() if keep[node]}
            place = renamed[diff.place] if diff.place >= 0 else -1
            program.diffs.append(diff.placed(given, place))
        return program
