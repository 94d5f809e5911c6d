"""Quotients of polynomials, and their sums, differences and products.

Letters are numbers here: a polynomial maps each monomial to its coefficient.
"""

from __future__ import annotations

from fractions import Fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Factor = tuple[tuple["Monomial", Fraction], ...]

Monomial = tuple[tuple[int, int], ...]
"""Letters with their powers, which may be negative."""
Polynomial = dict[Monomial, Fraction]

MOST_TERMS = 4_000
"""Of a polynomial: a product of more is not multiplied out."""
UNIT: Monomial = ()


class TooLong(Exception):  # noqa: N818 (no mistake: nothing is known)
    """A polynomial has too many terms, or a quotient has no value."""


def add_to(total: Polynomial, monomial: Monomial, number: Fraction) -> None:
    """Add a term to a sum, which is changed."""
    number += total.get(monomial, 0)
    if number:
        total[monomial] = number
    else:
        total.pop(monomial, None)


def times(one: Polynomial, other: Polynomial) -> Polynomial:
    """Return a product. Raises TooLong."""
    if len(one) * len(other) > MOST_TERMS:
        raise TooLong
    found: Polynomial = {}
    for first, number in one.items():
        for second, another in other.items():
            add_to(found, joined(first, second), number * another)
    return found


def joined(one: Monomial, other: Monomial) -> Monomial:
    """Return the product of two monomials."""
    powers = dict(one)
    for letter, power in other:
        powers[letter] = powers.get(letter, 0) + power
    return tuple(sorted((letter, power) for letter, power in powers.items() if power))


def raised(base: Polynomial, exponent: int) -> Polynomial:
    """Return a whole power. Raises TooLong."""
    found: Polynomial = {UNIT: Fraction(1)}
    for _ in range(exponent):
        found = times(found, base)
    return found


class Quotient:
    """A polynomial ``over``, whose letters may have negative powers; ``under`` it, factors."""

    __slots__ = ("over", "under")

    def __init__(self, over: Polynomial, under: Mapping[Factor, int] | None = None) -> None:
        self.over = over
        self.under = dict(under or {}) if over else {}

    @property
    def key(self) -> object:
        """What is the same for quotients that are written alike."""
        return frozenset(self.over.items()), frozenset(self.under.items())

    def lifted(self, under: Mapping[Factor, int]) -> Polynomial:
        """Return what is over ``under``, which this is brought to."""
        over = self.over
        for factor, power in under.items():
            over = times(over, raised(dict(factor), power - self.under.get(factor, 0)))
        return over


ONE = Quotient({UNIT: Fraction(1)})


def add(x: Quotient, y: Quotient) -> Quotient:
    """Return a sum. Raises TooLong."""
    under = {**x.under}
    for factor, power in y.under.items():
        under[factor] = max(power, under.get(factor, 0))
    total = {**x.lifted(under)}
    for monomial, number in y.lifted(under).items():
        add_to(total, monomial, number)
    return Quotient(total, under)


def mul(x: Quotient, y: Quotient) -> Quotient:
    """Return a product. Raises TooLong."""
    under = {**x.under}
    for factor, power in y.under.items():
        under[factor] = under.get(factor, 0) + power
    return Quotient(times(x.over, y.over), under)


def inverse(x: Quotient) -> Quotient:
    """Return one over x. Raises TooLong where x is 0."""
    if not x.over:
        raise TooLong
    (first, number), *rest = sorted(x.over.items())
    turned = {tuple([(letter, -power) for letter, power in first]): 1 / number}
    under = {tuple(sorted(times(x.over, turned).items())): 1} if rest else {}
    return Quotient(Quotient(turned).lifted(x.under), under)


def div(x: Quotient, y: Quotient) -> Quotient:
    """Return a quotient. Raises TooLong where y is 0."""
    return mul(x, inverse(y))


def sub(x: Quotient, y: Quotient) -> Quotient:
    """Return a difference. Raises TooLong."""
    return add(x, neg(y))


def neg(x: Quotient) -> Quotient:
    """Return what x is the opposite of."""
    return Quotient({monomial: -number for monomial, number in x.over.items()}, x.under)


def number_of(x: Quotient) -> Fraction | None:
    """Return the number that x is; None if it has letters."""
    if x.under or set(x.over) - {UNIT}:
        return None
    return x.over.get(UNIT, Fraction(0))
