"""Expressions of SymPy for a graph, at a point: textbook definitions, independent of the table.

The point settles every choice: ``abs(x)`` is x or -x, ``where`` and ``max`` are the branch taken,
``floor(x)`` and ``sg(u)`` are symbols that stand for their values. So SymPy differentiates the
smooth function that the program is around the point. Text is never given to SymPy.
"""

from __future__ import annotations

import sympy
from mpmath import mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.rules import parsed, word
from backpropcli.arithmetics.symbolic.choices import CHOICES
from backpropcli.arithmetics.symbolic.definitions import DEFINITIONS
from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.cells import Rule
    from backpropcli.graph.row import Row


WHOLE = 1000
"""Whole numbers up to this are SymPy's own; all others are symbols that stand for the number."""

_symbols: list[Any] = []


class Builder:
    """Builds expressions, and remembers what each of its symbols stands for."""

    def __init__(self) -> None:
        self.point: dict[Any, Any] = {}

    def symbol(self, value: Any) -> Any:  # noqa: ANN401 (SymPy and mpmath have no types)
        """Return a new symbol that stands for ``value``.

        Each builder takes them in the same order, so that what SymPy remembers of one expression
        it knows of the next one too.
        """
        while len(_symbols) <= len(self.point):
            _symbols.append(sympy.Symbol(f"v{len(_symbols)}", real=True))
        found = _symbols[len(self.point)]
        self.point[found] = value
        return found

    def number(self, value: float, exact: Any) -> Any:  # noqa: ANN401
        """Return a literal."""
        if value == int(value) and abs(value) <= WHOLE:
            return sympy.Integer(int(value))
        return self.symbol(exact)

    def operation(self, name: str, inputs: list[Any], values: list[Any], out: Any) -> Any:  # noqa: ANN401
        """Return operation ``name`` on ``inputs``, which have ``values``; its own value is ``out``.

        What has no definition here is what its row expands it to. Raises LookupError for an
        operation that has neither.
        """
        if name in FROZEN:
            return self.symbol(out)
        if name in CHOICES:
            return CHOICES[name](inputs, values)
        if name in DEFINITIONS:
            return DEFINITIONS[name](*inputs)
        row = TABLE[name]
        if row.expand is None:
            raise LookupError(f"SymPy has no definition of {name} here")
        return self.expansion(row, row.expand, inputs, values)

    def expansion(self, row: Row, rule: Rule, inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
        """Return a rule of ``row`` on ``inputs``, which have ``values``."""
        graph, root = parsed(row, rule)
        given = dict(zip(row.parameters, zip(inputs, values, strict=True), strict=True))
        items: list[Any] = []
        numbers: list[Any] = []
        for node, operation in enumerate(graph.operations):
            children, arg = graph.inputs[node], graph.args.get(node)
            if operation == "variable":
                item, number = given[str(arg)]
            elif operation == "number":
                number = digits.constant(repr(arg))
                item = self.number(float(number), number)
            elif operation == "constant":
                number = digits.constant(str(arg))
                item = CONSTANTS.get(str(arg)) or self.symbol(number)
            else:
                below = [numbers[child] for child in children]
                number = mpf(word(graph.table[operation], digits)(*below))
                item = self.operation(
                    operation, [items[child] for child in children], below, number
                )
            items.append(item)
            numbers.append(number)
        return items[root]


CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "tau": 2 * sympy.pi}
FROZEN = {
    *("sg", "sign", "floor", "ceil", "round", "ties", "lt", "le", "gt", "ge", "eq", "ne", "and"),
    *("or", "not", "quiet", "void"),
}
"""Locally constant operations, and the one whose gradient is stopped."""
