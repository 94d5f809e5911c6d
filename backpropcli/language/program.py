"""A parsed program: its surface graph, its outputs, and what the user wrote where.

The surface graph is what the user wrote: calls of his own functions and ``diff`` are nodes of it.
``calculus.lower`` writes the flat graph, in which every node is an operation of the table.
"""

from __future__ import annotations

from backpropcli.language.shortened import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.graph import Graph

LONG = 4
"""A text so many times as long as there is room for is told by its operation alone."""
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
        start, end = self.starts[number], self.ends[number]
        if start == NOWHERE:
            return self._written_out(number, limit)
        if self.graph.operations[number] == "number" and not self.source[start:end].isascii():
            return f"{self.graph.args[number]:.17g}"  # a raised digit, as in x²
        if end - start > LONG * limit:
            return self._outline(number, limit)
        return shortened(" ".join(uncommented(self.source[start:end]).split()), limit)

    def _written_out(self, number: int, limit: int) -> str:
        """Return a node's text in the words that stand in the source."""
        from backpropcli.language.unparse import brief  # noqa: PLC0415 (only where calls are opened)

        text = brief(self.graph, number, LONG * limit, self.called, self.names)
        return self._outline(number, limit) if text.endswith("…") else shortened(text, limit)

    def _outline(self, number: int, limit: int) -> str:
        """Return the operation of a node with a long text, and what of its inputs is short."""
        graph = self.graph
        while graph.operations[number] == "name":
            [number] = graph.inputs[number]
        operation, inputs = graph.operations[number], graph.inputs[number]
        row = graph.table.get(operation)
        sign = row.infix if row is not None and row.infix else ""
        shown = [self._short(child, limit // 2, bare=not sign) for child in inputs[:3]]
        shown += ["…"] * (len(inputs) > len(shown))
        if sign and len(inputs) > 1:
            return (sign if sign in "*/^" else f" {sign} ").join(shown)
        if sign:
            return f"{sign} {shown[0]}" if sign.isalpha() else sign + shown[0]
        function = graph.args.get(number)
        name = row.shown if row is not None else getattr(function, "name", operation)
        return shortened(f"{name}({', '.join(shown)})", limit)

    def _short(self, number: int, limit: int, *, bare: bool) -> str:
        """Return a node's text if it is short, else an ellipsis; in parentheses if not ``bare``."""
        if self.name(number):
            return self.name(number)
        start, end = self.starts[number], self.ends[number]
        if start == NOWHERE or end - start > limit:
            row = self.graph.table.get(self.graph.operations[number])
            return "…" if row is None or row.infix else f"{row.shown}(…)"
        text = self.text(number, limit)
        leaf = bare or not self.graph.inputs[number] or _is_call(text)
        return text if leaf else f"({text})"

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


def uncommented(text: str) -> str:
    """Return ``text`` without the comments in its lines."""
    if "#" not in text:
        return text
    return "\n".join(line.partition("#")[0] for line in text.split("\n"))
