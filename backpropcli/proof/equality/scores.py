"""Scores: numbers that are positive where a condition is true, so that a search can climb them.

They also say where factors are not 0 that are 0 in whole regions, as relu(x), x > 1 or floor(x)
are: what a product's other factor is makes no difference where one is 0.
"""

from __future__ import annotations

from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.graph.operations import COMPARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from backpropcli.graph.graph import Graph

LOOSE = {"le", "ge"}
LOGIC = {"and", "or", "not"}
THROUGH = {"name", "result", "sg", "quiet", "void"}
"""Operations that are what their input is."""
ODD = {"neg", "abs", "sign", "sqrt", "cbrt", "sin", "tan", "tanh", "asin", "atan", "atanh"}
ODD |= {"sinh", "asinh", "expm1", "log1p", "erf"}
"""Functions of one number that are 0 where it is, and not in regions else."""
STEPS = {"floor": (0.0, 1.0), "ceil": (-1.0, 0.0), "round": (-0.5, 0.5), "trunc": (-1.0, 1.0)}
"""How far from its value, a whole number, what takes steps is on that one."""


class Scores:
    """The scores of nodes of a ``graph``, which takes them in."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._nodes = Nodes(graph)
        self._true: dict[int, int] = {}
        self._apart: dict[int, int | None] = {}

    def of(self, condition: int) -> int:
        """Return the node of a number that is positive where a condition is true.

        That of an equation is 0 there.
        """

        def below(node: int) -> Iterable[int]:
            through = self.graph.operations[node] in LOGIC | THROUGH
            return self.graph.inputs[node] if through else ()

        _walk(condition, self._true, below, self._scored)
        return self._true[condition]

    def apart(self, node: int) -> int | None:
        """Return the node of a number that is positive where a node is not 0.

        It is None for one that is 0 in no region that is known.
        """
        _walk(node, self._apart, self._factors, self._scored_apart)
        return self._apart[node]

    def _scored(self, node: int) -> int:
        graph, make = self.graph, self.graph.node
        operation, inputs = graph.operations[node], graph.inputs[node]
        if operation in THROUGH:
            return self._true[inputs[0]]
        if operation == "not":
            return make("neg", (self._true[inputs[0]],))
        if operation in LOGIC:
            word = "min" if operation == "and" else "max"
            return make(word, (self._true[inputs[0]], self._true[inputs[1]]))
        if operation in {"gt", "ge", "lt", "le"}:
            gap = self._gap(*(inputs if operation[0] == "g" else inputs[::-1]))
            return above(graph, gap) if operation in LOOSE else gap
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

    def _factors(self, node: int) -> tuple[int, ...]:
        """Return the inputs of a node that make it 0."""
        operation, inputs = self.graph.operations[node], self.graph.inputs[node]
        if operation in THROUGH | ODD | {"mul"}:
            return inputs
        if operation == "where":
            return inputs[1:]
        positive = operation == "pow" and (self._nodes.literal(inputs[1]) or 0) > 0
        return inputs[:1] if operation == "div" or positive else ()

    def _scored_apart(self, node: int) -> int | None:
        graph, operation, inputs = self.graph, self.graph.operations[node], self.graph.inputs[node]
        if operation in COMPARED.keys() | LOGIC:
            return self.of(node)
        if operation == "where":
            return self._branch(*inputs)
        if operation in STEPS:
            low, high = map(self._nodes.number, STEPS[operation])
            ends = graph.node("sub", (low, inputs[0])), graph.node("sub", (inputs[0], high))
            return graph.node("max", ends)
        if operation in {"add", "sub", "max", "min"}:
            return self._with_sign(node) or self._from(node, 0.0)
        return joined(graph, "min", *[self._apart[one] for one in self._factors(node)])

    def _branch(self, condition: int, then: int, other: int) -> int | None:
        """Return the score of a choice between a number and 0."""
        taken = self.of(condition)
        if self._nodes.literal(other) == 0:
            return joined(self.graph, "min", taken, self._apart[then])
        if self._nodes.literal(then) == 0:
            taken = self.graph.node("neg", (taken,))
            return joined(self.graph, "min", taken, self._apart[other])
        return None

    def _with_sign(self, node: int) -> int | None:
        """Return the score of x + abs(x), or abs(x) - x."""
        graph, (one, *rest) = self.graph, self.graph.inputs[node]
        if len(rest) != 1 or graph.operations[node] not in {"add", "sub"}:
            return None
        for size, other in ((one, rest[0]), (rest[0], one)):
            if graph.operations[size] == "abs" and graph.inputs[size] == (other,):
                return graph.node("neg", (other,)) if graph.operations[node] == "sub" else other
        return None

    def _from(self, node: int, number: float) -> int | None:  # noqa: C901 (one case each)
        """Return the score that a node is not a number, which it is where it is bounded."""
        graph = self.graph
        while True:
            operation, inputs = graph.operations[node], graph.inputs[node]
            if operation in COMPARED.keys() | LOGIC:
                return graph.node("neg", (self.of(node),)) if number == 1 else None
            if operation == "sign" and abs(number) == 1:
                return graph.node("neg", inputs) if number > 0 else inputs[0]
            if operation in THROUGH:
                [node] = inputs
                continue
            numbers = {at: one for at in inputs if (one := self._nodes.literal(at)) is not None}
            others = tuple(at for at in inputs if at not in numbers)
            if operation == "neg":
                [node], number = inputs, -number
            elif len(others) != 1 or len(numbers) != 1:
                return None
            elif operation == "add":
                [node], [shift] = others, numbers.values()
                number -= shift
            elif operation == "sub":
                [node], [shift] = others, numbers.values()
                number = shift - number if inputs[1] == node else number + shift
            elif operation in {"max", "min"}:
                [node], [(at, bound)] = others, numbers.items()
                if bound == number:
                    return graph.node("sub", (node, at) if operation == "max" else (at, node))
                if (bound > number) is (operation == "max"):
                    return None
            else:
                return None


def _walk(
    root: int,
    known: dict[int, Any],
    below: Callable[[int], Iterable[int]],
    scored: Callable[[int], int | None],
) -> None:
    """Let the score of a node be ``known``, once all ``below`` it have theirs."""
    todo = [root]
    while todo:
        more = [one for one in below(todo[-1]) if one not in known]
        if not more:
            node = todo.pop()
            known[node] = scored(node)
        todo += more


def above(graph: Graph, gap: int) -> int:
    """Return the score of a number that may be 0 too."""
    tiny = graph.node("number", (), 5e-324)
    return graph.node("add", (gap, tiny))


def joined(graph: Graph, operation: str, *nodes: int | None) -> int | None:
    """Return the node of an operation on what there is of some nodes; None for none of them."""
    every = tuple(dict.fromkeys(node for node in nodes if node is not None))
    return graph.node(operation, every) if len(every) > 1 else next(iter(every), None)


def parts(graph: Graph, operation: str, nodes: Iterable[int]) -> Iterator[int]:
    """Yield what an operation joins in some nodes, and in those that it joins."""
    todo, seen = [*nodes][::-1], set[int]()
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if graph.operations[node] == operation:
            todo += graph.inputs[node][::-1]
        else:
            yield node
