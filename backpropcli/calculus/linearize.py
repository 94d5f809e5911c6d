"""Each edge of a graph once: its local partial derivative, in any arithmetic.

An edge that is not taken (by ``where``, ``max``, ``relu``, ...) is no edge: nothing goes along it,
whatever it would be multiplied with. Where that is not known yet, since the arithmetic's numbers
are formulas, the partial carries the condition.
"""

from __future__ import annotations

from itertools import count

from backpropcli.arithmetics.rules import weights
from backpropcli.graph.graph import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from typing import Any

    from backpropcli.arithmetics.rules import Partials
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Plan = tuple[tuple[int, ...], tuple[Any, ...], Callable[..., Sequence[Any]], bool]

MOVES = 1
"""Stands for a partial where there is no arithmetic."""


class Edges:
    """The edges of a graph in topological order: from node ``heads[i]`` down to ``tails[i]``.

    ``partials[i]`` is the local derivative. ``active`` has a flag a node: 1 where its value moves
    with one of the nodes to differentiate by.
    """

    __slots__ = ("active", "heads", "partials", "tails")

    def __init__(self, active: bytearray) -> None:
        self.active = active
        self.heads = integers(len(active))
        self.tails: list[int] = []
        self.partials: list[Any] = []

    def mirror(self) -> None:
        """Turn the edges of each node round: ``pull`` then takes them from the left."""
        order = sorted(range(len(self.heads)), key=lambda at: (self.heads[at], -at))
        self.tails = [self.tails[at] for at in order]
        self.partials = [self.partials[at] for at in order]


def linearize(  # noqa: C901, PLR0912, PLR0915 (the usual counts of inputs are written out: the hot loop)
    graph: Graph,
    arithmetic: Partials | None,
    values: Sequence[Any],
    wrt: Collection[int],
    nodes: Iterable[int] | None = None,
) -> Edges:
    """Return the edges of what moves with the nodes ``wrt``.

    ``values`` are from ``forward``. Without an arithmetic the partials are all ``MOVES``, and the
    edges are those that can move anything at some point. ``nodes`` are the nodes to look at,
    ascending: all of them if None. Linear in the graph's edges.

    Nothing moves through ``sg``, nor by an input in which an operation is locally constant.
    """
    active = bytearray(len(graph))
    for number in wrt:
        active[number] = 1
    edges = Edges(active)
    heads, tails, partials = edges.heads, edges.tails, edges.partials
    operations, inputs_of, row = graph.operations, graph.inputs, graph.row
    if nodes is None:
        walk: Iterable[tuple[int, str, tuple[int, ...]]] = zip(count(), operations, inputs_of)
    else:
        walk = ((number, operations[number], inputs_of[number]) for number in nodes)
    single = _Plans(graph, arithmetic, (0,), 1)
    left, right, both = [_Plans(graph, arithmetic, on, 2) for on in ((0,), (1,), (0, 1))]
    for number, operation, inputs in walk:
        size = len(inputs)
        if size == 2:  # noqa: PLR2004
            first, second = inputs
            if active[first]:
                plan = both[operation] if active[second] else left[operation]
            elif active[second]:
                plan = right[operation]
            else:
                continue
            on, constant, function, certain = plan
            found = constant or function(values[number], values[first], values[second])
            if certain:
                heads.append(number)
                heads.append(number)
                tails += inputs
                partials += found
                active[number] = 1
                continue
        elif size == 1:
            [first] = inputs
            if not active[first]:
                continue
            on, constant, function, certain = single[operation]
            found = constant or function(values[number], values[first])
            if certain:
                heads.append(number)
                tails.append(first)
                partials += found
                active[number] = 1
                continue
        elif any(active[child] for child in inputs):
            moving = tuple([at for at, child in enumerate(inputs) if active[child]])
            on, constant, function, _ = _plan(row(number), arithmetic, moving, size)
            found = constant or function(values[number], *[values[child] for child in inputs])
        else:
            continue
        if on:
            active[number] = 1
            for at, partial in zip(on, found, strict=True):
                if partial is not None:  # it is taken
                    heads.append(number)
                    tails.append(inputs[at])
                    partials.append(partial)
    return edges


class _Plans(dict[str, "Plan"]):
    """How to treat nodes of ``size`` inputs of which those at ``moving`` move, by operation."""

    def __init__(
        self, graph: Graph, arithmetic: Partials | None, moving: tuple[int, ...], size: int
    ) -> None:
        self.graph = graph
        self.arithmetic = arithmetic
        self.moving = moving
        self.size = size

    def __missing__(self, operation: str) -> Plan:
        row = self.graph.table[operation]
        plan = self[operation] = _plan(row, self.arithmetic, self.moving, self.size)
        return plan


def _plan(row: Row, arithmetic: Partials | None, moving: tuple[int, ...], size: int) -> Plan:
    """Return how to treat a node of ``row`` with ``size`` inputs, of which some move.

    The positions of the inputs with which its value moves; the partials by them where they are
    the same everywhere, or else the function that has them; and whether each of one or two inputs
    has an edge for certain.
    """
    on = tuple([at for at in moving if row.live(at)])
    if not on or arithmetic is None:
        return on, (MOVES,) * max(1, len(on)), _never, 0 < size == len(on) <= 2  # noqa: PLR2004
    function = weights(row, on, arithmetic)
    sure = not (row.variadic or any(row.taken))
    if row.variadic and len(on) < size:
        return on, (), lambda *inputs: [function(*inputs)[at] for at in on], False
    constant: tuple[Any, ...] = ()
    if sure and all(row.rules[at].number is not None for at in on) and not row.own:
        constant = tuple(function(*[None] * (size + 1)))
    return on, constant, function, sure and size == len(on) <= 2  # noqa: PLR2004


def _never(*_: object) -> tuple[Any, ...]:
    return ()
