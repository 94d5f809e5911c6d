"""Which of the kinks that are met the outputs feel."""

from __future__ import annotations

from backpropcli.report.branches.nodes import MOVES, needed_nodes, ruled, taken_nodes
from backpropcli.report.kinks.met import met

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.report.kinks.kink import KinkMet


def reached(
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


def is_aside(kink: KinkMet) -> bool:
    """Say whether it is a jump in a branch that is not taken: rules have cases that are none."""
    return kink.jump and not kink.taken and kink.pole is None
