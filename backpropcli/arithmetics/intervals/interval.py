"""Intervals of doubles, and what operations make of them: each end moves outwards.

An interval is a bound, never an estimate: what is not known is the whole line. Functions are known
by what they are at the ends, where they rise between; a wave turns.
"""

from __future__ import annotations

import math
from math import inf, isnan, nextafter, pi
from typing import NamedTuple

from backpropcli.arithmetics import floats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TINIEST = 5e-324
MOST_POWER = 2**20
SLACK = 8
"""Units in the last place that an end is moved outwards: more than a function of floats is off."""


class Interval(NamedTuple):
    """All from ``low`` to ``high``; ``partial`` if there may be no value at some places."""

    low: float
    high: float
    partial: bool = False


NO, YES = Interval(0.0, 0.0), Interval(1.0, 1.0)


def between(low: float, high: float, *parts: Interval, partial: bool = False) -> Interval:
    """Return the interval between two ends that were rounded."""
    partial = partial or any(part.partial for part in parts)
    if isnan(low) or isnan(high):
        return Interval(-inf, inf, partial=True)
    return Interval(_moved(low, -inf), _moved(high, inf), partial)


def _moved(end: float, to: float) -> float:
    """Return an end that was rounded, moved outwards; a 0 is exact."""
    return end if end in {-inf, 0.0, inf} else nextafter(end, to)


def double(value: float) -> Interval:
    """Return the interval around a literal, which is a decimal."""
    return Interval(value, value) if value.is_integer() else between(value, value)


def constant(text: str) -> Interval:
    """Return the interval around the number that ``text`` names."""
    return double(floats.constant(text))


def add(x: Interval, y: Interval) -> Interval:
    """Return all sums."""
    low, high = _sum(x.low, y.low, -inf), _sum(x.high, y.high, inf)
    partial = x.partial or y.partial
    return Interval(-inf if isnan(low) else low, inf if isnan(high) else high, partial)


def _sum(one: float, other: float, to: float) -> float:
    """Return the sum of two ends, moved outwards unless it is exact."""
    found = one + other
    exact = found - one == other and found - other == one
    return found if exact else _moved(found, to)


def neg(x: Interval) -> Interval:
    """Return all opposites."""
    return Interval(-x.high, -x.low, x.partial)


def sub(x: Interval, y: Interval) -> Interval:
    """Return all differences: 0 where both are one object."""
    if x is y:
        return Interval(0.0, 0.0, x.partial or abs(x.low) == inf or abs(x.high) == inf)
    return add(x, neg(y))


def mul(x: Interval, y: Interval) -> Interval:
    """Return all products: squares where both are one object."""
    if x is y:
        return _power(x, 2)
    ends = [_times(one, other) for one in x[:2] for other in y[:2]]
    return between(min(ends), max(ends), x, y)


def _times(one: float, other: float) -> float:
    """Return the product of two ends: one that is infinite is not met."""
    return 0.0 if one == 0 or other == 0 else one * other or _tiny(one, other)


def _tiny(one: float, other: float = 1.0) -> float:
    """Return what is too small, with the sign of a product."""
    return math.copysign(TINIEST, math.copysign(1, one) * math.copysign(1, other))


def div(x: Interval, y: Interval) -> Interval:
    """Return all quotients."""
    if y.low <= 0 <= y.high:
        return Interval(-inf, inf, partial=True)
    return mul(x, between(1 / y.high, 1 / y.low, y))


def absolute(x: Interval) -> Interval:
    """Return all absolute values."""
    ends = abs(x.low), abs(x.high)
    return Interval(0.0 if x.low <= 0 <= x.high else min(ends), max(ends), x.partial)


def _power(x: Interval, count: int) -> Interval:
    """Return all powers with a whole exponent."""
    if count < 0:
        return div(YES, _power(x, -count))
    ends = (x if count % 2 else absolute(x))[:2]
    low, high = (_whole_power(end, count) for end in ends)
    found = between(low, high, x)
    exact = [abs(end) == 1 for end in ends]  # as those of sin(x) are
    return Interval(low if exact[0] else found.low, high if exact[1] else found.high, found.partial)


def _whole_power(end: float, count: int) -> float:
    try:
        return end**count or (_tiny(end ** (count % 2)) if end else 0.0)
    except OverflowError:
        return -inf if end < 0 and count % 2 else inf


def power(x: Interval, y: Interval) -> Interval:
    """Return all powers."""
    if y.low == y.high and y.low.is_integer() and abs(y.low) < MOST_POWER:
        return _power(x, int(y.low))
    if x.low > 0:
        ends = [_real_power(one, other) for one in x[:2] for other in y[:2]]
        return between(min(ends), max(ends), x, y)
    return Interval(0.0 if x.low == 0 else -inf, inf, partial=True)


def _real_power(base: float, exponent: float) -> float:
    return float(floats.WORDS["pow"](base, exponent))


def rising(name: str, low: float = -inf, high: float = inf) -> Callable[[Interval], Interval]:
    """Return the word of a function that rises from ``low`` to ``high``, and is nothing beyond."""

    def found(x: Interval) -> Interval:
        partial = x.low < low or x.high > high
        ends = [floats.WORDS[name](min(max(end, low), high)) for end in x[:2]]
        return between(_slack(ends[0], -inf), _slack(ends[1], inf), x, partial=partial)

    return found


def _slack(end: float, to: float) -> float:
    """Return the value of a function, moved outwards by what it may be off; a 0 is exact."""
    return end if end in {-inf, 0.0, inf} else end + math.copysign(SLACK * math.ulp(end), to)


def within(name: str, low: float, high: float) -> Callable[[Interval], Interval]:
    """Return the word of a function that rises from ``low`` to ``high``, and meets neither."""
    between_ends = rising(name)

    def found(x: Interval) -> Interval:
        ends = between_ends(x)
        least = low + TINIEST  # what is that small has no digits: e^-1000 is not 0
        return Interval(max(ends.low, low), min(max(ends.high, least), high), x.partial)

    return found


def wave(name: str, top: float) -> Callable[[Interval], Interval]:
    """Return sin or cos, which is 1 at ``top``."""

    def found(x: Interval) -> Interval:
        if not x.high - x.low < 2 * pi or max(abs(x.low), abs(x.high)) > 1e6:  # noqa: PLR2004
            return Interval(-1.0, 1.0, x.partial)
        ends = [floats.WORDS[name](end) for end in x[:2]]
        low, high = min(ends) - 1e-9, max(ends) + 1e-9
        for at, is_top in ((top, True), (top + pi, False)):
            if math.floor((x.high - at) / (2 * pi) + 1e-9) > math.floor(
                (x.low - at) / (2 * pi) - 1e-9
            ):
                low, high = (low, 1.0) if is_top else (-1.0, high)
        return Interval(max(low, -1.0), min(high, 1.0), x.partial)

    return found


def hypot(x: Interval, y: Interval) -> Interval:
    """Return all distances."""
    one, other = absolute(x), absolute(y)
    return between(math.hypot(one.low, other.low), math.hypot(one.high, other.high), x, y)


def cosh(x: Interval) -> Interval:
    """Return all hyperbolic cosines."""
    ends = [floats.WORDS["cosh"](end) for end in absolute(x)[:2]]
    return between(max(1.0, _slack(ends[0], -inf)), _slack(ends[1], inf), x)


def total(x: Interval, **_: object) -> Interval:
    """Return all sums of one number or more."""
    low, high = x.low if x.low >= 0 else -inf, x.high if x.high <= 0 else inf
    return Interval(low, high, x.partial)
