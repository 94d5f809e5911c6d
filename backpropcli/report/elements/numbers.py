"""A run of arrays as one of numbers, for what is told of numbers alone: what the whole has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays.elements import titled
from backpropcli.calculus.elements import in_numbers
from backpropcli.calculus.forward import forward
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph
from backpropcli.report.elements.felt import element_of
from backpropcli.report.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.calculus.elements import Numbers
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.report.report import Report
    from backpropcli.report.spots import Spot

    Start = tuple[Lowered, Mapping[str, float], dict[str, int], list[float], dict[int, float]]
    """What a run starts from."""

LARGEST = 5_000
"""Elements of all nodes together beyond which no program is written out in numbers."""
FIRST = 5
"""How many elements of the variables are looked at."""


@np.errstate(all="ignore")
def first_elements(report: Report) -> Start | None:
    """Return a run by the first elements that a kink or a cause rests on; None if too large."""
    found = _written_out(report)
    if found is None or len(report.seeds) > 1:
        return None
    roots = [
        found.places[node][_flat(report.values[node], index)]
        for node, index in [
            *[(kink.input, kink.index) for kink in report.kinks],
            *[(cause.node, cause.index) for cause in report.causes],
        ]
    ]
    wrt = _below(report, found, roots)
    return start(found, report.top, wrt) if wrt else None


@np.errstate(all="ignore")
def all_elements(report: Run) -> tuple[Run, list[list[int]]] | None:
    """Return a run by all elements of the names asked for, and the places of each node's.

    None if it is too large.
    """
    found = _written_out(report)
    if found is None or len(report.seeds) > 1:
        return None
    wrt = {f"{name}[{at}]": at for name, node in report.wrt.items() for at in found.places[node]}
    return Run(*start(found, report.top, wrt)), found.places


@np.errstate(all="ignore")
def along_elements(report: Run) -> tuple[Lowered, Mapping[str, float], dict[str, float]] | None:
    """Return the program in numbers, its bindings and its gradient; None if it is too large.

    None, too, if elements are taken by computed places, which are those of the point.
    """
    found = _written_out(report, everywhere=True)
    if found is None or found.placed:
        return None
    gradient = {
        titled(name, place): float(np.asarray(slope)[place])
        for name, slope in report.gradient.items()
        for place in np.ndindex(np.shape(slope))
    }
    return found.lowered_to(report.seeds), found.bindings, gradient


def _written_out(report: Run, *, everywhere: bool = False) -> Numbers | None:
    """Return the program in numbers; None for one too large, or with derivatives in it."""
    return None if report.lowered.diffs else _numbers(report, everywhere=everywhere)


def _numbers(report: Run, *, everywhere: bool = False) -> Numbers | None:
    if too_large(report):
        return None
    try:
        return in_numbers(report.lowered, report.bindings, everywhere=everywhere)
    except BackpropError:
        return None


def start(found: Numbers, top: int, wrt: dict[str, int]) -> Start:
    """Return what a run starts from, whose one output is what ``top`` was."""
    values = forward(found.program.graph, floats, found.bindings)
    lowered = found.lowered_to([top])
    return lowered, found.bindings, wrt, values, {lowered.outputs[0]: 1.0}


def true_at(report: Run, spot: Spot, number: int, place: tuple[int, ...]) -> list[Any]:
    """Return what an element truly is, and what those that it is made of are."""
    from backpropcli.report.known import values_at  # noqa: PLC0415 (mpmath: heavy)

    found = _numbers(report)
    if found is None:
        return _alone(report, spot, number)
    nodes = [(number, place)] + [
        (child, element_of(report.values[child], place)) for child in report.graph.inputs[number]
    ]
    roots = [found.places[node][_flat(report.values[node], at)] for node, at in nodes]
    return values_at(found.program.graph, found.bindings, roots)


def _alone(report: Run, spot: Spot, number: int) -> list[Any]:
    """Return what an operation truly is at the doubles of its inputs, and those.

    An input that is worked out may be 0 by rounding alone: that is not known.
    """
    from backpropcli.report.known import values_at  # noqa: PLC0415 (mpmath: heavy)

    graph, given = Graph(report.graph.table), report.graph.inputs[number]
    inputs = [graph.node("variable", (), f"x{at}") for at in range(len(given))]
    root = graph.node(spot.row.name, tuple(inputs), report.graph.args.get(number))
    point = {f"x{at}": value for at, value in enumerate(spot.given)}
    true = values_at(graph, point, [root, *inputs])
    for at, child in enumerate(given, 1):
        if report.graph.inputs[child] and true[at] == 0:
            true[at] = None
    return true


def too_large(report: Run) -> str:
    """Say how many elements there are, where those are too many; "" where they are not."""
    total = sum([int(np.size(value)) for value in report.values])
    return f"at most {LARGEST:,} elements, and here are {total:,}" if total > LARGEST else ""


def _flat(value: Any, index: tuple[int, ...] | None) -> int:  # noqa: ANN401 (a number or an array)
    return int(np.ravel_multi_index(index, np.shape(value))) if index else 0


def _below(report: Run, found: Numbers, roots: list[int]) -> dict[str, int]:
    """Return the first elements of names asked for on which one of ``roots`` rests.

    None of those that move a place, or an order that is fixed in the program in numbers.
    """
    graph = found.program.graph
    felt, placing = graph.ancestors(roots), graph.ancestors({*found.placed, *found.fixed})
    wrt: dict[str, int] = {}
    for name, node in report.wrt.items():
        each = np.ndindex(np.shape(report.values[node]))
        for place, at in zip(each, found.places[node], strict=True):
            if felt[at] and not placing[at] and len(wrt) < FIRST:
                wrt[titled(name, place)] = at
    return wrt
