"""Matrices that are to be symmetric, and are not: what is taken in their place is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.calculus.lowered import Lowered

OPERATION = "cholesky"
ROUNDED = 1e-8
"""How far apart two elements may be, for the size of the matrix, that are the same."""


@np.errstate(all="ignore")
def notes(lowered: Lowered, bindings: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is told of matrices at a point that are not symmetric, of a graph with some."""
    graph = lowered.graph
    nodes = [at for at, operation in enumerate(graph.operations) if operation == OPERATION]
    below = [graph.inputs[node][0] for node in nodes]
    values = forward(graph, FLOATS, bindings, roots=below)
    for node, child in zip(nodes, below, strict=True):
        matrix = np.asarray(values[child], dtype=float)
        gap = np.abs(matrix - np.swapaxes(matrix, -1, -2))
        if np.any(gap > ROUNDED * np.max(np.abs(matrix))):
            called, whose = lowered.text(node, 40), lowered.text(child, 40)
            yield f"{whose} is not symmetric: {called} is of its mean with its transpose, as in JAX"
