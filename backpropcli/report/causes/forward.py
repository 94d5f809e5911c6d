"""The first causes of numbers that are not finite in the forward pass."""

from __future__ import annotations

from math import isfinite, isnan

from backpropcli.report.branches.nodes import chained, taken_nodes
from backpropcli.report.causes.cause import Cause, leaf
from backpropcli.report.causes.spots import (
    indeterminate,
    overflows,
    spot_at,
    too_large,
    unbounded,
    why,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.report.run import Run


def forward_causes(run: Run) -> list[Cause]:
    """Return the first nodes in use that are infinite, or have no value, at inputs that are finite.

    An infinite input can give a finite value; what matters is the part that the output uses. Where
    a choice is nan itself, as max(2, nan), that is all it rests on.
    """
    outputs = list(run.seeds)
    wrong = [not isfinite(value) for value in run.values]
    taken = taken_nodes(run.graph, run.values, outputs)
    found = _found(run, chained(run.graph, wrong, outputs, taken))
    if not found and any(wrong[output] for output in outputs):
        found = _found(run, run.graph.ancestors(outputs))
    return found


def _found(run: Run, taken: Sequence[Any]) -> list[Cause]:
    """Return the first of the nodes ``taken`` that is infinite of itself, and that is nan so."""
    graph = run.graph
    bounds = set()
    found: dict[bool, Cause] = {}
    for number, value in enumerate(run.values):
        inputs = graph.inputs[number]
        if isfinite(value) or not taken[number] or isnan(value) in found:
            continue
        given = [run.values[child] for child in inputs]
        if not inputs and number not in run.lowered.surface:
            bounds.add(number)  # in a rule
        elif not inputs:
            found[isnan(value)] = Cause("forward", number, None, leaf(run, number))
        elif isnan(value) and not bounds.isdisjoint(inputs):
            found[True] = Cause("forward", number, None, "this derivative has no value here")
        elif all(map(isfinite, given)):
            found[isnan(value)] = _operation(run, number)
        elif isnan(value) and not found and not any(map(isnan, given)):
            found[True] = Cause("forward", number, None, indeterminate(graph.row(number), given))
    for without, cause in found.items():
        cause.undefined = without
    return [*found.values()]


def _operation(run: Run, number: int) -> Cause:
    """Return the cause of a value that is not finite at finite inputs: by what is true there."""
    cause, spot = Cause("forward", number, None, ""), spot_at(run, number)
    cause.reason = too_large(spot, run.format)
    if not cause.reason:
        from backpropcli.report.digits.exact import values_at

        nodes = [number, *run.graph.inputs[number]]
        true = values_at(run.graph, run.bindings, nodes, as_typed=run.as_typed)
        cause.reason = why(spot, true, run.format)
        cause.pole = unbounded(spot, true)
        cause.rounds = (true[0] is not None and true[0] - true[0] == 0) or overflows(spot, true)
    return cause
