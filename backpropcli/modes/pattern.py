"""Which entries of a Jacobian, and of a Hessian, can differ from 0: read off the graph."""

from __future__ import annotations

from backpropcli.arithmetics import structure
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.graph import Graph


def dependence(graph: Graph, roots: Sequence[int], wrt: Sequence[int]) -> list[list[int]]:
    """Return for each root the sorted positions in ``wrt`` of the nodes that it moves with."""
    bits: dict[int, int] = {}
    for position, node in enumerate(wrt):
        bits[node] = bits.get(node, 0) | 1 << position
    below = graph.ancestors(roots)
    edges = linearize(graph, None, (), wrt, [at for at, flag in enumerate(below) if flag])
    found = push(edges, structure, bits, held=False)  # a name may rest on other names
    return [_positions(found[root] or 0) for root in roots]


def _positions(mask: int) -> list[int]:
    """Return the numbers of the bits of ``mask`` that are 1, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def interactions(graph: Graph, output: int, nodes: list[int]) -> list[list[int]]:
    """Return for each of ``nodes`` the positions of those that its derivative moves with.

    Read off the graph of the gradient; symmetric, and it may hold entries that are 0.
    """
    made = graph.copy()
    adjoints = adjoint_nodes(made, output, nodes)
    slopes = [adjoints.get(node) for node in nodes]
    roots = [slope for slope in slopes if slope is not None]
    found = iter(dependence(made, roots, nodes))
    rows = [[] if slope is None else next(found) for slope in slopes]
    both = [set(row) for row in rows]
    for row, columns in enumerate(rows):
        for column in columns:
            both[column].add(row)
    return [sorted(row) for row in both]
