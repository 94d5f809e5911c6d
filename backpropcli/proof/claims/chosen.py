"""Elements of large arrays where a rule has one slope, and the expression another on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.claims.sides import ALONG
from backpropcli.proof.floats.apart import BESIDE
from backpropcli.report.kinked import with_kinks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.proof.claims.sample import Sample
    from backpropcli.proof.claims.sides import Sides

    Value = Any

MOST = 4
"""Elements that are looked at alone."""
JUMP = 1e-3
"""How far a derivative jumps, beside the largest, at a kink."""


def conventions(sides: Sides, one: Sample, ahead: Mapping[str, Value]) -> Value:
    """Return flags of elements whose slope is a convention, where the whole has another one.

    So slopes on both sides are the same, and the value is continuous. ``ahead`` is a point beside
    this one. A few elements are looked at, each along itself; none of derivatives along directions.
    """
    found = np.zeros(np.shape(one.true))
    name = str(sides.graph.args.get(sides.by, ""))
    if ALONG in one.bindings or name not in one.bindings or not with_kinks(sides.graph):
        return found
    least = JUMP * (1 + np.abs(one.true).max())
    value, near = one.bindings[name], sides.sample(ahead).true
    size = np.shape(value)
    for place in map(tuple, np.argwhere(np.abs(near - one.true) > least)[:MOST].tolist()):
        step = np.zeros(size)
        step[place[len(place) - len(size) :]] = BESIDE
        both = [sides.sample({**one.bindings, name: value + to}) for to in (-step, step)]
        left, right = [each.true[place] for each in both]
        here, *beside = [each.values[sides.of] for each in (one, *both)]
        continuous = all(np.abs(other - here).max() <= least for other in beside)
        found[place] = continuous and abs(left - right) <= least < abs(left - one.true[place])
    return found
