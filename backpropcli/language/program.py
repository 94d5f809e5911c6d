"""A parsed program: its surface graph, its outputs, and what the user wrote where.

The surface graph is what the user wrote: calls of his own functions and ``diff`` are nodes of it.
``calculus.lower`` writes the flat graph, in which every node is an operation of the table.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.graph import Graph

NOWHERE = -1
"""In place of a span: no text stands for the node."""


class Program:
    """A parsed program.

    ``outputs`` are the nodes of its outputs and ``root`` is the last of them; ``starts`` and
    ``ends`` are the span of each node's first appearance in ``source``. ``written`` are the names
    by which the outputs are written, "" for those without; ``unused`` the names that no output
    rests on. Of a program of arrays in numbers, ``orders`` has the texts of what goes by the order
    of elements, by the nodes that compare these.
    """

    __slots__ = (
        "_names",
        "ends",
        "graph",
        "orders",
        "origin",
        "outputs",
        "source",
        "starts",
        "unused",
        "warnings",
        "written",
    )

    def __init__(  # noqa: PLR0913 (a record)
        self,
        graph: Graph,
        outputs: list[int],
        source: str,
        origin: str,
        starts: Sequence[int],
        ends: Sequence[int],
        unused: list[str],
    ) -> None:
        self.graph = graph
        self.outputs = outputs
        self.source = source
        self.origin = origin
        self.starts = starts
        self.ends = ends
        self.unused = unused
        self._names: dict[str, int] | None = None
        self.warnings: list[str] = []
        self.written: list[str] = []
        self.orders: dict[int, str] = {}

    def __repr__(self) -> str:
        from backpropcli.language.shortened import shortened  # noqa: PLC0415 (for people)

        return f"Program({shortened(self.source, 60)!r})"

    def part(self, outputs: Sequence[int]) -> Program:
        """Return the program of some nodes: what they rest on."""
        keep = self.graph.ancestors(outputs)
        graph, places = self.graph.part(outputs)
        graph.freeze()
        starts, ends = (
            [at for at, kept in zip(each, keep, strict=True) if kept]
            for each in (self.starts, self.ends)
        )
        roots = [places[output] for output in outputs]
        return Program(graph, roots, self.source, self.origin, starts, ends, [])

    @property
    def names(self) -> dict[str, int]:
        """The nodes of the user's names for intermediates."""
        if self._names is None:
            self._names = self.graph.named()
        return self._names

    @property
    def variables(self) -> dict[str, int]:
        """The variables' nodes by name, in order of first appearance."""
        return self.graph.variables()

    @property
    def root(self) -> int:
        """The last output, which is the only one of most programs."""
        return self.outputs[-1]

    def title(self, output: int, limit: int = 60) -> str:
        """Return an output's name, or the output as the user wrote it."""
        if self.written and output in self.outputs:
            return self.written[self.outputs.index(output)] or self.text(output, limit)
        return self.name(output) or self.text(output, limit)

    def titles(self) -> list[str]:
        """Return the names of the outputs; an output without one, as the user wrote it."""
        if not self.written:
            return [self.title(output) for output in self.outputs]
        pairs = zip(self.written, self.outputs, strict=True)
        return [name or self.text(output) for name, output in pairs]

    def name(self, number: int) -> str:
        """Return the user's name for a node, "" if it has none."""
        return str(self.graph.args[number]) if self.graph.operations[number] == "name" else ""

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node as the user wrote it, on one line, with "…" for what is over ``limit``."""
        from backpropcli.language.texts import text  # noqa: PLC0415 (not for numbers alone)

        return text(self, number, limit)

    def has_text(self, number: int) -> bool:
        """Say whether a node stands in the source."""
        return self.starts[number] != NOWHERE
