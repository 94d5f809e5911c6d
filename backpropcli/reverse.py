"""The reverse pass: adjoints of all nodes that can move, in any arithmetic."""

from __future__ import annotations

from backpropcli.operations import TABLE
from backpropcli.rules import pullback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from backpropcli.graph import Graph
    from backpropcli.rules import Arithmetic


def live_edges(graph: Graph) -> dict[tuple[str, int], tuple[bool, ...]]:
    """Return, for each (operation, number of inputs) met, which inputs its value moves with."""
    found: dict[tuple[str, int], tuple[bool, ...]] = {}
    for operation, inputs in set(zip(graph.operations, map(len, graph.inputs), strict=True)):
        if inputs:
            row = TABLE[operation]
            found[operation, inputs] = tuple(
                not row.stops and row.partial(index) != "0" for index in range(inputs)
            )
    return found


def activity(graph: Graph, wrt: Collection[int]) -> bytearray:
    """Return one flag a node: 1 where its value moves with one of the nodes ``wrt``.

    Nothing moves through ``sg`` or by an input in which the operation is locally constant.
    """
    active = bytearray(len(graph))
    for number in wrt:
        active[number] = 1
    through = {
        key: (tuple(index for index, moves in enumerate(edges) if moves), all(edges))
        for key, edges in live_edges(graph).items()
    }
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        count = len(inputs)
        if not count or active[number]:
            continue
        on, every = through[operation, count]
        if every and count == 2:  # noqa: PLR2004 (written out: the hot loop)
            first, second = inputs
            active[number] = active[first] | active[second]
        elif every and count == 1:
            active[number] = active[inputs[0]]
        else:
            active[number] = any(active[inputs[index]] for index in on)
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
    for number, seed in seeds.items():
        adjoints[number] = seed
    live = live_edges(graph)
    operations, inputs_of = graph.operations, graph.inputs
    pulls: dict[tuple[str, int], tuple[tuple[int, ...], Any]] = {}
    for number in range(max(seeds, default=-1), -1, -1):
        adjoint = adjoints[number]
        inputs = inputs_of[number]
        if adjoint is None or not inputs or not active[number]:
            continue
        operation = operations[number]
        if len(inputs) == 2:  # noqa: PLR2004
            first, second = inputs
            mask = active[first] + 2 * active[second]
            pull: Any = pulls.get((operation, mask))
            if pull is None:
                edges = live[operation, 2]
                on = tuple(index for index in (0, 1) if mask >> index & 1 and edges[index])
                pull = pulls[operation, mask] = (
                    on,
                    pullback(TABLE[operation], on, 2, arithmetic) if on else None,
                )
            on, function = pull
            if len(on) == 2:  # noqa: PLR2004
                given, other = function(adjoint, values[number], values[first], values[second])
                if other is not None:
                    before = adjoints[second]
                    adjoints[second] = other if before is None else before + other
            elif on:
                given = function(adjoint, values[number], values[first], values[second])
                first = inputs[on[0]]
            else:
                continue
            if given is not None:
                before = adjoints[first]
                adjoints[first] = given if before is None else before + given
        elif len(inputs) == 1:
            child = inputs[0]
            pull = pulls.get((operation, 1))
            if pull is None:
                on = (0,) if live[operation, 1][0] else ()
                pull = pulls[operation, 1] = (
                    on,
                    pullback(TABLE[operation], on, 1, arithmetic) if on else None,
                )
            on, function = pull
            if on and active[child]:
                given = function(adjoint, values[number], values[child])
                if given is not None:
                    before = adjoints[child]
                    adjoints[child] = given if before is None else before + given
        else:
            edges = live[operation, len(inputs)]
            on = tuple(i for i, child in enumerate(inputs) if active[child] and edges[i])
            if not on:
                continue
            function = pullback(TABLE[operation], on, len(inputs), arithmetic)
            parts = function(adjoint, values[number], *[values[child] for child in inputs])
            for index, given in zip(on, parts if len(on) > 1 else (parts,), strict=True):
                if given is not None:
                    before = adjoints[inputs[index]]
                    adjoints[inputs[index]] = given if before is None else before + given
    return adjoints
