"""Intervals of doubles: all that an operation may yield where its inputs lie within bounds.

They are bounds, never estimates: what is not known is the whole line. What has no value, such as
log(-1), is left out of an interval, and makes it ``partial``: comparisons with it may be false.
"""

from __future__ import annotations

from math import inf, pi

from backpropcli.arithmetics.intervals import choices, interval
from backpropcli.arithmetics.intervals.interval import Interval

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.graph.row import Row

IMAGES = {
    "real": (-inf, inf),
    "nonnegative": (0.0, inf),
    "positive": (0.0, inf),
    "unit": (0.0, 1.0),
}
INFIX: dict[str, str] = {}
add, mul = interval.add, interval.mul
constant, double = interval.constant, interval.double


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
    "sub": interval.sub,
    "mul": mul,
    "div": interval.div,
    "neg": interval.neg,
    "abs": interval.absolute,
    "sign": choices.sign,
    "max": choices.largest,
    "min": choices.least,
    "lt": choices.compared(choices.less),
    "le": choices.compared(choices.at_most),
    "gt": choices.compared(lambda x, y: choices.less(y, x)),
    "ge": choices.compared(lambda x, y: choices.at_most(y, x)),
    "eq": choices.compared(choices.same),
    "ne": lambda x, y: choices.negated(choices.compared(choices.same)(x, y)),
    "not": choices.negated,
    "and": choices.both,
    "or": choices.either,
    "where": choices.where,
    "pow": interval.power,
    "hypot": interval.hypot,
    "cosh": interval.cosh,
    "sin": interval.wave("sin", pi / 2),
    "cos": interval.wave("cos", 0.0),
    "relu": lambda x: choices.largest(x, interval.NO),
    "sg": lambda x: x,
    "name": lambda x: x,
    "result": lambda x: x,
    "sqrt": interval.rising("sqrt", 0.0),
    "log": interval.rising("log", 0.0),
    "log1p": interval.rising("log1p", -1.0),
    "acosh": interval.rising("acosh", 1.0),
    "asin": interval.rising("asin", -1.0, 1.0),
    "atanh": interval.rising("atanh", -1.0, 1.0),
    "sum": interval.total,
    "size": lambda _, **__: Interval(1.0, inf),
    "amax": lambda x, **_: x,
    "amin": lambda x, **_: x,
}
WORDS |= {name: interval.rising(name) for name in ("expm1", "sinh", "asinh", "atan", "cbrt")}
WORDS |= {name: interval.within(name, -1.0, 1.0) for name in ("tanh", "erf")}
WORDS |= {
    "exp": interval.within("exp", 0.0, inf),
    "sigmoid": interval.within("sigmoid", 0.0, 1.0),
}
