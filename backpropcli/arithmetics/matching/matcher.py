"""Finds where the left side of a pattern fits a node, or a part of it.

A part of a sum, or of a product, may fit; what is left over stays beside it. The recursion here is
over the pattern, which is small.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from backpropcli.arithmetics.matching.expanded import expanded
from backpropcli.arithmetics.matching.unordered import PRODUCT, SUM
from backpropcli.arithmetics.matching.whole import UP_TO_SIGN, Whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.arithmetics.matching.left import Left
    from backpropcli.arithmetics.matching.whole import Part

ALGEBRA = {"add", "sub", "mul", "div", "pow"}
"""Operations that make sums and products."""
MOST_FITS = 24
"""Ways in which one pattern is tried at one node."""


class Fit(NamedTuple):
    """A pattern that fits: scale*left*times + plus, with the forms that its names stand for."""

    known: dict[str, int]
    scale: Fraction
    times: int
    plus: int


class Matcher(Whole):
    """Matches left sides against the forms of a graph, and parts of them."""

    def fits(self, left: Left, node: int) -> list[Fit]:
        """Return the ways in which a pattern fits a node, or a part of it."""
        form = self.forms.of[node]
        kind = self.forms.kinds[form][0]
        found: Iterator[Fit]
        alone = Fraction(1), self.forms.one, self.forms.zero
        if left.name:
            rest: int | None = form  # once its terms cancel, or once it is expanded too
            if self.forms.graph.operations[node] not in ALGEBRA:
                rest = None
            elif left.expanded:
                rest = expanded(self.forms, form)
            found = iter([] if rest is None else [Fit({left.name: rest}, *alone)])
        elif left.operation == SUM:
            found = self._in_sum(left, form)
        elif left.operation == PRODUCT:
            found = self._in_product(left, form) if kind in {SUM, PRODUCT} else iter(())
        elif left.operation != kind:
            return []
        else:
            found = (Fit(known, *alone) for known in self.match(left, left.root, form, {}))
        listed: dict[tuple[object, ...], Fit] = {}
        for fit in found:
            listed.setdefault((*sorted(fit.known.items()), *fit[1:]), fit)
            if len(listed) == MOST_FITS:
                break
        return sorted(listed.values(), key=lambda fit: fit.scale != 1)

    def _in_sum(self, left: Left, form: int) -> Iterator[Fit]:
        """Match a part of a sum, up to a number in front."""
        terms = left.forms.terms(left.root)
        here = self.forms.terms(form)
        if len(terms) == 1:
            [(term, factor)] = terms.items()
            yield from self._in_product(left, form, term, factor)
            return
        if len(here) < 2 or len(here) < len(terms):  # noqa: PLR2004 (a sum)
            return
        opened = [term for term in terms if term != left.forms.one]
        start = min(opened, key=lambda term: (left.bare(term), left.size(term)))
        others = [part for part in terms.items() if part[0] != start]
        for term, own in here.items():
            if term == self.forms.one:
                continue
            for scale in dict.fromkeys([own / terms[start], *UP_TO_SIGN]):
                part = self.forms.scaled(term, own / (scale * terms[start]))
                for known in self.match(left, start, part, {}):
                    rest = self.forms.plus(form, term, -own)
                    for found, plus in self._present(left, others, rest, known, scale):
                        yield Fit(found, scale, self.forms.one, plus)

    def _present(
        self, left: Left, terms: list[Part], rest: int, known: dict[str, int], scale: Fraction
    ) -> Iterator[tuple[dict[str, int], int]]:
        """Match terms of a pattern's sum by terms that are there; yield what is left over too."""
        if not terms:
            yield known, rest
            return
        (form, factor), others = self.best(left, terms, known)
        factor *= scale
        here = self.forms.terms(rest)
        if not left.open(form, known):
            there = self.forms.terms(self.made(left.forms, form, known))
            if all(here.get(term) == factor * own for term, own in there.items()):
                left_over = self.forms.plus(rest, self.forms.sum_of(there), -factor)
                yield from self._present(left, others, left_over, known, scale)
            return
        if not others and left.bare(form) and len(here) > 1:  # a name may be all the rest
            for found in self.match(left, form, self.forms.scaled(rest, 1 / factor), known):
                yield found, self.forms.zero
        for term, own in here.items():
            part = self.forms.scaled(term, own / factor)
            for found in self.match(left, form, part, known):
                left_over = self.forms.plus(rest, term, -own)
                yield from self._present(left, others, left_over, found, scale)

    def _in_product(
        self, left: Left, form: int, product: int | None = None, factor: Fraction = UP_TO_SIGN[0]
    ) -> Iterator[Fit]:
        """Match a part of a product; a number in front is left over."""
        number, here = self.forms.factors(form)
        if not number or not here or form in here:
            return
        wanted = left.forms.factors(left.root if product is None else product)[1]
        bare = self.forms.product_of(Fraction(1), here)
        for known, rest in self._beside(left, [*wanted.items()], bare, {}):
            sign, left_over = self.forms.factors(rest)
            times = self.forms.product_of(Fraction(1), left_over)
            yield Fit(known, sign * number / factor, times, self.forms.zero)

    def _beside(
        self, left: Left, factors: list[tuple[int, int]], rest: int, known: dict[str, int]
    ) -> Iterator[tuple[dict[str, int], int]]:
        """Match factors of a pattern's product by factors that are there."""
        if not factors:
            yield known, rest
            return
        forms = self.forms
        (form, power), others = self.best(left, factors, known)
        if not left.open(form, known):
            there = self.made(left.forms, form, known)
            number, parts = forms.factors(there)
            here = forms.factors(rest)[1]
            fits = all(
                here.get(part, 0) * power * own > 0 and abs(here[part]) >= abs(power * own)
                for part, own in parts.items()
            )
            if fits and number and parts:
                left_over = forms.times(rest, there, -power)
                yield from self._beside(left, others, left_over, known)
            return
        if not others and form in left.names and rest != forms.one:
            for there in self.roots(rest, power):
                yield {**known, left.names[form]: there}, forms.one
        for factor, found in self.factor(left, form, power, rest, known):
            yield from self._beside(left, others, self.without(rest, factor, power), found)
