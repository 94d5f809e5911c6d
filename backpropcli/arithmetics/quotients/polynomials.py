"""Polynomials in letters, which are numbers here: a sum maps each monomial to its coefficient."""

from __future__ import annotations

from fractions import Fraction

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
