"""The tangent pass, which is forward mode: tangents of all nodes that move, in any arithmetic."""

from __future__ import annotations

from backpropcli.arithmetics.rules import partial_function
from backpropcli.calculus.reverse import live_edges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.arithmetics.rules import Arithmetic
    from backpropcli.graph.graph import Graph


def tangents(
    graph: Graph,
    arithmetic: Arithmetic,
    values: list[Any],
    seeds: Mapping[int, Any],
) -> list[Any]:
    """Return the tangent of every node; None where nothing moves.

    ``seeds`` maps nodes to their own tangents, ``values`` are from ``forward``. One sweep costs a
    few times the forward pass: Griewank and Walther, "Evaluating Derivatives", 2nd ed., section
    3.1.
    """
    found: list[Any] = [None] * len(graph)
    for number, inputs in enumerate(graph.inputs):
        if number in seeds:
            found[number] = seeds[number]
            continue
        moving = [index for index, child in enumerate(inputs) if found[child] is not None]
        if not moving:
            continue
        row = graph.table[graph.operations[number]]
        live = live_edges(row, len(inputs))
        given = [values[child] for child in inputs]
        total = None
        for index in moving:
            if not live[index]:
                continue
            term = found[inputs[index]]
            rule = row.partial(index)
            if rule == "-1":
                term = -term
            elif rule != "1":
                partial = partial_function(row, index, len(inputs), arithmetic)(
                    values[number], *given
                )
                if row.selects and partial == 0:
                    continue
                term = partial * term
            total = term if total is None else total + term
        found[number] = total
    return found
