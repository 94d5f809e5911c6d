"""The computation graph: nodes are numbers in topological order, and equal means identical.

Nodes carry no values and no gradients; a pass over the graph is a loop over its lists.
"""

from __future__ import annotations

from backpropcli.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.operations import Operation

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


BY_DIFF = 2
"""In ``Program.made``: the node is a part of a derivative."""


class Call:
    """A call of a function that the program defines, or of ``diff``: shown as one node.

    ``inputs`` are the nodes of its arguments; those of ``diff`` are the nodes that it is made of.
    """

    __slots__ = ("inputs", "name")

    def __init__(self, name: str, inputs: tuple[int, ...]) -> None:
        self.name = name
        self.inputs = inputs


class Diff:
    """A derivative that stands in a program: how it was made, so that it can be proved.

    In ``graph``, ``found`` maps nodes to their derivatives by the one direction that ``seeds``
    gives (None where nothing moves). ``given`` maps the graph's variables to nodes of the program:
    in a function's body they are its parameters. ``node`` is the derivative of ``of`` in ``graph``,
    and ``place`` that in the program (-1 where nothing depends on it).
    """

    __slots__ = ("found", "given", "graph", "node", "of", "place", "seeds")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        graph: Graph,
        seeds: dict[int, int],
        found: dict[int, int | None],
        given: dict[str, int],
        of: int,
        node: int,
    ) -> None:
        self.graph = graph
        self.seeds = seeds
        self.found = found
        self.given = given
        self.of = of
        self.node = node
        self.place = node

    def placed(self, given: dict[str, int], place: int) -> Diff:
        """Return the same derivative in another program, with its variables at ``given``."""
        diff = Diff(self.graph, self.seeds, self.found, given, self.of, self.node)
        diff.place = place
        return diff


class Program:
    """A parsed program: its graph, its outputs, names, and places in the source.

    ``outputs`` are the nodes of its outputs and ``root`` is the last of them; ``starts`` and
    ``ends`` are the span of each node's first appearance in ``source``; ``names`` are the user's
    names for intermediates, ``spelled`` the names of each such node. ``made`` flags the nodes that
    no text stands for, whose span is the call's: with 1 those in calls, with 2 those that a
    derivative is made of. ``calls`` are the calls by node. ``written`` are the names by which the
    outputs are written, "" for those without.
    """

    __slots__ = (
        "calls",
        "diffs",
        "ends",
        "graph",
        "made",
        "names",
        "origin",
        "outputs",
        "source",
        "spelled",
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
        starts: list[int],
        ends: list[int],
        names: dict[str, int],
        unused: list[str],
    ) -> None:
        self.graph = graph
        self.outputs = outputs
        self.source = source
        self.origin = origin
        self.starts = starts
        self.ends = ends
        self.names = names
        self.unused = unused
        self.warnings: list[str] = []
        self.made = bytearray()
        self.written: list[str] = []
        self.calls: dict[int, Call] = {}
        self.diffs: list[Diff] = []
        self.spelled: dict[int, list[str]] = {}
        for name, number in names.items():
            self.spelled.setdefault(number, []).append(name)

    @property
    def root(self) -> int:
        """The last output, which is the only one of most programs."""
        return self.outputs[-1]

    def variables(self) -> set[str]:
        """Return the names of all variables, those differentiated away included."""
        found = set(self.graph.variables())
        for diff in self.diffs:
            if not diff.given and diff.graph is not self.graph:
                needed = diff.graph.ancestors([diff.of])
                found |= {name for name, node in diff.graph.variables().items() if needed[node]}
        return found

    def derivatives(self, roots: list[int]) -> list[Diff]:
        """Return the derivatives that ``roots`` rest on, those that they are made of included."""
        if not self.diffs:
            return []
        below = self.graph.ancestors(roots)
        needed: dict[int, bytearray] = {}
        found = []
        for diff in reversed(self.diffs):  # what one is made of was made before
            flags = needed.setdefault(id(diff.graph), bytearray(len(diff.graph)))
            if (diff.place >= 0 and below[diff.place]) or flags[diff.node]:
                found.append(diff)
                for number, flag in enumerate(diff.graph.ancestors([diff.of])):
                    if flag:
                        flags[number] = 1
        return found[::-1]

    def title(self, output: int) -> str:
        """Return an output's name, or the output as the user wrote it."""
        if self.written and output in self.outputs:
            return self.titles()[self.outputs.index(output)]
        names = self.spelled.get(output)
        return names[-1] if names else self.text(output)

    def titles(self) -> list[str]:
        """Return the names of the outputs; an output without one, as the user wrote it."""
        if not self.written:
            return [self.title(output) for output in self.outputs]
        pairs = zip(self.written, self.outputs, strict=True)
        return [name or self.text(output) for name, output in pairs]

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node as the user wrote it, on one line, with "…" for what is over ``limit``."""
        if number < len(self.made) and self.made[number]:
            from backpropcli.unparse import excerpt  # noqa: PLC0415 (only with functions)

            return excerpt(self, number, limit)
        start, end = self.starts[number], self.ends[number]
        if self.graph.operations[number] == "number" and not self.source[start:end].isascii():
            return f"{self.graph.leaves[number]:.17g}"  # a raised digit, as in x²
        if end - start <= 4 * limit:
            text = " ".join(uncommented(self.source[start:end]).split())
            if len(text) <= limit:
                return text
        else:
            text = " ".join(
                self.source[start : start + limit].split() + self.source[end - limit : end].split()
            )
        head = limit * 2 // 3
        return f"{text[:head].rstrip()} … {text[-(limit - head - 3) :].lstrip()}"


def uncommented(text: str) -> str:
    """Return ``text`` without the comments in its lines."""
    if "#" not in text:
        return text
    return "\n".join(line.partition("#")[0] for line in text.split("\n"))
