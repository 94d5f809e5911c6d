"""The kinks that the outputs feel at a point, also those in derivatives of the program."""

from __future__ import annotations

from math import isfinite

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.report.kinks import met
from backpropcli.report.poles import poles
from backpropcli.report.taken import MOVES, needed_nodes, ruled, taken_nodes
from backpropcli.report.turning import CLOSE, MOST_NAMES, of_derivative

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.calculus.records import Diff
    from backpropcli.graph.graph import Graph
    from backpropcli.report.kinks import KinkMet
    from backpropcli.report.report import Report

ASIDE = 2.0**-10
"""How far beside a point, for its size, a derivative is looked at."""
MOST_MOVED = 100
"""Names that are moved one by one to see what is beside a kink, at most."""
NAN = float("nan")


class Book:
    """A program at a point as books write it: its ``values``, and what is ``active`` by ``wrt``.

    It is that of a run, or another ``lowered`` one of the same variables and outputs.
    """

    def __init__(self, run: Report, lowered: Lowered | None = None) -> None:
        lowered = lowered or run.lowered
        self.lowered, places = lowered.book()
        graph = self.lowered.graph
        known = dict.fromkeys(graph.variables(), 0.0) | run.bindings
        self.values: list[Any] = run.at_point(graph, known)
        self.names = {name: places[node] for name, node in run.wrt.items() if places[node] >= 0}
        self.wrt = [*self.names.values()]
        self.active = linearize(graph, None, (), self.wrt).active
        there = dict(zip(lowered.outputs, self.lowered.outputs, strict=True))
        self.roots = [there[root] for root in run.seeds]

    def names_above(self, kinks: Iterable[KinkMet]) -> list[str]:
        """Return the names asked for that kinks turn by."""
        below = self.lowered.graph.ancestors([kink.input for kink in kinks])
        return [name for name, node in self.names.items() if below[node]]


def is_smooth(run: Report, lowered: Lowered) -> bool:
    """Say whether no operation of a program meets a kink or a pole at the point of a run."""
    book = Book(run, lowered)
    return all(map(isfinite, book.values)) and not any(
        met(book.lowered.graph, book.values, book.active)
    )


def kinks_met(run: Report) -> list[KinkMet]:
    """Return the kinks at the point, each once.

    The rules for floats have cases that are no kinks. So where a program holds derivatives, those
    are looked at as books write them; and as functions, where such a derivative has a kink inside.
    """
    lowered = run.lowered
    if not lowered.diffs:
        return list(_felt(run, lowered, run.values, [*run.seeds], run.active))
    book = Book(run)
    kinks: list[KinkMet] = []
    inside: dict[int, list[KinkMet]] = {}
    for kink in _felt(run, book.lowered, book.values, book.roots, book.active):
        if not (_is_aside(kink) and book.lowered.of_derivative(kink.node)):
            owner = book.lowered.brought(kink.node)
            (kinks if owner is None else inside.setdefault(owner, [])).append(kink)
    for owner, parts in inside.items():
        told = of_derivative(run, owner, book.names_above(parts))
        kinks += parts if told is None else told
    found: dict[tuple[str, str, str], KinkMet] = {}
    for kink in kinks:
        kink.node = kink.input = run.top
        found.setdefault(kink.what, kink)
    for kink in _differentiated(run, book):
        kink.node = kink.input = run.top
        found.setdefault(kink.what, kink).of_value = True
    return list(found.values())


