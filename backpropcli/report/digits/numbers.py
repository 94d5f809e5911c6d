"""Numbers of many digits: when two agree, and how they are shown."""

from __future__ import annotations

import sys
from fractions import Fraction

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics.balls.ball import Ball, around_zero, ball

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number

AGREE, STEADY, SHOWN = 40, 45, 40
NEAREST = 17.0
"""The digits of a float that is the double nearest to the truth."""
PRECISIONS = (60, 120, 240, 480, 960)
LOG_2 = 0.30103
"""Decimal digits of a bit."""
NOTHING = mpf(10) ** -400
"""What is within less than this around 0, and not proved to be 0, is told as "0 (below 1e-400)"."""
UNPROVED_ZERO = "0 (below 1e-400)"


def same(first: Any, second: Any, count: int) -> bool:  # noqa: ANN401 (mpmath has no types)
    """Say whether two numbers agree in ``count`` digits."""
    if first == second:
        return True
    return bool(abs(first - second) <= mpf(10) ** -count * max(abs(first), abs(second)))


def length(number: Any) -> int:  # noqa: ANN401
    """Return how many decimal places before or behind the point a number of mpmath's begins."""
    return 0 if not number or not mp.isfinite(number) else int(abs(mp.mag(number)) * LOG_2)


def sharp(number: Number) -> bool:
    """Say whether a number is known to ``STEADY`` digits."""
    if isinstance(number, Fraction):
        return True
    return bool(number.known and number.radius <= mpf(10) ** -STEADY * abs(number.middle))


def beyond(number: Number) -> bool:
    """Say whether a number is known not to be finite."""
    return isinstance(number, Ball) and number.known and not mpmath.isfinite(number.middle)


def told(number: Number) -> str:
    """Return a number with 40 digits; "" where it is not known so well.

    A zero is exact, or told as one that is not proved.
    """
    if sharp(number):
        return shown(ball(number).middle)
    assert isinstance(number, Ball)  # noqa: S101 (for mypy: a fraction is sharp)
    near = number.known and around_zero(number)
    return UNPROVED_ZERO if near and abs(number.middle) + number.radius < NOTHING else ""


def shown(number: Any, count: int = SHOWN) -> str:  # noqa: ANN401
    """Return a number with ``count`` digits, fewer where the rest are 0."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)  # mpmath makes integers of all of the working digits
    try:
        return str(mp.nstr(number, count, min_fixed=-5, max_fixed=17))
    finally:
        sys.set_int_max_str_digits(limit)


def accuracy(result: float, truth: Number) -> float | None:
    """Return how many decimal digits of ``result`` are right; 17 for the double nearest.

    None where the truth is not known well enough.
    """
    if not sharp(truth):
        known = told(truth)
        return None if not known else NEAREST if result == 0 else 0.0
    middle = ball(truth).middle
    if float(middle) == result:
        return NEAREST
    if middle == 0 or not mpmath.isfinite(mpf(result)):
        return 0.0
    error = abs((mpf(result) - middle) / middle)
    return float(max(0.0, min(NEAREST, -mp.log10(error))))
