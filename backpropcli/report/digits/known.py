"""What nodes of a graph truly are at a point, as far as digits tell it."""

from __future__ import annotations

from mpmath import mp

from backpropcli.arithmetics.balls.ball import ball
from backpropcli.calculus.forward import forward
from backpropcli.report.digits.exact import base_at, precisions
from backpropcli.report.digits.numbers import sharp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph

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
