"""Builds calls: of operations, of the program's own functions, and of diff."""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.operations import NAMES
from backpropcli.language.builder.expressions import Expressions
from backpropcli.language.functions import MOST_NODES, written_into
from backpropcli.language.program import BY_DIFF, Call, Diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.language.functions import Function

DIFF = "diff"
ORDERS = range(1, 21)
"""How often diff differentiates."""


class Calls(Expressions):
    """Builds expressions with calls in them: one method for each alias in the grammar."""

    def call(self, values: list[Any], start: int, end: int) -> int:
        name, inputs = values[0], values[2]
        if name == self.scope.name:
            from backpropcli.language.mistakes import calls_itself  # noqa: PLC0415 (a mistake)

            raise calls_itself(self, name, start)
        if name in self.functions:
            return self._own_call(self.functions[name], inputs, start, end)
        if name == DIFF:
            return self._diff(inputs, start, end)
        row = NAMES.get(name)
        self.builtins.setdefault(name, start)
        if row is None or row.infix in {"+", "-", "*", "/"}:
            from backpropcli.language.mistakes import unknown_function  # noqa: PLC0415 (only on a mistake)

            raise unknown_function(self, name, start)
        if not row.accepts(len(inputs)):
            from backpropcli.language.mistakes import wrong_count  # noqa: PLC0415 (only on a mistake)

            raise wrong_count(self, row, name, len(inputs), start, end)
        if len(inputs) < len(row.parameters):
            for parameter in row.parameters[len(inputs) :]:
                inputs.append(self.number([row.defaults[parameter]], end, end))
        if row.name == "pow":
            return self._power(inputs[0], inputs[1], start, end)
        return self.mark(self.graph.node(row.name, tuple(inputs)), start, end)

    def call_empty(self, values: list[Any], start: int, end: int) -> int:
        return self.call([values[0], "(", []], start, end)

    def _own_call(self, function: Function, inputs: list[int], start: int, end: int) -> int:
        """Write a call of a function of the program's own."""
        if len(inputs) != len(function.parameters):
            from backpropcli.language.mistakes import own_count  # noqa: PLC0415 (only on a mistake)

            raise own_count(self, function, len(inputs), start, end)
        function.used = True
        before = len(self.graph)
        if before + len(function.body.graph) > MOST_NODES:
            raise self.error(
                f"this call makes the graph larger than {MOST_NODES:,} nodes",
                start,
                end,
                "a function that calls another twice doubles it each time",
            )
        node, calls, diffs, derived = written_into(self.graph, function, inputs)
        self._made(before, node, start, end)
        made = self.scope.made
        for at in derived:
            if before <= at != node:
                made[at] = BY_DIFF
        for at, call in calls:
            if at >= before:
                self.scope.calls.setdefault(at, call)
        self.scope.diffs += diffs
        if node < len(made) and made[node]:  # met before inside of another call, now in the text
            made[node], self.starts[node], self.ends[node] = 0, start, end
            self.scope.calls.setdefault(node, Call(function.name, tuple(inputs)))
        elif node >= before:
            self.scope.calls[node] = Call(function.name, tuple(inputs))
        return node

    def _made(self, before: int, node: int, start: int, end: int, how: int = 1) -> None:
        """Give the nodes from number ``before`` on the place of the call that made them."""
        new = len(self.graph) - before
        self.starts += [start] * new
        self.ends += [end] * new
        made = self.scope.made
        made += bytes(before - len(made)) + bytes([how]) * new
        if node >= before:
            made[node] = 0

    def _diff(self, inputs: list[int], start: int, end: int) -> int:
        """Write the derivative diff(u, x) or diff(u, x, n)."""
        from backpropcli.calculus.derivative import Derivative  # noqa: PLC0415 (only with diff)

        graph, scope = self.graph, self.scope
        order = 1.0
        if len(inputs) == 3:  # noqa: PLR2004 (diff(u, x, n))
            order = self.literals.get(inputs[2], 0.0)
        if not (2 <= len(inputs) <= 3 and self.can_move(inputs[1]) and order in ORDERS):  # noqa: PLR2004
            from backpropcli.language.mistakes import bad_diff  # noqa: PLC0415 (only on a mistake)

            raise bad_diff(self, inputs, start, end)
        node, by = inputs[0], inputs[1]
        before = len(graph)
        derivative = scope.derivatives.get(by)
        if derivative is None:
            one = graph.leaf("number", 1.0)
            derivative = Derivative(graph, {by: one}, book=self.book)
            scope.derivatives[by] = derivative
        for _ in range(int(order)):
            of = node
            try:
                found = derivative.of(node)
            except BackpropError as error:  # it has too many nodes
                raise self.error(error.message, start, end, error.hint) from None
            node = graph.leaf("number", 0.0) if found is None else found
            scope.diffs.append(Diff(graph, derivative.seeds, derivative.found, {}, of, node))
            if found is None:
                text = " ".join(self.source[start:end].split())
                self.warn(f"{text} is 0: nothing in it moves with its second argument")
                break
        self._made(before, node, start, end, BY_DIFF)
        if node >= before and graph.inputs[node]:
            scope.calls[node] = Call(DIFF, self._made_of(node, before))
        return node

    def can_move(self, node: int) -> bool:
        """Say whether diff can differentiate by a node: a variable, or a name for an operation.

        A name for a number is none: equal numbers are one node, whatever they stand for.
        """
        operation = self.graph.operations[node]
        if operation in LEAVES:
            return operation == "variable"
        return node in self.names.values()

    def warn(self, text: str) -> None:
        """Remember a warning, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def _made_of(self, node: int, before: int) -> tuple[int, ...]:
        """Return the nodes below ``before`` that a new node is made of; not the literals."""
        graph, found = self.graph, set()
        stack, seen = [node], {node}
        while stack:
            for child in graph.inputs[stack.pop()]:
                if child >= before and child not in seen:
                    seen.add(child)
                    stack.append(child)
                elif child < before and graph.operations[child] not in ("number", "constant"):
                    found.add(child)
        return tuple(sorted(found))
