"""Operations on exact numbers and balls: quotients, powers, floors, functions of the digits."""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics.digits import LOST
from backpropcli.arithmetics.germs.balls import LONGEST, SLACK, Ball, ball, bits, shorter, sign
from backpropcli.arithmetics.germs.trouble import Blurred, Lost, Outside, Pole, TooLarge, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HALF = Fraction(1, 2)


def quotient(x: Any, y: Any) -> Any:  # noqa: ANN401
    """Return x/y. Raises Outside for y = 0."""
    if not y:
        raise Pole("division by zero") if x else Outside("0/0")
    if isinstance(x, int | Fraction):
        if isinstance(y, int | Fraction):
            return shorter(Fraction(x) / y)
        if not x:
            return 0
    over, below = ball(x), ball(y)
    if over.unit is below.unit:
        return Fraction(over.factor) / below.factor
    middle = over.middle / below.middle
    error = (over.radius + abs(middle) * below.radius) / (abs(below.middle) - below.radius)
    return Ball(middle, error + abs(middle) * mp.eps)


def floor(x: Any) -> int:  # noqa: ANN401
    """Return the largest whole number at most x.

    Raises Blurred where a ball holds a whole one, TooLarge where no more digits help.
    """
    if isinstance(x, int | Fraction):
        return x.numerator // x.denominator
    low, high = mpmath.floor(x.middle - x.radius), mpmath.floor(x.middle + x.radius)
    size = mpmath.mag(x.middle)
    if low == high and size <= mp.prec - 10:
        return int(low)
    if size > LONGEST:
        raise TooLarge
    raise Blurred("a number is whole but for what rounding may have lost")


def through(
    function: Callable[..., Any],
    *numbers: Any,  # noqa: ANN401
    saturates: bool = False,
    total: bool = False,
) -> Any:  # noqa: ANN401
    """Return a function of the digits at ``numbers``, with the error that theirs make.

    Raises Outside where it is nan, Blurred where it is infinite or may be nan; and TooLarge where
    it is infinite, and ``saturates``: at a number that is not 0 that only says that it is large. A
    value that is lost is so too, of a ``total`` function: finite at each number.
    """
    balls = [ball(number) for number in numbers]
    middles = [item.middle for item in balls]
    value = function(*middles)
    if value is LOST:
        raise TooLarge if total else Lost
    if mpmath.isnan(value):
        raise Outside("outside of the domain")
    if mpmath.isinf(value):
        if saturates and middles[0]:
            raise TooLarge
        if any(item.radius for item in balls):
            raise Blurred("a value without bound, but for rounding")
        raise Pole("a pole")
    error = abs(value) * mp.eps * SLACK
    for place, item in enumerate(balls):
        if item.radius:
            for shift in (-item.radius, item.radius):
                moved = function(*middles[:place], middles[place] + shift, *middles[place + 1 :])
                if not mpmath.isfinite(moved):
                    raise Blurred("a number is at the edge of a domain, but for rounding")
                error += 2 * abs(moved - value)
    return Ball(value, error)


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
