"""Which nodes have one value, and which node uses a value last."""

from __future__ import annotations

from backpropcli.calculus.plans import SAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.graph import Graph


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
