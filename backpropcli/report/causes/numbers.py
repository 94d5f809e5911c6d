"""The first causes of numbers that are not finite: of values, of adjoints, or of tangents."""

from __future__ import annotations

from math import isfinite, isnan

from backpropcli.arithmetics.rules import weights
from backpropcli.report.branches.nodes import chained, taken_nodes
from backpropcli.report.causes.cause import Cause, along, first_edge, leaf
from backpropcli.report.causes.spots import (
    SHOWN,
    indeterminate,
    moved_input,
    outside,
    overflows,
    spot_at,
    too_large,
    too_steep,
    unbounded,
    unsettled,
    why,
)
from backpropcli.report.decimals import typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.report.flow.flow import Edge, Flow
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


def backward_cause(run: Run, flow: Flow) -> Cause | None:
    """Return the first edge, from the output down, whose contribution is not finite.

    Where all contributions are finite it is the first sum that is not.
    """
    found = first_edge(run, flow)
    if found is None:
        return None
    number, edge = found
    if edge is not None:
        return _edge(run, number, edge)
    cause = Cause("backward", number, None, "the sum of the contributions overflows here")
    cause.rounds = True
    return cause


def _edge(run: Run, number: int, edge: Edge) -> Cause:
    """Return the cause of a contribution that is not finite at a finite adjoint."""
    cause = Cause("backward", number, edge.input, "")
    if edge.partial is None or not isfinite(edge.partial):
        cause.reason, cause.rounds = _rounding(run, number, edge.index)
    if not cause.reason:
        text, adjoint = run.lowered.whose(number, SHOWN), run.adjoints[number] or 0.0
        cause.rounds = edge.partial is not None and isfinite(edge.partial)
        given = [run.values[child] for child in run.graph.inputs[number]]
        value = run.values[number]
        cause.reason = along(text, adjoint, edge.partial, value, given, run.format)
        if isfinite(value) and edge.partial is not None and isnan(edge.partial):
            cause.reason = outside(spot_at(run, number)) or cause.reason
    return cause


def _rounding(run: Run, number: int, index: int) -> tuple[str, bool]:
    """Say which input rounding moves to where a local derivative is not finite; "" for none.

    And whether that is so: digits may not tell.
    """
    from mpmath import mp

    from backpropcli.arithmetics import digits
    from backpropcli.report.digits.exact import values_at
    from backpropcli.report.digits.numbers import PRECISIONS

    inputs, row = run.graph.inputs[number], run.graph.row(number)
    if row.variadic or row.whole:
        return "", False
    true = values_at(run.graph, run.bindings, [number, *inputs], as_typed=run.as_typed)
    if None in true[1:]:
        return unsettled(spot_at(run, number), true), False
    if any(one is None or one - one != 0 for one in true):
        return "", False
    with mp.workdps(PRECISIONS[0]):
        [partial] = weights(row, (index,), digits)(*true)
        if partial is None or not mp.isfinite(partial):
            return "", False
        slope = mp.re(partial)
    values = [run.values[child] for child in inputs]
    texts = [run.text(child, SHOWN) for child in inputs]
    large = not isfinite(float(slope))
    pairs = [*zip(texts, values, true[1:], strict=True)]
    reason = moved_input(pairs, run.format, finely=not large)
    if large and not reason:
        reason = too_steep(run.lowered.whose(number, SHOWN), slope)
    return reason, bool(reason)


def tangent_cause(run: Run, flow: Flow) -> list[Cause]:
    """Return the first node whose tangent is not finite though its inputs' are, if any.

    Where all contributions are finite it is their sum that is not.
    """
    for number, tangent in enumerate(run.adjoints):
        if tangent is None or isfinite(tangent):
            continue
        parts = [edge for edge in flow.edges(number) if edge.contribution is not None]
        wrong = [edge for edge in parts if not isfinite(edge.contribution or 0.0)]
        for edge in wrong or parts[:1]:
            given = run.adjoints[edge.input]
            if given is not None and isfinite(given):
                return [_tangent(run, number, edge, summed=not wrong)]
    return []


def _tangent(run: Run, number: int, edge: Edge, *, summed: bool) -> Cause:
    """Return the cause of a tangent that is not finite where its input's is."""
    cause = Cause("forward", number, None, "")
    if summed:
        cause.reason, cause.rounds = "the sum of the tangents overflows here", True
        return cause
    if edge.partial is None or not isfinite(edge.partial):
        cause.reason, cause.rounds = _rounding(run, number, edge.index)
    else:
        cause.rounds = True
        partial, given = edge.partial or 0.0, run.adjoints[edge.input] or 0.0
        cause.reason = f"the product {typed(partial)} * {typed(given)} overflows"
    cause.reason = cause.reason or _slope(run, number, edge.partial)
    return cause


def _slope(run: Run, number: int, partial: float | None) -> str:
    """Say why a tangent through node ``number`` is not finite."""
    text = run.lowered.whose(number, SHOWN)
    if partial is not None and partial != partial:  # noqa: PLR0124 (nan)
        return f"the local derivative of {text} does not exist here"
    return f"the local derivative of {text} is infinite here"
