"""Expressions up to the order of their terms and factors: what patterns are matched against.

A form is a number: equal forms are equal in exact arithmetic, and names do not count. Sums have
rational coefficients, products have whole exponents, all else is an operation on forms.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from backpropcli.graph.graph import Graph

    Terms = Mapping[int, Fraction]
    Kind = tuple[str, Any]

PASSING = {"name", "result", "quiet", "void"}
"""Operations whose value is that of their input."""
MOST_PARTS = 12
"""Terms or factors that are looked at together."""
MOST_POWER = 8
SUM, PRODUCT = "+", "*"
"""Kinds of forms that no operation has the name of."""


class Unordered:
    """The forms of a graph's nodes: ``of`` has one for each node, ``first`` a node for each form.

    ``named`` has the first named intermediate for each form that has one and is no leaf.

    ``kinds`` has what each form is: (SUM, its terms), (PRODUCT, its factors), or an operation with
    (inputs, what is static).
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.kinds: list[Kind] = []
        self._interned: dict[Kind, int] = {}
        self.one = self._form(PRODUCT, ())
        self.zero = self._form(SUM, ())
        self.of: list[int] = []
        self.first: dict[int, int] = {}
        self.named: dict[int, int] = {}
        for node in range(len(graph)):
            found = self._node(node)
            self.of.append(found)
            if graph.operations[node] not in PASSING:
                self.first.setdefault(found, node)
            elif graph.operations[self.first[found]] not in LEAVES:
                self.named.setdefault(found, node)

    def _form(self, kind: str, parts: Any) -> int:  # noqa: ANN401 (by the kind)
        key = (kind, parts)
        found = self._interned.get(key)
        if found is None:
            found = self._interned[key] = len(self.kinds)
            self.kinds.append(key)
        return found

    def _node(self, node: int) -> int:
        graph = self.graph
        operation, arg = graph.operations[node], graph.args.get(node)
        return self.made(operation, [self.of[child] for child in graph.inputs[node]], arg)

    def made(self, operation: str, inputs: list[int], arg: object = None) -> int:  # noqa: PLR0911
        """Return the form of an operation on forms."""
        if operation in PASSING:
            return inputs[0]
        if operation == "number" and type(arg) is float and isfinite(arg):  # no Decimal
            return self.number(Fraction(arg))
        if operation == "neg":
            return self.scaled(inputs[0], Fraction(-1))
        if operation in {"add", "sub"}:
            sign = Fraction(1 if operation == "add" else -1)
            return self._few(self.plus(inputs[0], inputs[1], sign), operation, inputs)
        if operation == "mul" or (operation == "div" and inputs[1] != self.zero):
            power = 1 if operation == "mul" else -1
            return self._few(self.times(inputs[0], inputs[1], power), operation, inputs)
        if operation == "pow":
            power = self.whole(inputs[1])
            if power and abs(power) <= MOST_POWER and inputs[0] != self.zero:
                return self._few(self.times(self.one, inputs[0], power), operation, inputs)
            if self.kinds[inputs[0]] == ("constant", ((), "e")):
                return self._form("exp", ((inputs[1],), None))
        return self._form(operation, (tuple(inputs), arg))

    def _few(self, form: int, operation: str, inputs: list[int]) -> int:
        """Return a sum or product, as an operation of its inputs where it has too many parts."""
        kind, parts = self.kinds[form]
        many = kind in {SUM, PRODUCT} and len(parts) > MOST_PARTS
        return self._form(operation, (tuple(inputs), None)) if many else form

    def taken(self, places: object) -> int:
        """Return a form that stands for what an index takes; it is nothing's value."""
        return self._form("places", places)

    # Numbers

    def number(self, value: Fraction) -> int:
        """Return the form of a number."""
        return self.sum_of({self.one: value})

    def value(self, form: int) -> Fraction | None:
        """Return the number that a form is; None for others."""
        terms = self.terms(form)
        if not terms:
            return Fraction(0)
        return terms[self.one] if len(terms) == 1 and self.one in terms else None

    def whole(self, form: int) -> int:
        """Return the whole number that a form is; 0 for others."""
        value = self.value(form)
        return int(value) if value is not None and value.denominator == 1 else 0

    # Sums

    def terms(self, form: int) -> dict[int, Fraction]:
        """Return the terms of a form, each with its coefficient: itself, if it is no sum."""
        kind, parts = self.kinds[form]
        return dict(parts) if kind == SUM else {form: Fraction(1)}

    def sum_of(self, terms: Terms) -> int:
        """Return the form of a sum."""
        kept = sorted((form, factor) for form, factor in terms.items() if factor)
        if len(kept) == 1 and kept[0][1] == 1:
            return kept[0][0]
        return self._form(SUM, tuple(kept))

    def plus(self, one: int, other: int, factor: Fraction) -> int:
        """Return the form of one + factor*other."""
        terms = self.terms(one)
        for form, coefficient in self.terms(other).items():
            terms[form] = terms.get(form, Fraction(0)) + factor * coefficient
        return self.sum_of(terms)

    def scaled(self, form: int, factor: Fraction) -> int:
        """Return a form times a number."""
        if factor == 1:
            return form
        return self.sum_of({term: factor * own for term, own in self.terms(form).items()})

    # Products

    def factors(self, form: int) -> tuple[Fraction, dict[int, int]]:
        """Return the number in front, and the factors with their exponents."""
        terms = self.terms(form)
        if len(terms) != 1:
            return (Fraction(1), {form: 1}) if terms else (Fraction(0), {})
        [(term, factor)] = terms.items()
        kind, parts = self.kinds[term]
        return factor, dict(parts) if kind == PRODUCT else {term: 1}

    def product_of(self, factor: Fraction, factors: Mapping[int, int]) -> int:
        """Return the form of a number times powers."""
        kept = sorted((form, power) for form, power in factors.items() if power)
        if len(kept) == 1 and kept[0][1] == 1:
            return self.scaled(kept[0][0], factor)
        return self.sum_of({self._form(PRODUCT, tuple(kept)): factor})

    def times(self, one: int, other: int, power: int) -> int:
        """Return the form of one*other^power."""
        factor, factors = self.factors(one)
        more, others = self.factors(other)
        for form, exponent in others.items():
            factors[form] = factors.get(form, 0) + power * exponent
        return self.product_of(factor * more**power, factors)

    def root(self, form: int, power: int) -> int | None:
        """Return the form whose ``power`` is ``form``, where that has rational numbers alone."""
        if power == 1:
            return form
        factor, factors = self.factors(form)
        if power < 0 and factor:
            power, factor = -power, 1 / factor
            factors = {own: -exponent for own, exponent in factors.items()}
        if power == 1:
            return self.product_of(factor, factors)
        if factor < 0 or any(exponent % power for exponent in factors.values()):
            return None
        roots = [round(part ** (1 / power)) for part in (factor.numerator, factor.denominator)]
        found = Fraction(roots[0], roots[1] or 1)
        if found**power != factor:
            return None
        return self.product_of(found, {own: exp // power for own, exp in factors.items()})

    def inside(self, form: int) -> Iterable[int]:
        """Return the forms that a form is made of directly."""
        kind, parts = self.kinds[form]
        if kind in {SUM, PRODUCT}:
            return [part for part, _ in parts]
        inputs: tuple[int, ...] = parts[0]
        return inputs
