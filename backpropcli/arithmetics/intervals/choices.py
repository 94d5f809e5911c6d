"""Signs, comparisons, logic and choices of intervals: decided where the ends allow, else either."""

from __future__ import annotations

from backpropcli.arithmetics.intervals.interval import NO, YES, Interval

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def sign(x: Interval) -> Interval:
    """Return all signs."""
    low, high = (float((end > 0) - (end < 0)) for end in x[:2])
    return Interval(low, high, x.partial)


def _of_ends(
    lowest: Callable[..., float], highest: Callable[..., float]
) -> Callable[..., Interval]:
    def found(*every: Interval) -> Interval:
        low, high = lowest(one.low for one in every), highest(one.high for one in every)
        return Interval(low, high, any(one.partial for one in every))

    return found


largest, least, hull = _of_ends(max, max), _of_ends(min, min), _of_ends(min, max)


def _decided(known: bool | None) -> Interval:  # noqa: FBT001 (it is the value)
    """Return 1 or 0; where nothing is known either, as an interval that is no other's object."""
    return Interval(0.0, 1.0) if known is None else YES if known else NO


def _truth(x: Interval) -> bool | None:
    if x.low == x.high == 0 and not x.partial:
        return False
    return None if x.low <= 0 <= x.high else True


def compared(surely: Callable[[Interval, Interval], bool | None]) -> Callable[..., Interval]:
    """Return a comparison, which is false where there may be no value."""

    def found(x: Interval, y: Interval) -> Interval:
        return _decided(None if x.partial or y.partial else surely(x, y))

    return found


def less(x: Interval, y: Interval) -> bool | None:
    """Return whether x is less than y; None where that is not known."""
    return True if x.high < y.low else False if x.low >= y.high else None


def at_most(x: Interval, y: Interval) -> bool | None:
    """Return whether x is at most y; None where that is not known."""
    return True if x.high <= y.low else False if x.low > y.high else None


def same(x: Interval, y: Interval) -> bool | None:
    """Return whether the two are equal; None where that is not known."""
    if x.high < y.low or y.high < x.low:
        return False
    return True if x.low == x.high == y.low == y.high else None


def negated(x: Interval) -> Interval:
    """Return 1 where x is 0."""
    known = _truth(x)
    return _decided(None if known is None else not known)


def both(x: Interval, y: Interval) -> Interval:
    """Return 1 where neither is 0."""
    truths = _truth(x), _truth(y)
    return _decided(False if False in truths else None if None in truths else True)


def either(x: Interval, y: Interval) -> Interval:
    """Return 1 where one is not 0."""
    return negated(both(negated(x), negated(y)))


def where(condition: Interval, then: Interval, other: Interval) -> Interval:
    """Return what either branch yields, or the one that is taken."""
    known = _truth(condition)
    return hull(then, other) if known is None else then if known else other
