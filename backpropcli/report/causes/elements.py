"""The first cause of what is not finite in arrays: at which element, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.bindings.arrays import is_finite
from backpropcli.report.branches.elements import felt_elements
from backpropcli.report.branches.nodes import MOVES, chained
from backpropcli.report.causes.cause import Cause, along, first_edge, leaf
from backpropcli.report.causes.spots import SHOWN, indeterminate, spot_at, too_large, unbounded, why
from backpropcli.report.decimals import number as shown
from backpropcli.report.elements import element, number_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.report.elements import Place
    from backpropcli.report.flow.flow import Edge, Flow
    from backpropcli.report.run import Run

    Value = Any

SINGULAR = {"inv", "solve", "solve_triangular"}
"""Operations that no singular matrix has."""


@np.errstate(all="ignore")
def forward_causes(run: Run) -> list[Cause]:
    """Return the first elements in use that are infinite, or nan, of finite ones."""
    outputs = list(run.seeds)
    wrong = [not is_finite(value) for value in run.values]
    flags = run.flags or felt_elements(run.graph, run.values, outputs, run.arithmetic)
    found = _found(run, chained(run.graph, wrong, outputs, flags))
    if not found and any(wrong[output] for output in outputs):
        below = run.graph.ancestors(outputs)
        found = _found(run, [np.ones(()) if flag else None for flag in below])
    return found


def _found(run: Run, flags: Sequence[Value | None]) -> list[Cause]:
    graph, values = run.graph, run.values
    found: dict[bool, Cause] = {}
    for number, (value, felt) in enumerate(zip(values, flags, strict=True)):
        if felt is None:
            continue
        for undefined in (False, True):
            bad = (np.isnan(value) if undefined else np.isinf(value)) & (felt > 0)
            if undefined in found or not np.any(bad):
                continue
            given = [values[child] for child in graph.inputs[number]]
            if not given:
                [place] = map(_tuple, np.argwhere(bad)[:1])
                cause: Cause | None = _cause(number, None, leaf(run, number, place), place)
            elif graph.row(number).whole:
                cause = _of_whole(run, number, bad, given, alone=bool(found))
            else:
                cause = _of_elements(run, number, bad, given, alone=bool(found))
            if cause is not None:
                cause.undefined = undefined
                found[undefined] = cause
    return [*found.values()]


def _tuple(place: Value) -> Place:
    return tuple(map(int, place))


def _cause(number: int, child: int | None, reason: str, place: Place, phase: str = "") -> Cause:
    return Cause(phase or "forward", number, child, reason, place or None)


def _of_elements(
    run: Run, number: int, bad: Value, given: Sequence[Value], *, alone: bool
) -> Cause | None:
    """Return the cause at an elementwise operation: what it would be for one number.

    ``alone`` finite numbers count, as what follows from infinite ones has its cause.
    """
    known, nan = np.isfinite(given[0]), np.isnan(given[0])
    for value in given[1:]:
        known, nan = known & np.isfinite(value), nan | np.isnan(value)
    made = np.isnan(run.values[number]) & ~nan
    for places, of_finite in ((bad & known, True), (bad & made & (not alone), False)):
        for place in np.argwhere(places)[:1]:
            spot = spot_at(run, number, _tuple(place))
            if not of_finite:
                reason = indeterminate(spot.row, spot.given)
                return _cause(number, None, reason, _tuple(place))
            cause = _cause(number, None, too_large(spot, run.format), _tuple(place))
            if not cause.reason:
                from backpropcli.report.causes.true import true_at, underflow

                true = true_at(run, spot, number, _tuple(place))
                cause.reason, cause.pole = why(spot, true, run.format), unbounded(spot, true)
                if spot.row.name == "log" and None in true[1:]:
                    cause.reason = underflow(run, number, _tuple(place)) or cause.reason
            return cause
    return None


def _of_whole(
    run: Run, number: int, bad: Value, given: Sequence[Value], *, alone: bool
) -> Cause | None:
    """Return the cause at an operation on whole arrays; ``alone`` of finite ones."""
    value, row = run.values[number], run.graph.row(number)
    [place, *_] = map(_tuple, np.argwhere(bad))
    text = run.text(number, SHOWN)
    here = element(text, place)
    if not all(map(is_finite, given)):
        if (
            not alone
            and row.name in {"sum", "matmul", "einsum", "cumsum", "trace"}
            and not any(np.any(np.isnan(one)) for one in given)
        ):
            for at in np.argwhere(bad & np.isnan(value))[:1]:
                reason = f"{element(text, _tuple(at))} adds inf and -inf, or takes 0 times inf"
                return _cause(number, None, reason, _tuple(at))
        return None
    matrix = _matrix(run, number, place)
    pole = row.name in SINGULAR | {"cholesky", "logdet"}
    if row.name in SINGULAR:
        reason = f"{matrix} has no inverse: its determinant is 0"
    elif row.name == "cholesky":
        reason = f"{text} needs a positive definite {matrix}, and it is not"
    elif row.name == "logdet":
        found = float(np.asarray(np.linalg.det(given[0]))[place])
        reason = f"{here} needs a determinant above 0, but that of {matrix} is {shown(found)}"
    elif np.isnan(np.asarray(value)[place]):
        reason = f"{here} has no value here"
    else:
        kind = run.format
        end = f"{shown(kind.largest)}, where {kind.name} ends" if kind else ""
        reason = f"overflow: {here} is larger than {end or '1.7977e308, where doubles end'}"
        if row.name == "det" and kind is None:
            from backpropcli.report.causes.true import overflow

            reason = overflow(run, number, place) or reason
    cause = _cause(number, None, reason, place)
    cause.pole = pole
    return cause


def _matrix(run: Run, number: int, place: Place) -> str:
    """Return the text of the matrix that an element is made of: A, or A[2] in a batch."""
    matrix, *sides = run.graph.inputs[number]
    batch: Place = np.shape(run.values[matrix])[:-2]
    single = run.graph.row(number).name == "logdet"
    own = 0 if single else min(2, *[np.ndim(run.values[side]) for side in [*sides, matrix]])
    outer = place[: len(place) - own]
    at = [0 if size == 1 else one for size, one in zip(batch[::-1], outer[::-1], strict=False)]
    return element(run.text(matrix, SHOWN), tuple(at[::-1]))


@np.errstate(all="ignore")
def backward_cause(run: Run, flow: Flow) -> Cause | None:
    """Return the first element, from the output down, of what arrives that is not finite."""
    found = first_edge(run, flow)
    if found is None:
        return None
    number, edge = found
    if edge is not None:
        return _along(run, number, edge)
    adjoint: Value = run.adjoints[number]
    place = _tuple(np.argwhere(~np.isfinite(adjoint))[0])
    where = f"at element {element('', place)}" if place else "here"
    reason = f"the sum of the contributions overflows {where}"
    return _cause(number, None, reason, place, "backward")


def _along(run: Run, number: int, edge: Edge) -> Cause:
    """Return the cause where what goes along an edge is not finite."""
    child, partial, contribution = edge.input, edge.partial, edge.contribution
    value: Value = run.values[number]
    adjoint: Value = run.adjoints[number]
    shape = np.shape(value)
    if not run.graph.row(number).whole:
        slope: Value = 0.0 if partial is None else partial
        local = np.broadcast_to(slope, shape)
        bad = ~np.isfinite(local * np.broadcast_to(adjoint, shape))
        if run.flags is not None and run.flags[number] is not None:
            bad &= run.flags[number] >= MOVES
        for found in np.argwhere(bad)[:1]:
            place = _tuple(found)
            spot = spot_at(run, number, place)
            given = float(np.asarray(adjoint)[place])
            reason = along(
                spot.text, given, float(local[place]), spot.value, spot.given, run.format
            )
            return _cause(number, child, reason, place, "backward")
    place = _tuple(np.argwhere(~np.isfinite(contribution))[0])
    what = element(run.text(child, SHOWN), place)
    text = run.lowered.whose(number, SHOWN)
    kind = "has no value" if np.isnan(np.asarray(contribution)[place]) else "is infinite"
    matrix = run.graph.inputs[number][0]
    if run.graph.row(number).name in SINGULAR and np.all(np.isfinite(value)):
        batch = place[:-2] if child == matrix else ()
        kind += (
            f": {element(run.text(matrix, SHOWN), batch)} is singular, as far as floats can tell"
        )
    return Cause("backward", number, child, f"what {text} sends to {what} {kind}")


@np.errstate(all="ignore")
def tangent_cause(run: Run, flow: Flow) -> list[Cause]:
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
            kind = "does not exist" if np.isnan(number_at(tangent, at)) else "is infinite"
            reason = f"the derivative of {text} along the direction {kind} here"
            partials = [edge.partial for edge in flow.edges(number) if edge.partial is not None]
            if all(map(is_finite, partials)) and kind == "is infinite":
                reason = f"the tangent of {text} overflows here"
            return [_cause(number, None, reason, at)]
    return []
