"""A parsed program: its surface graph, its outputs, what the user wrote where, its functions.

The surface graph is what the user wrote: calls of his own functions and ``diff`` are nodes of it.
``calculus.lower`` writes the flat graph, in which every node is an operation of the table.
"""

from __future__ import annotations

from os.path import realpath

from backpropcli.language.surface import ADJOINT, LIBRARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.graph.graph import Graph

NOWHERE = -1
"""In place of a span: no text stands for the node."""


class Program:
    """A parsed program.

    ``outputs`` are the nodes of its outputs and ``root`` is the last of them; ``starts`` and
    ``ends`` are the span of each node's first appearance in ``source``. ``written`` are the names
    by which the outputs are written, "" for those without; ``unused`` the names that no output
    rests on. Of a program of arrays in numbers, ``orders`` has the texts of what goes by the order
    of elements, by the nodes that compare these, and ``spanned`` finds the span of what a node is
    a part of.
    """

    __slots__ = (
        "_names",
        "ends",
        "graph",
        "orders",
        "origin",
        "outputs",
        "source",
        "spanned",
        "starts",
        "unused",
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
        self.written: list[str] = []
        self.orders: dict[int, str] = {}
        self.spanned: Callable[[int], tuple[int, int]] | None = None

    def __repr__(self) -> str:
        from backpropcli.language.shortened import shortened

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
        from backpropcli.language.texts import text

        return text(self, number, limit)

    def has_text(self, number: int) -> bool:
        """Say whether a node stands in the source."""
        return self.starts[number] != NOWHERE

    def span(self, number: int) -> tuple[int, int]:
        """Return where a node stands in the source; or where that does which it is a part of."""
        if self.spanned is not None and not self.has_text(number):
            return self.spanned(number)
        return self.starts[number], self.ends[number]


class Function:
    """A function: its parameters' names, its body, and its rules if it has some of its own.

    ``rules`` has the derivative by each parameter, in the names ``rule_names``; or what goes to
    each parameter, where it is ``whole``.
    """

    __slots__ = ("body", "name", "parameters", "rule_names", "rules", "used")

    def __init__(self, name: str, parameters: list[str], body: Program) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.rules: list[Program] = []
        self.rule_names: list[str] = []
        self.used = False

    @property
    def whole(self) -> bool:
        """Whether its rules say where the adjoint of its value goes: they use it by name."""
        return any(ADJOINT in rule.graph.variables() for rule in self.rules)

    @property
    def shipped(self) -> bool:
        """Whether it ships with the language."""
        return self.body.origin.startswith(LIBRARY)

    def same(self, other: Function) -> bool:
        """Say whether two functions of one name are the same definition, met by two ways."""
        return _same_file(self.body, other.body)

    def same_rules(self, other: Function) -> bool:
        """Say whether the rules of the same function are the same too."""
        return len(self.rules) == len(other.rules) and all(map(_same_file, self.rules, other.rules))


def _same_file(one: Program, other: Program) -> bool:
    return one.source == other.source and realpath(one.origin) == realpath(other.origin)
