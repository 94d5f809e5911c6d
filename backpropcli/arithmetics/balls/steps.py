"""Step functions of balls, and remainders: exact, or unknown where a ball lies over a step."""

from __future__ import annotations

from fractions import Fraction

import mpmath

from backpropcli.arithmetics.balls.ball import LONGEST, NAN, ONE, UNKNOWN, ZERO, finite, mul, sub
from backpropcli.arithmetics.balls.choices import absolute, compared, sign_of
from backpropcli.arithmetics.balls.functions import function
from backpropcli.arithmetics.balls.powers import div

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.arithmetics.balls.ball import Middle, Number


def step(
    of_rational: Callable[[Fraction], int], word: Callable[..., Middle]
) -> Callable[..., Number]:
    """Return a step function: exact, or unknown where a ball lies over a step."""

    def call(x: Number) -> Number:
        if isinstance(x, Fraction):
            return Fraction(of_rational(x))
        if not x.known or not mpmath.isfinite(x.middle):
            return x
        low, high = word(x.middle - x.radius), word(x.middle + x.radius)
        return Fraction(int(low)) if low == high and mpmath.mag(low) < LONGEST else UNKNOWN

    return call


floor = step(lambda x: x.__floor__(), mpmath.floor)


def mod(x: Number, y: Number) -> Number:
    """Return x - y*floor(x/y)."""
    if y == ZERO:
        return NAN
    if finite(x) and finite(y):
        return sub(x, mul(y, floor(div(x, y))))
    return function("mod")(x, y)


def fmod(x: Number, y: Number) -> Number:
    """Return x - y*trunc(x/y)."""
    if y == ZERO:
        return NAN
    if not (finite(x) and finite(y)):
        return function("fmod")(x, y)
    quotient = div(x, y)
    if compared("lt")(absolute(quotient), ONE) == ONE:
        return x
    return sub(x, mul(y, mul(sign_of(quotient), floor(absolute(quotient)))))
