"""A report of arrays as one of numbers, for what is told of numbers alone: what the whole has."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays.elements import titled
from backpropcli.calculus.elements import in_numbers
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.errors import BackpropError
from backpropcli.report.elements.felt import element_of
from backpropcli.report.report import Report

if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph

LARGEST = 5_000
"""Elements of all nodes together beyond which no program is written out in numbers."""
FIRST = 5
"""How many elements of the variables are looked at."""


@np.errstate(all="ignore")
def report_in_numbers(report: Report) -> Report | None:
    """Return a report by the first elements that a kink or a cause rests on; None if too large."""
    if _total(report) > LARGEST or len(report.seeds) > 1 or report.lowered.diffs:
        return None
    try:
        found = in_numbers(report.lowered, report.bindings)
    except BackpropError:
        return None
    program, graph = found.program, found.program.graph
    roots = [
        found.places[node][_flat(report.values[node], index)]
        for node, index in [
            *[(kink.input, kink.index) for kink in report.kinks],
            *[(cause.node, cause.index) for cause in report.causes],
        ]
    ]
    wrt = _below(report, graph, found.places, roots)
    if not wrt:
        return None
    program.outputs = found.places[report.top]
    program.written = []
    values = forward(graph, floats, found.bindings)
    return Report(lower(program), found.bindings, wrt, values, {program.outputs[0]: 1.0})


@np.errstate(all="ignore")
def whole_in_numbers(report: Report) -> tuple[Report, list[list[int]]] | None:
    """Return a report by all elements of the names asked for, and the places of each node's.

    None if it is too large.
    """
    if _total(report) > LARGEST or len(report.seeds) > 1 or report.lowered.diffs:
        return None
    try:
        found = in_numbers(report.lowered, report.bindings)
    except BackpropError:
        return None
    program, graph = found.program, found.program.graph
    wrt = {f"{name}[{at}]": at for name, node in report.wrt.items() for at in found.places[node]}
    program.outputs = found.places[report.top]
    program.written = []
    values = forward(graph, floats, found.bindings)
    one = Report(lower(program), found.bindings, wrt, values, {program.outputs[0]: 1.0})
    return one, found.places


def true_at(report: Report, number: int, place: tuple[int, ...]) -> list[Any]:
    """Return what an element truly is, and what those that it is made of are; [] if too large."""
    from backpropcli.report.truth import values_at  # noqa: PLC0415 (mpmath: heavy)

    if _total(report) > LARGEST:
        return []
    try:
        found = in_numbers(report.lowered, report.bindings)
    except BackpropError:
        return []
    nodes = [(number, place)] + [
        (child, element_of(report.values[child], place)) for child in report.graph.inputs[number]
    ]
    roots = [found.places[node][_flat(report.values[node], at)] for node, at in nodes]
    return values_at(found.program.graph, found.bindings, roots)


def _total(report: Report) -> int:
    """Return how many elements all nodes have together."""
    return sum(int(np.size(value)) for value in report.values)


def too_large(report: Report) -> str:
    """Say how many elements there are, where those are too many; "" where they are not."""
    total = _total(report)
    return f"at most {LARGEST:,} elements, and here are {total:,}" if total > LARGEST else ""


def _flat(value: Any, index: tuple[int, ...] | None) -> int:  # noqa: ANN401 (a number or an array)
    return int(np.ravel_multi_index(index, np.shape(value))) if index else 0


def _below(
    report: Report, graph: Graph, places: list[list[int]], roots: list[int]
) -> dict[str, int]:
    """Return the first elements of names asked for on which one of ``roots`` rests."""
    felt = graph.ancestors(roots)
    wrt: dict[str, int] = {}
    for name, node in report.wrt.items():
        each = product(*map(range, np.shape(report.values[node])))
        for place, at in zip(each, places[node], strict=True):
            if felt[at] and len(wrt) < FIRST:
                wrt[titled(name, place)] = at
    return wrt
