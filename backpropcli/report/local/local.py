"""The local derivative along an edge as a formula, and what is chosen of it at the point."""

from __future__ import annotations

from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import OPPOSITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.view import View

LOGIC = {*OPPOSITE, "and", "or", "not"}


class Local:
    """A local derivative: node ``root`` of ``graph``.

    The graph's variables stand for nodes of the view: ``leaves`` has these by name. ``conditions``
    are nodes of the graph that hold at the point, and for which the formula is what it is.
    ``ties`` says how many inputs of a maximum or minimum are the result; 0 for other operations.

    Of an operation on whole arrays it is a ``rule``: what goes to the input, of which the leaf "g"
    is the adjoint of the value; ``shapes`` are those of a product in it, and it ``spreads`` where
    each element of the input gets the same. What goes along an elementwise edge is summed ``over``
    axes along which the input was repeated, () for all of them, and ``keeps`` them with length 1.
    """

    __slots__ = (
        "conditions",
        "graph",
        "keeps",
        "leaves",
        "over",
        "root",
        "rule",
        "shapes",
        "spreads",
        "ties",
    )

    def __init__(self, leaves: dict[str, int], ties: int = 0) -> None:
        self.graph = Graph()
        self.root = 0
        self.leaves = leaves
        self.conditions: list[int] = []
        self.ties = ties
        self.rule = self.spreads = self.keeps = False
        self.shapes = ""
        self.over: tuple[int, ...] | None = None

    def take(self, view: View, graph: Graph, node: int, *, holds: bool) -> None:
        """Take in a condition that holds or does not: in parts that all hold, if it has some.

        A variable that stands for a comparison becomes what is compared.
        """
        places = self.graph.write(graph)
        stack = [(places[node], holds)]
        while stack:
            node, holds = stack.pop()
            operation, inputs = self.graph.operations[node], self.graph.inputs[node]
            if operation == "not":
                stack.append((inputs[0], not holds))
            elif operation == ("and" if holds else "or"):
                stack += [(child, holds) for child in reversed(inputs)]
            elif not inputs and self._compares(view, node):
                stack.append((self._written(view, node), holds))
            elif not inputs:
                zero = self.number(0.0)
                self.conditions.append(self.graph.node("ne" if holds else "eq", (node, zero)))
            elif not holds:
                opposite = OPPOSITE.get(operation)
                node = self.graph.node(opposite or "not", inputs if opposite else (node,))
                self.conditions.append(node)
            else:
                self.conditions.append(node)

    def _compares(self, view: View, leaf: int) -> bool:
        """Say whether a leaf stands for a comparison, or some in words, without a name."""
        node = self.leaves.get(str(self.graph.args.get(leaf)), -1)
        return node >= 0 and not view.names[node] and view.operations[node] in LOGIC

    def _written(self, view: View, leaf: int) -> int:
        """Return the comparisons that a leaf stands for, of leaves for what is compared."""
        node = self.leaves[str(self.graph.args[leaf])]
        inside, stack = {node}, [node]
        places: dict[int, int] = {}
        while stack:
            for child in view.inputs[stack.pop()]:
                if view.names[child] or view.operations[child] not in LOGIC:
                    self.leaves[f"#{child}"] = child
                    places[child] = self.graph.node("variable", (), f"#{child}")
                elif child not in inside:
                    inside.add(child)
                    stack.append(child)
        for at in sorted(inside):
            inputs = tuple([places[child] for child in view.inputs[at]])
            places[at] = self.graph.node(view.operations[at], inputs)
        return places[node]

    def number(self, value: float) -> int:
        """Return the node of a number."""
        return self.graph.node("number", (), value)


def power(found: Local, exponent: float) -> None:
    """Take the derivative of x^exponent: 1, 2*x, 3*x^2, ..."""
    graph = found.graph
    found.root = found.number(exponent)
    if exponent == 1:
        return
    power = graph.node("variable", (), "x")
    if exponent != 2:  # noqa: PLR2004
        power = graph.node("pow", (power, found.number(exponent - 1)))
    found.root = graph.node("mul", (found.root, power))
