"""The first cause of what is not finite in arrays: at which element, and why."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.bindings.arrays import is_finite
from backpropcli.report.causes import SHOWN, Cause, along
from backpropcli.report.decimals import number as shown
from backpropcli.report.elements.felt import element_of, felt_elements
from backpropcli.report.elements.numbers import true_at
from backpropcli.report.elements.texts import element
from backpropcli.report.spots import Spot, beyond, indeterminate, why
from backpropcli.report.taken import MOVES, chained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.report.report import Report

    Value = Any
    Place = tuple[int, ...]

SINGULAR = {"inv", "solve", "solve_triangular"}
"""Operations that no singular matrix has."""


@np.errstate(all="ignore")
def causes_of_elements(report: Report) -> list[Cause]:
    """Return the first cause in each pass of what is not finite, if anything is."""
    wrong = not all(map(is_finite, report.gradient.values()))
    if not wrong and all(map(is_finite, report.tops.values())):
        return []
    back = _backward(report) if wrong else None
    return [*_forward(report), *([] if back is None else [back])]


def _forward(report: Report) -> list[Cause]:
    """Return the first elements in use that are infinite, or nan, of finite ones."""
    outputs = list(report.seeds)
    wrong = [not is_finite(value) for value in report.values]
    flags = report.flags or felt_elements(report.graph, report.values, outputs, report.arithmetic)
    found = _found(report, chained(report.graph, wrong, outputs, flags))
    if not found and any(wrong[output] for output in outputs):
        below = report.graph.ancestors(outputs)
        found = _found(report, [np.ones(()) if flag else None for flag in below])
    return found


def _found(report: Report, flags: Sequence[Value | None]) -> list[Cause]:
    graph, values = report.graph, report.values
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
                cause: Cause | None = _cause(number, None, _leaf(report, number, place), place)
            elif graph.row(number).whole:
                cause = _of_whole(report, number, bad, given, alone=bool(found))
            else:
                cause = _of_elements(report, number, bad, given, alone=bool(found))
            if cause is not None:
                cause.undefined = undefined
                found[undefined] = cause
    return [*found.values()]


def _tuple(place: Value) -> Place:
    return tuple(map(int, place))


def _cause(number: int, child: int | None, reason: str, place: Place, phase: str = "") -> Cause:
    return Cause(phase or "forward", number, child, reason, place or None)


def _leaf(report: Report, number: int, place: Place) -> str:
    operation, given = report.graph.operations[number], report.graph.args.get(number)
    if operation != "number":
        given = report.bindings.get(str(given))
    if report.format and given is not None and np.isfinite(typed := np.asarray(given)[place]):
        return beyond(element(report.text(number, SHOWN), place), float(typed), report.format)
    value = float(np.asarray(report.values[number])[place])
    what = "variable" if operation == "variable" else "constant"
    return f"{element(report.text(number, SHOWN), place) if place else f'this {what}'} is {value!r}"


def _of_elements(
    report: Report, number: int, bad: Value, given: Sequence[Value], *, alone: bool
) -> Cause | None:
    """Return the cause at an elementwise operation: what it would be for one number.

    ``alone`` finite numbers count, as what follows from infinite ones has its cause.
    """
    known, nan = np.isfinite(given[0]), np.isnan(given[0])
    for value in given[1:]:
        known, nan = known & np.isfinite(value), nan | np.isnan(value)
    made = np.isnan(report.values[number]) & ~nan
    for places, of_finite in ((bad & known, True), (bad & made & (not alone), False)):
        for place in np.argwhere(places)[:1]:
            spot = spot_at(report, number, _tuple(place))
            if of_finite:
                true = true_at(report, spot, number, _tuple(place))
                reason = _beyond(report, spot) or why(spot, true, report.format)
            else:
                reason = indeterminate(spot.row, spot.given)
            return _cause(number, None, reason, _tuple(place))
    return None


def _beyond(report: Report, spot: Spot) -> str:
    """Say that an element is too large for the format of the run; "" where it is not that."""
    if report.format is None:
        return ""
    here = word(spot.row, floats)(*spot.given)
    return beyond(spot.text, here, report.format) if isfinite(here) else ""


def spot_at(report: Report, number: int, place: Place) -> Spot:
    """Return an elementwise operation at one of its elements."""
    graph, values = report.graph, report.values
    given, texts, said = [], [], []
    for child in graph.inputs[number]:
        at = element_of(values[child], place)
        given.append(float(np.asarray(values[child])[at]))
        texts.append(element(report.text(child, SHOWN), at))
        said.append(graph.operations[child] != "number")
    text = element(report.text(number, SHOWN), place)
    value = float(np.asarray(values[number])[place])
    return Spot(graph.row(number), value, given, text, texts, said)


def _of_whole(
    report: Report, number: int, bad: Value, given: Sequence[Value], *, alone: bool
) -> Cause | None:
    """Return the cause at an operation on whole arrays; ``alone`` of finite ones."""
    value, row = report.values[number], report.graph.row(number)
    [place, *_] = map(_tuple, np.argwhere(bad))
    text = report.text(number, SHOWN)
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
    matrix = _matrix(report, number, place)
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
        kind = report.format
        end = f"{shown(kind.largest)}, where {kind.name} ends" if kind else ""
        reason = f"overflow: {here} is larger than {end or '1.7977e308, where doubles end'}"
    return _cause(number, None, reason, place)


def _matrix(report: Report, number: int, place: Place) -> str:
    """Return the text of the matrix that an element is made of: A, or A[2] in a batch."""
    matrix, *sides = report.graph.inputs[number]
    batch: Place = np.shape(report.values[matrix])[:-2]
    single = report.graph.row(number).name == "logdet"
    own = 0 if single else min(2, *[np.ndim(report.values[side]) for side in [*sides, matrix]])
    outer = place[: len(place) - own]
    at = [0 if size == 1 else one for size, one in zip(batch[::-1], outer[::-1], strict=False)]
    return element(report.text(matrix, SHOWN), tuple(at[::-1]))


def _backward(report: Report) -> Cause | None:
    """Return the first element, from the output down, of what arrives that is not finite."""
    for number in range(report.top, -1, -1):
        adjoint = report.adjoints[number]
        if adjoint is None:
            continue
        if not is_finite(adjoint):
            place = _tuple(np.argwhere(~np.isfinite(adjoint))[0])
            reason = f"the sum of the contributions overflows at {element('g', place)}"
            if not place:
                reason = "the sum of the contributions overflows here"
            return _cause(number, None, reason.replace(" at g", " at element "), place, "backward")
        for edge in report.flow.edges(number):
            wrong = edge.contribution is not None and not is_finite(edge.contribution)
            if report.active[edge.input] and wrong:
                return _along(report, number, edge.input, edge.partial, edge.contribution)
    return None


def _along(report: Report, number: int, child: int, partial: Value, contribution: Value) -> Cause:
    """Return the cause where what goes along an edge is not finite."""
    value: Value = report.values[number]
    adjoint: Value = report.adjoints[number]
    shape = np.shape(value)
    if not report.graph.row(number).whole:
        slope: Value = 0.0 if partial is None else partial
        local = np.broadcast_to(slope, shape)
        bad = ~np.isfinite(local * np.broadcast_to(adjoint, shape))
        if report.flags is not None and report.flags[number] is not None:
            bad &= report.flags[number] >= MOVES
        for found in np.argwhere(bad)[:1]:
            place = _tuple(found)
            spot = spot_at(report, number, place)
            given = float(np.asarray(adjoint)[place])
            reason = along(
                spot.text, given, float(local[place]), spot.value, spot.given, report.format
            )
            return _cause(number, child, reason, place, "backward")
    place = _tuple(np.argwhere(~np.isfinite(contribution))[0])
    what = element(report.text(child, SHOWN), place)
    text = report.lowered.whose(number, SHOWN)
    kind = "has no value" if np.isnan(np.asarray(contribution)[place]) else "is infinite"
    matrix = report.graph.inputs[number][0]
    if report.graph.row(number).name in SINGULAR and np.all(np.isfinite(value)):
        batch = place[:-2] if child == matrix else ()
        kind += (
            f": {element(report.text(matrix, SHOWN), batch)} is singular, as far as floats can tell"
        )
    return Cause("backward", number, child, f"what {text} sends to {what} {kind}")
