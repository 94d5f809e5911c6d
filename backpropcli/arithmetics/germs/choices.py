"""What germs choose by signs: comparisons, branches, extremes, parts of numbers."""

from __future__ import annotations

from backpropcli.arithmetics.germs import of_balls
from backpropcli.arithmetics.germs.germ import Germ, constant, negative, order_of, sub
from backpropcli.arithmetics.germs.of_balls import HALF
from backpropcli.arithmetics.germs.reals import lazily
from backpropcli.arithmetics.germs.trouble import Behind, Outside, Pole, Trouble, Unknown
from backpropcli.graph.operations import COMPARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def absolute(x: Germ) -> Germ:
    """Return the absolute value, as far as it is known where the sign is not."""
    try:
        return negative(x) if x.sign() < 0 else x
    except Unknown:
        return Germ({}, x.low)


def floor(x: Germ) -> int:
    """Return the floor, which at a whole limit is decided by the side."""
    limit = x.standard()
    whole = of_balls.floor(limit)
    return whole - 1 if limit == whole and x.rest().sign() < 0 else whole


def nearest(x: Germ) -> int:
    """Return the nearest whole number; half-way cases are decided by the side."""
    limit = x.standard()
    below = of_balls.floor(limit)
    if limit - below == HALF:
        side = x.rest().sign()
        return below + (side > 0 if side else below % 2)
    return of_balls.floor(limit + HALF)


def extreme(side: int, first: Germ, *others: Germ) -> Germ:
    """Return the largest germ for side 1, the smallest for -1, as far as it can be told."""
    best = first
    for other in others:
        try:
            if order_of(other, best) == side:
                best = other
        except Unknown:
            difference = sub(other, best)
            best = Germ(best.terms, min(best.order, difference.low))
    return best


def compared(name: str, x: Any, y: Any) -> Any:  # noqa: ANN401
    """Return 1 if the comparison ``name`` holds, else 0. Nothing holds for nan but "ne"."""
    for value in (x, y):
        if isinstance(value, Pole):
            return Behind(value.reason)
        if isinstance(value, Outside):
            return constant(int(name == "ne"))
    return lazily(lambda x, y: constant(int(COMPARED[name](order_of(x, y), 0))))(x, y)


def ties(value: Germ, *others: Germ) -> Any:  # noqa: ANN401
    """Return how many of ``others`` equal ``value``."""
    return constant(sum(order_of(value, other) == 0 for other in others))


def _truth(x: Germ | Trouble) -> bool | Trouble:
    """Return whether a condition is not 0; nan and infinity are true."""
    if isinstance(x, Outside):
        return True
    return lazily(lambda x: x.sign() != 0)(x)  # type: ignore[no-any-return]


def where(condition: Any, one: Any, other: Any) -> Any:  # noqa: ANN401
    """Return the branch taken, the very germ; the other one may be Trouble."""
    truth = _truth(condition)
    if isinstance(truth, Trouble):
        return truth
    return one if truth else other


def joined(x: Any, y: Any, *, settles: bool) -> Any:  # noqa: ANN401
    """Return x and y, or x or y: one that ``settles`` it does so whatever the other is."""
    truths = [_truth(x), _truth(y)]
    for truth in truths:
        if truth is settles:
            return constant(int(settles))
    for truth in truths:
        if isinstance(truth, Trouble):
            return truth
    return constant(int(not settles))
