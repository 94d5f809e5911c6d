"""Intervals of doubles: all that an operation may yield where its inputs lie within bounds.

They are bounds, never estimates: what is not known is the whole line. What has no value, such as
log(-1), is left out of an interval, and makes it ``partial``: comparisons with it may be false.
"""

from __future__ import annotations

import math
from math import inf, isnan, nextafter, pi
from typing import NamedTuple

from backpropcli.arithmetics import floats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.graph.row import Row

__all__ = ["INFIX", "WORDS", "Interval", "add", "constant", "double", "mul", "word"]

TINIEST = 5e-324
SLACK = 8
"""Units in the last place that an end is moved outwards: more than a function of floats is off."""
IMAGES = {
    "real": (-inf, inf),
    "nonnegative": (0.0, inf),
    "positive": (0.0, inf),
    "unit": (0.0, 1.0),
}
MOST_POWER = 2**20
INFIX: dict[str, str] = {}


class Interval(NamedTuple):
    """All from ``low`` to ``high``; ``partial`` if there may be no value at some places."""

    low: float
    high: float
    partial: bool = False


def _from(low: float, high: float, *parts: Interval, partial: bool = False) -> Interval:
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
    return Interval(value, value) if value.is_integer() else _from(value, value)


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
    return _from(min(ends), max(ends), x, y)


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
    return mul(x, _from(1 / y.high, 1 / y.low, y))


def absolute(x: Interval) -> Interval:
    """Return all absolute values."""
    ends = abs(x.low), abs(x.high)
    return Interval(0.0 if x.low <= 0 <= x.high else min(ends), max(ends), x.partial)


def sign(x: Interval) -> Interval:
    """Return all signs."""
    low, high = (float((end > 0) - (end < 0)) for end in x[:2])
    return Interval(low, high, x.partial)


def largest(*every: Interval) -> Interval:
    """Return all of what is the largest."""
    partial = any(one.partial for one in every)
    return Interval(max(one.low for one in every), max(one.high for one in every), partial)


def least(*every: Interval) -> Interval:
    """Return all of what is the least."""
    partial = any(one.partial for one in every)
    return Interval(min(one.low for one in every), min(one.high for one in every), partial)


def hull(*every: Interval) -> Interval:
    """Return what holds all intervals."""
    partial = any(one.partial for one in every)
    return Interval(min(one.low for one in every), max(one.high for one in every), partial)


NO, YES, MAYBE = Interval(0.0, 0.0), Interval(1.0, 1.0), (0.0, 1.0)


def _truth(x: Interval) -> bool | None:
    if x.low == x.high == 0 and not x.partial:
        return False
    return None if x.low <= 0 <= x.high else True


def _compared(surely: Callable[[Interval, Interval], bool | None]) -> Callable[..., Interval]:
    def found(x: Interval, y: Interval) -> Interval:
        known = surely(x, y)
        if known is None or x.partial or y.partial:
            return Interval(*MAYBE)
        return YES if known else NO

    return found


def _less(x: Interval, y: Interval) -> bool | None:
    return True if x.high < y.low else False if x.low >= y.high else None


def _at_most(x: Interval, y: Interval) -> bool | None:
    return True if x.high <= y.low else False if x.low > y.high else None


def _same(x: Interval, y: Interval) -> bool | None:
    if x.high < y.low or y.high < x.low:
        return False
    return True if x.low == x.high == y.low == y.high else None


def negated(x: Interval) -> Interval:
    """Return 1 where x is 0."""
    known = _truth(x)
    return Interval(*MAYBE) if known is None else NO if known else YES


def both(x: Interval, y: Interval) -> Interval:
    """Return 1 where neither is 0."""
    truths = _truth(x), _truth(y)
    if False in truths:
        return NO
    return Interval(*MAYBE) if None in truths else YES


def either(x: Interval, y: Interval) -> Interval:
    """Return 1 where one is not 0."""
    return negated(both(negated(x), negated(y)))


def where(condition: Interval, then: Interval, other: Interval) -> Interval:
    """Return what either branch yields, or the one that is taken."""
    known = _truth(condition)
    return hull(then, other) if known is None else then if known else other


