"""The first cause of a value or a gradient that is not finite."""

from __future__ import annotations

from math import isfinite, isnan

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import weights, word
from backpropcli.report.decimals import number as shown
from backpropcli.report.decimals import typed
from backpropcli.report.spots import (
    Spot,
    beyond,
    indeterminate,
    moved_input,
    outside,
    overflows,
    too_steep,
    unsettled,
    why,
)
from backpropcli.report.taken import chained, taken_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.rounded import Format
    from backpropcli.report.edge import Edge
    from backpropcli.report.flow import Flow
    from backpropcli.report.run import Run

SHOWN = 40
"""Characters of a node's text in a sentence."""


class Cause:
    """The first cause of what is not finite: the pass it is in, the node, and why.

    ``index`` has the node's element, where its value is an array. It ``rounds`` if exact arithmetic
    has a finite number there: floats overflow or underflow, or round to a place where there is
    none. It is ``undefined`` if the value is nan.
    """

    __slots__ = ("index", "input", "node", "phase", "reason", "rounds", "undefined")

    def __init__(
        self,
        phase: str,
        node: int,
        child: int | None,
        reason: str,
        index: tuple[int, ...] | None = None,
    ) -> None:
        self.rounds = self.undefined = False
        self.phase = phase
        self.node = node
        self.input = child
        self.reason = reason
        self.index = index

    def __repr__(self) -> str:
        return f"<Cause: {self.phase} pass: {self.reason}>"


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
            what = "variable" if graph.operations[number] == "variable" else "constant"
            reason = _too_large(run, number) or f"this {what} is {value!r}"
            found[isnan(value)] = Cause("forward", number, None, reason)
        elif isnan(value) and not bounds.isdisjoint(inputs):
            found[True] = Cause("forward", number, None, "this derivative has no value here")
        elif all(map(isfinite, given)):
            found[isnan(value)] = _operation(run, number)
        elif isnan(value) and not found and not any(map(isnan, given)):
            found[True] = Cause("forward", number, None, indeterminate(graph.row(number), given))
    for without, cause in found.items():
        cause.undefined = without
    return [*found.values()]


def _too_large(run: Run, number: int) -> str:
    """Say that a value that was typed is beyond the format; "" where that is not the reason."""
    arg = run.graph.args.get(number)
    value = run.bindings.get(str(arg)) if run.graph.operations[number] == "variable" else arg
    if run.format is None or not isinstance(value, float) or not isfinite(value):
        return ""
    return beyond(run.text(number, SHOWN), value, run.format)


def _operation(run: Run, number: int) -> Cause:
    """Return the cause of a value that is not finite at finite inputs: by what is true there."""
    cause = Cause("forward", number, None, "")
    text, inputs = run.text(number, SHOWN), run.graph.inputs[number]
    given = [run.values[child] for child in inputs]
    row = run.graph.row(number)
    if run.format is not None:
        here = word(row, floats)(*given)
        if isfinite(here):
            cause.reason = beyond(text, here, run.format)
            return cause
    from backpropcli.report.known import values_at  # noqa: PLC0415 (mpmath: heavy)

    true = values_at(run.graph, run.bindings, [number, *inputs], as_typed=run.as_typed)
    spot = _spot(run, number)
    cause.reason = why(spot, true, run.format)
    cause.rounds = (true[0] is not None and true[0] - true[0] == 0) or overflows(spot, true)
    return cause


def _spot(run: Run, number: int) -> Spot:
    """Return an operation at its numbers."""
    graph, inputs = run.graph, run.graph.inputs[number]
    given, texts = [run.values[at] for at in inputs], [run.text(at, SHOWN) for at in inputs]
    said = [graph.operations[child] != "number" for child in inputs]
    text = run.text(number, SHOWN)
    return Spot(graph.row(number), run.values[number], given, text, texts, said)


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
            cause.reason = outside(_spot(run, number)) or cause.reason
    return cause


def _rounding(run: Run, number: int, index: int) -> tuple[str, bool]:
    """Say which input rounding moves to where a local derivative is not finite; "" for none.

    And whether that is so: digits may not tell.
    """
    from mpmath import mp

    from backpropcli.arithmetics import digits  # noqa: PLC0415 (with it)
    from backpropcli.report.known import values_at  # noqa: PLC0415 (with it)
    from backpropcli.report.numbers import PRECISIONS  # noqa: PLC0415 (with it)

    inputs, row = run.graph.inputs[number], run.graph.row(number)
    if row.variadic or row.whole:
        return "", False
    true = values_at(run.graph, run.bindings, [number, *inputs], as_typed=run.as_typed)
    if None in true[1:]:
        return unsettled(_spot(run, number), true), False
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


def backward_cause(run: Run, flow: Flow) -> Cause | None:
    """Return the first edge, from the output down, whose contribution is not finite.

    Where all contributions are finite it is the first sum that is not.
    """
    for number in range(run.top, -1, -1):
        adjoint = run.adjoints[number]
        if adjoint is None:
            continue
        if not isfinite(adjoint):
            cause = Cause("backward", number, None, "the sum of the contributions overflows here")
            cause.rounds = True
            return cause
        for edge in flow.edges(number):
            on = run.active[edge.input] and edge.contribution is not None
            if on and not isfinite(edge.contribution or 0.0):
                return _edge(run, number, edge)
    return None


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


def along(  # noqa: PLR0913 (what an edge has)
    text: str,
    adjoint: float,
    partial: float | None,
    value: float,
    given: Sequence[float],
    kind: Format | None = None,
) -> str:
    """Say why a contribution along an edge of an operation with this ``text`` is not finite."""
    if partial is not None and isfinite(partial):
        end = "" if kind is None else f": {kind.name} ends at {shown(kind.largest)}"
        return f"the product {typed(adjoint)} * {typed(partial)} overflows{end}"
    if partial is not None and partial != partial:  # noqa: PLR0124 (nan)
        if any(item != item for item in given):  # noqa: PLR0124 (nan)
            return f"the local derivative of {text} uses a value that is nan"
        if value != value:  # noqa: PLR0124 (nan)
            return f"{text} has no value here, so it has no derivative"
        return f"the local derivative of {text} does not exist here"
    if adjoint == 0:
        return f"0 * inf: the gradient by {text} is 0, its local derivative infinite"
    return f"the local derivative of {text} is infinite here"
