"""Finds where the left side of a pattern fits, up to the order of terms and factors.

A part of a sum, or of a product, may fit; what is left over stays beside it. The recursion here is
over the pattern, which is small.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from backpropcli.arithmetics.unordered import PRODUCT, SUM, Unordered
from backpropcli.graph.graph import Graph
from backpropcli.language.parse import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    Known = Mapping[str, int]
    Part = tuple[int, Fraction]

ARROW, IF, AT = " -> ", " if ", " at "
MOST_FITS = 24
"""Ways in which one pattern is tried at one node."""
UP_TO_SIGN = (Fraction(1), Fraction(-1))


class Fit(NamedTuple):
    """A pattern that fits: scale*left*times + plus, with the forms that its names stand for."""

    known: dict[str, int]
    scale: Fraction
    times: int
    plus: int


class Mend:
    """A row of the table of mends, from its text: "left -> right if condition at x=1, y=2".

    The condition says where both sides are equal, where that is not wherever the left has a value;
    at the sample the right side is better in floats.
    """

    def __init__(self, text: str) -> None:
        self.text, _, self.sample = text.partition(AT)
        sides, _, self.condition = self.text.partition(IF)
        self.left, _, self.right = sides.partition(ARROW)

    def __repr__(self) -> str:
        return f"<Mend: {self.text}>"


class Left:
    """A row whose left side can be matched: its sides in one graph, and their forms.

    ``top``, ``right`` and ``condition`` are nodes there; ``root`` is the form of the left side.
    """

    def __init__(self, mend: Mend) -> None:
        self.mend = mend
        self.graph = Graph()
        self.top, self.right = self._written(mend.left), self._written(mend.right)
        self.condition = self._written(mend.condition) if mend.condition else None
        self.forms = Unordered(self.graph)
        self.root = self.forms.of[self.top]
        below = self.graph.ancestors([self.top])
        self.parts = {form for form, flag in zip(self.forms.of, below, strict=True) if flag}
        self.parts.discard(self.root)
        self.names: dict[int, str] = {}
        for form, (kind, parts) in enumerate(self.forms.kinds):
            if kind == "variable":
                self.names[form] = str(parts[1])
        self.operation = self.forms.kinds[self.root][0]
        self._sizes: dict[int, int] = {}
        self._inner: dict[int, frozenset[str]] = {}
        self._measure(self.root)

    def _written(self, text: str) -> int:
        side = parse(text)
        return self.graph.write(side.graph)[side.root]

    def _measure(self, form: int) -> None:
        parts = [*self.forms.inside(form)]
        for part in parts:
            self._measure(part)
        own = {self.names[form]} if form in self.names else set()
        self._inner[form] = frozenset(own).union(*[self._inner[part] for part in parts])
        self._sizes[form] = 1 + sum(self._sizes[part] for part in parts)

    def size(self, form: int) -> int:
        """Return how many forms a form is made of."""
        return self._sizes.get(form, 1)

    def open(self, form: int, known: Known) -> bool:
        """Say whether a form has names that stand for nothing yet."""
        return not self._inner.get(form, frozenset()) <= known.keys()

    def bare(self, form: int) -> bool:
        """Say whether a form is a name, or a power of one."""
        kind, parts = self.forms.kinds[form]
        if kind == PRODUCT and len(parts) == 1:
            form = parts[0][0]
        return form in self.names


class Matcher:
    """Matches left sides against the forms of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.forms = Unordered(graph)

    def fits(self, left: Left, node: int) -> list[Fit]:
        """Return the ways in which a pattern fits a node, or a part of it."""
        form = self.forms.of[node]
        kind = self.forms.kinds[form][0]
        found: Iterator[Fit]
        if left.operation == SUM:
            found = self._in_sum(left, form)
        elif left.operation == PRODUCT:
            found = self._in_product(left, form) if kind in {SUM, PRODUCT} else iter(())
        elif left.operation != kind:
            return []
        else:
            alone = Fraction(1), self.forms.one, self.forms.zero
            found = (Fit(known, *alone) for known in self.match(left, left.root, form, {}))
        listed: dict[tuple[object, ...], Fit] = {}
        for fit in found:
            listed.setdefault((*sorted(fit.known.items()), *fit[1:]), fit)
            if len(listed) == MOST_FITS:
                break
        return sorted(listed.values(), key=lambda fit: fit.scale != 1)

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
        return mine.made(kind, [self.made(left, child, known) for child in inputs], arg)

    # The whole of a form

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
            if kind == mine and parts[1] == own[1] and len(parts[0]) == len(own[0]):
                yield from self._inputs(left, parts[0], own[0], known)

    def _inputs(
        self, left: Left, forms: Sequence[int], here: Sequence[int], known: dict[str, int]
    ) -> Iterator[dict[str, int]]:
        if not forms:
            yield known
            return
        for found in self.match(left, forms[0], here[0], known):
            yield from self._inputs(left, forms[1:], here[1:], found)

    def _ordered(self, left: Left, parts: Sequence[tuple[int, Any]], known: Known) -> int:
        """Return which part is best matched next: what is known, then the smallest, names last."""

        def key(at: int) -> tuple[int, int]:
            form, _ = parts[at]
            if not left.open(form, known):
                return 0, 0
            return (2 if left.bare(form) else 1), left.size(form)

        return min(range(len(parts)), key=key)

    def _terms(
        self, left: Left, terms: list[Part], rest: int, known: dict[str, int]
    ) -> Iterator[dict[str, int]]:
        """Match all terms of a pattern's sum; what is left of ``rest`` must be nothing."""
        if not terms:
            if rest == self.forms.zero:
                yield known
            return
        at = self._ordered(left, terms, known)
        form, factor = terms[at]
        others = terms[:at] + terms[at + 1 :]
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
        at = self._ordered(left, factors, known)
        form, power = factors[at]
        others = factors[:at] + factors[at + 1 :]
        if not left.open(form, known):
            there = self.made(left.forms, form, known)
            if there != forms.zero:
                yield from self._factors(left, others, forms.times(rest, there, -power), known)
        elif not others and form in left.names:
            for there in self._roots(rest, power):
                yield {**known, left.names[form]: there}
        else:
            for factor, found in self._factor(left, form, power, rest, known):
                yield from self._factors(left, others, self._without(rest, factor, power), found)

    def _roots(self, form: int, power: int) -> Iterator[int]:
        """Yield the forms whose ``power`` is a form."""
        found = self.forms.root(form, power)
        if found is not None:
            yield found
            if power % 2 == 0:
                yield self.forms.scaled(found, Fraction(-1))

    def _factor(
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

    def _without(self, rest: int, factor: tuple[int, Fraction], power: int) -> int:
        """Return a product without a power of one of its factors."""
        form, sign = factor
        return self.forms.scaled(self.forms.times(rest, form, -power), sign**power)

    # A part of a form

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
        at = self._ordered(left, terms, known)
        form, factor = terms[at]
        others = terms[:at] + terms[at + 1 :]
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
        at = self._ordered(left, factors, known)
        form, power = factors[at]
        others = factors[:at] + factors[at + 1 :]
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
            for there in self._roots(rest, power):
                yield {**known, left.names[form]: there}, forms.one
        for factor, found in self._factor(left, form, power, rest, known):
            yield from self._beside(left, others, self._without(rest, factor, power), found)
