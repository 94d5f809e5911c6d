"""The nodes of a graph as an arithmetic: the sweeps in it write derivatives as graphs.

What goes along an edge is a ``Flow``: a node, and the condition under which it arrives. What is
certain for every number is simplified on the way (``identities``), and ``literals`` are folded.
"""

from __future__ import annotations

from backpropcli.arithmetics.nodes.identities import IDENTITIES, SHORT
from backpropcli.arithmetics.nodes.literals import LITERALS, LOGIC, VOID, Literals
from backpropcli.arithmetics.nodes.patterns import patterns
from backpropcli.arithmetics.rules import parsed
from backpropcli.graph.walks import above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.graph.cells import Rule
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Weight = tuple[int | None, int]
    """The condition of an edge (None for always), and its partial."""

IN_BOOKS = {"name", "result", "quiet", "void", "given"}
"""Helpers that stay what they are in what people read."""


class Flow:
    """What arrives at a node: sums of nodes, each under a condition (None for always).

    It ``cancels`` where the terms of a sum take each other away.
    """

    __slots__ = ("cancels", "parts")

    def __init__(self, parts: list[Weight], *, cancels: bool = False) -> None:
        self.parts = parts
        self.cancels = cancels


class Nodes(Literals):
    """The arithmetic of the nodes of ``graph``: it takes in what is built.

    With ``book`` the rules are those that books write, in words of the language, for people to
    read; else those that are accurate in floats. What is ``plain`` is simplified by others later.
    """

    def __init__(
        self, graph: Graph, *, book: bool = False, down: bool = False, plain: bool = False
    ) -> None:
        super().__init__(graph, book=book)
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
            sums[condition] = self._sum(sums.get(condition), node)
        conditions = [one for one in sums if one is not None]
        for condition in conditions if len(conditions) > 1 else ():
            opposite = self.build("not", (condition,))
            if opposite in sums and condition in sums:
                chosen = self.build("where", (condition, sums.pop(condition), sums.pop(opposite)))
                sums[None] = self._sum(sums.get(None), chosen)
        if len(sums) > 1:
            total = None
            for condition, node in sums.items():
                total = self._sum(total, self._guarded(condition, node))
            sums = {None: total}  # type: ignore[dict-item]
        [found] = sums.items()
        if len(flow.parts) > 1 and self.literal(found[1]) == 0:
            flow.cancels = any(self.literal(node) != 0 for _, node in flow.parts)
        flow.parts = [found]
        return found

    def _sum(self, one: int | None, other: int) -> int:
        return other if one is None else self.build("add", (one, other))

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
            given = {"out": (out,), **_standing(row, inputs)}
            return [self._weight(row, at, given) for at in on]

        return found

    def _weight(self, row: Row, at: int, given: dict[str, tuple[int, ...]]) -> Weight | None:
        """Return the partial by input ``at``; None where it is never taken."""
        taken = row.taken[at]
        condition = None if taken is None else self.rule(row, taken, given)
        if condition is not None and (value := self.value(condition)) is not None:
            if not value:
                return None
            condition = None
        return condition, self.rule(row, self._form(row, at, given), given)

    def _form(self, row: Row, at: int, given: dict[str, tuple[int, ...]]) -> Rule:
        """Return the rule to take: y*x^(y - 1) is right as books have it where y - 1 is exact."""
        plain = self.book
        if not plain and row.name == "pow" and at == 0:
            plain = self.literal(self.build("sub", (*given["y"], self.number(1)))) is not None
        return (row.rules if plain else row.in_floats)[at]

    def _of_each(self, row: Row, out: int, inputs: tuple[int, ...]) -> list[Weight | None]:
        """Return the partials by each input of a variadic row; what they share is built once."""
        [taken], [rule] = row.taken, (row.rules if self.book else row.in_floats)
        conditions = [None] * len(inputs) if taken is None else self._each(row, taken, out, inputs)
        return [*zip(conditions, self._each(row, rule, out, inputs), strict=True)]

    def _each(self, row: Row, rule: Rule, out: int, inputs: tuple[int, ...]) -> list[int]:
        graph, root = parsed(row, rule)
        name = row.parameters[0]
        here = graph.variables().get(name)
        given = {"out": (out,), "args": inputs}
        places: list[tuple[int, ...]] = [()] * len(graph)
        again = [] if here is None else [here, *above(graph, [here])]
        found: list[int] = []
        for at, node in enumerate(inputs):
            given[name] = (node,)
            self._place(graph, again if at else range(len(graph)), places, given)
            found += places[root]
        return found

    def rule(self, row: Row, rule: Rule, given: dict[str, tuple[int, ...]]) -> int:
        """Return the node of a rule of ``row``, whose names stand for the nodes ``given``."""
        graph, root = parsed(row, rule)
        self.graph.define(graph.table)
        places: list[tuple[int, ...]] = [()] * len(graph)
        self._place(graph, range(len(graph)), places, given, own=rule.own)
        [found] = places[root]
        return found

    def _place(
        self,
        graph: Graph,
        nodes: Sequence[int],
        places: list[tuple[int, ...]],
        given: Mapping[str, tuple[int, ...]],
        *,
        own: bool = False,
    ) -> None:
        """Write ``nodes`` of a rule's graph, and put down what stands for each in ``places``."""
        for at in nodes:
            operation, arg = graph.operations[at], graph.args.get(at)
            if operation == "variable":
                places[at] = given[str(arg)]
            elif operation == "number" and not own:
                places[at] = (self.constant(repr(arg)),)
            else:
                parts = tuple([node for child in graph.inputs[at] for node in places[child]])
                places[at] = (self.build(operation, parts, arg),)

    # What is built

    def build(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation, in its simplest form."""
        if not inputs:
            return self.graph.node(operation, inputs, arg)
        operations = self.graph.operations
        if operations[inputs[-1]] in LITERALS or operation in LOGIC:
            found = self.folded(operation, inputs)
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
            return self.rule(row, row.expand, _standing(row, inputs))
        total = None  # how many of the inputs equal the first
        for other in inputs[1:]:
            one = self.build("eq", (other, inputs[0]))
            total = one if total is None else self.graph.node("add", (total, one))
        assert total is not None  # noqa: S101 (for mypy: there is one)
        return total


def _standing(row: Row, inputs: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Return what the names in a row's rules stand for."""
    return {name: (node,) for name, node in zip(row.parameters, inputs, strict=True)}
