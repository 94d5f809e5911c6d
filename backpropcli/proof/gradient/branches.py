"""Whether floats take the branches of exact arithmetic, and meet the kinks that it meets."""

from __future__ import annotations

from itertools import combinations, compress, count
from math import isfinite, isnan

import mpmath

from backpropcli.arithmetics import balls, floats
from backpropcli.arithmetics.balls.ball import Undecided, ball
from backpropcli.arithmetics.balls.choices import truth
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.arithmetics.rules import by_input, parsed, weights
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.zero import pole_at, zeros_at
from backpropcli.report.branches.nodes import MOVES, needed_nodes, taken_nodes
from backpropcli.report.digits.numbers import beyond, sharp
from backpropcli.report.digits.proved import Asked
from backpropcli.report.truth.hidden import at_kink, hidden_kinks
from backpropcli.report.truth.point import Point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.report.report import Report
    from backpropcli.report.truth.point import AsTyped

JUMP = 1e-3
"""How far a value is off, for its size, where it is on the other side of a jump."""
LARGEST = 50_000
"""Nodes of a program in which hidden kinks are looked for."""
LONG = 40
SECONDS = 2.0
"""How long SymPy may take to find a pole, or to prove a zero."""
STEPS = {"floor", "ceil", "round", "trunc"}
STEP = 1e-9
"""How far the local derivatives of two branches are apart, if it matters which is taken."""


def parted(report: Report, point: Point, turning: dict[int, set[int]]) -> int | None:
    """Return the first node at which floats go another way than exact arithmetic; None for none.

    ``turning`` has the inputs by which each node is at a kink in exact arithmetic. Where nothing
    arrives at a kink, it does not matter which slope is taken there; where a function ends, there
    is one way.
    """
    graph = report.graph
    met = {kink.node for kink in report.kinks if kink.jump or not isnan(kink.left + kink.right)}
    for node in compress(count(), graph.ancestors([report.top])):
        inputs = graph.inputs[node]
        row = graph.row(node) if inputs else None
        if row is None or not row.kinks:
            continue
        if not any(row.live(at) for at in range(len(inputs))):  # a step: it moves in jumps only
            exact, here = ball(point.values[node]), report.values[node]
            size = max(abs(exact.middle), abs(here))
            if exact.known and abs(exact.middle - here) > JUMP * size:
                return node
        elif report.adjoints[node] and (
            (node in met and not turning.get(node)) or _ways(point, report, node)
        ):
            return node
    return None


def _ways(point: Point, report: Report, node: int) -> bool:
    """Say whether floats take other edges of a node than exact arithmetic, with other slopes."""
    graph = report.graph
    row, inputs = graph.row(node), graph.inputs[node]
    if not any(row.taken):
        return False
    every = tuple(range(len(inputs)))

    def slopes(values: Any, arithmetic: Any) -> Any:  # noqa: ANN401 (of any arithmetic)
        return weights(row, every, arithmetic)(values[node], *[values[at] for at in inputs])

    try:
        exact = slopes(point.values, point.arithmetic)
    except Undecided:
        return False
    for child, here, there in zip(inputs, slopes(report.values, floats), exact, strict=True):
        if report.active[child] and (here is None) != (there is None):
            gap = (here or 0.0) - (0.0 if there is None else float(ball(there).middle))
            if abs(gap) > STEP:
                return True
    return False


def missed(report: Report, point: Point, turning: dict[int, set[int]]) -> int | None:
    """Return the first node that is at a kink in exact arithmetic, and in floats beside it.

    Kinks inside of derivatives are met in other graphs: nothing is said of those.
    """
    if report.lowered.diffs:
        return None
    met = {kink.node for kink in report.kinks}
    for node, inputs in turning.items():
        if node not in met and any(point.moving[child] for child in inputs):
            adjoint = point.adjoints[node]
            if adjoint is not None and ball(adjoint).middle:
                return node
    return None


def typed_pole(report: Report, there: AsTyped) -> int | None:
    """Return the first node without a finite value at the numbers as typed, if the whole has none.

    A derivative that is infinite where there is a value is one: that of a root at 0.
    """
    values = there.values
    if not beyond(values[report.top]):
        return exact_pole(report, values)
    felt = taken_nodes(report.graph, report.values, [report.top])
    return next((node for node in compress(count(), felt) if beyond(values[node])), None)


def hidden_pole(report: Report, point: Point) -> int | None:
    """Return the first node that is not finite in exact arithmetic, and finite in floats; or None.

    It need not be taken: the whole may have no derivative where one of its parts has a pole.
    """
    needed = needed_nodes(report.graph, report.values, [report.top])
    return next(
        (
            node
            for node in compress(count(), needed)
            if beyond(point.values[node]) and isfinite(report.values[node])
        ),
        None,
    )


