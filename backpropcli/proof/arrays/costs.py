"""How many operations in many digits a program with arrays has, and the tier of its verdict."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.graph.arrays import subscripts_of
from backpropcli.graph.walks import above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.graph import Graph
    from backpropcli.report.report import Report

SYMBOLIC, NODES, ALONG, SMALLER = "symbolic", "node by node", "along directions", "smaller sizes"
"""The tiers."""
TANGENTS = "along the direction"
"""The tier of tangents."""
ORDER = [NODES, ALONG, SMALLER]
"""Those to choose from: where the time of one runs out, the next follows."""
MOST_IN_NUMBERS = 2_000
"""Operations up to which a program is written out in numbers."""
MOST_ELEMENTS, MOST_OPERATIONS = 100_000, 1_000_000
"""Up to here directions are taken at full size."""
ALONE = 1.4
"""How many operations of a pass differences along one direction take for each of the program."""
SECONDS = 6e-6
"""What an operation in many digits takes, about."""
SHARE = 0.6
"""How much of the time a tier may take that is not the last."""
MANY = 10_000
"""Elements from which on a variable has one direction: a wrong gradient does not pass that, too."""
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


def tier_of(report: Report, timeout: float) -> str:
    """Choose the tier by the operations that there are."""
    if is_small(report):
        return NODES
    each = _each(report)
    elements = sum(int(np.size(slope)) for slope in report.gradient.values())
    few = elements <= MOST_ELEMENTS and sum(each) <= MOST_OPERATIONS
    seconds = SECONDS * _passes(report, each)
    return ALONG if few and seconds <= SHARE * timeout else SMALLER


def is_long(report: Report, timeout: float) -> bool:
    """Say whether differences along one direction take too long in many digits."""
    return ALONE * SECONDS * sum(_each(report)) > SHARE * timeout


def is_small(report: Report) -> bool:
    """Say whether a program has so few operations that it is written out in numbers."""
    shapes = [np.shape(value) for value in report.values]
    return written_out(report.graph, shapes) <= MOST_IN_NUMBERS


def _each(report: Report) -> list[int]:
    """Return about how many operations in many digits each node of a report takes."""
    return operations(report.graph, [np.shape(value) for value in report.values])


def turns(elements: int) -> int:
    """Return along how many directions a variable of so many elements is compared."""
    return 1 if elements >= MANY else 2


def _passes(report: Report, each: Sequence[int]) -> int:
    """Return about how many operations in many digits it takes to prove a report.

    ``each`` has those of a node. The two passes, and for each name some of what moves with it.
    """
    total = 4 * sum(each)
    for name, node in report.wrt.items():
        each_way = each[node] + sum(each[number] for number in above(report.graph, [node]))
        total += 2 * turns(np.size(report.bindings.get(name, 0.0))) * each_way
    return total


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
