"""Matches a form of a pattern against the whole of a form of a graph.

The recursion here is over the pattern, which is small.
"""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.matching.left import INDEX
from backpropcli.arithmetics.matching.unordered import PRODUCT, SUM, Unordered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeVar

    from backpropcli.arithmetics.matching.left import Known, Left
    from backpropcli.graph.graph import Graph

    Part = tuple[int, Fraction]
    N = TypeVar("N", int, Fraction)

UP_TO_SIGN = (Fraction(1), Fraction(-1))


class Whole:
    """Matches forms of patterns against the forms of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.forms = Unordered(graph)

    def made(self, left: Unordered, form: int, known: Known) -> int:
        """Return the form that a pattern's form is here, whose names all stand for something."""
        mine = self.forms
        kind, parts = left.kinds[form]
        if kind == SUM:
            total = mine.zero
            for term, factor in left.terms(form).items():
                total = mine.plus(total, self.made(left, term, known), factor)
            return total
        if kind == PRODUCT:
            _, factors = left.factors(form)
            product = mine.one
            for one, power in factors.items():
                product = mine.times(product, self.made(left, one, known), power)
            return product
        inputs, arg = parts
        if kind == "variable":
            return known[str(arg)]
        if kind == INDEX:
            arg = mine.kinds[known[INDEX]][1]
        return mine.made(kind, [self.made(left, child, known) for child in inputs], arg)

    def match(
        self, left: Left, form: int, here: int, known: dict[str, int]
    ) -> Iterator[dict[str, int]]:
        """Yield what the names stand for where a pattern's form is the form ``here``."""
        kind, parts = left.forms.kinds[form]
        if form in left.names:
            name = left.names[form]
            if known.get(name, here) == here:
                yield {**known, name: here}
        elif kind == SUM:
            terms = left.forms.terms(form)
            if len(terms) == 1:
                [(term, factor)] = terms.items()
                yield from self.match(left, term, self.forms.scaled(here, 1 / factor), known)
            else:
                yield from self._terms(left, [*terms.items()], here, known)
        elif kind == PRODUCT:
            yield from self._factors(left, [*left.forms.factors(form)[1].items()], here, known)
        else:
            mine, own = self.forms.kinds[here]
            if kind != mine or len(parts[0]) != len(own[0]):
                return
            if kind == INDEX:  # one stands for any
                taken = self.forms.taken(own[1])
                if known.get(INDEX, taken) == taken:
                    yield from self._inputs(left, parts[0], own[0], {**known, INDEX: taken})
            elif parts[1] == own[1]:
                yield from self._inputs(left, parts[0], own[0], known)

    def _inputs(
        self, left: Left, forms: Sequence[int], here: Sequence[int], known: dict[str, int]
    ) -> Iterator[dict[str, int]]:
        if not forms:
            yield known
            return
        for found in self.match(left, forms[0], here[0], known):
            yield from self._inputs(left, forms[1:], here[1:], found)

    def best(
        self, left: Left, parts: list[tuple[int, N]], known: Known
    ) -> tuple[tuple[int, N], list[tuple[int, N]]]:
        """Return the part that is matched next, and the others.

        What is known comes first, then the smallest, and names come last.
        """

        def key(at: int) -> tuple[int, int]:
            form, _ = parts[at]
            if not left.open(form, known):
                return 0, 0
            return (2 if left.bare(form) else 1), left.size(form)

        at = min(range(len(parts)), key=key)
        return parts[at], parts[:at] + parts[at + 1 :]

    def _terms(
        self, left: Left, terms: list[Part], rest: int, known: dict[str, int]
    ) -> Iterator[dict[str, int]]:
        """Match all terms of a pattern's sum; what is left of ``rest`` must be nothing."""
        if not terms:
            if rest == self.forms.zero:
                yield known
            return
        (form, factor), others = self.best(left, terms, known)
        if not left.open(form, known):
            there = self.made(left.forms, form, known)
            yield from self._terms(left, others, self.forms.plus(rest, there, -factor), known)
            return
        if not others:
            scaled = self.forms.scaled(rest, 1 / factor)
            if rest != self.forms.zero:
                yield from self.match(left, form, scaled, known)
            return
        for term, own in self.forms.terms(rest).items():
            part = self.forms.scaled(term, own / factor)
            for found in self.match(left, form, part, known):
                left_over = self.forms.plus(rest, term, -own)
                yield from self._terms(left, others, left_over, found)

    def _factors(
        self, left: Left, factors: list[tuple[int, int]], rest: int, known: dict[str, int]
    ) -> Iterator[dict[str, int]]:
        """Match all factors of a pattern's product; what is left of ``rest`` must be 1."""
        forms = self.forms
        if not factors:
            if rest == forms.one:
                yield known
            return
        if rest == forms.zero:
            return
        (form, power), others = self.best(left, factors, known)
        if not left.open(form, known):
            there = self.made(left.forms, form, known)
            if there != forms.zero:
                yield from self._factors(left, others, forms.times(rest, there, -power), known)
        elif not others and form in left.names:
            for there in self.roots(rest, power):
                yield {**known, left.names[form]: there}
        else:
            for factor, found in self.factor(left, form, power, rest, known):
                yield from self._factors(left, others, self.without(rest, factor, power), found)

    def roots(self, form: int, power: int) -> Iterator[int]:
        """Yield the forms whose ``power`` is a form."""
        found = self.forms.root(form, power)
        if found is not None:
            yield found
            if power % 2 == 0:
                yield self.forms.scaled(found, Fraction(-1))

    def factor(
        self, left: Left, form: int, power: int, rest: int, known: dict[str, int]
    ) -> Iterator[tuple[tuple[int, Fraction], dict[str, int]]]:
        """Yield the factors of ``rest`` that a pattern's factor fits, with their sign there."""
        for factor, own in self.forms.factors(rest)[1].items():
            if own * power <= 0 or abs(own) < abs(power):
                continue
            signed = self.forms.kinds[factor][0] == SUM and not left.bare(form)
            for sign in UP_TO_SIGN if signed else UP_TO_SIGN[:1]:
                here = self.forms.scaled(factor, sign)
                for found in self.match(left, form, here, known):
                    yield (factor, sign), found

    def without(self, rest: int, factor: tuple[int, Fraction], power: int) -> int:
        """Return a product without a power of one of its factors."""
        form, sign = factor
        return self.forms.scaled(self.forms.times(rest, form, -power), sign**power)
