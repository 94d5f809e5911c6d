"""Two numbers in balls: whether they agree, or are farther apart than rounding explains."""

from __future__ import annotations

import mpmath
from mpmath import mp, mpf
from mpmath.libmp import from_int, mpf_abs, mpf_add, mpf_le, mpf_lt, mpf_mul, mpf_pow_int, mpf_sub

from backpropcli.arithmetics.balls.ball import INF, Ball, around_zero, ball, blurred
from backpropcli.report.digits.numbers import SHOWN, STEADY, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.balls.ball import Number

MARGIN = from_int(1000)
"""How many times what rounding explains a difference has to be."""
LEAST = mpf_pow_int(from_int(10), -STEADY, 400)
NOTHING = (mpf(10) ** -300)._mpf_
"""Two numbers that are 0 to within less than this are taken for equal: never for a proved 0."""


class Gap:
    """How far two numbers are apart, at the precision at hand.

    ``agrees``: the same in many digits. ``apart``: farther than rounding explains, or the second
    is not finite. ``nothing``: both are 0 as far as can be told.
    """

    __slots__ = ("agrees", "apart", "nothing", "size")

    def __init__(self, left: Number, right: Number) -> None:
        exact = not (isinstance(left, Ball) or isinstance(right, Ball))
        one, other = blurred(left), blurred(right)
        if one is None or other is None:
            self.agrees = self.nothing = False
            self.apart = ball(left).known and ball(right).known
            self.size = INF.middle
            return
        blur = mpf_add(one[1], other[1], mp.prec, "n")
        size = mpf_abs(mpf_sub(one[0], other[0], mp.prec, "n"))
        close = mpf_le(size, mpf_mul(MARGIN, blur))
        sharp = any(mpf_le(blur, mpf_mul(mpf_abs(middle), LEAST)) for middle in (one[0], other[0]))
        self.agrees = left == right if exact else close and sharp
        self.apart = not close
        self.nothing = close and mpf_lt(blur, NOTHING)
        self.size = mp.make_mpf(size)

    def confirms(self, before: Gap) -> bool:
        """Say whether two numbers are apart still, and by as much as before."""
        if not (self.apart and before.apart):
            return False
        if mpmath.isinf(self.size):
            return bool(mpmath.isinf(before.size))
        return bool(abs(self.size - before.size) * mp.make_mpf(MARGIN) <= self.size)


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
