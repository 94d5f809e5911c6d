"""The computation graph: nodes are numbers in topological order, and equal means identical.

Nodes carry no values and no gradients; a pass over the graph is a loop over its lists.
"""

from __future__ import annotations

from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.operations import Operation

LEAVES = ("number", "constant", "variable")
"""Operations without inputs: a literal (a float), a named constant, a variable (by name)."""


class Graph:
    """Interned nodes: node i is ``operations[i]`` on the nodes ``inputs[i]``, all below i.

    ``leaves`` holds, for the nodes without inputs, the literal's float or the name. ``table`` has
    the rows of all operations: those of the language, and functions of the user's with rules.
    """

    __slots__ = ("_interned", "inputs", "leaves", "operations", "table")

    def __init__(self) -> None:
        self.operations: list[str] = []
        self.inputs: list[tuple[int, ...]] = []
        self.leaves: dict[int, float | str] = {}
        self.table: dict[str, Operation] = TABLE
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

    def define(self, rows: dict[str, Operation]) -> None:
        """Take in rows that the language itself does not have."""
        if not rows.keys() <= self.table.keys():
            self.table = self.table | rows

    def copy(self) -> Graph:
        """Return a graph of the same nodes, to which others can be added."""
        graph = Graph()
        graph.table = self.table
        for number, (operation, inputs) in enumerate(
            zip(self.operations, self.inputs, strict=True)
        ):
            if inputs:
                graph.node(operation, inputs)
            else:
                graph.leaf(operation, self.leaves[number])
        return graph

    def take(self, other: Graph, root: int) -> int:
        """Return the node here that is the same as node ``root`` of another graph."""
        self.define(other.table)
        places: dict[int, int] = {}
        for number, reached in enumerate(other.ancestors([root])):
            if reached:
                operation, inputs = other.operations[number], other.inputs[number]
                places[number] = (
                    self.node(operation, tuple([places[child] for child in inputs]))
                    if inputs
                    else self.leaf(operation, other.leaves[number])
                )
        return places[root]

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
        graph.table = self.table
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
