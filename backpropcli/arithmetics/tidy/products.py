"""Products as they are gathered: a number, and the exponent of each base."""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.tidy.gaps import NONZERO, NOT_NEGATIVE, VALUE, Loss
from backpropcli.arithmetics.tidy.signs import NONNEGATIVE, POSITIVE, REAL
from backpropcli.arithmetics.tidy.terms import plain, writable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.tidy.signs import Signs
    from backpropcli.arithmetics.tidy.terms import Number, Product

HIGHEST = 64
"""The highest power of a number that is worked out."""


class Powers:
    """A product that grows: x^a*x^b is x^(a + b), and numbers are multiplied exactly."""

    __slots__ = ("coefficient", "divided", "exponents", "lost", "rooted", "signs")

    def __init__(self, signs: Signs) -> None:
        self.signs = signs
        self.coefficient: Number = 1
        self.exponents: dict[int, Number] = {}
        self.divided: set[int] = set()
        self.rooted: set[int] = set()
        self.lost: set[Loss] = set()

    def scale(self, number: Number, exponent: int) -> bool:
        """Take in a power of a number; say whether that can be done, and written."""
        if (number == 0 and exponent < 0) or abs(exponent) > HIGHEST:
            return False
        power = number**exponent if exponent > 0 else Fraction(number) ** exponent
        found = self.coefficient * power
        if not writable(found):
            return False
        self.coefficient = plain(found)
        return True

    def raise_to(self, base: int, exponent: Number) -> None:
        """Take in a power of a base."""
        exponents = self.exponents
        before = exponents.get(base)
        if before is None:
            exponents[base] = exponent
        else:
            exponents[base] = plain(before + exponent)
            if before * exponent < 0 and self.signs.of(base) < REAL:  # inf^2/inf is no number
                self.lost.add(Loss(VALUE, base))
        if exponent < 0:
            self.divided.add(base)
        if exponent.denominator != 1:
            self.rooted.add(base)

    def take(self, product: Product, exponent: int) -> None:
        """Take in a power of a product."""
        for base, inner in product:
            self.raise_to(base, plain(inner * exponent))

    def undefined(self) -> bool:
        """Say whether a factor may be infinite or nan: 0 times that is not 0."""
        of = self.signs.of
        return any(of(base) < REAL for base in self.exponents) or any(
            of(base) != POSITIVE for base in self.divided
        )

    def scale_by(self, zero: int) -> None:
        """Keep a 0 as the factor that it is: node ``zero``."""
        self.coefficient = 1
        self.exponents[zero] = 1

    def finished(self) -> tuple[Product, Number]:
        """Return the product and its number; what got lost is in ``lost`` from now on."""
        if self.divided or self.rooted or not self.coefficient:
            self._lose()
        if not self.coefficient:
            return (), 0
        return tuple(sorted([pair for pair in self.exponents.items() if pair[1]])), self.coefficient

    def _lose(self) -> None:
        of, zero = self.signs.of, not self.coefficient
        for base, exponent in self.exponents.items():
            gone = zero or exponent == 0
            if gone and of(base) < REAL:
                self.lost.add(Loss(VALUE, base))
            if base in self.divided and (gone or exponent > 0) and of(base) != POSITIVE:
                self.lost.add(Loss(NONZERO, base))
            whole = gone or exponent.denominator == 1
            if base in self.rooted and whole and of(base) < NONNEGATIVE:
                self.lost.add(Loss(NOT_NEGATIVE, base))
