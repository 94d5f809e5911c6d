"""Magnitudes as powers of 2, which neither overflow nor underflow: ``pull`` adds up paths in them.

-inf stands for 0, and nan for what is not finite.
"""

from __future__ import annotations

from math import exp2, inf, isnan, log2, nan
from typing import TYPE_CHECKING, NamedTuple

from backpropcli.report.elements import shape_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Magnitude(NamedTuple):
    """What all ``paths`` to a node bring: in ``total``, and the ``most`` of one."""

    total: float
    most: float
    paths: float


NOTHING = Magnitude(-inf, -inf, 0.0)


def seed(own: float) -> Magnitude:
    """Return that of the path which begins at a node."""
    return Magnitude(own, own, 1.0) if own != -inf else NOTHING


def add(one: Magnitude, other: Magnitude) -> Magnitude:
    """Return what two ways bring together."""
    total = added([one.total, other.total])
    most = nan if isnan(total) else max(one.most, other.most)
    return Magnitude(total, most, one.paths + other.paths)


def mul(one: Magnitude, gain: float) -> Magnitude:
    """Return what goes along an edge that has this gain."""
    if gain == -inf:
        return NOTHING
    return Magnitude(one.total + gain, one.most + gain, one.paths)


def power(value: Any) -> float:  # noqa: ANN401 (a number, or an array)
    """Return the power of 2 of a magnitude, of an array's norm: -inf for 0, nan for not finite."""
    if shape_of(value):
        from backpropcli.report.reach.stats import scaled_norm

        scale, norm = scaled_norm(value)
        return power(scale) + (log2(norm) if norm else 0.0)
    size = abs(float(value))
    return log2(size) if 0 < size < inf else nan if size else -inf


def added(powers: Sequence[float]) -> float:
    """Return the power of 2 of a sum."""
    top = max(powers)
    if any(map(isnan, powers)):
        return nan
    if top == -inf or len(powers) == 1:
        return top
    return top + log2(sum([exp2(one - top) for one in powers]))
