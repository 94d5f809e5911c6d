"""Quotients of polynomials, and their sums, differences and products."""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.quotients.polynomials import UNIT, TooLong, add_to, raised, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.arithmetics.quotients.polynomials import Monomial, Polynomial

    Factor = tuple[tuple[Monomial, Fraction], ...]


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
