"""What a value rests on by the branches that are taken at a point."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import weights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.graph import Graph

QUIET = {"quiet", "void"}
"""Conditions of rules that are no kinks."""
USED, MOVES = 1, 2
"""Flags of a node: the output depends on it; it moves with it too."""


def taken_nodes(
    graph: Graph,
    values: Sequence[Any],
    roots: Iterable[int],
    arithmetic: Arithmetic = floats,
    corners: Container[int] = (),
) -> bytearray:
    """Return one flag a node: USED where ``roots`` depend on it by the branches that are taken.

    It is MOVES where they move with it. ``values`` are numbers of ``arithmetic``. No derivative
    flows here: conditions and steps count too, and only a choice that the roots rest on is made,
    as one elsewhere may not be decided. At the nodes ``corners`` all branches are taken.
    """
    taken = bytearray(len(graph))
    top = -1
    for root in roots:
        taken[root], top = MOVES, max(top, root)
    for number in range(top, -1, -1):
        inputs = graph.inputs[number]
        if not taken[number] or not inputs or graph.operations[number] in QUIET:
            continue
        row = graph.row(number)
        gone: Sequence[Any] = ()
        if any(row.taken) and number not in corners:
            given = [values[child] for child in inputs]
            gone = weights(row, tuple(range(len(inputs))), arithmetic)(values[number], *given)
        for index, child in enumerate(inputs):
            live = row.live(index)
            if live and gone and gone[index] is None:
                continue
            moves = live and taken[number] == MOVES
            taken[child] = max(taken[child], MOVES if moves else USED)
    return taken


def ruled(graph: Graph, moves: Sequence[object]) -> dict[int, str]:
    """Return the function whose rule stands in place of the slope of a node: that of its body.

    ``moves`` has a flag a node that the roots move with otherwise.
    """
    found: dict[int, str] = {}
    for number in range(len(graph) - 1, -1, -1):
        inputs = graph.inputs[number]
        if inputs and moves[number] and (row := graph.row(number)).own:
            below, name = inputs[-1:], row.shown
        else:
            below, name = inputs, found.get(number, "")
        for child in below if name else ():
            if not moves[child]:
                found.setdefault(child, name)
    return found


def needed_nodes(graph: Graph, values: Sequence[float], roots: Iterable[int]) -> bytearray:
    """Return one flag a node: 1 where ``roots`` are computed from it, taken or not.

    What is not needed are the branches that ``where`` leaves, and what stands below ``sg``.
    """
    needed = bytearray(len(graph))
    for root in roots:
        needed[root] = 1
    for number in range(len(graph) - 1, -1, -1):
        inputs = graph.inputs[number]
        if not needed[number] or not inputs or graph.row(number).stops:
            continue
        if graph.operations[number] == "where":
            condition, one, other = inputs
            inputs = (condition, one if values[condition] else other)
        for child in inputs:
            needed[child] = 1
    return needed


def chained(
    graph: Graph, wrong: Sequence[bool], outputs: Sequence[int], taken: Sequence[Any]
) -> Sequence[Any]:
    """Return which of the nodes ``taken`` may make an output wrong that is: by those between.

    All of them where no output is ``wrong``.
    """
    flags = [False] * len(graph)
    for output in outputs:
        flags[output] = wrong[output]
    if not any(flags):
        return taken
    for number in range(len(graph) - 1, -1, -1):
        for child in graph.inputs[number] if flags[number] else ():
            flags[child] |= wrong[child]
    return [one if flag else None for one, flag in zip(taken, flags, strict=True)]
