"""What tells the two sides of a kink apart, at points that need not be at the kink."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input, parsed
from backpropcli.graph.cells import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.graph.cells import Kink
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row


class Turn:
    """What tells the sides of one kink of a node apart.

    ``rules`` are differences whose signs count, or ``values`` that are others there; ``conditions``
    have to hold beside.
    """

    __slots__ = ("conditions", "kink", "node", "row", "rules", "values")

    def __init__(self, node: int, row: Row, kink: Kink) -> None:
        self.node = node
        self.row = row
        self.kink = kink
        self.rules: list[Rule] = []
        self.conditions: list[Rule] = []
        self.values = kink.turns is not None
        if kink.turns is not None:
            self.rules = [kink.turns]
            return
        graph, root = parsed(row, kink.when)
        stack = [root]
        while stack:
            part = stack.pop()
            if graph.operations[part] == "and":
                stack += graph.inputs[part]
            elif graph.operations[part] == "eq":
                self.rules.append(_part(kink.when, "sub", graph.inputs[part]))
            else:
                self.conditions.append(_part(kink.when, "name", (part,), "condition"))

    def sides(self, graph: Graph, values: Sequence[Any], arithmetic: Any) -> tuple[Any, ...]:  # noqa: ANN401
        """Return what is on which side, in numbers of an arithmetic."""
        return self._at(self.rules, graph, values, arithmetic)

    def names(self) -> list[set[str]]:
        """Return what each rule reads: the operation's parameters, and out."""
        return [variables_of(*parsed(self.row, rule)) for rule in self.rules]

    def holds(self, graph: Graph, values: Sequence[Any]) -> bool:
        """Say whether the kink's other conditions hold."""
        return all(self._at(self.conditions, graph, values, floats))

    def met(self, graph: Graph, values: Sequence[Any]) -> bool:
        """Say whether the kink is met."""
        return any(self._at([self.kink.when], graph, values, floats))

    def _at(
        self,
        rules: list[Rule],
        graph: Graph,
        values: Sequence[Any],
        arithmetic: Any,  # noqa: ANN401
    ) -> tuple[Any, ...]:
        if not rules:
            return ()
        given = [values[child] for child in graph.inputs[self.node]]
        return tuple(by_input(self.row, rules, arithmetic)(values[self.node], *given))


def variables_of(graph: Graph, root: int) -> set[str]:
    """Return the variables that a node rests on."""
    below = graph.ancestors([root])
    return {name for name, node in graph.variables().items() if below[node]}


def _part(when: Rule, operation: str, inputs: tuple[int, ...], arg: object = None) -> Rule:
    """Return a rule of nodes that a condition has."""
    rule = Rule(when.text)
    graph = when.parsed[0].copy()
    rule.parsed = graph, graph.node(operation, inputs, arg)
    return rule


def apart(turn: Turn, one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Say whether two points lie on two sides; at the first no difference that moves may be 0."""
    if turn.values:
        # Of several inputs none is the result where there is no value.
        return one != other and (not turn.row.variadic or (sum(one) == 1 and sum(other) > 0))
    pairs = [*zip(one, other, strict=True)]
    turning = [(first, second) for first, second in pairs if first or second]
    return bool(turning) and all(first and first != second for first, second in turning)
