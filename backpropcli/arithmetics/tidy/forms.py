"""Sums of products as they are put together: what meets, cancels and merges in one graph."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from backpropcli.arithmetics.nodes.identities import ON_REALS
from backpropcli.arithmetics.nodes.literals import TRUTHS
from backpropcli.arithmetics.nodes.patterns import patterns
from backpropcli.arithmetics.tidy.factors import Sums, content, ordered, shortest
from backpropcli.arithmetics.tidy.gaps import VALUE, Loss
from backpropcli.arithmetics.tidy.products import Powers
from backpropcli.arithmetics.tidy.signs import NONNEGATIVE, POSITIVE, REAL
from backpropcli.arithmetics.tidy.terms import (
    ONE,
    Terms,
    literal,
    plain,
    rational,
    size,
    times,
    writable,
)
from backpropcli.graph.operations import COMPARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropcli.arithmetics.tidy.terms import Number, Product, Sum
    from backpropcli.graph.graph import Graph

SMALL = 8
"""Terms of a sum, or factors of a product, that are looked at one by one."""
NONE: frozenset[Loss] = frozenset()


class Form(NamedTuple):
    """A sum of products, and what got lost on the way to it: see ``gaps``."""

    terms: Sum
    lost: frozenset[Loss] = NONE


class Forms:
    """Puts forms together, whose bases are nodes of ``graph``, and writes them there.

    ``named`` are nodes that have a name; with ``decimals`` tenths are written as 0.1.
    """

    def __init__(self, graph: Graph, named: Collection[int], *, decimals: bool) -> None:
        self.graph = graph
        self.variables = {*graph.variables().values()}
        self.terms = Terms(graph, named, decimals=decimals)
        self.patterns = patterns(ON_REALS)
        self.sums: dict[frozenset[tuple[Product, Number]], int] = {}  # nodes by their terms
        self.inside = Sums()

    # Nodes

    def node(self, terms: Sum) -> int:
        """Return the node of a sum; the one there is, if it is written already."""
        if len(terms) < 2:  # noqa: PLR2004
            return self.terms.sum(terms)
        key = frozenset(terms.items())
        node = self.sums.get(key)
        if node is None:
            node = self.sums[key] = self.terms.sum(terms)
            if len(terms) <= SMALL:
                self.inside[node] = terms
        return node

    def made(self, operation: str, inputs: tuple[int, ...], arg: object) -> Form:
        """Return the form of an operation that is neither a sum nor a product."""
        return self.form_at(self.build(operation, inputs, arg))

    def form_at(self, node: int) -> Form:
        """Return the form of a node that is written."""
        number = literal(self.graph, node)
        return Form({((node, 1),): 1} if number is None else {ONE: number} if number else {})

    def build(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation, in the simplest form that holds on the real numbers."""
        if operation in COMPARED and (decided := self._compared(operation, inputs)) is not None:
            return self.terms.number(int(decided))
        if operation in {"and", "or"}:
            for at, other in enumerate(reversed(inputs)):
                number = rational(self.graph, inputs[at])
                if number is not None and bool(number) is (operation == "or"):
                    return self.terms.number(int(operation == "or"))
                if number is not None and self.graph.operations[other] in TRUTHS:
                    return other
        of = self.terms.signs.of
        for pattern in self.patterns.get(operation, ()):
            found = pattern.rewritten(self.graph, inputs, self.build, lambda node: of(node) >= REAL)
            if found is not None:
                return found
        return self.graph.node(operation, inputs, arg)

    def _compared(self, operation: str, inputs: tuple[int, ...]) -> bool | None:
        """Return what a comparison always comes to, None if that depends."""
        one, other = (rational(self.graph, child) for child in inputs)
        if one is not None and other is not None:
            return bool(COMPARED[operation](one, other))
        if other == 0 and operation in {"ne", "gt"}:
            return self.terms.signs.of(inputs[0]) == POSITIVE or None
        return None

    # Products

    def powers(self) -> Powers:
        """Return the product of nothing."""
        return Powers(self.terms.signs)

    def join(self, powers: Powers, form: Form, exponent: int) -> None:
        """Take in a power of what is found already."""
        powers.lost |= form.lost
        if len(form.terms) == 1:
            [(product, coefficient)] = form.terms.items()
            if not powers.scale(coefficient, exponent):
                powers.raise_to(self.terms.number(coefficient), exponent)
            powers.take(product, exponent)
        elif form.terms:
            self.raise_sum(powers, form.terms, exponent, self.node(form.terms))
        elif not powers.scale(0, exponent):
            powers.raise_to(self.terms.number(0), exponent)

    def raise_form(self, powers: Powers, form: Form, exponent: Number) -> None:
        """Take in a power of a form; a root is one of all of it."""
        if exponent.denominator == 1:
            self.join(powers, form, int(exponent))
            return
        base = self.node(form.terms)
        powers.lost |= form.lost
        powers.raise_to(base, exponent)
        powers.rooted.add(base)

    def raise_sum(self, powers: Powers, terms: Sum, exponent: int, node: int) -> None:
        """Take in a power of a sum, or of its negation, whichever stands somewhere already."""
        base = self.sums.setdefault(frozenset(terms.items()), node)
        if base == node and len(terms) <= SMALL:
            opposite = self.sums.get(frozenset((one, -number) for one, number in terms.items()))
            if opposite is not None and opposite < node:
                base = opposite
                if exponent % 2:
                    powers.scale(-1, 1)
        powers.raise_to(base, exponent)

    def finished(self, powers: Powers) -> Form:
        """Return the form of a product that is complete."""
        if len(powers.exponents) <= SMALL:
            self._clear(powers)
            self._pairs(powers)
        if not powers.coefficient and powers.undefined():
            powers.scale_by(self.terms.number(0))
        product, coefficient = powers.finished()
        lost = frozenset(powers.lost) if powers.lost else NONE
        if not coefficient:
            return Form({}, lost)
        if abs(coefficient) == 1 and len(product) == 1 and product[0][1] == 1:
            terms = self.inside.get(product[0][0])
            if terms is not None:
                return Form({one: number * coefficient for one, number in terms.items()}, lost)
        return Form({product: coefficient}, lost)

    def _clear(self, powers: Powers) -> None:
        """Take denominators out of sums where they cancel: y/x^2/(1 + y^2/x^2) is y/(x^2 + y^2)."""
        exponents, below = powers.exponents, self.inside.below
        todo = [base for base in exponents if base in below]
        while todo:
            base = todo.pop()
            power = exponents[base]
            for inner, least in below[base].items() if power.denominator == 1 else ():
                outer, moved = exponents.get(inner, 0), plain(least * power)
                if outer and outer * moved < 0 and size(plain(outer + moved)) <= size(outer):
                    del exponents[base]
                    powers.raise_to(inner, moved)
                    cleared = times(self.inside[base], ((inner, -least),))
                    self.join(powers, Form(cleared), int(power))
                    break

    def _pairs(self, powers: Powers) -> None:
        """Take in what two factors are together, as abs(x)*sign(x) is x."""
        operations = self.graph.operations
        found = [base for base, exponent in powers.exponents.items() if exponent >= 1]
        heads = {operations[base] for base in found} if len(found) > 1 else ()
        for pattern in self.patterns["mul"]:
            if heads and heads.issuperset(pattern.heads):
                for one in found:
                    for other in found:
                        if [operations[one], operations[other]] == pattern.heads:
                            node = pattern.rewritten(self.graph, (one, other), self.build)
                            if node is not None:
                                powers.raise_to(one, -1)
                                powers.raise_to(other, -1)
                                powers.raise_to(node, 1)
                                powers.divided -= {one, other}
                                return

    # Sums

    def add(self, terms: Sum, lost: set[Loss], more: Sum, factor: Number) -> None:
        """Add the terms ``more``; one that comes to nothing leaves what it demanded behind."""
        for one, number in more.items():
            product, total = one, plain(terms.get(one, 0) + number * factor)
            if not writable(total):
                product = tuple(sorted([*one, (self.terms.number(number * factor), 1)]))
                total = 1
            terms[product] = total
            if not total:
                del terms[product]
                if any(map(self._may_lack, one)):
                    lost.add(Loss(VALUE, self.terms.term(product, 1)))

    def _may_lack(self, factor: tuple[int, Number]) -> bool:
        """Say whether a power of a base may have no value: a pole, a root of what is negative."""
        base, exponent = factor
        sign = self.terms.signs.of(base)
        return exponent < 0 or sign < (REAL if exponent.denominator == 1 else NONNEGATIVE)

    def factored(self, form: Form) -> Form:
        """Return a sum as it is shortest."""
        if not 2 <= len(form.terms) <= SMALL:  # noqa: PLR2004
            return form
        front, rest, lost = shortest(form.terms, self.inside, self.variables, self.add)
        if not front and rest == form.terms:
            return form
        powers = self.powers()
        powers.lost |= form.lost | lost
        powers.take(front, 1)
        if front and len(rest) > 1:
            number = content(rest)
            powers.scale(number, 1)
            rest = {product: plain(Fraction(one) / number) for product, one in rest.items()}
            rest = ordered(rest)
        self.join(powers, Form(rest), 1)
        return self.finished(powers)
