"""The kinks of derivatives in a program: as functions, and those at which they were taken."""

from __future__ import annotations

from math import isfinite, nan

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.report.branches.nodes import taken_nodes
from backpropcli.report.felt.reached import is_aside, reached
from backpropcli.report.kinks.kink import KinkMet, aside, by_text, near
from backpropcli.report.kinks.met import met
from backpropcli.report.kinks.poles import poles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from backpropcli.calculus.records import Diff
    from backpropcli.graph.graph import Graph
    from backpropcli.report.felt.book import Book
    from backpropcli.report.run import Run

MOST_NAMES = 8
"""Names by which a derivative is looked at: each takes two lines of germs."""
MOST_MOVED = 100
"""Names that are moved one by one to see what is beside a kink, at most."""


def of_derivative(run: Run, owner: int, names: Sequence[str]) -> list[KinkMet] | None:
    """Return the kinks of a derivative by ``names``; None where that is not known.

    It is node ``owner`` of the surface graph. Kinks of its parts may cancel, or make kinks of
    jumps. By several names it may have one where they move together, though none by one alone.
    """
    lowered = run.lowered
    outputs = [lowered.places[output] for output in run.program.outputs]
    if run.signed_zero or run.format or len(names) > MOST_NAMES or lowered.outputs != outputs:
        return None
    from backpropcli.report.whole.along import whole
    from backpropcli.report.whole.sides import nearest

    place, nodes = lowered.places[owner], [run.wrt[name] for name in names]
    edges = linearize(run.graph, run.arithmetic, run.values, nodes)
    slopes = pull(edges, run.arithmetic, {place: 1.0})
    choice = run.graph.convention
    why = "the chain rule has it"
    why += f"; --at-kinks {choice} is for slopes of operations" if choice else ""
    kinks: list[KinkMet] = []
    for name, node in zip(names, nodes, strict=True):
        found = whole(run.graph, place, run.bindings, node, typed=run.as_typed)
        jump, used = found.kind == "jump", (slopes[node] or 0.0) + 0.0
        left, right = (nearest(side.slope) for side in (found.left, found.right))
        if found.kind not in {"derivative", "kink", "jump"} or not found.sure:
            return None
        if left is None or right is None:
            return None
        if found.kind == "derivative" and near(left, used):
            continue
        kink = KinkMet(
            run.top,
            node,
            "",
            (left, right, used),
            at=run.values[node] + 0.0,
            jump=jump,
            why=why,
        )
        kink.asked = bool(choice)
        kink.label, kink.by = run.program.text(owner, 30), name
        kinks.append(kink)
    return kinks if kinks or len(names) == 1 else None


def differentiated(run: Run, at_point: Book) -> Iterator[KinkMet]:
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
            for kink in reached(graph, inside, [diff.of], moving)
            if not (is_aside(kink) and graph is book.graph and book.of_derivative(kink.node))
        ]
        kinks += poles(graph, inside, [diff.of], moving, bindings, as_typed=run.as_typed)
        if not kinks:
            continue
        given = inside[diff.node] if diff.given else run.values[own.node]
        slope = _slope(diff, bindings, inside, typed=run.as_typed)
        if near(slope, given):
            if _beside(diff, kinks, bindings, movers, moving):
                continue
            slope = None
        elif slope is not None and near(slope, _exactly(diff, bindings, typed=run.as_typed)):
            continue  # it is no kink in exact arithmetic
        for kink in kinks:
            if graph is book.graph:
                kink.label = book.whose(kink.node, 30)
                kink.by, kink.at = by_text(book, kink.input, inside)
            else:
                from backpropcli.language.unparse import brief

                kink.label = brief(graph, kink.node, 30, _nameless)
                kink.by = brief(graph, kink.input, 30, _nameless)
            kink.given, kink.whole, kink.derivative = given, slope, book.derivative_text(diff)
            yield kink


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
        for moved in aside(bindings, names[node]):
            inside = forward(graph, floats, dict.fromkeys(graph.variables(), 0.0) | moved)
            if node not in left and not _still(graph, kinks, inside, moving):
                continue
            if not near(_slope(diff, moved, inside), inside[diff.node]):
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
    from backpropcli.report.digits.exact import values_at

    known = {**dict.fromkeys(diff.graph.variables(), 0.0), **bindings}
    [found] = values_at(diff.graph, known, [diff.node], as_typed=typed)
    return nan if found is None else float(found)


def _nameless(_node: int) -> str:
    return ""


def _slope(
    diff: Diff, bindings: Mapping[str, float], values: Sequence[float], *, typed: bool = False
) -> float | None:
    """Return the derivative that what was differentiated has, if it is known to have one."""
    from fractions import Fraction

    from backpropcli.report.whole.along import along

    parts = {node: values[tangent] for node, tangent in diff.seeds.items()}
    if not all(part - part == 0 for part in parts.values()):
        return None
    steps = {node: Fraction(part) for node, part in parts.items()}
    return along(diff.graph, diff.of, bindings, steps, typed=typed).derivative
