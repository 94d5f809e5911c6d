"""Points in floats at which a wrong claim is looked at: of all signs, sizes and branches.

Those at which it was compared in exact numbers are among them, the counterexample first of all.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.titles import parted
from backpropcli.proof.claims.sample import Sample
from backpropcli.proof.equality.points import around, literals, span
from backpropcli.proof.equality.reaching import Reaching
from backpropcli.proof.floats.alike import same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality.domain import Where
    from backpropcli.proof.equality.points import Point

    Value = Any

COUNT, TRIES = 4, 40
"""Points near 1 where a claim is wrong, and how many are drawn for them."""
SIGNED, WIDE = 16, 24
"""Points of all signs that are looked at besides, and such near literals and of all sizes."""
MANY = 50
"""Numbers of a point; for as many more, fewer points are drawn."""
TINY = 1e-200
"""Below this floats lose digits."""
PATIENCE, SHARE = 4.0, 0.5
"""Seconds that are left for a search for points, at most, and how much of the time it may take."""
SIGNS = (-1, 1)
LOST = 1e-13
"""How much of the largest values on the way may be lost at points of all sizes."""


def samples(
    posed: Posed, where: Where, met: Sequence[Point] = (), deadline: float = inf
) -> list[Sample]:
    """Return points at which both sides are finite, as many as are found; none if all are right.

    First those where the claim is wrong, then those where it is right, and then those far off:
    they are of all signs, and reach other branches. Last are those where it was ``met`` before,
    and some on sides of choices that no other takes, searched for until the time ``deadline``.
    There are none where floats do not tell both sides on some side of a choice.
    """
    wrong: list[Sample] = []
    right: list[Sample] = []
    far: list[Sample] = []
    told: list[Point] = []
    with np.errstate(all="ignore"):
        for kind, point in _drawn(posed, where):
            if kind == "near" and len(wrong) >= COUNT:
                continue
            one = _at(posed, point, far=kind == "far")
            if one is None:
                continue
            told.append(point)
            if kind == "far":
                far.append(one)
            elif same(one.claimed, one.true):
                right.append(one)
            else:
                wrong.append(one)
        if not any(one.true.any() for one in wrong):
            return []
        general = posed.fits and (posed.varies or where.point is None)
        others = _others(posed, where, met, told, deadline) if general else []
    return [] if others is None else [*wrong, *right, *far, *others]


def _at(posed: Posed, point: Point, *, far: bool) -> Sample | None:
    """Return a point, where floats tell both sides: far off in as many digits as are left."""
    one = Sample.posed(posed, _bound(posed.problem.bindings, point))
    if not (_told(one.claimed) and _told(one.true)):
        return None
    if far:
        one.slack = LOST * _largest(one)
    return one if np.isfinite(one.slack) else None


def _others(
    posed: Posed, where: Where, met: Sequence[Point], told: list[Point], deadline: float
) -> list[Sample] | None:
    """Return the points met before, and some on sides that none takes that floats have ``told``.

    None where floats do not tell both sides there.
    """
    compared, choices = posed.compared(), posed.choices
    found: list[Sample] = []
    silent: list[Point] = []

    def take(points: Iterable[Point]) -> None:
        for some in points:
            point = {**told[0], **some}  # neither side need rest on all variables
            if compared.turn(point):
                continue
            one = _at(posed, point, far=True)
            if one is None:
                silent.append(point)
            else:
                found.append(one)
                told.append(point)

    take(met)
    left = choices.left(told, choices.sides)
    if left:
        now, reaching = monotonic(), Reaching(choices, posed.conditions(where))
        reaching.sides = left
        take(reaching.more(told, now + (min(deadline, now + PATIENCE) - now) * SHARE))
        left = choices.left(told, left)
    return None if len(choices.left(silent, left)) < len(left) else found


def _told(value: Value) -> bool:
    """Say whether floats tell a value in all digits."""
    size = _size(value)
    return bool(np.isfinite(value).all()) and (size == 0 or size > TINY)


def _largest(one: Sample) -> float:
    """Return how large rounding errors get on the way to both sides, in units of a rounding."""
    below = one.graph.ancestors([one.of, one.claim])
    values = [value for value, flag in zip(one.values, below, strict=True) if flag]
    adjoints = [value for value in one.adjoints(one.of, one.by) if value is not None]
    sizes = [size for value in values if np.isfinite(size := _size(value))]
    return max(1.0, *sizes) * max(1.0, *map(_size, adjoints))


def _size(value: Value) -> float:
    return float(np.max(np.abs(np.asarray(value, float)), initial=0))


def _drawn(posed: Posed, where: Where) -> Iterator[tuple[str, Point]]:
    """Yield points: no special numbers, in the ranges and under the conditions.

    They are "near" 1, or "signed": near 1 and of all signs, or "far".
    """
    graph = posed.problem.graph
    names = [*graph.variables()]
    random = np.random.default_rng(1)
    conditions = posed.conditions(where)
    if where.point is not None and not posed.varies:
        yield "near", where.point
        return
    sizes = [float(number) for number in around(*literals(graph))]
    each = max(1, len(names) // MANY)  # of many numbers each point has all signs and sizes
    each = max(each, COUNT) if conditions.equations else each  # each is moved, which takes time
    counts = {"near": TRIES, "signed": SIGNED, "far": WIDE}
    kinds = [kind for kind, count in counts.items() for _ in range(max(COUNT, count // each))]
    for turn, kind in enumerate(kinds):
        point: Point = {}
        for place, name in enumerate(names):
            low, high = span(where.ranges, name) or (None, None)
            draw = random.uniform(0.3, 1.9)
            if kind == "near":
                draw *= SIGNS[random.integers(2)] if turn % 2 else 1
            elif kind == "signed":
                few = len(names) <= SIGNED.bit_length() - 1
                draw *= -1 if (turn >> place & 1 if few else random.random() < 0.5) else 1  # noqa: PLR2004
            elif sizes and random.random() < 0.5:  # noqa: PLR2004 (as often as of all sizes)
                draw = sizes[random.integers(len(sizes))]
                draw += random.uniform(0.01, 0.2) * SIGNS[random.integers(2)]
            else:
                draw = 10 ** random.uniform(-2, 3) * SIGNS[random.integers(2)]
            if low is not None and high is not None and not (kind == "far" and low < draw < high):
                draw = float(low) + (float(high) - float(low)) * random.uniform(0.02, 0.98)
            point[name] = Fraction(Decimal(f"{draw:.5f}"))
        for met in conditions.met([point | where.fixed]):
            yield kind, met


def _bound(shaped: Mapping[str, Value], point: Mapping[str, Fraction]) -> dict[str, Value]:
    """Return a point's elements as the arrays that they are elements of; the rest is as it was."""
    found: dict[str, Value] = {
        name: np.array(value) if np.shape(value) else value for name, value in shaped.items()
    }
    for title, number in point.items():
        name, place = parted(title)
        if place:
            found[name][place] = float(number)
        else:
            found[name] = float(number)
    return found
