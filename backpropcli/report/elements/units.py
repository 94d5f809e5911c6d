"""Which elements of an array are dead units, or saturated ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.report.units import SHARES, SMALL, STEEPEST, is_small

if TYPE_CHECKING:
    from backpropcli.report.report import Report
    from backpropcli.report.units import Units

    Value = Any


def fill(units: Units, slope: Value, report: Report) -> None:
    """Count the elements of an array that are such units, given its local derivative."""
    [number] = units.nodes
    value = report.values[number]
    if units.operation == SHARES:
        small = _shares(value, report.graph.args[number])
    else:
        small = np.broadcast_to(is_small(units.kind, units.operation, slope), np.shape(value))
        if small.ndim > 1 and small.size:
            units.columns = int(small.all(axis=tuple(range(small.ndim - 1))).sum())
            units.width = small.shape[-1]
    units.part, units.total = int(small.sum()), int(small.size)


def _shares(value: Value, arg: Any) -> Value:  # noqa: ANN401 (an operation's axis)
    """Say along which rows all slopes p*(1 - p) of a softmax are small; none of one share."""
    [axis] = arg
    most = (value * (1 - value)).max(axis=axis, initial=0.0)
    return np.asarray(most < SMALL * STEEPEST["sigmoid"]) & (value.shape[axis] > 1)
