"""How helpers of the rules for arrays are written for people, where sizes are known."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.arithmetics.matrices import Matrices
    from backpropcli.arithmetics.shapes import Shape

    Spelling = Callable[[Matrices, tuple[int, ...], Any], int]


def _as(shape: Shape, nodes: Matrices, node: int) -> int:
    """Return a node in another shape, with [:, None] where that says it."""
    own = nodes.shape(node)
    if own == shape:
        return node
    if tuple(size for size in shape if size != 1) == own:
        spec = tuple(("new",) if size == 1 else ("cut", None, None, None) for size in shape)
        return nodes.graph.node("index", (node,), (spec,))
    return nodes.build("reshape", (node,), (shape,))


def _shaped(nodes: Matrices, inputs: tuple[int, ...], _arg: object) -> int:
    return _as(nodes.shape(inputs[1]), nodes, inputs[0])


def _kept(nodes: Matrices, inputs: tuple[int, ...], arg: object) -> int:
    return _as(nodes.shape_of("kept", inputs, arg), nodes, inputs[0])


def _spread(nodes: Matrices, inputs: tuple[int, ...], _arg: object) -> int:
    return nodes.spread(inputs[0], nodes.shape(inputs[1]))


def _rows(nodes: Matrices, inputs: tuple[int, ...], arg: object) -> int:
    return nodes.build("reshape", inputs, (nodes.shape_of("rows", inputs, arg),))


def _eye(nodes: Matrices, size: Any, other: Any) -> int:
    return nodes.graph.node("eye", (), (size, None if size == other else other))


def _eye_like(nodes: Matrices, inputs: tuple[int, ...], _arg: object) -> int:
    return _eye(nodes, *nodes.shape(inputs[0])[-2:])


def _eye_along(nodes: Matrices, inputs: tuple[int, ...], arg: Any) -> int:
    size = nodes.shape(inputs[0])[arg[0]]
    return _eye(nodes, size, size)


def _ones_along(nodes: Matrices, inputs: tuple[int, ...], arg: Any) -> int:
    return nodes.spread(nodes.number(1.0), (nodes.shape(inputs[0])[arg[0]],))


def _tri_along(nodes: Matrices, inputs: tuple[int, ...], arg: Any) -> int:
    size = nodes.shape(inputs[0])[arg[0]]
    return nodes.build("tril", (nodes.spread(nodes.number(1.0), (size, size)),), (0,))


def _part(nodes: Matrices, inputs: tuple[int, ...], arg: Any) -> int:
    """Return a part of a concatenation as a slice."""
    axis, which = arg
    count = len(nodes.shape(inputs[0]))
    sizes = [nodes.shape(other)[axis] for other in inputs[1:]]
    if not all(isinstance(size, int) for size in sizes):
        return nodes.graph.node("part", inputs, arg)
    start = sum(sizes[:which])
    whole: tuple[Any, ...] = ("cut", None, None, None)
    cut = ("cut", start or None, start + sizes[which], None)
    spec = [whole] * count
    spec[axis] = cut
    while len(spec) > 1 and spec[-1] == whole:
        spec.pop()
    return nodes.graph.node("index", inputs[:1], (tuple(spec),))


SPELLED: dict[str, Spelling] = {
    "shaped": _shaped,
    "kept": _kept,
    "spread": _spread,
    "rows": _rows,
    "eye_like": _eye_like,
    "eye_along": _eye_along,
    "ones_along": _ones_along,
    "tri_along": _tri_along,
    "part": _part,
}
"""By operation, what writes it in words of the language."""
