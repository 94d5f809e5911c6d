"""The kinks that the outputs feel at a point, also those in derivatives of the program."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.report.kinks import met
from backpropcli.report.taken import MOVES, taken_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.calculus.lower import Lowered
    from backpropcli.calculus.records import Diff
    from backpropcli.graph.graph import Graph
    from backpropcli.report.kinks import KinkMet
    from backpropcli.report.run import Run

CLOSE = 1e-9
"""How far a derivative may be from that of the whole that it is, as a part of it."""
NAN = float("nan")


def kinks_met(run: Run) -> list[KinkMet]:
    """Return the kinks at the point, each once.

    The rules for floats have cases that are no kinks. So where a program holds derivatives, those
    are looked at as books write them.
    """
    lowered, roots = run.lowered, list(run.seeds)
    if not lowered.diffs:
        return list(_felt(lowered, run.values, roots, run.active))
    book, places = lowered.book()
    known = dict.fromkeys(book.graph.variables(), 0.0) | run.bindings
    values = forward(book.graph, floats, known)
    wrt = [places[node] for node in run.wrt.values() if places[node] >= 0]
    active = linearize(book.graph, None, (), wrt).active
    found: dict[tuple[str, str, str], KinkMet] = {}
    there = dict(zip(lowered.outputs, book.outputs, strict=True))
    for kink in _felt(book, values, [there[root] for root in roots], active):
        kink.node = kink.input = run.top
        found.setdefault(kink.what, kink)
    for kink in _differentiated(run, book, values, [there[root] for root in roots]):
        kink.node = kink.input = run.top
        found.setdefault(kink.what, kink).of_value = True
    return list(found.values())


def _differentiated(
    run: Run, book: Lowered, values: Sequence[float], roots: list[int]
) -> Iterator[KinkMet]:
    """Yield the kinks at which derivatives in a program were taken by a convention.

    It is none where the whole of what was differentiated has that derivative.
    """
    taken = taken_nodes(book.graph, values, roots)
    for diff in book.diffs:
        place = book.places[diff.surface]
        if not taken[place] and (diff.given or not taken[diff.node]):
            continue
        graph, inside, bindings = diff.graph, values, dict(run.bindings)
        if diff.given:
            bindings = {name: values[at] for name, at in diff.given.items()}
            inside = forward(graph, floats, dict.fromkeys(graph.variables(), 0.0) | bindings)
        moving = linearize(graph, None, (), diff.seeds).active
        kinks = _reaching(graph, inside, [diff.of], moving)
        if not kinks:
            continue
        given, slope = inside[diff.node], _slope(diff, bindings, inside)
        if slope is not None and abs(slope - given) <= CLOSE * abs(slope):
            continue
        for kink in kinks:
            if graph is book.graph:
                kink.label = book.whose(kink.node, 30)
                kink.by, kink.at = _by(book, kink.input, inside)
            else:
                from backpropcli.language.unparse import brief  # noqa: PLC0415 (only at a kink in a derivative)

                kink.label = brief(graph, kink.node, 30, _nameless)
                kink.by = brief(graph, kink.input, 30, _nameless)
            kink.given, kink.whole, kink.derivative = given, slope, book.derivative_text(diff)
            yield kink


def _nameless(_node: int) -> str:
    return ""


def _slope(diff: Diff, bindings: Mapping[str, float], values: Sequence[float]) -> float | None:
    """Return the derivative that what was differentiated has, if it is known to have one."""
    from fractions import Fraction  # noqa: PLC0415 (heavy)

    from backpropcli.report.whole import along  # noqa: PLC0415 (heavy)

    parts = {node: values[tangent] for node, tangent in diff.seeds.items()}
    if not all(part - part == 0 for part in parts.values()):
        return None
    steps = {node: Fraction(part) for node, part in parts.items()}
    return along(diff.graph, diff.of, bindings, steps).derivative


def _felt(
    lowered: Lowered, values: Sequence[float], roots: list[int], active: bytearray
) -> Iterator[KinkMet]:
    """Yield the kinks that ``roots`` feel, in the user's words."""
    for kink in _reaching(lowered.graph, values, roots, active):
        kink.label = lowered.whose(kink.node, 30)
        kink.by, kink.at = _by(lowered, kink.input, values)
        yield kink


def _reaching(
    graph: Graph, values: Sequence[float], roots: list[int], active: bytearray
) -> list[KinkMet]:
    """Return the kinks that ``roots`` feel; below a locally constant step, only jumps."""
    kinks = list(met(graph, values, active))
    taken = taken_nodes(graph, values, roots) if kinks else b""
    return [kink for kink in kinks if taken[kink.node] == MOVES or (taken[kink.node] and kink.jump)]


def _by(lowered: Lowered, number: int, values: Sequence[float]) -> tuple[str, float]:
    """Return the text of a kink's input, and its value.

    In a derivative it may be nothing that was written: then the names in it, and the value of the
    only one.
    """
    if not lowered.diffs or number in lowered.surface:
        return lowered.text(number, 30), values[number]
    graph, below = lowered.graph, lowered.graph.ancestors([number])
    found = {name: at for name, at in graph.variables().items() if below[at]}
    return ", ".join(found), values[min(found.values())] if len(found) == 1 else NAN
