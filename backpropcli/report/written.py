"""A run of arrays as one of numbers, for what is told of numbers alone: what the whole has."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.calculus.elements import in_numbers
from backpropcli.calculus.forward import forward
from backpropcli.errors import BackpropError
from backpropcli.report.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropcli.calculus.elements import Numbers
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.report.evaluated import Start

    Place = tuple[int, ...]

LARGEST = 5_000
"""Elements of all nodes together beyond which no program is written out in numbers."""
FIRST = 5
"""How many elements of the variables are looked at."""


@np.errstate(all="ignore")
def first_elements(
    report: Run, given: Iterable[tuple[int, Place | None]], *, every: bool = False
) -> tuple[Start, bool] | None:
    """Return a run by the first elements on which ``given`` ones rest, and whether more do.

    With ``every`` name, those follow that have no such element. None if it is too large.
    """
    found = _written_out(report)
    if found is None or len(report.seeds) > 1:
        return None
    roots = [found.places[node][flat_place(report.values[node], index)] for node, index in given]
    wrt = _below(report, found, roots)
    first = dict(islice(wrt.items(), FIRST))
    if every and wrt:
        rest = _below(report, found, found.places[report.top])
        felt = {title.partition("[")[0] for title in wrt}
        wrt |= {title: at for title, at in rest.items() if title.partition("[")[0] not in felt}
        chosen = dict(islice(wrt.items(), FIRST))
        first = {title: at for title, at in rest.items() if title in chosen}
    return (start(found, report.top, first), len(wrt) > FIRST) if wrt else None


@np.errstate(all="ignore")
def flagged_elements(report: Run, flags: Mapping[str, Any], work: int) -> Start | None:
    """Return a run by elements that ``flags`` have, by name, as many as so much ``work`` allows.

    Its graph's size is the work for one. None if it is too large, or there are none.
    """
    found = _written_out(report)
    if found is None or len(report.seeds) > 1:
        return None
    wrt = _below(report, found, None, flags)
    first = dict(islice(wrt.items(), max(1, work // len(found.program.graph))))
    return start(found, report.top, first) if wrt else None


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
    return None if report.lowered.diffs else numbers_of(report, everywhere=everywhere)


def numbers_of(report: Run, *, everywhere: bool = False) -> Numbers | None:
    """Return the program in numbers; None for one that is too large, or has no such form."""
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


def too_large(report: Run) -> str:
    """Say how many elements there are, where those are too many; "" where they are not."""
    total = sum([int(np.size(value)) for value in report.values])
    return f"at most {LARGEST:,} elements, and here are {total:,}" if total > LARGEST else ""


def flat_place(value: Any, index: tuple[int, ...] | None) -> int:  # noqa: ANN401 (a number or an array)
    """Return the place of an element among all, in row-major order."""
    return int(np.ravel_multi_index(index, np.shape(value))) if index else 0


def _below(
    report: Run, found: Numbers, roots: list[int] | None, flags: Mapping[str, Any] | None = None
) -> dict[str, int]:
    """Return the elements of names asked for on which one of ``roots`` rests, or that have flags.

    None of those that move a place, or an order that is fixed in the program in numbers.
    """
    graph = found.program.graph
    felt, placing = graph.ancestors(roots or []), graph.ancestors({*found.placed, *found.fixed})
    wrt: dict[str, int] = {}
    for name, node in report.wrt.items():
        shape = np.shape(report.values[node])
        flagged = None if flags is None else np.broadcast_to(flags[name], shape)
        for place, at in zip(np.ndindex(shape), found.places[node], strict=True):
            wanted = felt[at] if flagged is None else flagged[place]
            if wanted and not placing[at]:
                wrt[titled(name, place)] = at
    return wrt
