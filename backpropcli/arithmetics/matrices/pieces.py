"""Arrays cut, padded, turned and in another shape, as nodes; and orders of axes."""

from __future__ import annotations

from backpropcli.arithmetics.shapes import WORDS
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS
from backpropcli.arithmetics.shapes.sizes import Letters
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.matrices.shaped import Shaped
    from backpropcli.arithmetics.shapes.sizes import Shape

TURNS = {"transpose", "mT", "swapaxes", "moveaxis"}
"""Operations that do no more than put axes in another order."""


def as_shape(shape: Shape, nodes: Shaped, node: int) -> int:
    """Return a node in another shape, with [:, None] where that says it."""
    own = nodes.shape(node)
    if own == shape:
        return node
    if tuple(size for size in shape if size != 1) == own:
        spec = tuple(("new",) if size == 1 else WHOLE_AXIS for size in shape)
        return nodes.graph.node("index", (node,), (spec,))
    return nodes.build("reshape", (node,), (shape,))


def sliced(nodes: Shaped, node: int, cuts: dict[int, tuple[Any, Any]]) -> int:
    """Return an array cut along axes, each from one place to another."""
    spec = [("cut", *cuts.get(at, (None, None)), None) for at in range(max(cuts, default=0) + 1)]
    return nodes.build("index", (node,), (tuple(spec),))


def padded(nodes: Shaped, node: int, around: dict[int, tuple[Any, Any]]) -> int:
    """Return an array with zeros around, by axis so many before and after."""
    axes = range(len(nodes.shape(node)))
    widths = tuple([around.get(at, (0, 0)) for at in axes])
    return nodes.build("pad", (node,), (widths,)) if any(map(any, widths)) else node


def only_numbers(sizes: Sequence[object]) -> None:
    """Raise BackpropError for sizes that are letters, where text has to say numbers."""
    for size in sizes:
        if isinstance(size, Letters):
            raise BackpropError(
                f"this formula has places in it that depend on {', '.join(size.letters())}",
                "give numbers for these sizes",
            )


def between(nodes: Shaped, node: int, spec: str) -> int:
    """Return a node with a new axis as its second last or its last one."""
    new = (("rest",), ("new",), WHOLE_AXIS) if spec == ":" else (("rest",), ("new",))
    return nodes.graph.node("index", (node,), (new,))


def as_last(nodes: Shaped, node: int, axis: int) -> int:
    return nodes.build("swapaxes", (node,), (axis, -1))


def axes_of(operation: str, arg: Any, axes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes of an array that an operation of ``TURNS`` has in another order, in that."""
    if len(axes) < 2:  # noqa: PLR2004 (a matrix)
        return axes
    found: tuple[int, ...] = WORDS[operation](axes, **({} if arg is None else {"arg": arg}))
    return found
