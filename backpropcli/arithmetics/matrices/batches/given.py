"""What the rows of a node are made of: those of its input, and what is static."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.pieces import as_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.matrices.rows import AllRows, Rows

    Static = Any


MATRIX = 2


def given(of: AllRows, node: int) -> tuple[int, Rows, Static]:
    """Return the first input of a node, its rows, and what is static in the node."""
    part = of.graph.inputs[node][0]
    return part, of.known[part], of.graph.args.get(node)


def in_shape(of: AllRows, found: int, node: int) -> int:
    """Return the rows of a node, in their shape."""
    return as_shape((of.size, *of.nodes.shape(node)), of.nodes, found)


def after(axis: int) -> int:
    """Return an axis where there is one more in front."""
    return axis + 1 if axis >= 0 else axis


def one_or_all(axes: Sequence[int]) -> tuple[int, ...] | int:
    return axes[0] if len(axes) == 1 else tuple(axes)
