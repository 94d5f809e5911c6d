"""The shortest way to write a sum: with what its terms share in front, or multiplied out."""

from __future__ import annotations

from math import gcd, prod
from typing import NamedTuple

from backpropcli.arithmetics.tidy.terms import ONE, plain, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.arithmetics.tidy.gaps import Loss
    from backpropcli.arithmetics.tidy.terms import Number, Product, Sum

    Add = Callable[[Sum, set[Loss], Sum, Number], None]

MOST = 8
"""Terms of a sum that is multiplied out."""


HEAVIEST = 10**6
"""Longer sums are not told apart by their lengths."""


class Factored(NamedTuple):
    """A sum as ``front`` times ``rest``, and what got lost on the way."""

    front: Product
    rest: Sum
    lost: set[Loss]


class Sums(dict[int, "Sum"]):
    """The terms of nodes that are sums, by node; and how long each is, with all that is in it.

    ``below`` has the lowest powers of what a sum has below its terms.
    """

    def __init__(self) -> None:
        super().__init__()
        self.weights: dict[int, int] = {}
        self.below: dict[int, dict[int, Number]] = {}

    def __setitem__(self, node: int, terms: Sum) -> None:
        super().__setitem__(node, terms)
        self.weights[node] = self.weight(terms)
        below = [pair for product in terms for pair in product if pair[1] < 0]
        if below:
            least = self.below[node] = {}
            for base, exponent in below:
                least[base] = min(least.get(base, 0), exponent)

    def weight(self, terms: Sum) -> int:
        """Return how long a sum is: its terms, factors and numbers."""
        total = 0
        for product, coefficient in terms.items():
            total += 1 + (coefficient not in {1, -1} or not product)
            for base, exponent in product:
                total += 1 + (exponent not in {1, -1}) + self.weights.get(base, 0)
        return min(total, HEAVIEST)

    def _count(self, product: Product) -> int:
        return prod([len(self[base]) for base, power in product if power == 1 and base in self])

    def multiplied_out(self, terms: Sum, lost: set[Loss], add: Add) -> Sum | None:
        """Return a sum with its products of sums multiplied out; None where no terms meet."""
        count = sum(self._count(product) for product in terms)
        if not len(terms) < count <= MOST:
            return None
        found: Sum = {}
        for product, coefficient in terms.items():
            parts: Sum = {product: coefficient}
            for base, exponent in product:
                if exponent == 1 and base in self:
                    rest = times(parts, ((base, 1),), -1)
                    parts = {}
                    for one, number in self[base].items():
                        add(parts, lost, times(rest, one), number)
            add(found, lost, parts, 1)
        return found if len(found) < count else None


def shortest(terms: Sum, sums: Sums, variables: set[int], add: Add) -> Factored:
    """Return the shortest way to write a sum. Powers of ``variables`` alone are not taken out."""
    common = shared(terms)
    if all(power > 0 and base in variables for base, power in common):
        common = ONE
    best = Factored(common, times(terms, common, -1) if common else terms, set())
    divided = any(power < 0 for product in terms for _, power in product)
    front = lowest(terms) if divided else common
    lost: set[Loss] = set()
    rest = sums.multiplied_out(times(terms, front, -1), lost, add)
    found = Factored(front, rest or {}, lost)
    return found if rest and _weight(found, sums) < _weight(best, sums) else best


def _weight(found: Factored, sums: Sums) -> int:
    front, rest, _ = found
    if len(rest) == 1:
        return sums.weight(times(rest, front))
    return sums.weight(rest) + (sums.weight({front: 1}) if front else 0)


def shared(terms: Sum) -> Product:
    """Return the factors that all terms of a sum have, each in its lowest power."""
    first, *others = terms
    common = dict(first)
    for product in others:
        exponents = dict(product)
        for base, exponent in [*common.items()]:
            other = exponents.get(base, 0)
            least = min(exponent, other) if exponent > 0 else max(exponent, other)
            if least * exponent > 0:
                common[base] = least
            else:
                del common[base]
    return tuple(common.items())


def lowest(terms: Sum) -> Product:
    """Return the lowest power of each base that is in all terms, or below some: a denominator."""
    exponents = [dict(product) for product in terms]
    bases = dict.fromkeys(base for one in exponents for base in one)
    least = {base: min(one.get(base, 0) for one in exponents) for base in bases}
    return tuple([pair for pair in least.items() if pair[1]])


def content(terms: Sum) -> Number:
    """Return the whole number that all terms of a sum are multiples of, with their common sign."""
    whole = [number for number in terms.values() if isinstance(number, int)]
    found = gcd(*whole) if len(whole) == len(terms) else 1
    return -found if all(number < 0 for number in terms.values()) else found


def ordered(terms: Sum) -> Sum:
    """Return a sum with its number last, but for 1 - x and squares of functions: 1 + tan(x)^2."""
    if ONE not in terms or next(iter(terms)) != ONE:
        return terms
    rest = {product: number for product, number in terms.items() if product}
    if all(number < 0 for number in rest.values()):
        return terms
    if len(rest) == 1 and len(only := next(iter(rest))) == 1 and only[0][1] == 2:  # noqa: PLR2004
        return terms
    return rest | {ONE: plain(terms[ONE])}
