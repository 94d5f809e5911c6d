"""How helpers of the rules for arrays are written for people, where sizes are known."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.pieces import as_last, as_shape, between, padded, sliced
from backpropcli.arithmetics.matrices.places import put, scattered
from backpropcli.arithmetics.shapes.arrangements import widths
from backpropcli.arithmetics.shapes.axes import product
from backpropcli.arithmetics.shapes.sizes import Letters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.arithmetics.matrices.shaped import Shaped
    from backpropcli.arithmetics.shapes.sizes import Size

    Static = Any
    Spelling = Callable[[Shaped, tuple[int, ...], Static], int]


def _kept(nodes: Shaped, inputs: tuple[int, ...], arg: object) -> int:
    return as_shape(nodes.shape_of("kept", inputs, arg), nodes, inputs[0])


def _reshaped(name: str) -> Spelling:
    """Return an operation that gives its first input another shape."""

    def found(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
        return nodes.build("reshape", inputs[:1], (nodes.shape_of(name, inputs, arg),))

    return found


def _eye(nodes: Shaped, size: Size, other: Size | None) -> int:
    return nodes.graph.node("eye", (), (size, None if size == other else other))


def _eye_along(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    size = nodes.shape(inputs[0])[arg[0]]
    return _eye(nodes, size, size)


def _ones_along(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    return nodes.spread(nodes.number(1.0), (nodes.shape(inputs[0])[arg[0]],))


def _tri_along(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    size = nodes.shape(inputs[0])[arg[0]]
    return nodes.build("tril", (nodes.graph.node("ones", (), ((size, size),)),), (0,))


def _part(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return a part of a concatenation as a slice."""
    axis, which = arg
    sizes = [nodes.shape(other)[axis] for other in inputs[1:]]
    start = sum(sizes[:which])
    stop = None if which == len(sizes) - 1 else start + sizes[which]
    return sliced(nodes, inputs[0], {axis % len(nodes.shape(inputs[0])): (start or None, stop)})


def _joined(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return zeros in the shapes of others, with an array in place of one, as a pad."""
    axis, which = arg
    sizes = [nodes.shape(other)[axis] for other in inputs[1:]]
    around = sum(sizes[:which]), sum(sizes[which + 1 :])
    return padded(nodes, inputs[0], {axis % len(nodes.shape(inputs[0])): around})


def _permuted(nodes: Shaped, node: int, source: int, target: int, axis: int) -> int:
    """Return elements of a node, each from where ``source`` is what ``target`` is there."""
    last = len(nodes.shape(source)) - 1
    turned = [as_last(nodes, one, axis) for one in (node, source, target)]
    value, one, other = turned
    equal = nodes.build("eq", (between(nodes, other, ""), between(nodes, one, ":")))
    equal = nodes.build("quiet", (equal,))  # that elements tie is told of the sort
    zero = nodes.number(0.0)
    chosen = nodes.build("where", (equal, between(nodes, value, ":"), zero))
    found = nodes.build("sum", (chosen,), (-1, False))
    return found if axis % (last + 1) == last else nodes.build("swapaxes", (found,), (axis, -1))


def _unsorted(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    ordered = nodes.build("sort", inputs[1:], arg)
    return _permuted(nodes, inputs[0], ordered, inputs[1], arg[0])


def _in_order(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    ordered = nodes.build("sort", inputs[1:], arg)
    return _permuted(nodes, inputs[0], inputs[1], ordered, arg[0])


def _untile(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return the sum of the blocks of a tiled array."""
    own, [reps] = nodes.shape(inputs[1]), arg
    count = max(len(own), len(reps))
    sizes, times = (1,) * (count - len(own)) + own, (1,) * (count - len(reps)) + reps
    pairs = [part for pair in zip(times, sizes, strict=True) for part in pair]
    blocks = nodes.build("reshape", inputs[:1], (tuple(pairs),))
    found = nodes.build("sum", (blocks,), (tuple(range(0, 2 * count, 2)), False))
    return as_shape(own, nodes, found)


def _unrepeat(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return the sums of repeated elements."""
    own, (repeats, axis) = nodes.shape(inputs[1]), arg
    flat = (product(own),) if axis is None else own
    at = 0 if axis is None else axis % len(own)
    groups = (*flat[: at + 1], repeats, *flat[at + 1 :])
    found = nodes.build("reshape", inputs[:1], (groups,))
    return as_shape(own, nodes, nodes.build("sum", (found,), (at + 1, False)))


def _unpad(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    own, cuts = nodes.shape(inputs[1]), {}
    for at, (before, after) in enumerate(widths(arg[0], len(own))):
        stop = before + own[at] if isinstance(after, Letters) else -after or None
        if before or after:
            cuts[at] = before or None, stop
    return sliced(nodes, inputs[0], cuts) if cuts else inputs[0]


def _unsplit(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    own, axis = nodes.shape(inputs[1]), arg[1] % len(nodes.shape(inputs[1]))
    moved = nodes.build("moveaxis", inputs[:1], (0, axis)) if axis else inputs[0]
    return nodes.build("reshape", (moved,), (own,))


def _on_diagonal(nodes: Shaped, inputs: tuple[int, ...], _arg: object) -> int:
    own, [length] = nodes.shape(inputs[1]), nodes.shape(inputs[0])
    square = nodes.build("diag", inputs[:1])
    if own == (length, length):
        return square
    return padded(nodes, square, {at: (0, size + -1 * length) for at, size in enumerate(own)})


def _classes(nodes: Shaped, inputs: tuple[int, ...], _arg: object) -> int:
    known, scores = map(nodes.shape, inputs)
    if len(known) == len(scores):
        return inputs[0]
    return nodes.build("one_hot", inputs[:1], (scores[-1],))


SPELLED: dict[str, Spelling] = {
    "shaped": lambda nodes, inputs, _arg: as_shape(nodes.shape(inputs[1]), nodes, inputs[0]),
    "kept": _kept,
    "spread": lambda nodes, inputs, _arg: nodes.spread(inputs[0], nodes.shape(inputs[1])),
    "rows": _reshaped("rows"),
    "eye_like": lambda nodes, inputs, _arg: _eye(nodes, *nodes.shape(inputs[0])[-2:]),
    "eye_along": _eye_along,
    "ones_along": _ones_along,
    "tri_along": _tri_along,
    "part": _part,
    "joined": _joined,
    "unsorted": _unsorted,
    "in_order": _in_order,
    "untile": _untile,
    "unrepeat": _unrepeat,
    "unpad": _unpad,
    "unsplit": _unsplit,
    "on_diagonal": _on_diagonal,
    "in_blocks": _reshaped("in_blocks"),
    "classes": _classes,
    "scattered": scattered,
    "put": put,
    "gathered": lambda nodes, inputs, _arg: nodes.fitted(inputs[0], nodes.shape(inputs[1])),
}
"""By operation, what writes it in words of the language."""
