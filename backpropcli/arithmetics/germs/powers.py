"""Powers of exact numbers and balls: exact where they are fractions."""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics.germs.balls import LONGEST, Ball, bits, shorter, sign
from backpropcli.arithmetics.germs.of_balls import through
from backpropcli.arithmetics.germs.trouble import Outside, Pole, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HALF = Fraction(1, 2)


def power(x: Any, y: Any) -> Any:  # noqa: ANN401
    """Return x^y, exact where it is a fraction. Raises Outside where it has no value."""
    if isinstance(y, int | Fraction):
        return _exact_power(x, y)
    if sign(x) <= 0:
        raise Unknown("a power of 0 or of a negative number with an exponent that is not exact")
    return 1 if not isinstance(x, Ball) and x == 1 else through(mpmath.power, x, y)


def _exact_power(x: Any, y: Fraction | int) -> Any:  # noqa: ANN401
    if not y:
        return 1
    side = sign(x)
    if not side:
        if y < 0:
            raise Pole("division by zero")
        return 0
    if side < 0 and y.denominator != 1:
        raise Outside("a power of a negative number")
    root = _root(x, y.denominator)
    if root is not None and abs(y.numerator) * bits(root) <= LONGEST:
        return shorter(root**y.numerator)
    if side < 0:
        whole = through(mpmath.power, -x, y)
        return -whole if y.numerator % 2 else whole
    found = through(mpmath.power, x, y)
    if y == HALF and not isinstance(x, Ball):
        found.square = x
    return found


def _root(x: Any, degree: int) -> Fraction | None:  # noqa: ANN401
    """Return the root of an exact number, if it is one exactly."""
    if isinstance(x, Ball) or degree > LONGEST:
        return None
    if degree == 1:
        return Fraction(x)
    parts = []
    for part in (x.numerator, x.denominator):
        with mp.workprec(part.bit_length() + 20):
            near = int(mpmath.nint(mpmath.root(mpf(part), degree)))
        if near**degree != part:
            return None
        parts.append(near)
    return Fraction(parts[0], parts[1])
