"""Whether two points surely lie on two sides of a kink, in exact balls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmath import mp

from backpropcli.arithmetics.balls.ball import ZERO
from backpropcli.arithmetics.balls.choices import order
from backpropcli.calculus.forward import forward
from backpropcli.report.digits.exact import DOUBLES, exact
from backpropcli.report.digits.numbers import PRECISIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from backpropcli.graph.graph import Graph
    from backpropcli.report.lines.turns import Turn


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
