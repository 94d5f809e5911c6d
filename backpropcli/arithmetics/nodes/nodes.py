"""The nodes of a graph as an arithmetic: the sweeps in it write derivatives as graphs.

What goes along an edge is a ``Flow``: a node, and the condition under which it arrives. What is
certain for every number is simplified on the way (``identities``), and literals are worked out
where that is exact.
"""

from __future__ import annotations

from math import inf, isfinite, pi

from backpropcli.arithmetics.nodes.identities import IDENTITIES, SHORT
from backpropcli.arithmetics.nodes.patterns import patterns
from backpropcli.arithmetics.rules import parsed
from backpropcli.graph.graph import Decimal
from backpropcli.graph.operations import CONSTANTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction
    from typing import Any

    from backpropcli.graph.cells import Rule
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Weight = tuple[int | None, int]
    """The condition of an edge (None for always), and its partial."""

WHOLE = 2.0**53
"""Up to here all whole numbers are doubles."""
KNOWN = {"pi": pi, "e": 2.718281828459045, "tau": 2 * pi, "inf": inf}
IN_BOOKS = {"name", "result", "quiet", "void", "given"}
"""Helpers that stay what they are in what people read."""
LOGIC = {"and", "or", "not"}
LITERALS = {"number", "neg", "constant", "name"}
"""Operations of what may be a literal."""
TRUTHS = {"quiet", "void", "lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"}
"""Operations whose value is 1 or 0."""
VOID = "void"
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "lt": lambda x, y: x < y,
    "le": lambda x, y: x <= y,
    "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y,
    "eq": lambda x, y: x == y,
    "ne": lambda x, y: x != y,
}
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


class Flow:
    """What arrives at a node: sums of nodes, each under a condition (None for always).

    It ``cancels`` where the terms of a sum take each other away.
    """

    __slots__ = ("cancels", "parts")

    def __init__(self, parts: list[Weight], *, cancels: bool = False) -> None:
        self.parts = parts
        self.cancels = cancels


