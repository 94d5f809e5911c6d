"""Numbers that know how far they are known: a whole number or fraction is exact, a ball is not.

No sign is read off a ball that holds 0: asking for it raises Blurred. A ball's radius follows
rounding and the errors of what it was made of, by differences rather than by proved bounds, with a
wide margin (``SLACK``).

These are other balls than those of ``arithmetics.balls``, which say what is true at a point: there
a number that is not known is a value like any other, as nothing may come of it, and so is infinity.
A germ asks which of its terms is the leading one: a number that may be 0 stops the work, infinity
is Trouble, and multiples of one ball cancel exactly, as the terms of a germ have to.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics.germs.trouble import Blurred, Outside, Pole, Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DIGITS = 60
"""The decimal digits that germs are computed with (``mp.workdps``)."""
RELATIVE = mpf(10) ** -30
"""How near to each other, for their size, numbers are that agree."""
SLACK = 2**16
"""Units in the last place that an operation of the digits may be off."""
LONGEST = 3000
"""Bits beyond which an exact number becomes a ball."""


class Ball:
    """A real number within ``radius`` of ``middle``.

    It remembers the ball (``unit``) that it is an exact multiple (``factor``) of, so that
    sqrt(5)*x - sqrt(5)*x is exactly 0; what ``products`` of two units were made; and of a square
    root, what its square is.
    """

    __slots__ = ("factor", "middle", "products", "radius", "square", "unit")

    def __init__(self, middle: Any, radius: Any, unit: Ball | None = None, factor: Any = 1) -> None:  # noqa: ANN401 (mpmath has no types)
        self.middle = middle
        self.radius = radius
        self.unit = self if unit is None else unit
        self.factor = factor
        self.square: Any = None
        self.products: dict[Ball, Ball] | None = None

    def __bool__(self) -> bool:
        if abs(self.middle) <= self.radius:
            raise Blurred("a number is 0 but for what rounding may have lost")
        return True

    def times(self, factor: Any) -> Any:  # noqa: ANN401
        """Return the ball times an exact number."""
        if not factor:
            return 0
        total = self.factor * factor
        if bits(total) > LONGEST:
            return self._product(ball(factor))
        middle = self.middle * mpf(factor.numerator) / factor.denominator
        error = self.radius * abs(mpf(factor.numerator)) / factor.denominator
        return Ball(middle, error + 2 * abs(middle) * mp.eps, self.unit, total)

    def _product(self, other: Ball) -> Ball:
        middle = self.middle * other.middle
        error = abs(self.middle) * other.radius + self.radius * (abs(other.middle) + other.radius)
        return Ball(middle, error + abs(middle) * mp.eps)

    def __neg__(self) -> Ball:
        return Ball(-self.middle, self.radius, self.unit, -self.factor)

    def __add__(self, other: object) -> Any:  # noqa: ANN401
        if isinstance(other, Trouble):
            return other
        if isinstance(other, int | Fraction) and not other:
            return self
        other = ball(other)
        if other.unit is self.unit:
            return self.unit.times(Fraction(self.factor) + other.factor)
        middle = self.middle + other.middle
        if mpmath.isinf(middle):  # the inf of a rule's condition
            return Ball(middle, mpf(0))
        return Ball(middle, self.radius + other.radius + abs(middle) * mp.eps)

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:  # noqa: ANN401
        return self + -other  # type: ignore[operator]

    def __rsub__(self, other: object) -> Any:  # noqa: ANN401
        return -self + other

    def __mul__(self, other: object) -> Any:  # noqa: ANN401
        if isinstance(other, Trouble):
            return other
        if isinstance(other, int | Fraction):
            return self.times(other)
        other = ball(other)
        if other.unit is self.unit and self.unit.square is not None:
            return shorter(Fraction(self.factor) * other.factor * self.unit.square)
        one, two = sorted((self.unit, other.unit), key=id)
        one.products = {} if one.products is None else one.products
        if two not in one.products:
            one.products[two] = one._product(two)
        return one.products[two].times(Fraction(self.factor) * other.factor)

    __rmul__ = __mul__


def ball(number: Any) -> Ball:  # noqa: ANN401
    """Return a number as a ball."""
    if isinstance(number, Ball):
        return number
    middle = mpf(number.numerator) / number.denominator
    fits = number.denominator & (number.denominator - 1) == 0
    if fits and abs(number.numerator).bit_length() <= mp.prec:
        return Ball(middle, mpf(0))
    return Ball(middle, 2 * abs(middle) * mp.eps)


def exact(number: Any) -> Any:  # noqa: ANN401
    """Return the fraction that a float, a big float or a fraction is. Raises Outside for others."""
    if isinstance(number, mpf):
        if not mpmath.isfinite(number):
            raise _named(number)
        if abs(mpmath.mag(number)) > LONGEST and number:
            return Ball(number, mpf(0))
        numerator, exponent = int(number.man), number.exp
        signed = -numerator if number < 0 else numerator
        return shorter(Fraction(signed) * Fraction(2) ** int(exponent))
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 (nan)
        raise _named(number)
    return Fraction(number)


def _named(number: Any) -> Outside:  # noqa: ANN401
    """Return why inf or nan is no number."""
    if number != number:  # noqa: PLR0124 (nan)
        return Outside("a number is nan")
    return Pole("a number is infinite")


def real(number: Any) -> Any:  # noqa: ANN401
    """Return a number as a big float: a ball's middle, and infinity as it is."""
    return number if isinstance(number, mpf) else ball(number).middle


def agree(x: Any, y: Any) -> tuple[bool, bool]:  # noqa: ANN401
    """Return whether two numbers are equal as far as is known, and whether that is sure.

    It is not where all that is known of them is that they are nearly 0.
    """
    if isinstance(x, mpf) or isinstance(y, mpf):  # infinities
        return (isinstance(x, mpf) and isinstance(y, mpf) and x == y), True
    difference = x - y
    if not isinstance(difference, Ball):
        return difference == 0, True
    size = max(abs(real(x)), abs(real(y)))
    return abs(difference.middle) <= difference.radius, difference.radius < size * RELATIVE


def shorter(number: Any) -> Any:  # noqa: ANN401
    """Return an exact number that has become too long as a ball."""
    if isinstance(number, int | Fraction):
        return ball(number) if bits(number) > LONGEST else number
    return number


def sign(number: Any) -> int:  # noqa: ANN401
    """Return -1, 0 or 1; 0 for an exact 0 only. Raises Blurred for a ball that holds 0."""
    if isinstance(number, Trouble):
        raise number
    if not number:
        return 0
    return 1 if (number.middle if isinstance(number, Ball) else number) > 0 else -1


def bits(number: Any) -> int:  # noqa: ANN401
    """Return the length of an exact number."""
    return int(number.numerator.bit_length() + number.denominator.bit_length())
