"""Choices in tidied formulas: equal branches are one, numbers go in, choices of one kind merge."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from backpropcli.arithmetics.tidy.forms import Form, Forms
from backpropcli.arithmetics.tidy.signs import REAL
from backpropcli.arithmetics.tidy.slopes import PowerSlopes
from backpropcli.arithmetics.tidy.terms import ONE, literal, plain, writable
from backpropcli.graph.operations import OPPOSITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropcli.arithmetics.tidy.products import Powers
    from backpropcli.arithmetics.tidy.terms import Number, Product, Sum
    from backpropcli.graph.graph import Graph

JOINED = {"and": "or", "or": "and"}
STRICT = {"ge": "gt", "le": "lt"}
LARGER = {"ge": "max", "le": "min"}
"""The operation whose value is the first of two numbers that compare so."""


class Choice(NamedTuple):
    """A choice that was written: its condition, and the terms of its branches."""

    condition: int
    then: Sum
    other: Sum


class FormsWithChoices(Forms):
    """Puts forms together, and remembers the choices in them; at first the graph is the user's."""

    def __init__(self, graph: Graph, named: Collection[int], *, decimals: bool) -> None:
        super().__init__(graph, named, decimals=decimals)
        self.first = len(graph)
        self.known: dict[int, Choice] = {}

    @cached_property
    def slopes(self) -> PowerSlopes:
        """The slopes of powers, which need no choice."""
        return PowerSlopes(self.graph, self.terms.signs, self.first)

    def build(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation, in the simplest form that holds on the real numbers."""
        if operation == "where":
            return self.node(self.choice(inputs[0], *map(self.form_at, inputs[1:])).terms)
        return super().build(operation, inputs, arg)

    def finished(self, powers: Powers) -> Form:
        """Return the form of a product that is complete."""
        self._fold(powers)
        return super().finished(powers)

    def choice(self, condition: int, then: Form, other: Form) -> Form:
        """Return the form of where(condition, then, other)."""
        if not other.terms and (slope := self.slopes.without(condition, then)) is not None:
            return slope
        lost = then.lost | other.lost
        return then._replace(terms=self._terms(condition, then.terms, other.terms), lost=lost)

    def _terms(self, condition: int, then: Sum, other: Sum) -> Sum:
        then, other = self._branch(condition, then, 0), self._branch(condition, other, 1)
        decided = literal(self.graph, condition)
        if decided is not None or then == other:
            return then if decided or then == other else other
        if not then and (turned := self._opposite(condition)) is not None:
            condition, then, other = turned, other, then
        if not other:
            nested = self._tied(condition, then)
            if nested is not None:
                return nested
            inner = self._alone(then)
            if inner is not None and not inner.other:
                condition = self.build("and", (condition, inner.condition))
                then = inner.then
        pair = self.node(then), self.node(other)
        found = self.graph.node("where", (condition, *pair))
        self.known[found] = Choice(condition, then, other)
        return {((found, 1),): 1}

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
        if operation in JOINED and all(self.graph.operations[one] in OPPOSITE for one in inputs):
            parts = [part for one in inputs if (part := self._opposite(one)) is not None]
            both = len(parts) == len(inputs)
            return self.graph.node(JOINED[operation], tuple(parts)) if both else None
        signs = self.terms.signs
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
        powers = self.powers()
        powers.scale(coefficient, 1)
        for base, exponent in product:
            if base in known and exponent.denominator == 1:
                self.join(powers, self.form_at(inputs[0]), int(exponent))
            else:
                powers.raise_to(base, exponent)
        return self.finished(powers).terms

    def _fold(self, powers: Powers) -> None:
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
                self.join(powers, Form(self._terms(choice.condition, then, other)), 1)
                return

    def merged(self, form: Form) -> Form:
        """Return a sum in which choices by one condition are one."""
        groups: dict[int, list[tuple[int, Number]]] = {}
        for product, coefficient in form.terms.items():
            if len(product) == 1 and product[0][1] == 1 and product[0][0] in self.known:
                base = product[0][0]
                groups.setdefault(self.known[base].condition, []).append((base, coefficient))
        groups = {at: group for at, group in groups.items() if len(group) > 1}
        terms, lost = dict(form.terms), set(form.lost)
        for condition, group in groups.items():
            sides: tuple[Sum, Sum] = ({}, {})
            for base, coefficient in group:
                del terms[((base, 1),)]
                choice = self.known[base]
                for side, branch in zip(sides, (choice.then, choice.other), strict=True):
                    self.add(side, lost, branch, coefficient)
            self.add(terms, lost, self._terms(condition, *sides), 1)
        return form._replace(terms=terms, lost=frozenset(lost))


def _number(terms: Sum) -> Number | None:
    """Return the number that a sum is; None for others."""
    if not terms:
        return 0
    return terms.get(ONE) if len(terms) == 1 else None
