"""Which nodes of a program have names, and in which order their statements stand."""

from __future__ import annotations

from backpropcli.language.names import Names
from backpropcli.language.unparse.levels import binds, inputs_bind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropcli.graph.graph import Graph

DEEPEST = 50
PLAIN = {"name", "result", "quiet", "void"}
"""Operations that change nothing, and are not written."""
NAME, STATEMENT, AROUND = 2, 7, 2
"""Characters of a name such as z1, of "z1 = " with the blank and the semicolon around, and of what
stands around an input."""


class Naming:
    """The nodes that the texts of ``roots`` need, and how those are ``spelled`` that have names.

    ``short`` has the texts of nodes that are not written as operations of their inputs.
    """

    def __init__(
        self, graph: Graph, roots: list[int], names: Mapping[str, int], taken: Iterable[str]
    ) -> None:
        self.graph = graph
        self.roots = roots
        self.inputs = _named_inputs(graph)
        self.keep = _reached(self.inputs, roots)
        self.names, self._others, self._taken = names, taken, frozenset[str]()
        self.spelled: dict[int, list[str]] = {}
        for name, number in names.items():
            if self.keep[number]:
                self.spelled.setdefault(number, []).append(name)
        self.short: dict[int, str] = {}

    @property
    def taken(self) -> frozenset[str]:
        """The names that stand for no constant, and that no statement may have."""
        if not self._taken:
            self._taken = frozenset([*self.graph.variables(), *self.names, *self._others])
        return self._taken

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
            levels = inputs_bind(graph.operations[number], len(inputs), graph.args.get(number))
            parts = [NAME if child in self.spelled else lengths[child] for child in inputs]
            lengths[number] = sum(parts, AROUND * len(inputs))
            for index, child in enumerate(inputs):
                if child in self.spelled or not graph.inputs[child]:
                    continue
                # What stands first, without parentheses, nests no deeper than its operation.
                inner = index > 0 or len(inputs) == 1 or self._level(child) < levels[index]
                depths[number] = max(depths[number], depths[child] + inner)
            deep = depths[number] >= DEEPEST
            named = lengths[number] + STATEMENT + NAME * uses[number]
            shorter = uses[number] > 1 and named < uses[number] * lengths[number]
            if number in roots or number in self.spelled:
                continue
            if shorter or deep:
                self.spelled[number] = [fresh.intermediate()]

    def _level(self, number: int) -> int:
        """Return how tightly node ``number`` binds where it is written out."""
        while self.graph.operations[number] in PLAIN:
            number = self.inputs[number][0]
        return binds(self.graph.operations[number])

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
