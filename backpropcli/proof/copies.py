"""Writes a part of one graph into another, with its variables replaced and calls opened."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.graph.graph import Graph


def write(
    source: Graph, root: int, target: Graph, given: Mapping[str, int], *, stops: bool = True
) -> int:
    """Write what ``root`` rests on into ``target``; return its node there.

    ``given`` are the nodes in ``target`` that take the places of variables. A call of a function
    with rules is its body's value, and without ``stops`` so is what stops the gradient.
    """
    target.define(source.table)
    places: dict[int, int] = {}
    for number, reached in enumerate(source.ancestors([root])):
        operation, inputs = source.operations[number], source.inputs[number]
        if not reached:
            continue
        if not inputs:
            leaf = source.leaves[number]
            known = given.get(str(leaf)) if operation == "variable" else None
            places[number] = target.leaf(operation, leaf) if known is None else known
        elif source.table[operation].own:
            places[number] = places[inputs[-1]]
        elif source.table[operation].stops and not stops:
            places[number] = places[inputs[0]]
        else:
            places[number] = target.node(operation, tuple([places[child] for child in inputs]))
    return places[root]
