"""Writes expressions and statements: what binds how tightly, and what gets a name."""

from __future__ import annotations

from backpropcli.graph.operations import CONSTANTS
from backpropcli.language.names import Names
from backpropcli.language.surface import CALL, DIFF
from backpropcli.language.unparse.levels import ANY, ATOM, LEVELS, PART, TIGHT, TRANSPOSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row
    from backpropcli.language.unparse.levels import Part
    from backpropcli.language.unparse.library import Library

DEEPEST = 50
PLAIN = {"name", "result", "quiet", "void"}
"""Operations that change nothing, and are not written."""
NAME, STATEMENT, AROUND = 2, 7, 2
"""Characters of a name such as z1, of "z1 = " with the blank and the semicolon around, and of what
stands around an input."""


class Writer:
    """Writes programs."""

    def __init__(
        self,
        graph: Graph,
        roots: list[int],
        names: Mapping[str, int],
        *,
        taken: Iterable[str] = (),
        library: Library | None = None,
    ) -> None:
        self.graph = graph
        self.roots = roots
        self.library = library
        self.inputs = _named_inputs(graph)
        self.keep = _reached(self.inputs, roots)
        self.names, self._others, self._taken = names, taken, frozenset[str]()
        self.spelled: dict[int, list[str]] = {}
        for name, number in names.items():
            if self.keep[number]:
                self.spelled.setdefault(number, []).append(name)
        self.short: dict[int, str] = {}
        self.results: Mapping[str, int] = {}
        if roots:
            leaves = [at for at, inputs in enumerate(graph.inputs) if self.keep[at] and not inputs]
            self.short = {number: self.leaf(number) for number in leaves}
            self._name_the_rest()

    @property
    def taken(self) -> frozenset[str]:
        """The names that stand for no constant, and that no statement may have."""
        if not self._taken:
            self._taken = frozenset([*self.graph.variables(), *self.names, *self._others])
        return self._taken

    def leaf(self, number: int) -> str:
        """Return the text of a node without inputs."""
        if self.graph.operations[number] in self.graph.table:  # zeros((2, 3))
            return "".join(map(str, self._spread(number)))
        leaf = self.graph.args[number]
        if not isinstance(leaf, str):
            return repr(leaf).removesuffix(".0").replace("e-0", "e-").replace("e+", "e")
        if self.graph.operations[number] == "variable":
            return leaf
        for name, constant in CONSTANTS.items():
            if constant == leaf and name not in self.taken:
                return name
        return self.library.constant(leaf) if self.library else leaf

    def _uses(self) -> list[int]:
        """Return how often the text needs each node."""
        uses = [0] * len(self.graph)
        operations = self.graph.operations
        for number in range(len(self.graph) - 1, -1, -1):
            if self.keep[number]:
                once = operations[number] not in PLAIN or number in self.spelled
                for child in self.inputs[number]:  # what is not written passes its uses on
                    uses[child] += 1 if once else max(uses[number], 1)
        return uses

    def _name_the_rest(self) -> None:
        """Give a name to each node where that is shorter, or the text would nest too deeply."""
        graph, uses = self.graph, self._uses()
        depths = [0] * len(graph)
        roots = set(self.roots)
        lengths = [len(self.short.get(number, "")) for number in range(len(graph))]
        fresh = Names(self.taken)
        for number, inputs in enumerate(self.inputs):
            if not inputs or not self.keep[number]:
                continue
            if graph.operations[number] in PLAIN:  # written as what it is one with
                [child] = inputs
                if child in self.spelled:
                    lengths[number] = NAME
                else:
                    depths[number], lengths[number] = depths[child], lengths[child]
                continue
            wanted = self._wanted(number)
            parts = [NAME if child in self.spelled else lengths[child] for child in inputs]
            lengths[number] = sum(parts, AROUND * len(inputs))
            for index, child in enumerate(inputs):
                if child in self.spelled or not graph.inputs[child]:
                    continue
                # What stands first, without parentheses, nests no deeper than its operation.
                inner = index > 0 or len(inputs) == 1 or self._level(child) < wanted[index]
                depths[number] = max(depths[number], depths[child] + inner)
            deep = depths[number] >= DEEPEST
            named = lengths[number] + STATEMENT + NAME * uses[number]
            shorter = uses[number] > 1 and named < uses[number] * lengths[number]
            if number in roots or number in self.spelled:
                continue
            if shorter or deep:
                self.spelled[number] = [fresh.intermediate()]

    def _wanted(self, number: int) -> tuple[int, ...]:
        """Return how tightly each input has to bind to stand without parentheses."""
        operation, count = self.graph.operations[number], len(self.inputs[number])
        if levels := LEVELS.get(operation):
            return levels[1:]
        first = _bases(operation, self.graph.args.get(number))
        return (*[PART] * first, *[ANY] * (count - first))

    def _level(self, number: int) -> int:
        """Return how tightly node ``number`` binds where it is written out."""
        while self.graph.operations[number] in PLAIN and number not in self.short:
            number = self.inputs[number][0]
        return LEVELS.get(self.graph.operations[number], (ATOM,))[0]

    def order(self) -> list[int]:
        """Return the nodes that have statements: each output after what it needs alone."""
        leaves = [at for at in sorted(self.spelled) if not self.inputs[at] and at not in self.roots]
        found = dict.fromkeys(leaves)
        seen = bytearray(len(self.graph))
        for root in self.roots:
            todo, own = [root], [root]
            while todo:
                node = todo.pop()
                if not seen[node]:
                    seen[node] = 1
                    todo += self.inputs[node]
                    own += [node] * (node in self.spelled and bool(self.inputs[node]))
            found |= dict.fromkeys(sorted(own))
        return [*found]

    def statements(self) -> Iterator[str]:
        """Yield the statements; the output is the last."""
        for number in self.order():
            text = "".join(self.pieces(number))
            given = self.spelled.get(number, [])
            if not given:
                yield text
            for name in given:
                yield f"{name} = {text}"
                variable = self.graph.operations[number] == "variable"
                if not variable and (self.inputs[number] or given[0] not in self.results):
                    text = self.short[number] = given[0]

    def spaced(self, top: int) -> str:
        """Return a node's text with blanks around the products of matrices."""
        return "".join([" @ " if piece == "@" else piece for piece in self.pieces(top)])

    def pieces(self, top: int) -> Iterator[str]:
        """Yield the text of node ``top`` in pieces, from left to right."""
        operations, inputs_of = self.graph.operations, self.inputs
        todo: list[Part] = [(top, ANY)]
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                yield part
                continue
            number, wanted = part
            short = self.short.get(number)
            if short is not None:
                bare = wanted < PART or operations[number] != "number"
                yield short if bare or short.isidentifier() else f"({short})"
                continue
            if operations[number] in PLAIN:
                todo.append((inputs_of[number][0], wanted))
                continue
            parts = self._spread(number)
            if self._level(number) < min(wanted, ATOM):
                parts = ["(", *parts, ")"]
            todo += reversed(parts)

    def _spread(self, number: int) -> list[Part]:
        """Return an operation's text: pieces, and (input, how tightly it has to bind)."""
        operation, inputs = self.graph.operations[number], self.inputs[number]
        arg: Any = self.graph.args.get(number)
        if operation == CALL:
            return _call(arg.name, inputs)
        if operation == DIFF:
            return [*_call(DIFF, inputs)[:-1], *[f", {arg}"] * (arg > 1), ")"]
        row = self.graph.table[operation]
        wanted = self._wanted(number)
        if operation == "given":
            return [*_call("where", inputs)[:-1], ", 0)"]
        if operation not in LEVELS:
            return self._call(row, inputs, arg)
        sign = row.infix or ""
        if len(inputs) == 1:
            return [sign if operation in TIGHT else f"{sign} ", (inputs[0], wanted[0])]
        blank = "" if operation in TIGHT else " "
        return [(inputs[0], wanted[0]), f"{blank}{sign}{blank}", (inputs[1], wanted[1])]

    def _call(self, row: Row, inputs: tuple[int, ...], arg: object) -> list[Part]:
        """Return the text of an operation without a sign of its own."""
        if row.adjoints or row.static:
            from backpropcli.language.unparse.arrays import written  # noqa: PLC0415 (not for scalars)

            if text := written(row, inputs, arg):
                return text
        name = self.library.shown.get(row.name) if self.library else None
        return _call(name or row.shown, inputs)


