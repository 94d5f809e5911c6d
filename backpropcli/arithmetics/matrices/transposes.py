"""Transposes: that of a matrix that nodes make, of a sum that of each term; orders of axes."""

from __future__ import annotations

from backpropcli.arithmetics.shapes import WORDS
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.arithmetics.matrices.shaped import Shaped

TURNS = {"transpose", "mT", "swapaxes", "moveaxis"}
"""Operations that do no more than put axes in another order."""
PARTED = {"add", "sub", "neg", "mul", "div", "where"}
"""Operations whose transpose is that of the matrices in them: all else in them is a number."""
COLUMN = (WHOLE_AXIS, ("new",))
"""The index that makes a vector a column; transposed, it is the vector, which is a row."""


def transposed(nodes: Shaped, root: int) -> int:
    """Return the transpose of a matrix."""
    graph, build = nodes.graph, nodes.build
    done: dict[int, int] = {}
    todo = [root]
    while todo:
        node = todo[-1]
        operation, inputs = graph.operations[node], graph.inputs[node]
        if operation == "where" and graph.args.get(inputs[0]) == (COLUMN,):
            inputs = (graph.inputs[inputs[0]][0], *inputs[1:])
        inner = [child for child in inputs if len(nodes.shape(child)) == 2]  # noqa: PLR2004
        if operation not in PARTED or not inner:
            done[node] = build("transpose", (node,), (None,))
        elif missing := [child for child in inner if child not in done]:
            todo += missing
            continue
        else:
            done[node] = build(operation, tuple([done.get(child, child) for child in inputs]))
        todo.pop()
    return done[root]


def axes_of(operation: str, arg: Any, axes: tuple[int, ...]) -> tuple[int, ...]:  # noqa: ANN401
    """Return the axes of an array that an operation of ``TURNS`` has in another order, in that."""
    if len(axes) < 2:  # noqa: PLR2004 (a matrix)
        return axes
    found: tuple[int, ...] = WORDS[operation](axes, **({} if arg is None else {"arg": arg}))
    return found
