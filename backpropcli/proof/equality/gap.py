"""Two numbers in balls: whether they agree, or are farther apart than rounding explains."""

from __future__ import annotations

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics.balls.ball import INF, Ball, around_zero, ball
from backpropcli.report.digits.numbers import SHOWN, STEADY, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.balls.ball import Number

MARGIN = 1000
"""How many times what rounding explains a difference has to be."""
NOTHING = mpf(10) ** -300
"""Two numbers that are 0 to within less than this are taken for equal: never for a proved 0."""


class Gap:
    """How far two numbers are apart, at the precision at hand.

    ``agrees``: the same in many digits. ``apart``: farther than rounding explains, or the second
    is not finite. ``nothing``: both are 0 as far as can be told.
    """

    __slots__ = ("agrees", "apart", "nothing", "size")

    def __init__(self, left: Number, right: Number) -> None:
        one, other = ball(left), ball(right)
        blur = one.radius + other.radius
        finite = bool(mpmath.isfinite(one.middle) and mpmath.isfinite(other.middle))
        self.size = abs(one.middle - other.middle) if finite else INF.middle
        close = bool(finite and self.size <= MARGIN * blur)
        least = max(abs(one.middle), abs(other.middle)) * mpf(10) ** -STEADY
        self.agrees = close and bool(blur <= least)
        if not (isinstance(left, Ball) or isinstance(right, Ball)):
            self.agrees = left == right
        self.apart = one.known and other.known and not close
        self.nothing = close and bool(blur < NOTHING)

    def confirms(self, before: Gap) -> bool:
        """Say whether two numbers are apart still, and by as much as before."""
        if not (self.apart and before.apart):
            return False
        if mpmath.isinf(self.size):
            return bool(mpmath.isinf(before.size))
        return bool(abs(self.size - before.size) * MARGIN <= self.size)


def apart(left: Number, right: Number) -> tuple[str, str]:
    """Return two numbers with 40 digits, or as many as it takes to tell them apart.

    What no digit tells from 0 is 0.
    """
    digits = SHOWN
    numbers = [0 if is_blurred(one) else ball(one).middle for one in (left, right)]
    while True:
        texts = shown(numbers[0], digits), shown(numbers[1], digits)
        if texts[0] != texts[1] or digits > mp.dps:
            return texts
        digits *= 2


def is_blurred(number: Number) -> bool:
    """Say whether no digit tells a number from 0."""
    return isinstance(number, Ball) and number.known and around_zero(number)
