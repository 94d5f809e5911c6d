"""Builds calls: of operations, of the program's own functions, and of diff."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES, TABLE
from backpropcli.language.builder.expressions import Expressions
from backpropcli.language.surface import CALL, DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.language.functions import Function

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
        row = TABLE.get(name) if self.helpers else NAMES.get(name)
        self.builtins.setdefault(name, start)
        if start in self.excused:
            return inputs[0] if inputs else self.number(["1"], start, end)
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
            if start in self.excused:
                return self.number(["1"], start, end)
            from backpropcli.language.mistakes import own_count  # noqa: PLC0415 (only on a mistake)

            raise own_count(self, function, len(inputs), start, end)
        function.used = True
        return self.mark(self.graph.node(CALL, tuple(inputs), function), start, end)

    def _diff(self, inputs: list[int], start: int, end: int) -> int:
        """Write the derivative diff(u, x) or diff(u, x, n)."""
        order = 1.0
        if len(inputs) == 3:  # noqa: PLR2004 (diff(u, x, n))
            order = self.literals.get(inputs[2], 0.0)
        if not (2 <= len(inputs) <= 3 and self.can_move(inputs[1]) and order in ORDERS):  # noqa: PLR2004
            from backpropcli.language.mistakes import bad_diff  # noqa: PLC0415 (only on a mistake)

            raise bad_diff(self, inputs, start, end)
        return self.mark(self.graph.node(DIFF, tuple(inputs[:2]), int(order)), start, end)

    def can_move(self, node: int) -> bool:
        """Say whether diff can differentiate by a node: a variable, or a named intermediate."""
        return self.graph.operations[node] in {"variable", "name"}

    def warn(self, text: str) -> None:
        """Remember a warning, once."""
        if text not in self.warnings:
            self.warnings.append(text)
