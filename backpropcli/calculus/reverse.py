"""The reverse pass: adjoints of all nodes that can move, in any arithmetic."""

from __future__ import annotations

from backpropcli.arithmetics.rules import pullback
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from backpropcli.arithmetics.rules import Arithmetic
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.operations import Operation


BOTH = 2
_live: dict[tuple[Operation, int], tuple[bool, ...]] = {}


def live_edges(row: Operation, count: int) -> tuple[bool, ...]:
    """Return which of its ``count`` inputs the value of an operation moves with."""
    found = _live.get((row, count))
    if found is None:
        found = _live[row, count] = tuple(
            not row.stops and row.partial(index) != "0" for index in range(count)
        )
    return found


def activity(graph: Graph, wrt: Collection[int]) -> bytearray:
    """Return one flag a node: 1 where its value moves with one of the nodes ``wrt``.

    Nothing moves through ``sg`` or by an input in which the operation is locally constant.
    """
    active = bytearray(len(graph))
    for number in wrt:
        active[number] = 1
    table = graph.table
    plain = {
        operation
        for operation in set(graph.operations) - set(LEAVES)
        if all(live_edges(table[operation], len(table[operation].partials)))
    }
    number = -1
    for operation, inputs in zip(graph.operations, graph.inputs, strict=True):
        number += 1  # enumerate would make one more tuple a node
        if operation not in plain:
            if inputs and not active[number]:
                edges = live_edges(table[operation], len(inputs))
                active[number] = any(
                    moves and active[child] for child, moves in zip(inputs, edges, strict=True)
                )
        elif len(inputs) == 2:  # noqa: PLR2004
            first, second = inputs
            if active[first] or active[second]:
                active[number] = 1
        elif active[inputs[0]] or (len(inputs) > 1 and any(active[child] for child in inputs)):
            active[number] = 1
    return active


def reverse(  # noqa: C901, PLR0912, PLR0915 (the usual counts of inputs are written out: the hot loop)
    graph: Graph,
    arithmetic: Arithmetic,
    values: list[Any],
    seeds: dict[int, Any],
    active: bytearray,
) -> list[Any]:
    """Return the adjoint of every node; None where nothing arrives.

    ``seeds`` maps output nodes to their cotangents, ``active`` is from ``activity``. A node that
    is not active is not computed. This is the reverse sweep of Griewank and Walther, "Evaluating
    Derivatives", 2nd ed., section 3.2.
    """
    adjoints: list[Any] = [None] * len(graph)
    table = graph.table
    for number, seed in seeds.items():
        adjoints[number] = seed  # from here on an adjoint only ever reaches an active node
    pairs: tuple[dict[str, Any], ...] = ({}, {}, {}, {})
    singles: dict[str, Any] = {}
    count = max(seeds, default=-1) + 1
    downwards = zip(
        range(count - 1, -1, -1),
        reversed(graph.operations[:count]),
        reversed(graph.inputs[:count]),
        reversed(values[:count]),
        strict=True,
    )
    for number, operation, inputs, out in downwards:
        adjoint = adjoints[number]
        if adjoint is None or not inputs:
            continue
        if len(inputs) == 2:  # noqa: PLR2004
            first, second = inputs
            mask = active[first] + 2 * active[second]
            pull: Any = pairs[mask].get(operation)
            if pull is None:
                live = live_edges(table[operation], 2)
                on = tuple(i for i in (0, 1) if mask >> i & 1 and live[i])
                pull = pairs[mask][operation] = _pull(table[operation], on, 2, arithmetic)
            function, which = pull
            if which == BOTH:
                given, other = function(adjoint, out, values[first], values[second])
                if other is not None:
                    before = adjoints[second]
                    adjoints[second] = other if before is None else before + other
            elif function is not None:
                given = function(adjoint, out, values[first], values[second])
                first = inputs[which]
            else:
                continue
        elif len(inputs) == 1:
            first = inputs[0]
            pull = singles.get(operation)
            if pull is None:
                on = (0,) if live_edges(table[operation], 1)[0] else ()
                pull = singles[operation] = _pull(table[operation], on, 1, arithmetic)
            function = pull[0]
            if function is None or not active[first]:
                continue
            given = function(adjoint, out, values[first])
        else:
            edges = live_edges(table[operation], len(inputs))
            on = tuple(i for i, child in enumerate(inputs) if active[child] and edges[i])
            if not on:
                continue
            function = pullback(table[operation], on, len(inputs), arithmetic)
            parts = function(adjoint, out, *[values[child] for child in inputs])
            for index, part in zip(on, parts if len(on) > 1 else (parts,), strict=True):
                if part is not None:
                    before = adjoints[inputs[index]]
                    adjoints[inputs[index]] = part if before is None else before + part
            continue
        if given is not None:
            before = adjoints[first]
            adjoints[first] = given if before is None else before + given
    return adjoints


def _pull(
    row: Operation, on: tuple[int, ...], count: int, arithmetic: Arithmetic
) -> tuple[Callable[..., Any] | None, int]:
    """Return the pullback by the inputs ``on``, if any, and which they are: 0, 1 or BOTH."""
    if not on:
        return None, 0
    function = pullback(row, on, count, arithmetic)
    return function, BOTH if len(on) == 2 else on[0]  # noqa: PLR2004
