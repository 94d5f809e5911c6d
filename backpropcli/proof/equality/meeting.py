"""Points at which a kink is met: where both sides of a comparison are the same, or inputs tie."""

from __future__ import annotations

from itertools import islice, pairwise
from time import monotonic

from backpropcli.arithmetics.rules import parsed
from backpropcli.proof.equality.conditions import Conditions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Point

MOST, EACH = 12, 3
"""Kinks that are met, and points at each."""
SHARE = 0.3
"""The share of points that are moved to where an equation holds that is not linear."""


def meeting(
    graph: Graph,
    kinks: Sequence[int],
    known: Sequence[Point],
    ranges: Mapping[str, tuple[Fraction, Fraction]],
    deadline: float,
) -> Iterator[Point]:
    """Yield points at the ``kinks`` of a graph, moved there from ``known`` ones, by a deadline."""
    made = graph.copy()
    every = [condition for node in kinks[:MOST] for condition in _conditions(made, node)]
    for condition in dict.fromkeys(every[:MOST]):
        if monotonic() > deadline:
            return
        found = Conditions(made, [condition], ranges)
        if found.equations:
            yield from islice(found.met(known, SHARE), EACH)


def _conditions(graph: Graph, node: int) -> Iterator[int]:
    """Yield the conditions on which a node is at a kink: no steps, of which there are many."""
    row, inputs = graph.row(node), graph.inputs[node]
    if row.variadic:
        yield from (graph.node("eq", pair) for pair in pairwise(inputs))
        return
    if row.whole or row.name == "where":  # which turns where its condition does
        return
    for kink in row.kinks:
        if kink.turns is None:
            body, top = parsed(row, kink.when)
            given = {**dict(zip(row.parameters, inputs, strict=True)), "out": node}
            yield graph.write(body, given)[top]
