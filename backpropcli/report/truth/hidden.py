"""Kinks that are met in exact arithmetic, and those of them that rounding hides from floats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpmath import mp

from backpropcli.arithmetics.balls.ball import ball
from backpropcli.arithmetics.balls.choices import truth
from backpropcli.arithmetics.rules import by_input
from backpropcli.calculus.forward import forward
from backpropcli.report.branches.nodes import MOVES, taken_nodes
from backpropcli.report.digits.exact import DOUBLES, base_at
from backpropcli.report.digits.numbers import PRECISIONS
from backpropcli.report.kinks.met import COMPARISONS, met, settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.run import Run
    from backpropcli.report.truth.point import Point

LARGEST = 5_000
"""Nodes of an expression for which it is asked what floats alone are at."""


def at_kink(
    graph: Graph,
    number: int,
    values: list[Number],
    moving: bytearray,
    arithmetic: Any = DOUBLES,  # noqa: ANN401 (balls)
) -> set[int]:
    """Return the inputs of a node that move, and by which it is, or may be, at a kink."""
    inputs = graph.inputs[number]
    found: set[int] = set()
    if not any(moving[child] for child in inputs) or not (row := graph.row(number)).kinks:
        return found
    given = [values[number], *[values[child] for child in inputs]]
    for kink in row.kinks:
        met = by_input(row, [kink.when], arithmetic)(*given)
        if row.variadic:
            tied = [at for at, flag in zip(inputs, met, strict=True) if truth(flag) is not False]
            found |= {*tied} if len({*tied} if row.shares else tied) > 1 else set()
        elif truth(met[0]) is not False:
            named = [*zip(inputs, row.parameters, strict=True)]
            if kink.by([name for at, name in named if moving[at]]):
                found |= {at for at, name in named if name in kink.slopes}
    if found and row.name in COMPARISONS and settled(graph, number, values):
        return set()
    return {at for at in found if moving[at]}


def hidden_kinks(run: Run, point: Point) -> list[int]:
    """Return the nodes at a kink in exact arithmetic that floats are beside."""
    graph, moving = run.graph, point.moving
    taken = taken_nodes(graph, run.values, [run.top])
    known = {kink.node for kink in met(graph, run.values, run.active)}
    return [
        node
        for node, flag in enumerate(taken)
        if flag
        and graph.inputs[node]
        and node not in known
        and (flag == MOVES or any(kink.jump for kink in graph.row(node).kinks))
        and at_kink(graph, node, point.values, moving, point.arithmetic)
    ]


def by_rounding(run: Run, kinks: Sequence[KinkMet]) -> list[tuple[KinkMet, Any]]:
    """Return the kinks that floats alone are at, each with what its input truly is.

    They are none at the doubles of the point, nor at the numbers as typed.
    """
    graph = run.graph
    asked = [kink for kink in kinks if kink.pole is None and not kink.of_value]
    nodes = [kink.node for kink in asked]
    if not nodes or run.lowered.diffs or sum(graph.ancestors(nodes)) > LARGEST:
        return []
    with mp.workdps(PRECISIONS[0]):
        ways = []
        for typed in dict.fromkeys([run.as_typed, True]):
            arithmetic, bindings = base_at(run.bindings, as_typed=typed)
            values = forward(graph, arithmetic, bindings, alike=True, roots=nodes)
            ways.append((arithmetic, values))
        return [
            (kink, ball(ways[0][1][kink.input]).middle)
            for kink in asked
            if not any(at_kink(graph, kink.node, one, run.active, base) for base, one in ways)
        ]


def true_slopes(run: Run, point: Point) -> list[Number | None]:
    """Return the derivatives asked for; None where a kink that rounding hides decides one.

    What the chain rule has there is a convention, and the number of floats is none.
    """
    hidden = [
        node
        for node in hidden_kinks(run, point)
        if (adjoint := point.adjoints[node]) is None or ball(adjoint).middle
    ]
    felt = run.graph.ancestors(hidden)
    slopes = zip(run.wrt.values(), point.derivatives(), strict=True)
    return [None if felt[node] else slope for node, slope in slopes]
