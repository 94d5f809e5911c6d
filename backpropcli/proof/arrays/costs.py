"""How many operations in many digits there are in a program with arrays."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.graph.arrays import subscripts_of
from backpropcli.proof.arrays.directions import turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.arrays.problem import Problem


POWERS = {
    "det": 4,
    "inv": 4,
    "logdet": 4,
    "cofactors": 4,
    "cofactors_along": 5,
    "solve": 4,
    "cholesky": 3,
}
"""By which power of its size an operation on a matrix costs in many digits."""
WHOLE = 6
"""How many products of whole numbers take as long as one operation in many digits."""
SORTS = {"sort", "in_order", "unsorted"}


def written_out(graph: Graph, found: Sequence[Shape], *, everywhere: bool = False) -> int:
    """Return about how many operations a program has that is written out in numbers.

    With ``everywhere`` all that is sorted is compared there.
    """
    wholes: list[Any] = [*found]  # sizes of values are numbers
    products: list[int] = [
        prod(wholes[number]) * wholes[graph.inputs[number][0]][-1]
        for number, operation in enumerate(graph.operations)
        if operation == "matmul"
    ]
    total = sum(operations(graph, found)) + 2 * sum(products)
    sorts = [at for at, one in enumerate(graph.operations) if one in SORTS and everywhere]
    for number in sorts:
        total += prod(wholes[number]) * wholes[number][graph.args[number][0]].bit_length() ** 2  # type: ignore[index]
    return total


def operations(graph: Graph, found: Sequence[Shape]) -> list[int]:
    """Return about how many operations in many digits each node takes, by the nodes' shapes."""
    return [_cost(graph, number, found) for number in range(len(graph))]


def _cost(graph: Graph, number: int, found: Sequence[Shape]) -> int:
    inputs: Any = [found[child] for child in graph.inputs[number]]
    out: Any = found[number]
    operation = graph.operations[number]
    if operation == "matmul":
        products: int = prod(out) * inputs[0][-1]
        return products // WHOLE + sum(map(prod, (out, *inputs)))
    if operation == "einsum":
        text: Any = graph.args[number]
        letters: dict[str, int] = {}
        operands, _ = subscripts_of(text[0], [len(shape) for shape in inputs])
        for names, shape in zip(operands, inputs, strict=True):
            for letter, size in zip(names, shape, strict=True):
                letters[letter] = max(size, letters.get(letter, 1))
        return prod(letters.values()) * len(inputs)
    if operation in POWERS:
        size = inputs[0][-1]
        right = prod(inputs[1]) * size if len(inputs) > 1 else 0
        return int(prod(inputs[0][:-2]) * size ** POWERS[operation] + right)
    largest: int = max([prod(out), *map(prod, inputs)])
    return largest * max(1, len(inputs) - 1) if inputs else 0


def passes(problem: Problem, each: Sequence[int]) -> int:
    """Return about how many operations in many digits it takes to prove a problem.

    ``each`` has those of a node. The two passes, and for each name some of what moves with it.
    """
    total = 4 * sum(each)
    for name, node in problem.wrt.items():
        moving = bytearray(len(each))
        moving[node] = 1
        for number, inputs in enumerate(problem.graph.inputs):
            moving[number] |= any(moving[child] for child in inputs)
        each_way = sum(cost for cost, flag in zip(each, moving, strict=True) if flag)
        total += 2 * turns(np.size(problem.bindings.get(name, 0.0))) * each_way
    return total
