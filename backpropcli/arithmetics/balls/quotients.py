"""Quotients of balls, of which one may be 0, or too large to be written."""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mpf

from backpropcli.arithmetics.balls import parts
from backpropcli.arithmetics.balls.ball import (
    INF,
    MODERATE,
    NEXT_TO_NOTHING,
    UNKNOWN,
    ZERO,
    Ball,
    around_zero,
    ball,
    blurred,
    finite,
    is_zero,
    made,
    moderate,
    mul,
    shortened,
    times_large,
    too_large,
)
from backpropcli.arithmetics.balls.choices import sign_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.balls.ball import Number


def div(x: Number, y: Number) -> Number:  # noqa: PLR0911 (a return for each case)
    """Return x/y; over an exact 0 it is inf with the sign of x, or nan."""
    if y == ZERO:
        sign = sign_of(x)
        return sign if isinstance(sign, Ball) else mul(sign, INF)
    if type(x) is Fraction and type(y) is Fraction:
        return shortened(x / y)
    one, other = ball(x), ball(y)
    if too_large(one) or too_large(other):
        return _quotient(x, y)
    if not (one.known and other.known) or around_zero(other):
        return UNKNOWN
    if mpmath.isinf(other.middle) and mpmath.isfinite(one.middle):
        return ZERO
    above, below = blurred(one), blurred(other)
    if above is None or below is None:
        return Ball(one.middle / other.middle, mpf(0))
    return ZERO if is_zero(x) else made(parts.quotient(*above, *below))


def _quotient(x: Number, y: Number) -> Number:
    """Return the quotient where one is too large to be written."""
    if too_large(x):
        return times_large(x, Fraction(1 if ball(y).middle > 0 else -1)) if moderate(y) else UNKNOWN
    if x == ZERO:
        return ZERO
    return NEXT_TO_NOTHING if finite(x) and abs(ball(x).middle) < MODERATE else UNKNOWN
