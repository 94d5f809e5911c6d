"""The tangents of a program with arrays, each in the shape of its node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.bindings.arrays import is_finite
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.report.causes import SHOWN, Cause
from backpropcli.report.elements.felt import felt_elements, keep_felt
from backpropcli.report.elements.texts import element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.report.report import Report
    from backpropcli.report.run import Run

QUIET = np.errstate(all="ignore")
"""What is not finite is told by the report, not by NumPy."""


@QUIET
def tangents(run: Run, direction: Mapping[int, Any]) -> tuple[bytearray, list[Any]]:
    """Return which nodes move, and the tangent of each node for a move along ``direction``.

    Nothing comes from an element that no branch takes: ``flags`` of the run say which are felt,
    where something is not finite.
    """
    numbers = run.arithmetic
    edges = linearize(run.graph, numbers, run.values, run.wrt.values())

    def found() -> list[Any]:
        arrived: list[Any] = numbers.in_shape(push(edges, numbers, direction), run.values)
        return arrived

    parts = found()
    if all(one is None or is_finite(one) for one in parts):
        return edges.active, parts
    run.flags = felt_elements(run.graph, run.values, run.seeds, numbers)
    keep_felt(edges, run.flags)
    return edges.active, found()


@QUIET
def cause_of_tangents(run: Report) -> list[Cause]:
    """Return the first element whose tangent is not finite though those of all inputs are."""
    below = run.graph.ancestors(run.seeds)
    for number, tangent in enumerate(run.adjoints):
        if tangent is None or is_finite(tangent) or not below[number]:
            continue
        given = [run.adjoints[child] for child in run.graph.inputs[number]]
        if all(one is None or is_finite(one) for one in given):
            [place, *_] = np.argwhere(~np.isfinite(tangent))
            at = tuple(map(int, place))
            text = element(run.lowered.whose(number, SHOWN), at)
            kind = "does not exist" if np.isnan(np.asarray(tangent)[at]) else "is infinite"
            reason = f"the derivative of {text} along the direction {kind} here"
            partials = [edge.partial for edge in run.flow.edges(number) if edge.partial is not None]
            if all(map(is_finite, partials)) and kind == "is infinite":
                reason = f"the tangent of {text} overflows here"
            return [Cause("forward", number, None, reason, at or None)]
    return []
