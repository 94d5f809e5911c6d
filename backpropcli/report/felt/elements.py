"""The kinks that the outputs of a program of arrays feel: counted, and the first of them told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.graph.conventions import FIRST as POOLED
from backpropcli.report.branches.elements import felt_elements
from backpropcli.report.branches.nodes import MOVES, USED, ruled
from backpropcli.report.elements import element, element_of
from backpropcli.report.felt.book import Book
from backpropcli.report.kinked import moved, with_kinks
from backpropcli.report.kinks.kink import KinkMet, by_text
from backpropcli.report.kinks.sides import of_elements, of_whole
from backpropcli.report.kinks.watch import of_active
from backpropcli.report.moving.elements import moving_elements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.cells import Kink
    from backpropcli.graph.graph import Graph
    from backpropcli.report.kinks.sides import Sides
    from backpropcli.report.run import Run

    Value = Any

FIRST = 5
"""How many of an operation's kinks are told by their elements."""


@np.errstate(all="ignore")
def kinks_of_elements(run: Run) -> list[KinkMet]:
    """Return the first kinks of each operation at the point, each with how many there are."""
    if run.smooth:
        return []
    book = Book(run)
    facts = book.active, book.values, book.roots, book.wrt, run.arithmetic, book.flags
    found = [
        told
        for kink in felt_at(book.lowered.graph, *facts)
        for told in _told(book.lowered, book.values, *kink)
    ]
    for told in found if run.lowered.diffs else ():
        told.node = told.input = run.top
    return found


def felt_at(  # noqa: PLR0913 (a program at a point)
    graph: Graph,
    active: bytearray,
    values: Sequence[Value],
    roots: list[int],
    wrt: Collection[int],
    arrays: Any,  # noqa: ANN401
    flags: Sequence[Value] | None,
) -> Iterator[tuple[Kink, int, int, Value, Sides, str]]:
    """Yield kinks that ``roots`` feel, by node and input: at which elements, the slopes, a rule.

    Those that are smooth are left out.

    Below a locally constant step only jumps are felt. ``flags`` say which elements are felt, where
    that is known. What stays where it is as the nodes ``wrt`` move, as an element of X@w where its
    row of X is 0, meets no kink.
    """
    found: list[tuple[Kink, int, int, Value, Sides]] = []
    for number in with_kinks(graph):
        met = of_whole if graph.row(number).whole else of_elements
        for kink in of_active(graph, number, active):
            for index, where, sides in met(graph, kink, number, values, arrays):
                found.append((kink, number, index, where, sides))
    if not found:
        return
    known = flags or felt_elements(graph, values, roots, arrays)
    moving = moving_elements(graph, values, wrt, arrays)
    moves = [one is not None and bool(np.any(one)) for one in moving]
    rules = ruled(graph, [one is not None and np.any(one >= MOVES) for one in known])
    for kink, number, index, where, sides in found:
        node = graph.inputs[number][index] if graph.row(number).whole else number
        felt, own, least = known[node], known[number], USED if kink.jump else MOVES
        if felt is None or own is None or not np.any(own >= least):
            continue  # another use of its input may be felt: a rule stands for the body
        child, row = graph.inputs[number][index], graph.row(number)
        name = row.parameters[row.cell(index)]
        if moves[child] and name in kink.by(moved(row, graph.inputs[number], moves)):
            at = np.broadcast_to(where & moving[child], np.shape(values[node])) & (felt >= least)
            if not kink.jump and name not in kink.joint:
                left, right, chosen, _ = sides
                at &= np.not_equal(left, right) | (kink.fixed & np.not_equal(left, chosen))
            yield kink, number, index, at, sides, rules.get(number, "") if kink.jump else ""


def _told(  # noqa: PLR0913 (the kinks of a node by an input)
    lowered: Lowered,
    values: Sequence[Value],
    kink: Kink,
    number: int,
    index: int,
    where: Value,
    sides: Sides,
    rule: str,
) -> Iterator[KinkMet]:
    """Yield the first kinks by one input."""
    row, child = lowered.graph.row(number), lowered.graph.inputs[number][index]
    name = row.parameters[row.cell(index)]
    count = int(np.count_nonzero(where))
    *slopes, peers = sides
    if lowered.graph.operations[child] == "windows":  # in pooling they take the first, not a mean
        peers = dict.fromkeys(peers)
    pooled = _is_pooled(lowered, number)
    if pooled:
        slopes = [0.0, 1.0, _first(lowered.graph, number, values)]
    for place in np.argwhere(where)[:FIRST]:
        out = tuple(map(int, place))

        def here(side: Value, out: tuple[int, ...] = out) -> float:
            return float(np.broadcast_to(side, where.shape)[out])

        left, right, chosen = map(here, slopes)
        answers = {
            peer: None if slope is None else here(slope) + 0.0 for peer, slope in peers.items()
        }
        text, value = by_text(lowered, child, values)
        if np.shape(value) != np.shape(values[child]):  # of a name, where no text stands
            value = np.nan
        at = element_of(value, out) if np.ndim(value) else ()
        edge, own = (number, child), float(np.asarray(value)[at]) + 0.0
        found = KinkMet.of(row, kink, name, edge, (left, right, chosen), at=own, answers=answers)
        if pooled:
            found.jump, found.why = False, f"--at-kinks {row.convention} asks for it"
        found.label = lowered.turning(number)
        found.by = element(text, at)
        found.index, found.count = at if np.ndim(value) else None, count
        found.rule = rule
        yield found


def _is_pooled(lowered: Lowered, number: int) -> bool:
    """Say whether a node says which element of a window has the slope, by a peer's convention."""
    graph = lowered.graph
    return graph.operations[number] == "argmax" and any(
        one.row.name in POOLED and number in one.nodes for one in lowered.derived
    )


def _first(graph: Graph, number: int, values: Sequence[Value]) -> Value:
    """Return where the elements are that a node of argmax says, along its axis."""
    [child] = graph.inputs[number]
    static: Any = graph.args[number]
    axis = static[0] % np.ndim(values[child])
    sizes = [size if at == axis else 1 for at, size in enumerate(np.shape(values[child]))]
    return np.arange(sizes[axis]).reshape(sizes) == values[number]
