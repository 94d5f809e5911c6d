"""Choices in tidied formulas: equal branches are one, numbers go in, choices of one kind merge."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from backpropcli.arithmetics.tidy.gaps import LOGARITHMS, NONZERO, TRUE, Loss
from backpropcli.arithmetics.tidy.signs import POSITIVE, REAL
from backpropcli.arithmetics.tidy.terms import ONE, literal, plain, writable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.tidy.forms import Form, Forms
    from backpropcli.arithmetics.tidy.products import Powers
    from backpropcli.arithmetics.tidy.terms import Number, Product, Sum

OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
JOINED = {"and": "or", "or": "and"}
STRICT = {"ge": "gt", "le": "lt"}
LARGER = {"ge": "max", "le": "min"}
"""The operation whose value is the first of two numbers that compare so."""


class Choice(NamedTuple):
    """A choice that was written: its condition, and the terms of its branches."""

    condition: int
    then: Sum
    other: Sum


class Choices:
    """Writes choices for ``forms``, and remembers them; at first the graph is the user's."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.graph = forms.graph
        self.first = len(self.graph)
        self.known: dict[int, Choice] = {}

    def form(self, condition: int, then: Form, other: Form) -> Form:
        """Return the form of where(condition, then, other)."""
        slope = None if other.terms else self._slope_of_power(condition, then)
        if slope is not None:
            return slope
        lost = then.lost | other.lost
        return then._replace(terms=self._terms(condition, then.terms, other.terms), lost=lost)

    def _terms(self, condition: int, then: Sum, other: Sum) -> Sum:
        decided = literal(self.graph, condition)
        if decided is not None or then == other:
            return then if decided or then == other else other
        then, other = self._branch(condition, then, 0), self._branch(condition, other, 1)
        if not then and (turned := self._opposite(condition)) is not None:
            condition, then, other = turned, other, then
        if not other:
            nested = self._tied(condition, then)
            if nested is not None:
                return nested
            inner = self._alone(then)
            if inner is not None and not inner.other:
                condition = self.forms.build("and", (condition, inner.condition))
                then = inner.then
        if then == other:
            return then
        node = self.forms.node
        found = self.graph.node("where", (condition, node(then), node(other)))
        self.known[found] = Choice(condition, then, other)
        return {((found, 1),): 1}

    def _slope_of_power(self, condition: int, then: Form) -> Form | None:
        """Return n*x^(n - 1) for where(n != 0, n*x^(n - 1), 0): they differ at x = n = 0 alone.

        For n = x it is x^x, which differs at 0.
        """
        graph, signs = self.graph, self.forms.terms.signs
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
            (power < 0 or signs.of(base) < REAL) and base not in self.demanded
            for base, power in rest
        ):
            return None
        base = graph.inputs[powers[0]][0]
        if base == exponent:
            power = graph.node("pow", (base, base))
            terms = {tuple(sorted([*rest, (power, 1)])): coefficient}
            return then._replace(terms=terms, lost=then.lost | {Loss(NONZERO, base)})
        if POSITIVE in {signs.of(base), signs.of(exponent)}:
            return then
        both = tuple(graph.node("ne", (one, zero)) for one in (base, exponent))
        return then._replace(lost=then.lost | {Loss(TRUE, graph.node("or", both))})

    def _lowers(self, node: int, exponent: int) -> bool:
        """Say whether a node is x^(n - 1), where n is the ``exponent`` and x is real."""
        graph = self.graph
        if graph.operations[node] != "pow":
            return False
        base, lower = graph.inputs[node]
        if self.forms.terms.signs.of(base) < REAL:
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

    def _branch(self, condition: int, terms: Sum, side: int) -> Sum:
        """Return a branch; of a choice by the same condition the one that is taken."""
        inner = self._alone(terms)
        if inner is not None and inner.condition == condition:
            return inner.other if side else inner.then
        return terms

    def _alone(self, terms: Sum) -> Choice | None:
        """Return the choice that a sum is, if it is one and nothing else."""
        if len(terms) != 1:
            return None
        [(product, coefficient)] = terms.items()
        if coefficient != 1 or len(product) != 1 or product[0][1] != 1:
            return None
        return self.known.get(product[0][0])

    def _opposite(self, condition: int) -> int | None:
        """Return the opposite of a comparison; None where it compares what may be no number."""
        operation, inputs = self.graph.operations[condition], self.graph.inputs[condition]
        if operation == "not":
            return inputs[0]
        if operation in JOINED and all(self.graph.operations[one] in OPPOSITE for one in inputs):
            parts = [part for one in inputs if (part := self._opposite(one)) is not None]
            both = len(parts) == len(inputs)
            return self.graph.node(JOINED[operation], tuple(parts)) if both else None
        signs = self.forms.terms.signs
        if operation not in OPPOSITE or any(signs.of(child) < REAL for child in inputs):
            return None
        return self.graph.node(OPPOSITE[operation], inputs)

    def _tied(self, condition: int, then: Sum) -> Sum | None:
        """Return a slope of max or min: where(x >= y, where(x == y, a, b), 0) begins with x > y."""
        operation, inputs = self.graph.operations[condition], self.graph.inputs[condition]
        if operation not in STRICT or len(then) != 1:
            return None
        [(product, coefficient)] = then.items()
        equal = {self.graph.node("eq", pair) for pair in (inputs, inputs[::-1])}
        for base, exponent in product:
            inner = self.known.get(base)
            if inner is not None and exponent == 1 and inner.condition in equal:
                rest = tuple(pair for pair in product if pair[0] != base)
                sides = [
                    self._within(condition, rest, coefficient * one.get(ONE, 0))
                    for one in (inner.other, inner.then)
                ]
                tie = self._terms(self.graph.node("eq", inputs), sides[1], {})
                if not sides[0]:
                    return tie
                return self._terms(self.graph.node(STRICT[operation], inputs), sides[0], tie)
        return None

    def _within(self, condition: int, product: Product, coefficient: Number) -> Sum:
        """Return a term of a branch, in which max(x, y) is known to be x."""
        inputs = self.graph.inputs[condition]
        name = LARGER[self.graph.operations[condition]]
        known = {self.graph.node(name, pair) for pair in (inputs, inputs[::-1])}
        powers = self.forms.powers()
        powers.scale(coefficient, 1)
        for base, exponent in product:
            if base in known and exponent.denominator == 1:
                self.forms.join(powers, self.forms.form_at(inputs[0]), int(exponent))
            else:
                powers.raise_to(base, exponent)
        return self.forms.finished(powers).terms

    def fold(self, powers: Powers) -> None:
        """Let a choice of two numbers take in its own exponent, and the number in front."""
        for base, exponent in [*powers.exponents.items()]:
            choice = self.known.get(base)
            if choice is None or exponent not in {1, -1}:
                continue
            sides = choice.then, choice.other
            numbers = [number for side in sides if (number := _number(side)) is not None]
            if len(numbers) < len(sides) or (exponent < 0 and 0 in numbers):
                continue
            front = Fraction(powers.coefficient)
            folded = [plain(front * one if exponent > 0 else front / one) for one in numbers]
            if front and all(map(writable, folded)):
                del powers.exponents[base]
                powers.divided.discard(base)
                powers.coefficient = 1
                then, other = ({ONE: one} if one else {} for one in folded)
                self.forms.join(
                    powers, self.forms.of(self._terms(choice.condition, then, other)), 1
                )
                return

    def merged(self, form: Form) -> Form:
        """Return a sum in which choices by one condition are one."""
        groups: dict[int, list[tuple[int, Number]]] = {}
        for product, coefficient in form.terms.items():
            if len(product) == 1 and product[0][1] == 1 and product[0][0] in self.known:
                base = product[0][0]
                groups.setdefault(self.known[base].condition, []).append((base, coefficient))
        groups = {at: group for at, group in groups.items() if len(group) > 1}
        if not groups:
            return form
        terms, lost = dict(form.terms), set(form.lost)
        for condition, group in groups.items():
            sides: tuple[Sum, Sum] = ({}, {})
            for base, coefficient in group:
                del terms[((base, 1),)]
                choice = self.known[base]
                for side, branch in zip(sides, (choice.then, choice.other), strict=True):
                    self.forms.add(side, lost, branch, coefficient)
            self.forms.add(terms, lost, self._terms(condition, *sides), 1)
        return form._replace(terms=terms, lost=frozenset(lost))


def _number(terms: Sum) -> Number | None:
    """Return the number that a sum is; None for others."""
    if not terms:
        return 0
    return terms.get(ONE) if len(terms) == 1 else None
