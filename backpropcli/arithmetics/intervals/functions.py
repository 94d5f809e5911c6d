"""Functions of intervals: by what they are at the ends, where they rise between; a wave turns."""

from __future__ import annotations

import math
from math import inf, pi

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.intervals.interval import TINIEST, Interval, absolute, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SLACK = 8
"""Units in the last place that an end is moved outwards: more than a function of floats is off."""


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