def hidden(report: Report) -> Finding | None:
    """Return a pole or a kink that exact arithmetic meets at the point of a report, if any.

    Second derivatives may have no trace of it: those of relu(x) are 0 on both sides.
    """
    if len(report.graph) > LARGEST or report.causes or report.signed_zero:
        return None
    point = Point(report)
    if point.undecided:
        return Finding("undecided")
    if (pole := hidden_pole(report, point)) is not None:
        return without_value(report, pole)
    kinks = hidden_kinks(report, point)
    return Finding("missed", None, text=report.text(kinks[0], LONG)) if kinks else None


def without_value(report: Report, pole: int) -> Finding:
    """Say that a node has no finite value in exact arithmetic, or what it rests on in floats."""
    below = compress(count(), report.graph.ancestors([pole]))
    broken = next((node for node in below if not isfinite(report.values[node])), None)
    if broken is not None:
        return Finding("infinite", None, text=report.text(broken, LONG))
    return Finding("pole", None, where=report.text(pole, LONG))


def exact_pole(report: Report, values: Sequence[Number]) -> int | None:
    """Return the first node that SymPy finds infinite, where ``values`` are not known; or None.

    No number of digits tells that cos(pi/2) is 0, and tan(pi/2) has no value.
    """
    if not values or sharp(values[report.top]):
        return None
    felt = taken_nodes(report.graph, report.values, [report.top])
    blurred = [node for node in compress(count(), felt) if not sharp(values[node])]
    return pole_at(Asked(report.graph, report.bindings, blurred), SECONDS)


def typed_kinks(
    report: Report, turning: dict[int, set[int]], there: AsTyped, point: Point | None = None
) -> Iterator[int]:
    """Yield what may have a kink at the numbers as typed, and has none at their doubles.

    Conditions have kinks too: there they jump. What jumps in floats does so at their doubles, but
    by rounding, if the ``point`` is not there.
    """
    graph = report.graph
    met = {kink.node for kink in report.kinks if kink.jump}
    if point is not None:
        moving, arithmetic = point.moving, point.arithmetic
        met = {at for at in met if at_kink(graph, at, point.values, moving, arithmetic)}
    felt = taken_nodes(graph, report.values, [report.top])
    for at, flag in enumerate(felt):
        inputs = graph.inputs[at]
        known = at in met or turning.get(at)
        if flag and inputs and not known and graph.row(at).kinks:
            moves = flag == MOVES or any(kink.jump for kink in graph.row(at).kinks)
            if moves and at_kink(graph, at, there.values, there.active, balls):
                yield at


def typed_kink(report: Report, kinks: Iterable[int], there: AsTyped) -> str:
    """Return the first of what may have ``kinks`` at the numbers as typed that has one; or ""."""
    found = (report.text(at, 40) for at in kinks if _is_at_kink(report, at, there.values))
    return next(found, "")


def _is_at_kink(report: Report, node: int, values: Sequence[Number]) -> bool:
    """Say whether a node that may be at a kink is at one: by its balls, or as SymPy proves."""
    row, inputs, made = report.graph.row(node), report.graph.inputs[node], report.graph.copy()
    given = [values[node], *[values[child] for child in inputs]]
    for kink in row.kinks:
        flags = [truth(flag) for flag in by_input(row, [kink.when], balls)(*given)]
        if row.variadic:
            tied = {child for child, flag in zip(inputs, flags, strict=True) if flag is not False}
            ways = [[pair] for pair in combinations(tied, 2)]
        elif True in flags:
            return True
        else:
            rule, _ = parsed(row, kink.when)
            names = dict(zip(row.parameters, inputs, strict=True))
            places = made.write(rule, {**names, "out": _out(made, node, values)})
            equal = [at for at, name in enumerate(rule.operations) if name == "eq"]
            ways = [[(places[rule.inputs[at][0]], places[rule.inputs[at][1]]) for at in equal]]
            ways = [] if False in flags else ways
        for pairs in ways:
            zeros = [made.node("sub", pair) for pair in pairs]
            asked = Asked(made, report.bindings, zeros)
            if all(zeros_at(asked, SECONDS, [True] * len(zeros))):
                return True
    return False


def _out(made: Graph, node: int, values: Sequence[Number]) -> int:
    """Return a node's value in a condition: of a step, the whole number that its input is next to.

    Rounding is not needed to say that a number is whole.
    """
    if made.operations[node] not in STEPS:
        return node
    return Nodes(made).number(float(mpmath.nint(ball(values[made.inputs[node][0]]).middle)))
