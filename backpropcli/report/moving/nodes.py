"""Which nodes move at a point: w*t stays 0 while w moves alone, where t is 0."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.adjoints import reads
from backpropcli.calculus.linearize import linearize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from backpropcli.calculus.linearize import Edges
    from backpropcli.graph.graph import Graph


def moving_at(graph: Graph, values: Sequence[float], wrt: Collection[int]) -> bytearray:
    """Return a flag a node: 1 where its value moves as the nodes ``wrt`` do, beside the point."""
    return moving_along(graph, linearize(graph, floats, values, wrt), wrt, values)


def moving_along(
    graph: Graph, edges: Edges, wrt: Collection[int], values: Sequence[float] = ()
) -> bytearray:
    """Return the same, given the edges at the point in an arithmetic whose exact zeros are 0.

    A value stays where it is, whatever the step, if all its partials are 0 and rest on nothing
    that moves. That they are 0 is not enough: x^2 moves at 0. A quotient's by what it is divided by
    rests on that, and is 0 everywhere if what is divided is: floats, whose ``values`` are given,
    may have 0 by underflow too.
    """
    moves = bytearray(len(graph))
    for node in wrt:
        moves[node] = 1
    for head, tails, partials in zip(edges.heads, edges.tails, edges.partials, strict=True):
        if partials and any(moves[tail] for tail in tails):
            moved = [bool(moves[tail]) for tail in tails]
            pairs = zip(moved, partials, strict=True)
            steady = is_affine(graph, head, moved) or is_quotient(graph, head, values)
            moves[head] = not steady or any(
                flag and partial is not None and partial != 0 for flag, partial in pairs
            )
    return moves


def is_quotient(graph: Graph, number: int, values: Sequence[Any]) -> bool:
    """Say whether a node is a quotient which is no 0 but that of what is divided."""
    if graph.operations[number] != "div":
        return False
    if not len(values):
        return True
    out, above = values[number], values[graph.inputs[number][0]]
    return (
        bool(((out != 0) | (above == 0)).all()) if hasattr(out, "all") else out != 0 or above == 0
    )


def is_affine(
    graph: Graph,
    number: int,
    moves: Sequence[bool],
    axes: Sequence[int] = (),
    *,
    each: bool = False,
) -> bool:
    """Say whether a node is linear, up to a constant, in those of its inputs that move.

    Then its partials are the same beside the point. With ``each`` it may be so in each of them
    alone, as a product is. ``axes`` are the inputs' numbers of axes.
    """
    row, arg = graph.row(number), graph.args.get(number)
    if row.own or row.stops or row.kinks or any(row.taken):
        return False
    on = [at for at, moved in enumerate(moves) if moved and row.live(at)]
    axes = axes or (0,) * len(moves)
    if each:
        return not any({0, at + 1} & {*reads(row, [at], axes, arg)} for at in on)
    return not any(at == 0 or moves[at - 1] for at in reads(row, on, axes, arg))
