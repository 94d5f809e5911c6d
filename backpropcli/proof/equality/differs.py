"""How two expressions differ at a point, and what many points tell."""

from __future__ import annotations

from dataclasses import dataclass

import mpmath
from mpmath import mp, mpf
from mpmath.libmp import from_int, mpf_abs, mpf_add, mpf_le, mpf_lt, mpf_mul, mpf_pow_int, mpf_sub

from backpropcli.arithmetics.balls.ball import INF, Ball, around_zero, ball, blurred
from backpropcli.report.digits.numbers import SHOWN, STEADY, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.proof.equality.points import Point

VALUE, DOMAIN, CONVENTION = "value", "domain", "convention"
MARGIN = from_int(1000)
"""How many times what rounding explains a difference has to be."""
LEAST = mpf_pow_int(from_int(10), -STEADY, 400)
NOTHING = (mpf(10) ** -300)._mpf_
"""Two numbers that are 0 to within less than this are taken for equal: never for a proved 0."""


@dataclass(eq=False, slots=True)
class Differs:
    """Two values at a point, as decimals with as many digits as it takes to see the difference.

    ``kind`` is VALUE; or DOMAIN, where the second has no finite value; or CONVENTION, where the
    point is a kink of the first, or of ``inside``. It is VALUE if any pair there differs so.
    ``pair`` is the number of the pair that differs, where there are several. The first is
    ``of_whole`` where it is the derivative that the whole has at a kink of a part.
    """

    point: Point
    left: str
    right: str
    kind: str
    pair: int = 0
    of_whole: bool = False


class Tally:
    """What points tell: at how many all agree, and how they differ.

    ``value`` is the first difference in value, after which no other is looked for. ``late`` says
    that time ran out before each point was looked at. ``undecided`` are points that no precision
    decides, and ``void`` those with nothing to compare; ``sharp`` counts those that agree in more
    than that both are next to nothing.
    """

    def __init__(self) -> None:
        self.tried = self.sharp = 0
        self.agreed: list[Point] = []
        self.void: list[Point] = []
        self.value: Differs | None = None
        self.domains: list[Differs] = []
        self.conventions: list[Differs] = []
        self.late = False
        self.undecided: list[Point] = []

    @property
    def agree(self) -> int:
        """At how many points all agree."""
        return len(self.agreed)

    @property
    def reached(self) -> list[Point]:
        """Where there was something to compare, and no mistake: kinks are among these points."""
        return [*self.agreed, *(one.point for one in self.conventions)]


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
