"""The computation graph: nodes are numbers in topological order, and equal means identical.

Nodes carry no values and no gradients; a pass over the graph is a loop over its lists.
"""

from __future__ import annotations

LEAVES = ("number", "constant", "variable")
"""Operations without inputs: a literal (a float), a named constant, a variable (by name)."""


class Graph:
    """Interned nodes: node i is ``operations[i]`` on the nodes ``inputs[i]``, all below i.

    ``leaves`` holds, for the nodes without inputs, the literal's float or the name.
    """

    __slots__ = ("_interned", "inputs", "leaves", "operations")

    def __init__(self) -> None:
        self.operations: list[str] = []
        self.inputs: list[tuple[int, ...]] = []
        self.leaves: dict[int, float | str] = {}
        self._interned: dict[str, dict[object, int]] = {}

    def __len__(self) -> int:
        return len(self.operations)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Graph)
            and self.operations == other.operations
            and self.inputs == other.inputs
            and self.leaves == other.leaves
        )

    __hash__ = None  # type: ignore[assignment]

    def node(self, operation: str, inputs: tuple[int, ...]) -> int:
        """Return the node of ``operation`` on ``inputs``; the one there is, or a new one."""
        table = self._interned.get(operation)
        if table is None:
            table = self._interned[operation] = {}
        number = table.get(inputs)
        if number is None:
            number = table[inputs] = len(self.operations)
            self.operations.append(operation)
            self.inputs.append(inputs)
        return number

    def leaf(self, operation: str, payload: float | str) -> int:
        """Return the node of a literal, a constant or a variable."""
        table = self._interned.setdefault(operation, {})
        number = table.get(payload)
        if number is None:
            number = table[payload] = len(self.operations)
            self.operations.append(operation)
            self.inputs.append(())
            self.leaves[number] = payload
        return number

    def variables(self) -> dict[str, int]:
        """Return the variables' nodes by name, in order of first appearance."""
        return {
            str(payload): number
            for number, payload in self.leaves.items()
            if self.operations[number] == "variable"
        }

    def ancestors(self, roots: list[int]) -> bytearray:
        """Return one flag a node: 1 where a root depends on it, the roots included."""
        reached = bytearray(len(self))
        for root in roots:
            reached[root] = 1
        inputs = self.inputs
        for number in range(max(roots, default=-1), -1, -1):
            if reached[number]:
                for child in inputs[number]:
                    reached[child] = 1
        return reached

    def users(self) -> list[list[int]]:
        """Return, for every node, the nodes that use it, in order, without repeats."""
        found: list[list[int]] = [[] for _ in self.operations]
        for number, inputs in enumerate(self.inputs):
            for child in dict.fromkeys(inputs):
                found[child].append(number)
        return found

    def part(self, keep: bytearray) -> tuple[Graph, list[int]]:
        """Return the graph of the nodes flagged in ``keep``, and each node's new number (or -1)."""
        graph = Graph()
        renamed = [-1] * len(self)
        for number, kept in enumerate(keep):
            if kept:
                renamed[number] = len(graph.operations)
                if number in self.leaves:
                    graph.leaves[renamed[number]] = self.leaves[number]
                graph.operations.append(self.operations[number])
                graph.inputs.append(tuple([renamed[child] for child in self.inputs[number]]))
        return graph, renamed

    def freeze(self) -> None:
        """Forget the table of equal nodes, once nothing more is built."""
        self._interned = {}


class Program:
    """A parsed program: its graph, the node that is the output, names, and places in the source.

    ``starts`` and ``ends`` are the span of each node's first appearance in ``source``;
    ``names`` are the user's names for intermediates, ``spelled`` the names of each such node.
    """

    __slots__ = (
        "ends",
        "graph",
        "names",
        "origin",
        "root",
        "source",
        "spelled",
        "starts",
        "unused",
    )

    def __init__(  # noqa: PLR0913 (a record)
        self,
        graph: Graph,
        root: int,
        source: str,
        origin: str,
        starts: list[int],
        ends: list[int],
        names: dict[str, int],
        unused: list[str],
    ) -> None:
        self.graph = graph
        self.root = root
        self.source = source
        self.origin = origin
        self.starts = starts
        self.ends = ends
        self.names = names
        self.unused = unused
        self.spelled: dict[int, list[str]] = {}
        for name, number in names.items():
            self.spelled.setdefault(number, []).append(name)

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node as the user wrote it, on one line, with "…" for what is over ``limit``."""
        start, end = self.starts[number], self.ends[number]
        if self.graph.operations[number] == "number" and not self.source[start:end].isascii():
            return f"{self.graph.leaves[number]:.17g}"  # a raised digit, as in x²
        if end - start <= 4 * limit:
            text = " ".join(_uncommented(self.source[start:end]).split())
            if len(text) <= limit:
                return text
        else:
            text = " ".join(
                self.source[start : start + limit].split() + self.source[end - limit : end].split()
            )
        head = limit * 2 // 3
        return f"{text[:head].rstrip()} … {text[-(limit - head - 3) :].lstrip()}"


def _uncommented(text: str) -> str:
    """Return ``text`` without the comments in its lines."""
    if "#" not in text:
        return text
    return "\n".join(line.partition("#")[0] for line in text.split("\n"))
