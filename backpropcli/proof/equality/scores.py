"""Scores: numbers that are positive where a condition is true, so that a search can climb them."""

from __future__ import annotations

from backpropcli.proof.equality.vanishing import LOGIC, THROUGH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph

LOOSE = {"le", "ge"}


class Scores:
    """The scores of conditions in a ``graph``, which takes them in."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._known: dict[int, int] = {}

    def of(self, condition: int) -> int:
        """Return the node of a number that is positive where a condition is true.

        That of an equation is 0 there.
        """
        todo = [condition]
        while todo:
            node = todo[-1]
            inputs = self.graph.inputs[node]
            through = self.graph.operations[node] in LOGIC | THROUGH
            below = [one for one in inputs if one not in self._known] if through else []
            todo += below
            if not below:
                todo.pop()
                self._known[node] = self._scored(node, self.graph.operations[node], inputs)
        return self._known[condition]

    def _scored(self, node: int, operation: str, inputs: tuple[int, ...]) -> int:
        graph, make = self.graph, self.graph.node
        if operation in THROUGH:
            return self._known[inputs[0]]
        if operation == "not":
            return make("neg", (self._known[inputs[0]],))
        if operation in LOGIC:
            word = "min" if operation == "and" else "max"
            return make(word, (self._known[inputs[0]], self._known[inputs[1]]))
        if operation in {"gt", "ge", "lt", "le"}:
            gap = self._gap(*(inputs if operation[0] == "g" else inputs[::-1]))
            return above(self.graph, gap) if operation in LOOSE else gap
        if operation in {"eq", "ne"}:
            size = make("abs", (make("sub", inputs),))
            return make("neg", (size,)) if operation == "eq" else size
        return node if graph.literal(node) else make("abs", (node,))

    def _gap(self, large: int, small: int) -> int:
        """Return the node of a difference; of one with an infinite literal, of its sign."""
        for node, sign in ((large, 1.0), (small, -1.0)):
            below = self.graph.inputs[node]
            literal = below[0] if self.graph.operations[node] == "neg" else node
            if self.graph.args.get(literal) == "inf":
                return self.graph.node("number", (), -sign if below else sign)
        return self.graph.node("sub", (large, small))


def above(graph: Graph, gap: int) -> int:
    """Return the score of a number that may be 0 too."""
    tiny = graph.node("number", (), 5e-324)
    return graph.node("add", (gap, tiny))
