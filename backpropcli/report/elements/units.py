"""Which elements of an array are dead units, or saturated ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.rules import by_input
from backpropcli.report.units import DEAD, SHARES, SMALL, STEEPEST, is_small

if TYPE_CHECKING:
    from backpropcli.report.report import Report
    from backpropcli.report.units import Units

    Value = Any


@np.errstate(all="ignore")
def fill(units: Units, report: Report) -> None:
    """Count the elements of an array that are such units."""
    [number] = units.nodes
    value = report.values[number]
    if units.operation == SHARES:
        small = _shares(value, report.graph.args[number])
    else:
        small = _dead(report, number) if units.kind == DEAD else _saturated(report, number)
        small = np.broadcast_to(small, np.shape(value))
        if small.ndim > 1 and small.size:
            units.columns = int(small.all(axis=tuple(range(small.ndim - 1))).sum())
            units.width = small.shape[-1]
    units.part, units.total = int(small.sum()), int(small.size)


def _dead(report: Report, number: int) -> Value:
    """Say at which elements an activation is not taken."""
    [child], row = report.graph.inputs[number], report.graph.row(number)
    rules = [rule for rule in row.taken if rule is not None]
    [taken] = by_input(row, rules, report.arithmetic)(report.values[number], report.values[child])
    return np.equal(taken, 0)


def _saturated(report: Report, number: int) -> Value:
    [edge] = report.flow.edges(number)
    return is_small(report.graph.operations[number], edge.partial)


def _shares(value: Value, arg: Any) -> Value:  # noqa: ANN401 (an operation's axis)
    """Say along which rows all slopes p*(1 - p) of a softmax are small; none of one share."""
    [axis] = arg
    most = (value * (1 - value)).max(axis=axis, initial=0.0)
    return np.asarray(most < SMALL * STEEPEST["sigmoid"]) & (value.shape[axis] > 1)
