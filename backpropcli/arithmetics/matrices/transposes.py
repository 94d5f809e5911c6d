"""The transpose of a matrix that nodes make: of a sum that of each term."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.matrices.shaped import Shaped

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
