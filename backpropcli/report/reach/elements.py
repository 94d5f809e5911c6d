"""Which elements of an array are dead units, and which rows of shares are saturated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.rules import by_input

if TYPE_CHECKING:
    from backpropcli.report.run import Run

    Value = Any


@np.errstate(all="ignore")
def dead(report: Run, number: int) -> Value:
    """Say at which elements an activation is not taken."""
    [child], row = report.graph.inputs[number], report.graph.row(number)
    rules = [rule for rule in row.taken if rule is not None]
    [taken] = by_input(row, rules, report.arithmetic)(report.values[number], report.values[child])
    return everywhere(np.equal(taken, 0), report.values[number])


@np.errstate(all="ignore")
def steepest_shares(value: Value, arg: Any) -> Value:  # noqa: ANN401 (an operation's axis)
    """Return the largest slope p*(1 - p) of each row of a softmax; infinite for one share."""
    [axis] = arg
    most = (value * (1 - value)).max(axis=axis, initial=0.0)
    return most if value.shape[axis] > 1 else np.full_like(most, np.inf)


def everywhere(flags: Value, value: Value) -> Value:
    """Return flags in the shape of a value."""
    return np.broadcast_to(flags, np.shape(value))
