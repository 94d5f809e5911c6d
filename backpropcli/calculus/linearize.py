"""Each edge of a graph once: its local partial derivative, in any arithmetic.

An edge that is not taken (by ``where``, ``max``, ``relu``, ...) is no edge: nothing goes along it,
whatever it would be multiplied with. Where that is not known yet, since the arithmetic's numbers
are formulas, the partial carries the condition.
"""

from __future__ import annotations

from itertools import count

from backpropcli.arithmetics.rules import weights
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from typing import Any

    from backpropcli.arithmetics.rules import Arithmetic
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row


class Edges:
    """The edges of a graph in topological order: from node ``heads[i]`` down to ``tails[i]``.

    ``partials[i]`` is the local derivative. ``active`` has a flag a node: 1 where its value moves
    with one of the nodes to differentiate by.
    """

    __slots__ = ("active", "heads", "partials", "tails")

    def __init__(self, active: bytearray) -> None:
        self.active = active
        self.heads: list[int] = []
        self.tails: list[int] = []
        self.partials: list[Any] = []


def linearize(
    graph: Graph,
    arithmetic: Arithmetic | None,
    values: Sequence[Any],
    wrt: Collection[int],
    nodes: Iterable[int] | None = None,
) -> Edges:
    """Return the edges of what moves with the nodes ``wrt``.

    ``values`` are from ``forward``. Without an arithmetic the partials are all None, and the edges
    are those that can move anything at some point. ``nodes`` are the nodes to look at, ascending:
    all of them if None. Linear in the graph's edges.

    Nothing moves through ``sg``, nor by an input in which an operation is locally constant.
    """
    active = bytearray(len(graph))
    for number in wrt:
        active[number] = 1
    edges = Edges(active)
    heads, tails, partials = edges.heads, edges.tails, edges.partials
    table = graph.table
    plans: tuple[dict[str, Any], ...] = ({}, {}, {}, {})
    operations, inputs_of = graph.operations, graph.inputs
    if nodes is None:
        walk: Iterable[tuple[int, str, tuple[int, ...]]] = zip(count(), operations, inputs_of)
    else:
        walk = ((number, operations[number], inputs_of[number]) for number in nodes)
    for number, operation, inputs in walk:
        size = len(inputs)
        if size == 2:  # noqa: PLR2004 (the usual counts are written out: this is the hot loop)
            first, second = inputs
            mask = active[first] + 2 * active[second]
        elif size == 1:
            mask = active[inputs[0]]
        elif size:
            mask = 3 if any([active[child] for child in inputs]) else 0
        else:
            continue
        if not mask:
            continue
        if size > 2:  # noqa: PLR2004
            plan = _plan(table[operation], inputs, active, arithmetic)
        else:
            plan = plans[mask].get(operation)
            if plan is None:
                plan = plans[mask][operation] = _plan(table[operation], inputs, active, arithmetic)
        on, function, whole, sure = plan
        if not on:
            continue
        active[number] = 1
        if function is None:
            found: Sequence[Any] = (None,) * len(on)
        elif size == 2:  # noqa: PLR2004
            found = function(values[number], values[first], values[second])
        elif size == 1:
            found = function(values[number], values[inputs[0]])
        else:
            found = function(values[number], *[values[child] for child in inputs])
        moving = inputs if whole else tuple([inputs[index] for index in on])
        if sure:
            heads += [number] * len(on)
            tails += moving
            partials += found
            continue
        if table[operation].variadic and function is not None:
            found = [found[index] for index in on]
        for child, partial in zip(moving, found, strict=True):
            if partial is not None:
                heads.append(number)
                tails.append(child)
                partials.append(partial)
    return edges


def _plan(
    row: Row, inputs: tuple[int, ...], active: bytearray, arithmetic: Arithmetic | None
) -> tuple[tuple[int, ...], Callable[..., Any] | None, bool, bool]:
    """Return how to treat a node of ``row``.

    The inputs that it moves with, the function of their partials, whether those are all inputs,
    and whether the function has a partial for exactly those.
    """
    on = tuple([at for at, child in enumerate(inputs) if active[child] and row.live(at)])
    function = weights(row, on, arithmetic) if on and arithmetic is not None else None
    sure = arithmetic is None or not (row.variadic or any(row.taken))
    return on, function, len(on) == len(inputs), sure
