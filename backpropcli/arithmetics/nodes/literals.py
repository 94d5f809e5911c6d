"""Literals among the nodes of a graph: how numbers are written, and what folds on them.

An operation on literals is worked out where its result is exact, a double, and written as one.
"""

from __future__ import annotations

from math import inf, isfinite, pi

from backpropcli.graph.graph import Decimal
from backpropcli.graph.operations import COMPARED, CONSTANTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from backpropcli.graph.graph import Graph

WHOLE = 2.0**53
"""Up to here all whole numbers are doubles."""
KNOWN = {"pi": pi, "e": 2.718281828459045, "tau": 2 * pi, "inf": inf}
VOID = "void"
LOGIC = {"and", "or", "not"}
LITERALS = {"number", "neg", "constant", "name"}
"""Operations of what may be a literal."""
TRUTHS = {"quiet", VOID, *COMPARED, *LOGIC}
"""Operations whose value is 1 or 0."""
EXACT: dict[str, Callable[..., Fraction | None]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y if y and (x / y).denominator == 1 else None,
    "pow": lambda x, y: x**y if y.denominator == 1 and 0 < y <= 64 else None,  # noqa: PLR2004
    "abs": abs,
    "floor": lambda x: x - x % 1,
}
"""What is worked out of literals, where the result is a double and is written as one."""


class Literals:
    """The literals of ``graph``: with ``book`` decimals stay as they are written."""

    def __init__(self, graph: Graph, *, book: bool = False) -> None:
        self.graph = graph
        self.book = book

    def constant(self, text: str) -> int:
        """Return the number, or the constant, that a rule's text names.

        A decimal that is no double is a fraction of whole numbers, which is exact; for people it
        stays as it is written.
        """
        if text in CONSTANTS.values():
            return self.graph.node("constant", (), text)
        from fractions import Fraction

        exact = Fraction(text)
        whole = max(exact.numerator, exact.denominator) <= WHOLE
        if self.book or not whole or Fraction(float(text)) == exact:
            return self.number(float(text))
        parts = self.number(float(exact.numerator)), self.number(float(exact.denominator))
        return self.graph.node("div", parts)

    def number(self, value: float) -> int:
        """Return the node of a finite number: a literal, or the negation of one."""
        node = self.graph.node("number", (), abs(value) + 0.0)
        return self.graph.node("neg", (node,)) if value < 0 else node

    def literal(self, node: int) -> float | None:
        """Return the number that a node is written as, minus sign included; None for others."""
        graph, sign = self.graph, 1.0
        if graph.operations[node] == "neg":
            node, sign = graph.inputs[node][0], -1.0
        number = graph.args.get(node)
        if not isinstance(number, float) or isinstance(number, Decimal):
            return None  # a decimal that is no double is not worked out
        return sign * number

    def value(self, node: int) -> float | None:
        """Return the number that a node is written as, or the constant that it is, if any.

        That of a name too: what is asked of it does not move.
        """
        while self.graph.operations[node] == "name":
            [node] = self.graph.inputs[node]
        if self.graph.operations[node] == "constant":
            return KNOWN.get(str(self.graph.args[node]))
        return self.literal(node)

    def folded(  # noqa: PLR0911 (a return for each way to have no number)
        self, operation: str, inputs: tuple[int, ...]
    ) -> int | None:
        """Return the node of what an operation on literals gives; None where that is not exact."""
        if operation in COMPARED:
            values = [self.value(node) for node in inputs]
            if None in values:
                return None
            return self.number(float(COMPARED[operation](*values)))
        if operation in LOGIC:
            return self._logic(operation, inputs)
        if operation in {"quiet", VOID} and self.literal(inputs[0]) is not None:
            return inputs[0]
        if operation not in EXACT:
            return None
        from fractions import Fraction

        numbers = []
        for node in inputs:
            number = self.literal(node)
            if number is None or not isfinite(number) or abs(number) > WHOLE:
                return None
            exact = Fraction(int(number)) if number.is_integer() else Fraction(repr(number))
            if exact != number:
                return None  # what is typed is no double
            numbers.append(exact)
        found = EXACT[operation](*numbers)
        if found is None or abs(found) > WHOLE or Fraction(float(found)) != found:
            return None
        return self.number(float(found)) if Fraction(repr(float(found))) == found else None

    def _logic(self, operation: str, inputs: tuple[int, ...]) -> int | None:
        values = [self.value(node) for node in inputs]
        if operation == "not":
            inner = self.graph.inputs[inputs[0]]
            if self.graph.operations[inputs[0]] == "not" and self._truth(inner[0]):
                return inner[0]
            return None if values[0] is None else self.number(float(not values[0]))
        settles = operation == "or"
        for value, other in zip(values, reversed(inputs), strict=True):
            if value is not None and bool(value) is settles:
                return self.number(float(settles))
            if value is not None and self._truth(other):
                return other
        return None

    def _truth(self, node: int) -> bool:
        return self.graph.operations[node] in TRUTHS
