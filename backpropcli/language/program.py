"""A parsed program: its surface graph, its outputs, and what the user wrote where.

The surface graph is what the user wrote: calls of his own functions and ``diff`` are nodes of it.
``calculus.lower`` writes the flat graph, in which every node is an operation of the table.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.graph import Graph

CALL, DIFF = "call", "diff"
"""Operations of a surface graph only: ``arg`` is the Function, and the order of the derivative."""
NOWHERE = -1
"""In place of a span: no text stands for the node."""


class Program:
    """A parsed program.

    ``outputs`` are the nodes of its outputs and ``root`` is the last of them; ``starts`` and
    ``ends`` are the span of each node's first appearance in ``source``. ``written`` are the names
    by which the outputs are written, "" for those without; ``unused`` the names that no output
    rests on.
    """

    __slots__ = (
        "_names",
        "ends",
        "graph",
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

    def __repr__(self) -> str:
        return f"Program({shortened(self.source, 60)!r})"

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

    def title(self, output: int) -> str:
        """Return an output's name, or the output as the user wrote it."""
        if self.written and output in self.outputs:
            return self.titles()[self.outputs.index(output)]
        return self.name(output) or self.text(output)

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
        start, end = self.starts[number], self.ends[number]
        if start == NOWHERE:
            return self._written_out(number, limit)
        if self.graph.operations[number] == "number" and not self.source[start:end].isascii():
            return f"{self.graph.args[number]:.17g}"  # a raised digit, as in x²
        if end - start <= 4 * limit:
            text = " ".join(uncommented(self.source[start:end]).split())
            if len(text) <= limit:
                return text
        else:
            text = " ".join(
                self.source[start : start + limit].split() + self.source[end - limit : end].split()
            )
        return shortened(text, limit)

    def _written_out(self, number: int, limit: int) -> str:
        """Return the beginning of a node's text, in the words that stand in the source."""
        from backpropcli.language.unparse import brief  # noqa: PLC0415 (only where calls are opened)

        return brief(self.graph, number, limit, self.called, self.names)

    def called(self, number: int) -> str:
        """Return what a node is called in a longer text: its name, or a call as the user wrote it.

        "" if neither stands in the source, so that the node has to be written out.
        """
        if self.starts[number] == NOWHERE or self.graph.operations[number] == "number":
            return self.name(number)
        text = self.name(number) or self.text(number)
        return text if text.isidentifier() or _is_call(text) else ""


def _is_call(text: str) -> bool:
    """Say whether ``text`` is one call: a name, and parentheses up to its end."""
    name, _, inside = text.partition("(")
    depth = 1
    for place, char in enumerate(inside, 1):
        depth += (char == "(") - (char == ")")
        if not depth:
            return name.isidentifier() and place == len(inside)
    return False


def shortened(text: str, limit: int) -> str:
    """Return ``text`` with "…" in place of its middle, where it is longer than ``limit``."""
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    return f"{text[:head].rstrip()} … {text[-(limit - head - 3) :].lstrip()}"


def uncommented(text: str) -> str:
    """Return ``text`` without the comments in its lines."""
    if "#" not in text:
        return text
    return "\n".join(line.partition("#")[0] for line in text.split("\n"))
