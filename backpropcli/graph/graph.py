"""The computation graph: nodes are numbers in topological order, and equal means identical.

A node is an operation, its inputs, and ``arg``, which holds what is static: a literal's number, a
name. Nodes carry no values and no gradients; a pass over the graph is a loop over its lists.
"""

from __future__ import annotations

from itertools import compress, count

from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, MutableSequence, Sequence

    from backpropcli.graph.row import Row

LEAVES = ("number", "constant", "variable")
"""Operations without inputs; ``arg`` is a literal's float, a constant's name, a variable's name."""

MOST_NODES = 3_000_000
"""The most nodes that calls and derivatives may make: about a GiB of memory."""

MANY = 500_000
"""So many integers in a list take memory that matters."""
PLAIN, TINY, FAR = 15, 1e-290, 1000
"""Characters of a decimal that a double keeps, from which number on; and its largest exponent."""
INF = float("inf")


class Decimal(float):
    """A literal's double that has lost digits of its ``text``: it is equal to no plain double."""

    __slots__ = ("text",)

    text: str

    @classmethod
    def of(cls, text: str) -> float:
        """Return the double nearest to a decimal, with its text where that is another number.

        One of 15 digits comes back from a double as it was, but for what is next to nothing.
        """
        value = float(text)
        if len(text) <= PLAIN and (value >= TINY or not text.strip("0.")):
            return value
        from fractions import Fraction

        text = text.replace("_", "")
        far = abs(int(text.lower().partition("e")[2] or 0)) > FAR
        if far or value == INF or Fraction(text) == Fraction(repr(value)):
            return value
        found = cls(value)
        found.text = text
        return found

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decimal) and self.text == other.text

    def __ne__(self, other: object) -> bool:  # a float's own compares the doubles
        return not self == other

    def __hash__(self) -> int:
        return hash(self.text)


def integers(size: int) -> MutableSequence[int]:
    """Return an empty list for about ``size`` numbers: one that is compact, if they are many."""
    if size < MANY:
        return []
    from array import array

    return array("q")


class Graph:
    """Interned nodes: node i is ``operations[i]`` on the nodes ``inputs[i]``, all below i.

    ``args`` holds what is static, of the nodes that have it. ``table`` has the rows of all
    operations: those of the language, and functions of the user's with rules.
    """

    __slots__ = ("_defined", "_interned", "args", "inputs", "operations", "table")

    def __init__(self, table: dict[str, Row] = TABLE) -> None:
        self.operations: list[str] = []
        self.inputs: list[tuple[int, ...]] = []
        self.args: dict[int, object] = {}
        self.table = table
        self._defined = (table, table)  # rows that are in the table
        self._interned: dict[str, dict[object, int]] = {}

    def __len__(self) -> int:
        return len(self.operations)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Graph)
            and self.operations == other.operations
            and self.inputs == other.inputs
            and self.args == other.args
        )

    __hash__ = None  # type: ignore[assignment]

    def node(self, operation: str, inputs: tuple[int, ...] = (), arg: object = None) -> int:
        """Return the node of ``operation`` on ``inputs``; the one there is, or a new one."""
        table = self._interned.get(operation)
        if table is None:
            if self.operations and not self._interned:
                self._remember()
            table = self._interned.setdefault(operation, {})
        key: object = inputs if arg is None else (inputs, arg) if inputs else arg
        if operation == "name" and self._own_name(table, inputs, arg):
            key = arg
        number = table.get(key)
        if number is None:
            number = table[key] = len(self.operations)
            self.operations.append(operation)
            self.inputs.append(inputs)
            if arg is not None:
                self.args[number] = arg
        return number

    def _own_name(self, table: dict[object, int], inputs: tuple[int, ...], arg: object) -> bool:
        """Say whether a name stands for one node only, as in most graphs: then it is the key."""
        known = table.get(arg)
        return known is None or self.inputs[known] == inputs

    @property
    def convention(self) -> str:
        """Which slopes the rows take at their kinks, "" for the table's own."""
        return self.table["relu"].convention

    def literal(self, number: int) -> bool:
        """Say whether a node is a number as it is written, such as 2 or -2."""
        if self.operations[number] == "neg":
            [number] = self.inputs[number]
        return self.operations[number] == "number"

    def row(self, number: int) -> Row:
        """Return the row of a node's operation. Raises KeyError for a leaf."""
        return self.table[self.operations[number]]

    def define(self, rows: dict[str, Row]) -> None:
        """Take in rows that the language itself does not have."""
        known, table = self._defined
        if rows is known and self.table is table:
            return
        if not rows.keys() <= self.table.keys():
            self.table = rows | self.table
        self._defined = (rows, self.table)

    def write(
        self,
        other: Graph,
        given: Mapping[str, int] | None = None,
        keep: Sequence[int] | None = None,
        node: Callable[[str, tuple[int, ...], object], int] | None = None,
    ) -> list[int]:
        """Write the nodes of another graph here; return the place of each (-1 if left out).

        ``given`` maps variables of the other graph to nodes here, ``keep`` has a flag a node, and
        ``node`` makes the nodes, if not this graph's own method.
        """
        make = node or self.node
        self.define(other.table)
        given = given or {}
        args, operations, inputs = other.args, other.operations, other.inputs
        places = [-1] * len(other)
        for number in range(len(other)) if keep is None else compress(count(), keep):
            operation, children = operations[number], inputs[number]
            if operation == "variable" and (place := given.get(str(args[number]))) is not None:
                places[number] = place
            else:
                parts = tuple([places[child] for child in children])
                places[number] = make(operation, parts, args.get(number))
        return places

    def copy(self) -> Graph:
        """Return a graph of the same nodes, to which others can be added."""
        graph = Graph(self.table)
        graph.write(self)
        return graph

    def part(self, roots: Iterable[int]) -> tuple[Graph, list[int]]:
        """Return the graph of what ``roots`` rest on, and each node's number there (or -1)."""
        graph = Graph(self.table)
        return graph, graph.write(self, keep=self.ancestors(roots))

    def variables(self) -> dict[str, int]:
        """Return the variables' nodes by name, in order of first appearance."""
        return self.named("variable")

    def named(self, operation: str = "name") -> dict[str, int]:
        """Return the nodes of named intermediates (or of variables) by name, in order."""
        operations = self.operations
        return {str(arg): at for at, arg in self.args.items() if operations[at] == operation}

    def ancestors(self, roots: Iterable[int], held: Container[int] = ()) -> bytearray:
        """Return one flag a node: 1 where a root depends on it, the roots included.

        What only nodes that are ``held`` rest on is none of it.
        """
        reached = bytearray(len(self))
        top = -1
        for root in roots:
            reached[root] = 1
            top = max(top, root)
        inputs = self.inputs
        for number in range(top, -1, -1):
            if reached[number] and number not in held:
                for child in inputs[number]:
                    reached[child] = 1
        return reached

    def freeze(self) -> None:
        """Free the table of equal nodes; it is made anew if a node is added after all."""
        self._interned = {}

    def _remember(self) -> None:
        for number, (operation, inputs) in enumerate(
            zip(self.operations, self.inputs, strict=True)
        ):
            arg = self.args.get(number)
            table = self._interned.setdefault(operation, {})
            key: object = inputs if arg is None else (inputs, arg) if inputs else arg
            if operation == "name" and self._own_name(table, inputs, arg):
                key = arg
            table[key] = number
