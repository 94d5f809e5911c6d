"""The slope of a power, n*x^(n - 1), without the choice by which a rule is right at x = n = 0."""

from __future__ import annotations

from functools import cached_property

from backpropcli.arithmetics.tidy.gaps import LOGARITHMS, NONZERO, TRUE, Loss
from backpropcli.arithmetics.tidy.signs import POSITIVE, REAL
from backpropcli.arithmetics.tidy.terms import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.tidy.forms import Form
    from backpropcli.arithmetics.tidy.signs import Signs
    from backpropcli.graph.graph import Graph


class PowerSlopes:
    """The slopes of powers in ``graph``, whose ``first`` nodes are the user's."""

    def __init__(self, graph: Graph, signs: Signs, first: int) -> None:
        self.graph = graph
        self.signs = signs
        self.first = first

    def without(self, condition: int, then: Form) -> Form | None:
        """Return n*x^(n - 1) for where(n != 0, n*x^(n - 1), 0): they differ at x = n = 0 alone.

        For n = x it is x^x, which differs at 0. None for another choice.
        """
        graph, of = self.graph, self.signs.of
        if graph.operations[condition] != "ne" or len(then.terms) != 1:
            return None
        exponent, zero = graph.inputs[condition]
        [(product, coefficient)] = then.terms.items()
        powers = [base for base, power in product if power == 1 and self._lowers(base, exponent)]
        known = {*powers[:1], exponent}
        rest = [pair for pair in product if pair[0] not in known]
        if literal(graph, zero) != 0 or not powers or (exponent, 1) not in product:
            return None
        if any(
            (power < 0 or of(base) < REAL) and base not in self.demanded for base, power in rest
        ):
            return None
        base = graph.inputs[powers[0]][0]
        if base == exponent:
            power = graph.node("pow", (base, base))
            terms = {tuple(sorted([*rest, (power, 1)])): coefficient}
            return then._replace(terms=terms, lost=then.lost | {Loss(NONZERO, base)})
        if POSITIVE in {of(base), of(exponent)}:
            return then
        both = tuple(graph.node("ne", (one, zero)) for one in (base, exponent))
        return then._replace(lost=then.lost | {Loss(TRUE, graph.node("or", both))})

    def _lowers(self, node: int, exponent: int) -> bool:
        """Say whether a node is x^(n - 1), where n is the ``exponent`` and x is real."""
        graph = self.graph
        if graph.operations[node] != "pow":
            return False
        base, lower = graph.inputs[node]
        if self.signs.of(base) < REAL:
            return False
        steps = (lower, "sub", exponent), (exponent, "add", lower)
        return any(
            graph.operations[one] == operation
            and graph.inputs[one][0] == other
            and literal(graph, graph.inputs[one][1]) == 1
            for one, operation, other in steps
        )

    @cached_property
    def demanded(self) -> set[int]:
        """What the user's own expression divides by, or takes the logarithm or a power of.

        Where that has no value, or is 0, nor has the expression. Not so where it makes a choice.
        """
        graph, found = self.graph, set[int]()
        if "where" in graph.operations[: self.first]:
            return found
        for node in range(self.first):
            operation, inputs = graph.operations[node], graph.inputs[node]
            if operation == "div":
                found.add(inputs[1])
            elif operation in LOGARITHMS:
                found |= {inputs[0], node}
            elif operation == "pow":
                found.add(node)
        return found
