"""What nodes of a graph truly are at a point, as far as digits tell it."""

from __future__ import annotations

from mpmath import mp

from backpropcli.arithmetics.balls.ball import ZERO, ball, order
from backpropcli.calculus.forward import forward
from backpropcli.report.numbers import PRECISIONS, sharp
from backpropcli.report.truth import DOUBLES, base_at, exact, precisions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.report.turns import Turn

PATIENCE = 2.0
"""Seconds that a sentence on a node may take, at most."""


def values_at(
    graph: Graph, point: Mapping[str, float], nodes: Sequence[int], *, as_typed: bool = False
) -> list[Any]:
    """Return what nodes truly are at the doubles of the point; None where that is not known.

    They are mpmath's numbers, inf at a pole and nan outside of the domain; with ``as_typed`` at the
    numbers as they were typed. What is 0 as far as digits tell, and not exactly, is not known.
    """
    found: list[Any] = [None] * len(nodes)
    for precision in precisions(PATIENCE):
        with mp.workdps(precision):
            arithmetic, bindings = base_at(point, as_typed=as_typed)
            values = forward(graph, arithmetic, bindings, alike=True, roots=nodes)
            numbers = [ball(values[node]) for node in nodes]
            found = [None if one.radius and not sharp(one) else one.middle for one in numbers]
            if None not in found:
                break
    return found


def sides_of(graph: Graph, points: Sequence[Mapping[str, float | Fraction]], turn: Turn) -> bool:
    """Say whether a kink's two sides are surely two at two points, which lie beside it."""
    with mp.workdps(PRECISIONS[0]):
        sides = []
        for point in points:
            known = {name: exact(value) for name, value in point.items()}
            values = forward(graph, DOUBLES, known, alike=True)
            sides.append(turn.sides(graph, values, DOUBLES))
        for one, other in zip(*sides, strict=True):
            if turn.values:
                if order(one, other) not in {None, 0}:
                    return True
                continue
            signs = order(one, ZERO), order(other, ZERO)
            if None not in signs and signs[0] != signs[1] and 0 not in signs:
                return True
    return False
