"""What nodes that move with a vector g are for each unit vector: its rows, which are known."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.pieces import as_shape
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.arithmetics.matrices.shaped import Shaped
    from backpropcli.arithmetics.shapes.sizes import Shape

VECTOR, MATRIX = 1, 2
"""Numbers of axes."""


class Rows:
    """What a node is for each unit vector g: ``node`` has one axis more in front, for that.

    With an ``axis`` the row for unit vector b is 0 but where b is the place along that axis of the
    node, and there it is what ``node`` has, which spreads to the shape.
    """

    __slots__ = ("axis", "node")

    def __init__(self, node: int, axis: int | None = None) -> None:
        self.node = node
        self.axis: int | None = axis


class AllRows:
    """The rows of nodes that move with the vector ``g``, of size ``size``: as far as ``known``."""

    def __init__(self, nodes: Shaped, g: int) -> None:
        self.nodes = nodes
        self.graph = nodes.graph
        self.g = g
        [self.size] = nodes.shape(g)
        self.moving = bytearray()
        self.known = {g: Rows(nodes.number(1.0), 0)}

    def given(self, node: int) -> tuple[int, Rows, Any]:
        """Return the first input of a node, its rows, and what is static in the node."""
        part = self.graph.inputs[node][0]
        return part, self.known[part], self.graph.args.get(node)

    def in_shape(self, found: int, node: int) -> int:
        """Return the rows of a node, in their shape."""
        return as_shape((self.size, *self.nodes.shape(node)), self.nodes, found)

    def moves(self, node: int) -> bool:
        """Say whether a node moves with g."""
        graph, moving = self.graph, self.moving
        for at in range(len(moving), node + 1):
            moving.append(at == self.g or any(map(moving.__getitem__, graph.inputs[at])))
        return bool(moving[node])

    def zeros(self, node: int) -> int:
        """Return the rows of a node that does not move."""
        return self.graph.node("zeros", (), ((self.size, *self.nodes.shape(node)),))

    def ones(self, shape: Shape) -> int:
        """Return an array of ones."""
        return self.graph.node("ones", (), (shape,))

    def whole(self, node: int) -> int:
        """Return the rows of a node as one array."""
        rows, shape = self.known[node], self.nodes.shape(node)
        if rows.axis is None:
            return rows.node
        build, own = self.nodes.build, self.nodes.shape(rows.node)
        if len(shape) == VECTOR and own == shape:
            return build("diag", (rows.node,))
        unit = self.graph.node("eye", (), (self.size, None))
        if len(shape) > VECTOR:
            spec = [WHOLE_AXIS if at == rows.axis else ("new",) for at in range(len(shape))]
            unit = build("index", (unit,), ((WHOLE_AXIS, *spec),))
        return self.nodes.spread(build("mul", (rows.node, unit)), (self.size, *shape))

    def full(self, node: int) -> int:
        """Return what the rows of a node have at their places, in its shape."""
        mine, shape = self.known[node].node, self.nodes.shape(node)
        if self.nodes.shape(mine):
            return self.nodes.spread(mine, shape)
        return self.nodes.build("mul", (mine, self.ones(shape)))

    def aligned(self, node: int, count: int) -> int:
        """Return the rows of a node, ready to be combined with an array of ``count`` axes."""
        found, own = self.whole(node), len(self.nodes.shape(node))
        if own == count:
            return found
        spec = (WHOLE_AXIS, *[("new",)] * (count - own), *[WHOLE_AXIS] * own)
        return self.nodes.build("index", (found,), (spec,))

    def spread(self, node: int, shape: Shape) -> int:
        """Return the rows of a node that is spread to a shape."""
        if len(shape) == VECTOR and not self.nodes.shape(node):
            return self.nodes.build("outer", (self.whole(node), self.ones(shape)))
        return self.nodes.spread(self.aligned(node, len(shape)), (self.size, *shape))

    def axis(self, node: int, shape: Shape) -> int | None:
        """Return the axis of the rows of a node that is spread to a shape; None for none."""
        axis, own = self.known[node].axis, self.nodes.shape(node)
        if axis is None:
            return None
        found = axis + len(shape) - len(own)
        return found if shape[found] == own[axis] else None
