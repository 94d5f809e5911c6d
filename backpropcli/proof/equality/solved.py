"""Coordinates that equations give: known to so many digits, and not exact."""

from __future__ import annotations

from fractions import Fraction

from mpmath import mpf

from backpropcli.arithmetics.balls.ball import Ball, around_zero, ball

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.arithmetics.balls.ball import Number


DIGITS = 400
"""Digits to which what is not rational is solved for."""
BLUR = mpf(10) ** -100
"""How far, for its number's size or 1, an equation may be from known to hold."""


class Solved(Fraction):
    """A coordinate that an equation gives, right to within ``DIGITS`` digits."""


def in_balls(point: Mapping[str, Fraction]) -> dict[str, Number]:
    """Return a point's coordinates in balls of the precision at hand."""
    return {
        name: _around(value) if type(value) is Solved else value for name, value in point.items()
    }


def _around(value: Fraction) -> Ball:
    middle = ball(value)
    blur = max(abs(middle.middle), 1) * mpf(10) ** -DIGITS
    return Ball(middle.middle, middle.radius + blur)


def holds(one: Number, other: Number) -> bool:
    """Say whether two sides of an equation are the same, as far as many digits tell."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one == other
    gap = ball(one - other)
    size = max(abs(ball(one).middle), 1)
    return gap.known and bool(gap.radius <= BLUR * size) and around_zero(gap)
