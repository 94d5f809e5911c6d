"""What is known before the passes over arrays: how nodes send back, and who uses a value last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropcli.arithmetics.adjoints import reads
from backpropcli.arithmetics.arrays.outlines import ARRAY
from backpropcli.arithmetics.arrays.partials import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.arithmetics.arrays.arrays import Arrays
    from backpropcli.arithmetics.arrays.partials import Local
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Value = Any


SAME = {"name", "result"}
KNOWN = 2
"""The flag of a node whose adjoint is known: there is no edge to it."""


def planned(graph: Graph, arrays: Arrays, active: bytearray) -> list[Plan | None]:
    """Return how to treat each node, None where it does not move; ``active`` takes in which do.

    Those to differentiate by are there already.
    """
    found: list[Plan | None] = []
    plans: dict[tuple[Any, ...], Plan | None] = {}
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        key: tuple[Any, ...]
        if len(inputs) == 2:  # noqa: PLR2004 (the usual counts are written out)
            key = operation, active[inputs[0]], active[inputs[1]]
        elif len(inputs) == 1:
            key = operation, active[inputs[0]]
        else:
            key = operation, *[active[child] for child in inputs]
        if key not in plans:
            plans[key] = _plan(graph.table, arrays, *key)
        plan = plans[key]
        if plan is not None:
            active[number] = 1
        found.append(plan)
    return found


def _plan(table: Mapping[str, Row], arrays: Arrays, operation: str, *moves: int) -> Plan | None:
    """Return how to treat nodes of an operation, given which inputs move."""
    if not any(moves):
        return None
    row, made = table[operation], arrays.made
    known = (Plan, row, *moves)
    if known not in made:
        live = [at for at, moving in enumerate(moves) if moving and row.live(at)]
        on = [at for at in live if moves[at] != KNOWN]
        made[known] = Plan(arrays, row, on, len(moves)) if live else None
    plan: Plan | None = made[known]
    return plan


class Plan:
    """How to treat nodes of an operation with ``count`` inputs of which those ``on`` move it.

    ``locals`` has (input, its rule, whether it is the last) where these are all there is to know;
    else ``function`` makes the local derivatives. ``reads`` is what they read, None where that
    depends on the node. The value is the ``same`` as the input where that only gets a name.
    """

    __slots__ = ("arrays", "function", "locals", "on", "reads", "row", "same")

    def __init__(self, arrays: Arrays, row: Row, on: Sequence[int], count: int) -> None:
        self.arrays = arrays
        self.row = row
        self.on = on
        self.same = row.name in SAME and bool(on)
        self.function: Callable[..., Sequence[Value]] = arrays.weights(row, on) if on else tuple
        self.reads = None if row.whole else reads(row, on, range(count))
        self.locals: list[tuple[int, Local, bool]] = []
        if on and not row.whole and not row.variadic:
            pairs = zip(on, arrays.locals_of(row, on), strict=True)
            self.locals = [(at, local, at == on[0]) for at, local in pairs][::-1]

    def partials(self, out: Value, inputs: Sequence[Value], arg: object) -> list[tuple[int, Value]]:
        """Return the local derivatives by inputs where an edge is taken, the last input first."""
        static = {"arg": arg} if self.row.static else {}
        found = self.function(out, *inputs, **static)
        if self.row.variadic and not self.row.whole:
            found = [found[at] for at in self.on]
        pairs = [*zip(self.on, found, strict=True)]
        return [(at, partial) for at, partial in reversed(pairs) if partial is not None]

    def few(
        self, given: Value, out: Value, below: Sequence[Value], inputs: Sequence[int]
    ) -> list[tuple[int, Value]]:
        """Return what goes back from a value of few elements: the inputs, each with its part."""
        given, shape = plain(given), out.shape
        whole = type(given) is ARRAY  # a number times a smaller array is not in the value's shape
        stays, swept = self.arrays.stays, self.arrays.swept
        found: list[tuple[int, Value]] = []
        for at, local, _ in self.locals:
            tail = below[at]
            if whole and type(tail) is ARRAY and tail.shape == shape:
                part = given if local.number == 1 else local.times(given, out, *below)
            else:
                part = local.few(given, out, below)
            found.append((inputs[at], part if stays and type(part) is ARRAY else swept(part)))
        return found


def owners(graph: Graph) -> tuple[list[int], dict[int, list[int]]]:
    """Return for each node the one whose value it has, and for those with names all of them."""
    owner, names = [*range(len(graph))], dict[int, list[int]]()
    for number, operation in enumerate(graph.operations):
        if operation in SAME:
            one = owner[number] = owner[graph.inputs[number][0]]
            names.setdefault(one, [one]).append(number)
    return owner, names


def last_uses(graph: Graph, owner: Sequence[int]) -> list[int]:
    """Return for each node the last one that uses its value."""
    last = [0] * len(graph)
    for number, inputs in enumerate(graph.inputs):
        for child in inputs:
            last[owner[child]] = number
    return last