class Nodes:
    """The arithmetic of the nodes of ``graph``: it takes in what is built.

    With ``book`` the rules are those that books write, in words of the language, for people to
    read; else those that are accurate in floats. What is ``plain`` is simplified by others later.
    """

    def __init__(
        self, graph: Graph, *, book: bool = False, down: bool = False, plain: bool = False
    ) -> None:
        self.graph = graph
        self.book = book
        self.down = down
        self.patterns = patterns(SHORT if plain else IDENTITIES)

    # For the sweeps

    def add(self, one: Flow, other: Flow) -> Flow:
        """Return what arrives by two ways. The first takes the second in: it is nobody else's."""
        one.parts += other.parts
        one.cancels = False  # there are more terms now
        return one

    def mul(self, flow: Flow, weight: Weight) -> Flow:
        """Return what goes on along an edge."""
        condition, node = self.settled(flow)
        taken, partial = weight
        if flow.cancels:  # and leaves no trace
            return Flow([(self._both(condition, taken), node)], cancels=True)
        factors = (node, partial) if self.down else (partial, node)
        return Flow([(self._both(condition, taken), self.build("mul", factors))])

    def seed(self, node: int) -> Flow:
        """Return what arrives at an end: ``node``."""
        return Flow([(None, node)])

    def node(self, flow: Flow) -> int:
        """Return the node of all that arrives."""
        condition, node = self.settled(flow)
        return self._guarded(condition, node)

    def arrived(self, flow: Flow | None, _node: int) -> int:
        """Return the node of all that arrives at a node: 0 where nothing does."""
        return self.number(0.0) if flow is None else self.node(flow)

    def settled(self, flow: Flow) -> Weight:
        """Return the sum of what arrives; what comes under one condition stays under it."""
        sums: dict[int | None, int] = {}
        for condition, node in reversed(flow.parts) if self.down else flow.parts:
            before = sums.get(condition)
            sums[condition] = node if before is None else self.build("add", (before, node))
        conditions = [one for one in sums if one is not None]
        for condition in conditions if len(conditions) > 1 else ():
            opposite = self.build("not", (condition,))
            if opposite in sums and condition in sums:
                chosen = self.build("where", (condition, sums.pop(condition), sums.pop(opposite)))
                before = sums.get(None)
                sums[None] = chosen if before is None else self.build("add", (before, chosen))
        if len(sums) > 1:
            total = None
            for condition, node in sums.items():
                guarded = self._guarded(condition, node)
                total = guarded if total is None else self.build("add", (total, guarded))
            sums = {None: total}  # type: ignore[dict-item]
        [found] = sums.items()
        if len(flow.parts) > 1 and self.literal(found[1]) == 0:
            flow.cancels = any(self.literal(node) != 0 for _, node in flow.parts)
        flow.parts = [found]
        return found

    def _both(self, one: int | None, other: int | None) -> int | None:
        if one is None or one == other:
            return other
        if other is None:
            return one
        operations, inputs = self.graph.operations, self.graph.inputs
        if operations[one] == operations[other] == VOID:
            both = self.build("and", (*inputs[one], *inputs[other]))
            return self.build(VOID, (both,))
        return self.build("and", (one, other))

    def _guarded(self, condition: int | None, node: int) -> int:
        if condition is None:
            return node
        if self.graph.operations[condition] == VOID:
            return self.build("given", (condition, node))
        return self.build("where", (condition, node, self.number(0)))

    # For linearize

    def weights(self, row: Row, on: Sequence[int]) -> Callable[..., list[Weight | None]]:
        """Return f(out, *inputs): the partials by the inputs ``on``, with their conditions."""

        def found(out: int, *inputs: int) -> list[Weight | None]:
            if row.variadic:
                return self._of_each(row, out, inputs)
            given = {"out": out, **dict(zip(row.parameters, inputs, strict=True))}
            return [self._weight(row, at, given) for at in on]

        return found

    def _weight(self, row: Row, at: int, given: dict[str, int]) -> Weight | None:
        """Return the partial by input ``at``; None where it is never taken."""
        taken = row.taken[at]
        condition = None if taken is None else self.rule(row, taken, given)
        if condition is not None and (value := self.value(condition)) is not None:
            if not value:
                return None
            condition = None
        return condition, self.rule(row, self._form(row, at, given), given)

    def _form(self, row: Row, at: int, given: dict[str, int]) -> Rule:
        """Return the rule to take: y*x^(y - 1) is right as books have it where y - 1 is exact."""
        plain = self.book
        if not plain and row.name == "pow" and at == 0:
            plain = self.literal(self.build("sub", (given["y"], self.number(1)))) is not None
        return (row.rules if plain else row.in_floats)[at]

    def _of_each(self, row: Row, out: int, inputs: tuple[int, ...]) -> list[Weight | None]:
        """Return the partials by each input of a variadic row; what they share is built once."""
        [taken], [rule] = row.taken, (row.rules if self.book else row.in_floats)
        conditions = [None] * len(inputs) if taken is None else self._each(row, taken, out, inputs)
        return [*zip(conditions, self._each(row, rule, out, inputs), strict=True)]

    def _each(self, row: Row, rule: Rule, out: int, inputs: tuple[int, ...]) -> list[int]:
        graph, root = parsed(row, rule)
        here = graph.variables().get(row.parameters[0])
        needs = bytearray(len(graph))
        found = []
        places: list[int | tuple[int, ...]] = []
        for position, node in enumerate(inputs):
            given: dict[str, int | tuple[int, ...]] = {"out": out, "args": inputs}
            given[row.parameters[0]] = node
            for at in range(len(graph)):
                if position == 0:
                    needs[at] = at == here or any(needs[child] for child in graph.inputs[at])
                    places.append(self._placed(graph, at, places, given, own=False))
                elif needs[at]:
                    places[at] = self._placed(graph, at, places, given, own=False)
            one = places[root]
            assert isinstance(one, int)  # noqa: S101 (for mypy: no rule is "args")
            found.append(one)
        return found

    def rule(self, row: Row, rule: Rule, given: dict[str, int]) -> int:
        """Return the node of a rule of ``row``, whose names stand for the nodes ``given``."""
        graph, root = parsed(row, rule)
        self.graph.define(graph.table)
        places: list[int | tuple[int, ...]] = []
        for at in range(len(graph)):
            places.append(self._placed(graph, at, places, given, own=rule.own))
        found = places[root]
        assert isinstance(found, int)  # noqa: S101 (for mypy: no rule is "args")
        return found

    def _placed(
        self,
        graph: Graph,
        at: int,
        places: Sequence[int | tuple[int, ...]],
        given: Mapping[str, int | tuple[int, ...]],
        *,
        own: bool,
    ) -> int | tuple[int, ...]:
        operation, arg = graph.operations[at], graph.args.get(at)
        if operation == "variable":
            return given[str(arg)]
        if operation == "number":
            return self.graph.node("number", (), arg) if own else self.constant(repr(arg))
        parts: list[int] = []
        for child in graph.inputs[at]:
            place = places[child]
            parts += (place,) if isinstance(place, int) else place
        return self.build(operation, tuple(parts), arg)

    # What is built

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

    def build(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation, in its simplest form."""
        if not inputs:
            return self.graph.node(operation, inputs, arg)
        operations = self.graph.operations
        if operations[inputs[-1]] in LITERALS or operation in LOGIC:
            found = self._worked_out(operation, inputs)
            if found is not None:
                return found
        for pattern in self.patterns.get(operation, ()):
            for head, node in zip(pattern.heads, inputs, strict=False):
                if head and head != operations[node]:
                    break
            else:
                found = pattern.rewritten(self.graph, inputs, self.build)
                if found is not None:
                    return found
        row = self.graph.table.get(operation)
        if self.book and row is not None and row.helper and operation not in IN_BOOKS:
            return self._written_out(row, inputs)
        return self.graph.node(operation, inputs, arg)

    def _written_out(self, row: Row, inputs: tuple[int, ...]) -> int:
        """Return a helper of the rules in words of the language."""
        if row.expand is not None:
            return self.rule(row, row.expand, dict(zip(row.parameters, inputs, strict=True)))
        total = None  # how many of the inputs equal the first
        for other in inputs[1:]:
            one = self.build("eq", (other, inputs[0]))
            total = one if total is None else self.graph.node("add", (total, one))
        assert total is not None  # noqa: S101 (for mypy: there is one)
        return total

    def _worked_out(  # noqa: PLR0911 (a return for each way to have no number)
        self, operation: str, inputs: tuple[int, ...]
    ) -> int | None:
        """Return the node of the number that an operation on literals gives, where it is exact."""
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
