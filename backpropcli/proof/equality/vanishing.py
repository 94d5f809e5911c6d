"""Where factors are not 0 that are 0 in whole regions, as relu(x), x > 1 or floor(x) are.

What a product's other factor is makes no difference where one is 0. Scores are numbers that are
positive where a factor is not.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.graph.graph import Graph

COMPARISONS = {"lt", "le", "gt", "ge", "eq", "ne"}
LOGIC = {"and", "or", "not"}
THROUGH = {"name", "result", "sg", "quiet", "void"}
"""Operations that are what their input is."""
ODD = {"neg", "abs", "sign", "sqrt", "cbrt", "sin", "tan", "tanh", "asin", "atan", "atanh"}
ODD |= {"sinh", "asinh", "expm1", "log1p", "erf"}
"""Functions of one number that are 0 where it is, and not in regions else."""
STEPS = {"floor": (0.0, 1.0), "ceil": (-1.0, 0.0), "round": (-0.5, 0.5), "trunc": (-1.0, 1.0)}
"""How far from its value, a whole number, what takes steps is on that one."""


class Vanishing:
    """The scores of nodes of a ``graph``, where ``truth`` is that of a condition."""

    def __init__(self, graph: Graph, truth: Callable[[int], int]) -> None:
        self.graph = graph
        self.truth = truth
        self._known: dict[int, int | None] = {}

    def apart(self, root: int) -> int | None:
        """Return the score of a node; None for one that is 0 in no region that is known."""
        todo = [root]
        while todo:
            node = todo[-1]
            below = [one for one in self._factors(node) if one not in self._known]
            todo += below
            if not below:
                todo.pop()
                self._known[node] = self._apart(node)
        return self._known[root]

    def _factors(self, node: int) -> tuple[int, ...]:
        """Return the inputs of a node that make it 0."""
        operation, inputs = self.graph.operations[node], self.graph.inputs[node]
        if operation in THROUGH | ODD | {"mul"}:
            return inputs
        if operation == "where":
            return inputs[1:]
        positive = operation == "pow" and (self._number(inputs[1]) or 0) > 0
        return inputs[:1] if operation == "div" or positive else ()

    def _apart(self, node: int) -> int | None:
        graph, operation, inputs = (
            self.graph,
            self.graph.operations[node],
            self.graph.inputs[node],
        )
        if operation in COMPARISONS | LOGIC:
            return self.truth(node)
        if operation == "where":
            return self._branch(*inputs)
        if operation in STEPS:
            low, high = (self._literal(end) for end in STEPS[operation])
            ends = graph.node("sub", (low, inputs[0])), graph.node("sub", (inputs[0], high))
            return graph.node("max", ends)
        if operation in {"add", "sub", "max", "min"}:
            return self._with_sign(node) or self._from(node, 0.0)
        return self._all(*[self._known[one] for one in self._factors(node)])

    def _branch(self, condition: int, then: int, other: int) -> int | None:
        """Return the score of a choice between a number and 0."""
        taken = self.truth(condition)
        if self._number(other) == 0:
            return self._all(taken, self._known[then])
        if self._number(then) == 0:
            return self._all(self.graph.node("neg", (taken,)), self._known[other])
        return None

    def _all(self, *scores: int | None) -> int | None:
        """Return the score of what is all nonzero."""
        every = [*dict.fromkeys(one for one in scores if one is not None)]
        return self.graph.node("min", tuple(every)) if len(every) > 1 else next(iter(every), None)

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
            if operation in COMPARISONS | LOGIC:
                return graph.node("neg", (self.truth(node),)) if number == 1 else None
            if operation == "sign" and abs(number) == 1:
                return graph.node("neg", inputs) if number > 0 else inputs[0]
            if operation in THROUGH:
                [node] = inputs
                continue
            numbers = {at: found for at in inputs if (found := self._number(at)) is not None}
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

    def _number(self, node: int) -> float | None:
        """Return the number that a node is as it is written; None for others."""
        if not self.graph.literal(node):
            return None
        sign = 1
        if self.graph.operations[node] == "neg":
            sign, [node] = -1, self.graph.inputs[node]
        found = self.graph.args[node]
        return sign * float(found) if isinstance(found, float) else None

    def _literal(self, number: float) -> int:
        size = self.graph.node("number", (), abs(number))
        return self.graph.node("neg", (size,)) if number < 0 else size
