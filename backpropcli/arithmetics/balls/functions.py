"""Functions of balls: mpmath's at the middle, and a radius by what they are at the edges."""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.balls.ball import (
    INF,
    NEXT_TO_NOTHING,
    ONE,
    UNKNOWN,
    ZERO,
    Ball,
    OfPi,
    ball,
    finite,
    is_nan,
    of_pi,
    rounded,
)
from backpropcli.arithmetics.balls.choices import order
from backpropcli.arithmetics.digits.elementary import KNOWN
from backpropcli.arithmetics.digits.special import MOST_SINC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.arithmetics.balls.ball import Middle, Number

SLACK = 8
"""Units in the last place by which mpmath's functions may be off."""
BEND = mpf(2) ** -10
"""By what part a function may be farther off inside of a ball than it is at the edges."""
WIDEST = mpf(2) ** -6
"""The largest radius at which the edges of a ball say how far a function goes inside."""
GAMMAS = {"gamma", "lgamma", "digamma", "trigamma", "polygamma"}
WAVES = {"sin", "cos", "tan", *GAMMAS}
"""Words that go up and down, or to a pole and back; ``GAMMAS`` do so below 2 alone."""
EXACT: dict[str, dict[tuple[Number, ...], Number]] = {
    **{
        name: {(Fraction(at),): Fraction(value) for at, value in values.items()}
        for name, values in KNOWN.items()
    },
    "lbeta": {(ONE, ONE): ZERO},
    "sinc_derivative": {
        (Fraction(n), ZERO): ZERO if n % 2 else Fraction((-1) ** (n // 2), n + 1)
        for n in range(MOST_SINC + 1)
    },
}
"""Values that are rational: mpmath's zeros are trusted only here."""
SINES = {
    Fraction(at, 6): Fraction(value, 2)
    for at, value in {0: 0, 1: 1, 3: 2, 5: 1, 6: 0, 7: -1, 9: -2, 11: -1}.items()
}
"""The sines of so many pi that are rational."""
HALF = Fraction(1, 2)
TANGENTS = {ZERO: ZERO, HALF / 2: ONE, 3 * HALF / 2: -ONE}
OF_PI: dict[str, Callable[[Fraction], Number | None]] = {
    "sin": lambda times: SINES.get(times % 2),
    "cos": lambda times: SINES.get((times + HALF) % 2),
    "tan": lambda times: TANGENTS.get(times % 1),
}
ANGLES: dict[str, dict[Number, Fraction]] = {
    "asin": {ONE: HALF, -ONE: -HALF, HALF: HALF / 3, -HALF: -HALF / 3},
    "acos": {ZERO: HALF, -ONE: ONE, HALF: ONE / 3, -HALF: ONE * 2 / 3},
    "atan": {ONE: HALF / 2, -ONE: -HALF / 2},
}
"""Angles that are multiples of pi: by what, and so many."""
UNDERFLOWS = {"exp", "exp2", "pow", "erfc", "beta"}
"""Words whose 0, from inputs that are not 0, says that the number is too small to be written."""
SATURATES = {"exp", "expm1", "pow", "sinh", "cosh", "gamma"}
"""Words whose inf, from a finite input that is not 0, only says that the number is too large."""


def function(name: str) -> Callable[..., Number]:
    """Return a word of many digits as one of balls."""
    word = digits.WORDS[name]
    exact = EXACT.get(name, {})
    narrow = NARROW.get(name)
    of_multiple, angles = OF_PI.get(name), ANGLES.get(name, {})

    def call(*inputs: Number) -> Number:
        known = exact.get(inputs) if exact else None
        if of_multiple and isinstance(inputs[0], OfPi):
            known = of_multiple(inputs[0].times)
        if known is not None:
            return known
        balls = [ball(item) for item in inputs]
        if not all(one.known for one in balls):
            return UNKNOWN
        middles = [one.middle for one in balls]
        middle = word(*middles)
        radius = narrow(balls[0], middle) if narrow else None
        if radius is None:
            radius = _spread(word, balls, middle)
        if radius is None or (name in WAVES and _turns(name, balls)):
            return UNKNOWN
        if name == "tan" and 1 < abs(middle) <= radius:  # there is a pole between the edges
            return UNKNOWN
        if name in GAMMAS and balls[-1].radius and _holds_pole(balls[-1]):
            return UNKNOWN
        cut = _cut_off(name, middle, middles) if all(map(finite, inputs)) else None
        found = rounded(middle, radius, SLACK) if cut is None else cut
        return of_pi(found, angles[inputs[0]]) if inputs[0] in angles else found

    return call


def _turns(name: str, balls: list[Ball]) -> bool:
    """Say whether a wave may turn inside of a ball, so that the edges do not tell how far it goes.

    The last of the inputs is the one along which it does.
    """
    last = balls[-1]
    steady = name in GAMMAS and last.middle - last.radius > 2  # noqa: PLR2004 (no turn from there)
    return any(one.radius > WIDEST for one in (balls[:-1] if steady else balls))


def _spread(word: Callable[..., Middle], balls: list[Ball], middle: Middle) -> Middle | None:
    """Return how far a function goes from ``middle`` over balls; None where that is not known."""
    radius = mpf(0)
    margin = 1 + BEND if len(balls) == 1 else 2 * len(balls)
    middles = [one.middle for one in balls]
    for index, one in enumerate(balls):
        for edge in [one.middle - one.radius, one.middle + one.radius] if one.radius else []:
            there = word(*middles[:index], edge, *middles[index + 1 :])
            if not _alike(there, middle):
                return None
            if mpmath.isfinite(middle):
                radius = max(radius, margin * abs(there - middle))
    return radius


def _spread_of_exp(one: Ball, middle: Middle) -> Middle | None:
    """Return at most how far exp goes from ``middle`` over a narrow ball; None over others.

    exp(r) - 1 <= r + r^2 for r <= 1, and what is rounded is less than what BEND adds.
    """
    blur = one.radius
    if not (blur <= WIDEST and middle and mpmath.isfinite(middle)):
        return None
    return (1 + BEND) * middle * blur * (1 + blur)


def _spread_of_log(one: Ball, middle: Middle) -> Middle | None:
    """Return at most how far log goes from ``middle`` over a narrow ball; None over others.

    -log(1 - r) <= r + r^2 for r <= 1/2.
    """
    if not (mpmath.isfinite(middle) and one.radius <= WIDEST * one.middle):
        return None
    part = one.radius / one.middle
    return (1 + BEND) * part * (1 + part)


NARROW = {"exp": _spread_of_exp, "log": _spread_of_log}
"""Words whose derivative says how far they go, which saves their values at the edges."""


def _holds_pole(one: Ball) -> bool:
    """Say whether 0 or a negative whole number lies in a ball."""
    low = mpmath.ceil(one.middle - one.radius)
    return bool(low <= 0 and low <= one.middle + one.radius)


def _alike(one: Middle, other: Middle) -> bool:
    """Say whether two numbers are both finite, both nan, or the same infinity."""
    if mpmath.isfinite(one) or mpmath.isfinite(other):
        return bool(mpmath.isfinite(one) and mpmath.isfinite(other))
    return bool(one == other or (mpmath.isnan(one) and mpmath.isnan(other)))


def _cut_off(name: str, result: Middle, inputs: list[Middle]) -> Ball | None:
    """Return what a result stands for: a number that is too large, too small or too far.

    None where it stands for itself.
    """
    if mpmath.isinf(result):
        return Ball(result, INF.middle) if name in SATURATES and inputs[0] != 0 else None
    if mpmath.isnan(result):
        return UNKNOWN if result is digits.LOST else None
    if result != 0 or not any(inputs):
        return None
    return NEXT_TO_NOTHING if name in UNDERFLOWS and all(inputs) else UNKNOWN


def atan2(y: Number, x: Number) -> Number:
    """Return the angle of (x, y), which is 0 on the positive axis."""
    if y == ZERO and not is_nan(x) and order(x, ZERO) == 1:
        return ZERO
    return function("atan2")(y, x)
