"""Identities as patterns: the nodes of their left sides are found, those of the right built."""

from __future__ import annotations

from backpropcli.graph.graph import LEAVES
from backpropcli.language.parse import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.graph.graph import Graph

    Identities = tuple[tuple[str, str], ...]
    Build = Callable[[str, tuple[int, ...], object], int]

NUMBERS = {"m", "n"}
"""Names in identities that stand for literal numbers."""
LEAF = "l"
"""The name that stands for a variable, a number or a constant; all others stand for anything."""


class Pattern:
    """An identity as two graphs and their roots.

    ``heads`` are the operations of the left side's inputs, "" for names: a quick look at them
    rules most identities out.
    """

    __slots__ = ("heads", "left", "right", "root", "top")

    def __init__(self, one: str, other: str) -> None:
        left, right = parse(one), parse(other)
        self.left, self.top = left.graph, left.root
        self.right, self.root = right.graph, right.root
        operations = [self.left.operations[child] for child in self.left.inputs[self.top]]
        self.heads = ["" if one == "variable" else one for one in operations]

    def match(
        self, graph: Graph, inputs: tuple[int, ...], arg: object = None
    ) -> dict[str, int] | None:
        """Return the nodes that the names stand for; None if the left side does not fit.

        ``inputs`` and ``arg`` are those of a node of the left side's operation.
        """
        left, known = self.left, dict[str, int]()
        if left.args.get(self.top) != arg:
            return None
        todo = [(self.top, inputs)]
        while todo:
            at, nodes = todo.pop()
            if len(left.inputs[at]) != len(nodes):
                return None
            for child, node in zip(left.inputs[at], nodes, strict=True):
                operation, arg = left.operations[child], left.args.get(child)
                if operation == "variable":
                    if not _fits(graph, str(arg), node):
                        return None
                    if known.setdefault(str(arg), node) != node:
                        return None
                elif operation != graph.operations[node] or arg != graph.args.get(node):
                    return None
                else:
                    todo.append((child, graph.inputs[node]))
        return known

    def rewritten(  # noqa: PLR0913 (what fits, and what is made of it)
        self,
        graph: Graph,
        inputs: tuple[int, ...],
        build: Build,
        suits: Callable[[int], bool] | None = None,
        *,
        arg: object = None,
        stands: Callable[[str, int], bool] | None = None,
    ) -> int | None:
        """Return the node of the right side, made by ``build``; None if the left does not fit.

        ``suits`` says which nodes a name may stand for, where the right side is more than a name;
        ``stands`` says it by the name.
        """
        known = self.match(graph, inputs, arg)
        if known is None or not (
            stands is None or all(stands(name, node) for name, node in known.items())
        ):
            return None
        if (self.right, self.root) == (self.left, self.top):  # it ends the search
            return graph.node(self.left.operations[self.top], inputs)
        if self.right.operations[self.root] == "variable":
            return known[str(self.right.args[self.root])]
        if not (suits is None or all(map(suits, known.values()))):
            return None
        return graph.write(self.right, known, node=build)[self.root]


def _fits(graph: Graph, name: str, node: int) -> bool:
    operation = graph.operations[node]
    if name in NUMBERS:
        minus = operation == "neg" and graph.operations[graph.inputs[node][0]] == "number"
        return minus or operation == "number"
    return name != LEAF or operation in LEAVES


_found: dict[Identities, dict[str, list[Pattern]]] = {}


def patterns(identities: Identities) -> dict[str, list[Pattern]]:
    """Return identities as patterns, by the operation on their left sides."""
    if identities not in _found:
        table = _found[identities] = {}
        for one, other in identities:
            pattern = Pattern(one, other)
            table.setdefault(pattern.left.operations[pattern.top], []).append(pattern)
    return _found[identities]