def _power(x: Interval, count: int) -> Interval:
    """Return all powers with a whole exponent."""
    if count < 0:
        return div(YES, _power(x, -count))
    ends = (x if count % 2 else absolute(x))[:2]
    low, high = (_whole_power(end, count) for end in ends)
    found = _from(low, high, x)
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
        return _from(min(ends), max(ends), x, y)
    return Interval(0.0 if x.low == 0 else -inf, inf, partial=True)


def _real_power(base: float, exponent: float) -> float:
    return float(floats.WORDS["pow"](base, exponent))


def _rising(name: str, low: float = -inf, high: float = inf) -> Callable[[Interval], Interval]:
    """Return the word of a function that rises from ``low`` to ``high``, and is nothing beyond."""

    def found(x: Interval) -> Interval:
        partial = x.low < low or x.high > high
        ends = [floats.WORDS[name](min(max(end, low), high)) for end in x[:2]]
        return _from(_slack(ends[0], -inf), _slack(ends[1], inf), x, partial=partial)

    return found


def _slack(end: float, to: float) -> float:
    """Return the value of a function, moved outwards by what it may be off; a 0 is exact."""
    return end if end in {-inf, 0.0, inf} else end + math.copysign(SLACK * math.ulp(end), to)


def _within(name: str, low: float, high: float) -> Callable[[Interval], Interval]:
    """Return the word of a function that rises from ``low`` to ``high``, and meets neither."""
    rising = _rising(name)

    def found(x: Interval) -> Interval:
        ends = rising(x)
        least = low + TINIEST  # what is that small has no digits: e^-1000 is not 0
        return Interval(max(ends.low, low), min(max(ends.high, least), high), x.partial)

    return found


def _wave(name: str, top: float) -> Callable[[Interval], Interval]:
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
    return _from(math.hypot(one.low, other.low), math.hypot(one.high, other.high), x, y)


def cosh(x: Interval) -> Interval:
    """Return all hyperbolic cosines."""
    ends = [floats.WORDS["cosh"](end) for end in absolute(x)[:2]]
    return _from(max(1.0, _slack(ends[0], -inf)), _slack(ends[1], inf), x)


def total(x: Interval, **_: object) -> Interval:
    """Return all sums of one number or more."""
    low, high = x.low if x.low >= 0 else -inf, x.high if x.high <= 0 else inf
    return Interval(low, high, x.partial)


def word(row: Row) -> Callable[..., Interval] | None:
    """Return the word of an operation that has none here: by what its row says of its values."""
    if not row.image and row.expand is not None:
        return None
    low, high = IMAGES.get(row.image, (-inf, inf))
    known = bool(row.image)

    def found(*inputs: Interval, **_: object) -> Interval:
        return Interval(low, high, not known or any(one.partial for one in inputs))

    return found


WORDS: dict[str, Callable[..., Any]] = {
    "add": add,
    "sub": sub,
    "mul": mul,
    "div": div,
    "neg": neg,
    "abs": absolute,
    "sign": sign,
    "max": largest,
    "min": least,
    "lt": _compared(_less),
    "le": _compared(_at_most),
    "gt": _compared(lambda x, y: _less(y, x)),
    "ge": _compared(lambda x, y: _at_most(y, x)),
    "eq": _compared(_same),
    "ne": lambda x, y: negated(_compared(_same)(x, y)),
    "not": negated,
    "and": both,
    "or": either,
    "where": where,
    "pow": power,
    "hypot": hypot,
    "cosh": cosh,
    "sin": _wave("sin", pi / 2),
    "cos": _wave("cos", 0.0),
    "relu": lambda x: largest(x, NO),
    "sg": lambda x: x,
    "name": lambda x: x,
    "result": lambda x: x,
    "sqrt": _rising("sqrt", 0.0),
    "log": _rising("log", 0.0),
    "log1p": _rising("log1p", -1.0),
    "acosh": _rising("acosh", 1.0),
    "asin": _rising("asin", -1.0, 1.0),
    "atanh": _rising("atanh", -1.0, 1.0),
    "sum": total,
    "size": lambda _, **__: Interval(1.0, inf),
    "amax": lambda x, **_: x,
    "amin": lambda x, **_: x,
}
WORDS |= {name: _rising(name) for name in ("expm1", "sinh", "asinh", "atan", "cbrt")}
WORDS |= {name: _within(name, -1.0, 1.0) for name in ("tanh", "erf")}
WORDS |= {"exp": _within("exp", 0.0, inf), "sigmoid": _within("sigmoid", 0.0, 1.0)}
