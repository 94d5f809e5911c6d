"""Each edge of a graph once: its local partial derivative, in any arithmetic.

An edge that is not taken (by ``where``, ``max``, ``relu``, ...) is no edge: nothing goes along it,
whatever it would be multiplied with. Where that is not known yet, since the arithmetic's numbers
are formulas, the partial carries the condition.
"""

from __future__ import annotations

from itertools import count

from backpropcli.arithmetics.rules import partials_at, weights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Partials
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Plan = tuple[tuple[Any, ...], Callable[..., Sequence[Any]]]

LATER = (None,)
"""Stands for partials that need ``arg``."""
MOVES = 1
"""Stands for a partial where there is no arithmetic."""


class Edges:
    """The edges of a graph, by the nodes ``heads`` that they lead down from, in topological order.

    ``tails`` has the inputs of each head, and ``partials`` the local derivatives by them: None
    where there is no edge, and nothing at all for a node that does not move. ``moving`` has the
    same by node: None where it moves with none of the nodes to differentiate by.
    """

    __slots__ = ("heads", "moving", "partials", "tails")

    def __init__(self, size: int) -> None:
        self.moving: list[Sequence[Any] | None] = [None] * size
        self.heads: Sequence[int] = []
        self.tails: list[tuple[int, ...]] = []
        self.partials: list[Sequence[Any] | None] = []

    @classmethod
    def of(cls, size: int, every: Iterable[tuple[int, int, Any]]) -> Edges:
        """Return edges made by hand for a graph of ``size`` nodes: head, tail and partial."""
        edges = cls(size)
        made = list(every)
        edges.heads = [head for head, _, _ in made]
        edges.tails = [(tail,) for _, tail, _ in made]
        edges.partials = [(partial,) for _, _, partial in made]
        return edges

    def __iter__(self) -> Iterator[tuple[int, int, Any]]:
        """Yield each edge: the node that it leads down from, that to which, and the partial."""
        for head, tails, partials in zip(self.heads, self.tails, self.partials, strict=True):
            for tail, partial in zip(tails, partials or (), strict=False):
                if partial is not None:
                    yield head, tail, partial

    def change(self, changed: Callable[[int, int, Any], Any]) -> None:
        """Put what ``changed`` makes of each edge in place of its partial; None takes it away."""
        self.partials = [
            partials
            and [
                None if partial is None else changed(head, tail, partial)
                for tail, partial in zip(tails, partials, strict=True)
            ]
            for head, tails, partials in zip(self.heads, self.tails, self.partials, strict=True)
        ]

    def mirror(self) -> None:
        """Turn the edges of each node round: ``pull`` then takes them from the left."""
        self.tails = [tails[::-1] for tails in self.tails]
        self.partials = [partials and partials[::-1] for partials in self.partials]

    @property
    def active(self) -> bytearray:
        """A flag a node: 1 where its value moves with one of the nodes to differentiate by."""
        return bytearray([partials is not None for partials in self.moving])


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
    edges = Edges(len(graph))
    moving = edges.moving
    for number in wrt:
        moving[number] = ()
    if arithmetic is None:
        values = range(len(graph))
    seen: list[int] = []
    if nodes is None:
        walk: Iterable[tuple[int, Any, str, tuple[int, ...]]] = zip(
            count(), values, graph.operations, graph.inputs
        )
    else:
        walk = _listed(graph, values, nodes, seen)
    one, left, right, both = [
        _Plans(graph, arithmetic, on, size)
        for on, size in (((0,), 1), ((0,), 2), ((1,), 2), ((0, 1), 2))
    ]
    for number, value, operation, inputs in walk:
        size = len(inputs)
        if size == 2:  # noqa: PLR2004
            first, second = inputs
            if moving[second] is not None:
                plan = (right if moving[first] is None else both)[operation]
            elif moving[first] is not None:
                plan = left[operation]
            else:
                continue
            if plan is None:
                continue
            constant, function = plan
            found = constant or function(value, values[first], values[second])
        elif size == 1:
            [first] = inputs
            if moving[first] is None or (plan := one[operation]) is None:
                continue
            constant, function = plan
            found = constant or function(value, values[first])
        elif inputs:
            on = tuple([at for at, child in enumerate(inputs) if moving[child] is not None])
            plan = _plan(graph.row(number), arithmetic, on, size)
            if plan is None:
                continue
            constant, function = plan
            found = constant or function(value, *[values[child] for child in inputs])
        else:
            continue
        if found is LATER:
            given = [values[child] for child in inputs]
            found = function(value, *given, arg=graph.args[number])
        moving[number] = found
    if nodes is None:
        edges.heads, edges.tails, edges.partials = range(len(moving)), graph.inputs[:], moving
    else:
        edges.heads, edges.tails = seen, [graph.inputs[number] for number in seen]
        edges.partials = [moving[number] for number in seen]
    return edges


def _listed(
    graph: Graph, values: Sequence[Any], nodes: Iterable[int], seen: list[int]
) -> Iterator[tuple[int, Any, str, tuple[int, ...]]]:
    """Yield nodes with what a pass needs of them, and put them down as ``seen``."""
    for number in nodes:
        seen.append(number)
        yield number, values[number], graph.operations[number], graph.inputs[number]


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


def _plan(row: Row, arithmetic: Partials | None, moving: tuple[int, ...], size: int) -> Plan | None:
    """Return the partials of a node of ``row`` with ``size`` inputs of which some move.

    They are the same everywhere, or else empty, and then the function has them. Returns None where
    its value moves with none of its inputs.
    """
    on = tuple([at for at in moving if row.live(at)])
    if not on:
        return None
    if arithmetic is None:
        moved = {*on}
        return tuple([MOVES if at in moved else None for at in range(size)]), _never
    if not hasattr(arithmetic, "weights") and not row.variadic:
        function = partials_at(row, on, arithmetic, range(size))
    else:
        function = weights(row, on, arithmetic)
        if len(on) < size:
            function = _spread(function, on, size, every=row.variadic and not row.whole)
    if row.static:
        return LATER, function
    constant: tuple[Any, ...] = ()
    fixed = not (row.own or row.whole or row.variadic or any(row.taken))
    same = fixed and not hasattr(arithmetic, "transposed")  # or shapes tell nodes apart
    if same and all(row.rules[at].number is not None for at in on):
        constant = tuple(function(*[None] * (size + 1)))
    return constant, function


def _spread(
    function: Callable[..., Sequence[Any]], on: tuple[int, ...], size: int, *, every: bool
) -> Callable[..., Sequence[Any]]:
    """Return f(...): the partials by all ``size`` inputs, None by those that are not ``on``.

    ``function`` has those ``on``, or ``every`` one.
    """

    def found(*given: Any, **static: Any) -> list[Any]:  # noqa: ANN401
        partials: list[Any] = [None] * size
        known = function(*given, **static)
        for at, partial in zip(on, [known[at] for at in on] if every else known, strict=True):
            partials[at] = partial
        return partials

    return found


def _never(*_: object) -> tuple[Any, ...]:
    return ()
