"""Builds calls: of operations, of the program's own functions, and of diff."""

from __future__ import annotations

from backpropcli.errors import MistakeError
from backpropcli.graph.operations import NAMES, TABLE
from backpropcli.language.builder.arrays import Arrays
from backpropcli.language.builder.literals import Keyword
from backpropcli.language.surface import CALL, DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.row import Row
    from backpropcli.language.program import Function

ORDERS = range(1, 21)
"""How often diff differentiates."""


class Calls(Arrays):
    """Builds expressions with calls in them: one method for each alias in the grammar."""

    def call(self, values: list[Any], start: int, end: int) -> int:
        name, inputs = values[0], values[2]
        if name == self.scope.name:
            raise MistakeError("calls_itself", self, name, start)
        if name in self.functions:
            return self._own_call(self.functions[name], inputs, start, end)
        if name == DIFF:
            return self._diff(inputs, start, end)
        self.builtins.setdefault(name, start)
        if start in self.excused:
            known = [part for part in inputs if isinstance(part, int)]
            return known[0] if known else self.number(["1"], start, end)
        row = TABLE.get(name) if self.helpers else NAMES.get(name)
        plain = all(isinstance(part, int) for part in inputs)
        if row is None or not plain or (row.variadic and len(inputs) == 1):
            whole = self._whole_row(name, inputs)
            if whole is not None:
                from backpropcli.language.builder.settings import settle

                found, arg = settle(self, whole, name, inputs, start, end)
                return self.mark(self.whole(whole.name, found, arg), start, end)
        if row is None and not self.helpers:
            from backpropcli.language.builder.files import shipped

            function = shipped(self, name)
            if function is not None:
                return self._own_call(function, inputs, start, end)
        return self._operation(row, name, inputs, start, end)

    def _operation(
        self, row: Row | None, name: str, inputs: list[Any], start: int, end: int
    ) -> int:
        """Write a call of an operation of the table. Raises SourceError for what is none."""
        if row is None or row.infix in {"+", "-", "*", "/"}:
            raise MistakeError("unknown_function", self, name, start)
        if not all(isinstance(part, int) for part in inputs):
            raise MistakeError("bad_argument", self, row, name, inputs, start, end)
        if not row.accepts(len(inputs)):
            raise MistakeError("wrong_count", self, row, name, len(inputs), start, end)
        inputs += [
            self.number([row.defaults[name]], end, end) for name in row.parameters[len(inputs) :]
        ]
        if row.name == "pow":
            return self._power(inputs[0], inputs[1], start, end)
        return self.mark(self.graph.node(row.name, tuple(inputs)), start, end)

    def _whole_row(self, name: str, inputs: list[Any]) -> Row | None:
        """Return the operation on whole arrays that a call means, if it means one."""
        from backpropcli.graph.arrays import ARRAYS, REDUCED, WORDS

        row = ARRAYS.get(name) if self.helpers else WORDS.get(name)
        if row is None and sum(not isinstance(part, Keyword) for part in inputs) == 1:
            row = REDUCED.get(name)
        return row

    def call_empty(self, values: list[Any], start: int, end: int) -> int:
        return self.call([values[0], "(", []], start, end)

    def _own_call(self, function: Function, inputs: list[Any], start: int, end: int) -> int:
        """Write a call of a function of the program's own."""
        if not all(isinstance(part, int) for part in inputs):
            raise MistakeError("bad_argument", self, function, function.name, inputs, start, end)
        if len(inputs) != len(function.parameters):
            if start in self.excused:
                return self.number(["1"], start, end)
            raise MistakeError("own_count", self, function, len(inputs), start, end)
        function.used = True
        if function.whole or "array" in function.body.graph.table:
            self.with_arrays()
        return self.mark(self.graph.node(CALL, tuple(inputs), function), start, end)

    def _diff(self, inputs: list[Any], start: int, end: int) -> int:
        """Write the derivative diff(u, x) or diff(u, x, n)."""
        if not all(isinstance(part, int) for part in inputs):
            raise MistakeError("bad_argument", self, None, DIFF, inputs, start, end)
        order = 1.0
        if len(inputs) == 3:  # noqa: PLR2004 (diff(u, x, n))
            order = self.literals.get(inputs[2], 0.0)
        if not (2 <= len(inputs) <= 3 and self.can_move(inputs[1]) and order in ORDERS):  # noqa: PLR2004
            raise MistakeError("bad_diff", self, inputs, start, end)
        return self.mark(self.graph.node(DIFF, tuple(inputs[:2]), int(order)), start, end)

    def can_move(self, node: int) -> bool:
        """Say whether diff can differentiate by a node: a variable, or a named intermediate."""
        return self.graph.operations[node] in {"variable", "name"}
