"""A parsed program: its graph, its outputs, and what the user wrote where."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph

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
            from backpropcli.language.unparse import excerpt  # noqa: PLC0415 (only with functions)

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
