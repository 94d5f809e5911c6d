"""Whether arrays are the same as far as floats tell, and whether one is a multiple of another."""

from __future__ import annotations

from typing import Any

import numpy as np

Value = Any

CLOSE = 1e-9
"""How near numbers are that are taken for equal, for their size."""
SHORTER = {"float32": 1e-4, "float16": 1e-2}
"""The same in precisions of fewer digits."""


def same(one: Value, other: Value, slack: float = 0.0, dtype: object = "") -> bool:
    """Say whether two arrays have one shape and the same numbers, as far as floats tell.

    These are floats of a ``dtype``, or of that of the first array.
    """
    if np.shape(one) != np.shape(other):
        return False
    size = max(float(np.max(np.abs(one), initial=0)), float(np.max(np.abs(other), initial=0)))
    close = SHORTER.get(str(dtype or getattr(one, "dtype", "")), CLOSE)
    with np.errstate(all="ignore"):
        return bool(np.max(np.abs(one - other), initial=0) <= close * size + slack < np.inf)


def ratio_of(claimed: Value, true: Value) -> float | None:
    """Return the one number that a claim is times the derivative; None where there is none."""
    if np.shape(claimed) != np.shape(true):
        return None
    size = float(np.max(np.abs(true), initial=0)) or 1.0
    unit = true / size  # squares of small numbers are 0
    total = float(np.sum(unit * unit))
    ratio = float(np.sum(claimed / size * unit)) / total if total else 0.0
    return ratio if ratio and same(claimed, ratio * true) else None
