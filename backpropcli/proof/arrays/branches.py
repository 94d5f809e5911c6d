"""Whether floats take the branches of exact arithmetic, where a program has arrays."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mpf

from backpropcli.arithmetics.rules import by_input
from backpropcli.arithmetics.shapes.axes import along
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.proof.arrays.integers import exact
from backpropcli.proof.arrays.problem import HALF, WHOLE
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.floats.places import PLACES
from backpropcli.report.branches.elements import LARGEST, felt_elements
from backpropcli.report.kinked import with_kinks
from backpropcli.report.kinks.met import COMPARISONS

if TYPE_CHECKING:
    from backpropcli.proof.arrays.problem import Passes
    from backpropcli.report.report import Report

    Value = Any

JUMP = 1e-3
"""How far a value or a slope is off, for its size, where floats went another way."""
CLOSE = mpf(10) ** -40
"""Numbers that are as close as this, for their size, are not told apart by floats."""
PLACED = {"argmax", "argmin", "sort", *LARGEST}
"""Operations that go by the order of elements."""
LONG = 40


def at_places(report: Report) -> list[Finding]:
    """Return the first jump at the point of what says places: no difference moves those."""
    graph = report.graph
    holders = [
        inputs[at]
        for number, inputs in enumerate(graph.inputs)
        for at in PLACES.get(graph.operations[number], range(1, len(inputs)))
        if graph.operations[number] in {"index", "put", "classes", *PLACES} and at < len(inputs)
    ]
    below = graph.ancestors(holders)
    found = [kink.label for kink in report.kinks if kink.jump and below[kink.node]]
    return [Finding("kink", text=label) for label in found[:1]]


@np.errstate(all="ignore")
def parted(report: Report, passes: Passes) -> Finding | None:
    """Return the first place where rounding decides which way floats take; None for none."""
    graph, values = report.graph, report.values
    flags = report.flags or felt_elements(graph, values, report.seeds, report.arithmetic)
    for node in with_kinks(graph):
        felt = flags[node]
        if felt is None or not np.any(felt):
            continue
        row, inputs = graph.row(node), graph.inputs[node]
        if not any(row.live(at) for at in range(len(inputs))):
            apart = bool(np.any(_off(values[node], passes.values[node]) & (felt > 0)))
        else:
            apart = _sends_else(report, passes, node)
        if apart:
            return Finding("rounded", None, text=report.text(node, LONG))
        if _beside(report, passes, node, felt):
            return Finding("missed", None, text=report.text(node, LONG))
    return None


def _sends_else(report: Report, passes: Passes, node: int) -> bool:
    """Say whether a node of floats sends something else to its inputs than in exact arithmetic."""
    adjoint = report.adjoints[node]
    if adjoint is None:
        return False
    if report.graph.operations[node] == "sort":
        floats, digits, sent = _sorted(report, passes, node)
        orders = [
            np.argsort(np.argsort(one, axis=1, kind="stable"), axis=1) for one in (floats, digits)
        ]
        here, there = (np.take_along_axis(sent, order, axis=1) for order in orders)
        return bool(np.any(here != there))
    arrives = (np.asarray(adjoint) != 0).astype(float)[()]
    for tail in dict.fromkeys(report.graph.inputs[node]):
        here = _sent(report, node, tail, arrives)
        if np.any(_off(here, passes.sent(node, tail, exact(arrives)))):
            return True
    return False


def _sent(report: Report, head: int, tail: int, adjoint: Value) -> Value:
    floats = report.arithmetic
    edges = linearize(report.graph, floats, report.values, [tail], [head])
    return floats.fit(pull(edges, floats, {head: adjoint})[tail], report.values[tail])


def _off(here: Value, there: Value) -> Value:
    exactly = np.asarray(there, dtype=object).astype(float)
    return np.abs(here - exactly) > JUMP * np.maximum(np.abs(here), np.abs(exactly))


def _beside(report: Report, passes: Passes, node: int, felt: Value) -> bool:
    """Say whether a node is at a kink in exact arithmetic, and in floats beside it.

    In many digits too it may be beside it, though not as far.
    """
    row, inputs = report.graph.row(node), report.graph.inputs[node]
    here = [np.asarray(report.values[child]) for child in inputs]
    there = [np.asarray(passes.values[child], dtype=object) for child in inputs]
    if row.name in COMPARISONS:
        return bool(np.any(_close(*there) & (here[0] != here[1]) & (felt > 0)))
    if row.name in WHOLE:
        step = CLOSE * np.maximum(abs(there[0]), 1)
        word = passes.word(row)
        jumps = (word(there[0] - step) != word(there[0] + step)) & (step < HALF)
        at = by_input(row, [row.kinks[0].when], report.arithmetic)(report.values[node], here[0])[0]
        return bool(np.any(jumps & (np.asarray(at) == 0) & (felt > 0)))
    if row.name not in PLACED:
        return False
    if row.name == "sort":
        floats, digits, sent = _sorted(report, passes, node)
        order = np.argsort(digits, axis=1, kind="stable")
        ranked, shown = (np.take_along_axis(one, order, axis=1) for one in (digits, floats))
        close = _close(ranked[:, 1:], ranked[:, :-1])
        return bool(np.any(close & (np.diff(shown) != 0) & (np.diff(sent) != 0)))
    args: Any = report.graph.args[node]
    floats, digits = (_rows(one, args[0]) for one in (here[0], there[0]))
    best = np.argmin if "min" in row.name else np.argmax
    top = best(digits, axis=1)[:, None]
    best_there, best_here = (np.take_along_axis(one, top, axis=1) for one in (digits, floats))
    return bool(np.any(_close(digits, best_there) & (floats != best_here)))


def _sorted(report: Report, passes: Passes, node: int) -> tuple[Value, Value, Value]:
    """Return what is sorted, in floats and in digits, and what arrives by rank; all as rows."""
    [child], adjoint = report.graph.inputs[node], report.adjoints[node]
    args: Any = report.graph.args[node]
    here = np.asarray(report.values[child])
    there = np.asarray(passes.values[child], dtype=object)
    sent = _rows(np.broadcast_to(0.0 if adjoint is None else adjoint, here.shape), args[0])
    return _rows(here, args[0]), _rows(there, args[0]), sent[:, ::-1] if args[1] else sent


def _rows(value: Value, axes: Any) -> Value:  # noqa: ANN401 (one, several, or None for all)
    """Return an array as rows, each along the axes that an operation goes along."""
    gone = along(axes, value.ndim)
    rest = [at for at in range(value.ndim) if at not in gone]
    count = prod(value.shape[at] for at in gone)
    return value.transpose(*rest, *gone).reshape(-1, count)


def _close(one: Value, other: Value) -> Value:
    """Say which numbers of many digits are next to each other: inf is next to no other number."""
    near = CLOSE * np.maximum(abs(one), abs(other))
    return (one == other) | (abs(one - other) <= near) & (near < np.inf)