def _differentiated(run: Report, at_point: Book) -> Iterator[KinkMet]:
    """Yield the kinks at which derivatives in a program were taken by a convention.

    It is none where the whole of what was differentiated has that derivative, there and beside.
    What was taken is the run's own, whose rules are those for floats.
    """
    book, values, active = at_point.lowered, at_point.values, at_point.active
    taken = taken_nodes(book.graph, values, at_point.roots)
    for diff, own in zip(book.diffs, run.lowered.diffs, strict=True):
        place = book.places[diff.surface]
        if not taken[place] and (diff.given or not taken[diff.node]):
            continue
        graph, inside, bindings, movers = diff.graph, values, dict(run.bindings), at_point.wrt
        if diff.given:
            names = graph.variables()
            known = diff.given.items()
            movers = [names[name] for name, at in known if name in names and active[at]]
            bindings = {name: values[at] for name, at in diff.given.items()}
            inside = run.at_point(graph, dict.fromkeys(graph.variables(), 0.0) | bindings)
        moving = linearize(graph, None, (), diff.seeds).active
        kinks = [
            kink
            for kink in _reached(graph, inside, [diff.of], moving)
            if not (_is_aside(kink) and graph is book.graph and book.of_derivative(kink.node))
        ]
        kinks += poles(graph, inside, [diff.of], moving, bindings, as_typed=run.as_typed)
        if not kinks:
            continue
        given = inside[diff.node] if diff.given else run.values[own.node]
        slope = _slope(diff, bindings, inside, typed=run.as_typed)
        if _near(slope, given):
            if _beside(diff, kinks, bindings, movers, moving):
                continue
            slope = None
        elif slope is not None and _near(slope, _exactly(diff, bindings, typed=run.as_typed)):
            continue  # it is no kink in exact arithmetic
        for kink in kinks:
            if graph is book.graph:
                kink.label = book.whose(kink.node, 30)
                kink.by, kink.at = by_text(book, kink.input, inside)
            else:
                from backpropcli.language.unparse import brief  # noqa: PLC0415 (only at a kink in a derivative)

                kink.label = brief(graph, kink.node, 30, _nameless)
                kink.by = brief(graph, kink.input, 30, _nameless)
            kink.given, kink.whole, kink.derivative = given, slope, book.derivative_text(diff)
            yield kink


def _is_aside(kink: KinkMet) -> bool:
    """Say whether it is a jump in a branch that is not taken: rules have cases that are none."""
    return kink.jump and not kink.taken and kink.pole is None


def _near(slope: float | None, given: float) -> bool:
    """Say whether a derivative is that of the whole, if the whole is known to have one."""
    return slope is not None and abs(slope - given) <= CLOSE * abs(slope)


def _beside(
    diff: Diff,
    kinks: list[KinkMet],
    bindings: Mapping[str, float],
    movers: Iterable[int],
    moving: bytearray,
) -> bool:
    """Say whether a derivative at a kink is that of the whole beside the point too.

    Where a node of ``movers`` moves and leaves the kink as it is, the place itself says too little:
    the derivative of where(x == 0, 0, x*y) by x is 0 at the origin, and y along the line x = 0.
    So it is with abs(x*y), though y turns it.
    """
    graph = diff.graph
    felt, turns = graph.ancestors([diff.of]), [graph.ancestors([kink.input]) for kink in kinks]
    moved_by = [node for node in movers if felt[node]]
    left = [node for node in moved_by if not all(below[node] for below in turns)]
    names = {node: name for name, node in graph.variables().items()}
    if len(left) > MOST_NAMES or len(moved_by) > MOST_MOVED or not names.keys() >= {*moved_by}:
        return False
    for node in moved_by:
        name = names[node]
        for step in (-ASIDE, ASIDE):
            moved = {**bindings, name: bindings[name] + step * max(1.0, abs(bindings[name]))}
            inside = forward(graph, floats, dict.fromkeys(graph.variables(), 0.0) | moved)
            if node not in left and not _still(graph, kinks, inside, moving):
                continue
            if not _near(_slope(diff, moved, inside), inside[diff.node]):
                return False
    return True


def _still(graph: Graph, kinks: list[KinkMet], values: Sequence[float], moving: bytearray) -> bool:
    """Say whether one of the kinks and poles at a point is met at other values too."""
    there = {(kink.node, kink.when) for kink in met(graph, values, moving)}
    poles_met = [kink for kink in kinks if kink.pole is not None]
    return any((kink.node, kink.when) in there for kink in kinks) or not all(
        isfinite(values[kink.node]) for kink in poles_met
    )