def _bases(operation: str, arg: object) -> int:
    """Return how many inputs, the first of them, stand before an index or a point."""
    return int(operation in {"index", "mT"} or (operation == "transpose" and arg == TRANSPOSED))


def _named_inputs(graph: Graph) -> list[tuple[int, ...]]:
    """Return each node's inputs, without the bodies of functions that have rules."""
    own = {name for name, row in graph.table.items() if row.own}
    if not own:
        return graph.inputs
    pairs = zip(graph.operations, graph.inputs, strict=True)
    return [inputs[:-1] if operation in own else inputs for operation, inputs in pairs]


def _reached(inputs: list[tuple[int, ...]], roots: list[int]) -> bytearray:
    """Return one flag a node: 1 where the text of a root needs it."""
    reached = bytearray(len(inputs))
    for root in roots:
        reached[root] = 1
    for number in range(max(roots, default=-1), -1, -1):
        if reached[number]:
            for child in inputs[number]:
                reached[child] = 1
    return reached


def _call(name: str, inputs: tuple[int, ...]) -> list[Part]:
    """Return the text of a call: pieces, and (input, how tightly it has to bind)."""
    parts: list[Part] = [f"{name}("]
    for index, child in enumerate(inputs):
        parts += [", "] * (index > 0) + [(child, ANY)]
    return [*parts, ")"]
