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

    Plan = tuple[int | None, tuple[int, ...], tuple[Any, ...], Callable[..., Sequence[Any]]]

BOTH, STATIC = -1, -2
"""Stand for the two inputs of a node, and for an operation that has its ``arg`` besides inputs."""
LATER = (None,)
"""Stands for partials that need ``arg``."""
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

    def take(
        self, head: int, inputs: tuple[int, ...], on: tuple[int, ...], found: Sequence[Any]
    ) -> None:
        """Take in the edges of a node to those of its inputs ``on`` that are taken: not None."""
        for at, partial in zip(on, found, strict=True):
            if partial is not None:
                self.heads.append(head)
                self.tails.append(inputs[at])
                self.partials.append(partial)

    def mirror(self) -> None:
        """Turn the edges of each node round: ``pull`` then takes them from the left."""
        order = sorted(range(len(self.heads)), key=lambda at: (self.heads[at], -at))
        self.tails = [self.tails[at] for at in order]
        self.partials = [self.partials[at] for at in order]


def linearize(  # noqa: C901, PLR0912 (the usual counts of inputs are written out: the hot loop)
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
    operations, inputs_of = graph.operations, graph.inputs
    if nodes is None:
        walk: Iterable[tuple[int, str, tuple[int, ...]]] = zip(count(), operations, inputs_of)
    else:
        walk = ((number, operations[number], inputs_of[number]) for number in nodes)
    singles = [_Plans(graph, arithmetic, moving, 1) for moving in ((), (0,))]
    pairs = [_Plans(graph, arithmetic, moving, 2) for moving in ((), (0,), (1,), (0, 1))]
    for number, operation, inputs in walk:
        size = len(inputs)
        if size == 2:  # noqa: PLR2004
            first, second = inputs
            plan = pairs[active[first] | active[second] << 1][operation]
            if plan is None:
                continue
            only, on, constant, function = plan
            found = constant or function(values[number], values[first], values[second])
        elif size == 1:
            [first] = inputs
            plan = singles[active[first]][operation]
            if plan is None:
                continue
            only, on, constant, function = plan
            found = constant or function(values[number], values[first])
        else:
            moving = tuple([at for at, child in enumerate(inputs) if active[child]])
            plan = _plan(graph.row(number), arithmetic, moving, size) if moving else None
            if plan is None:
                continue
            only, on, constant, function = plan
            found = constant or function(values[number], *[values[child] for child in inputs])
        active[number] = 1
        if only is None:
            edges.take(number, inputs, on, found)
        elif only == BOTH:
            heads.append(number)
            heads.append(number)
            tails += inputs
            partials += found
        elif only >= 0:
            heads.append(number)
            tails.append(inputs[only])
            partials += found
        else:
            given = [values[number], *[values[child] for child in inputs]]
            edges.take(number, inputs, on, function(*given, arg=graph.args[number]))
    return edges


class _Plans(dict[str, "Plan | None"]):
    """How to treat nodes of ``size`` inputs of which those ``moving`` move, by operation."""

    def __init__(
        self, graph: Graph, arithmetic: Partials | None, moving: tuple[int, ...], size: int
    ) -> None:
        self.graph = graph
        self.arithmetic = arithmetic
        self.moving = moving
        self.size = size

    def __missing__(self, operation: str) -> Plan | None:
        row = self.graph.table[operation]
        plan = self[operation] = _plan(row, self.arithmetic, self.moving, self.size)
        return plan


def _plan(  # noqa: PLR0911 (a return for each kind of row)
    row: Row, arithmetic: Partials | None, moving: tuple[int, ...], size: int
) -> Plan | None:
    """Return how to treat a node of ``row`` with ``size`` inputs of which some move.

    Returns None where its value moves with none of them. Else the one input that has an edge,
    or BOTH, or None if each has to be looked at; the inputs with which its value moves; the
    partials by them where they are the same everywhere, or else the function that has them.
    """
    on = tuple([at for at in moving if row.live(at)])
    if not on:
        return None
    if arithmetic is None:
        return _only(on, size), on, (MOVES,) * len(on), _never
    function = weights(row, on, arithmetic)
    if row.static:
        return STATIC, on, LATER, function
    if row.whole:
        return None, on, (), function
    if row.variadic:
        if len(on) == size:
            return None, on, (), function
        return None, on, (), lambda *inputs: [function(*inputs)[at] for at in on]
    if any(row.taken):
        return None, on, (), function
    constant: tuple[Any, ...] = ()
    same = not row.own and not hasattr(arithmetic, "transposed")  # or shapes tell nodes apart
    if same and all(row.rules[at].number is not None for at in on):
        constant = tuple(function(*[None] * (size + 1)))
    return _only(on, size), on, constant, function


def _only(on: tuple[int, ...], size: int) -> int | None:
    """Return the one input in ``on``; BOTH if it is all of two; else None."""
    return on[0] if len(on) == 1 else BOTH if len(on) == size == 2 else None  # noqa: PLR2004


def _never(*_: object) -> tuple[Any, ...]:
    return ()