def _exactly(diff: Diff, bindings: Mapping[str, float], *, typed: bool) -> float:
    """Return what a derivative by the rules truly is at a point; nan for unknown."""
    from backpropcli.report.known import values_at  # noqa: PLC0415 (heavy)

    known = {**dict.fromkeys(diff.graph.variables(), 0.0), **bindings}
    [found] = values_at(diff.graph, known, [diff.node], as_typed=typed)
    return NAN if found is None else float(found)


def _nameless(_node: int) -> str:
    return ""


def _slope(
    diff: Diff, bindings: Mapping[str, float], values: Sequence[float], *, typed: bool = False
) -> float | None:
    """Return the derivative that what was differentiated has, if it is known to have one."""
    from fractions import Fraction  # noqa: PLC0415 (heavy)

    from backpropcli.report.whole import along  # noqa: PLC0415 (heavy)

    parts = {node: values[tangent] for node, tangent in diff.seeds.items()}
    if not all(part - part == 0 for part in parts.values()):
        return None
    steps = {node: Fraction(part) for node, part in parts.items()}
    return along(diff.graph, diff.of, bindings, steps, typed=typed).derivative


def _felt(
    run: Report, lowered: Lowered, values: Sequence[float], roots: list[int], active: bytearray
) -> Iterator[KinkMet]:
    """Yield the kinks that ``roots`` feel, and poles where all that is asked for is finite."""
    graph = lowered.graph
    kinks = [*_reached(graph, values, roots, active)]
    if not run.causes:
        known = dict.fromkeys(graph.variables(), 0.0) | run.bindings
        kinks += poles(graph, values, roots, active, known, as_typed=run.as_typed)
    for kink in kinks:
        kink.label = lowered.turning(kink.node)
        kink.order = lowered.order_of(kink.node)
        kink.by, kink.at = by_text(lowered, kink.input, values)
        yield kink


def _reached(
    graph: Graph, values: Sequence[float], roots: list[int], active: bytearray
) -> Iterator[KinkMet]:
    """Yield the kinks that ``roots`` feel; below a locally constant step, only jumps.

    Where there is no value on a side, what is computed from it has none, though its slope is not
    taken. A slope that is nan, and arrives, is told as the cause of what is not finite.
    """
    kinks = list(met(graph, values, active))
    if not kinks:
        return
    taken = taken_nodes(graph, values, roots)
    beside = taken
    if any(kink.jump and not taken[kink.node] for kink in kinks):  # it may be so beside a corner
        corners = {kink.node for kink in met(graph, values, bytearray(b"\1") * len(graph))}
        beside = taken_nodes(graph, values, roots, corners=corners)
    used = taken
    if any(kink.ends or kink.jump for kink in kinks):
        used = needed_nodes(graph, values, roots)
    rules = ruled(graph, [flag == MOVES for flag in taken])
    for kink in kinks:
        kink.rule = rules.get(kink.node, "") if kink.jump else ""
        moves = taken[kink.node] == MOVES
        if kink.ends:
            if used[kink.node] and not (moves and kink.chosen != kink.chosen):
                kink.taken = moves
                yield kink
        elif moves or (beside[kink.node] and kink.jump):
            yield kink
        elif used[kink.node] and kink.jump:
            kink.taken = False
            yield kink


def by_text(lowered: Lowered, number: int, values: Sequence[Any]) -> tuple[str, float]:
    """Return the text of a kink's input, and its value.

    In a derivative it may be nothing that was written: then the names in it, and the value of the
    only one.
    """
    if not lowered.diffs or number in lowered.surface:
        return lowered.text(number, 30), values[number]
    graph, below = lowered.graph, lowered.graph.ancestors([number])
    found = {name: at for name, at in graph.variables().items() if below[at]}
    return ", ".join(found), values[min(found.values())] if len(found) == 1 else NAN
