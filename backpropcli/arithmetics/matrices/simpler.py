"""Operations on whole arrays in simpler forms: what identities as text do not say.

A rule is a function of the nodes, the operation's inputs, what is static in it, and its shape. It
returns the simpler node, of the same shape; None if there is none.
"""

from __future__ import annotations

from backpropcli.arithmetics.matrices.pieces import TURNS, as_shape, axes_of
from backpropcli.arithmetics.shapes.axes import along
from backpropcli.graph.arrays import ARRAYS, subscripts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.arithmetics.matrices.shaped import Shaped
    from backpropcli.arithmetics.shapes.sizes import Shape

    Static = Any
    Rule = Callable[[Shaped, tuple[int, ...], Static, Shape], int | None]
    Inputs = tuple[int, ...]

TURNED = (("transpose", (None,)), ("mT", None))
"""Transposes, with what is static in them."""
KEEP_SYMMETRY = {"inv", "cofactors", "add", "sub", "mul", "div", "neg"}
"""Operations that are symmetric where their inputs are."""
VECTOR, MATRIX = 1, 2
"""Numbers of axes."""


def _sum(nodes: Shaped, inputs: Inputs, arg: Static, shape: Shape) -> int | None:
    """Return the sum of a number, or of what is spread, as so many times that."""
    graph, [node] = nodes.graph, inputs
    operation = graph.operations[node]
    if not nodes.shape(node):
        return node
    if operation == "ones":
        return nodes.spread(nodes.count(node, arg), shape)
    if operation == "broadcast_to":
        [inner] = graph.inputs[node]
        lead = len(nodes.shape(node)) - len(nodes.shape(inner))
        in_front = all(axis < lead for axis in along(arg[0], len(nodes.shape(node))))
        if in_front and nodes.shape(inner) in {(), shape}:
            return nodes.spread(nodes.build("mul", (nodes.count(node, arg), inner)), shape)
    return None


def _matmul(nodes: Shaped, inputs: Inputs, _arg: object, _shape: Shape) -> int | None:
    """Return the product with the identity, or, as a sum, with a vector of ones."""
    one, other = inputs
    operations, axes = nodes.graph.operations, tuple([len(nodes.shape(node)) for node in inputs])
    if operations[one] == "eye" and axes[1] <= MATRIX and _is_square(nodes, one):
        return other
    if operations[other] == "eye" and axes[0] <= MATRIX and _is_square(nodes, other):
        return one
    if operations[one] == "ones" and axes in {(VECTOR, VECTOR), (VECTOR, MATRIX)}:
        return nodes.build("sum", (other,), (0 if axes[1] == MATRIX else None, False))
    if operations[other] != "ones" or axes not in {(VECTOR, VECTOR), (MATRIX, VECTOR)}:
        return None
    if axes[0] == VECTOR:
        return nodes.build("sum", (one,), (None, False))
    inner = _turned(nodes, one)
    return nodes.build(
        "sum", (one if inner is None else inner,), (1 if inner is None else 0, False)
    )


def _turned(nodes: Shaped, node: int) -> int | None:
    """Return the array that a node is written as the transpose of."""
    graph = nodes.graph
    if (graph.operations[node], graph.args.get(node)) not in TURNED:
        return None
    return graph.inputs[node][0] if len(nodes.shape(node)) == MATRIX else None


def _is_square(nodes: Shaped, node: int) -> bool:
    shape = nodes.shape(node)
    return len(shape) == MATRIX and shape[0] == shape[1]


def _transpose(nodes: Shaped, inputs: Inputs, arg: object, _shape: Shape) -> int | None:
    """Return a symmetric matrix for its transpose."""
    return inputs[0] if arg in {(None,), None} and _is_symmetric(nodes, inputs[0]) else None


def _matrix_transpose(nodes: Shaped, inputs: Inputs, _arg: object, _shape: Shape) -> int | None:
    """Return the transpose of one matrix for that of each in a batch."""
    single = len(nodes.shape(inputs[0])) == MATRIX
    return nodes.build("transpose", inputs, (None,)) if single else None


def _back(operation: str, simpler: Rule) -> Rule:
    """Return a rule that undoes two orders of axes which leave all as it is; else ``simpler``."""

    def found(nodes: Shaped, inputs: Inputs, arg: Static, shape: Shape) -> int | None:
        graph, [node] = nodes.graph, inputs
        inner = graph.operations[node]
        if inner in TURNS:
            axes = tuple(range(len(shape)))
            turned = axes_of(inner, graph.args.get(node), axes)
            if tuple([turned[axis] for axis in axes_of(operation, arg, axes)]) == axes:
                return graph.inputs[node][0]
        return simpler(nodes, inputs, arg, shape)

    return found


def _is_symmetric(nodes: Shaped, node: int) -> bool:
    """Say whether a matrix is the same as its transpose, by how it is made."""
    graph, todo = nodes.graph, [node]
    while todo:
        node = todo.pop()
        operation, inputs = graph.operations[node], graph.inputs[node]
        if not _is_square(nodes, node):
            return False
        if operation in {"matmul", "add"} and (
            _turned(nodes, inputs[0]) == inputs[1] or _turned(nodes, inputs[1]) == inputs[0]
        ):
            continue
        if operation in KEEP_SYMMETRY:
            todo += [child for child in inputs if nodes.shape(child)]
        elif operation == "outer":
            if inputs[0] != inputs[1]:
                return False
        elif operation not in {"eye", "diag"}:
            return False
    return True


def _swapaxes(nodes: Shaped, inputs: Inputs, arg: Static, _shape: Shape) -> int | None:
    count = len(nodes.shape(inputs[0]))
    one, other = (axis % count for axis in arg)
    if one == other:
        return inputs[0]
    return nodes.build("transpose", inputs, (None,)) if count == MATRIX else None


def _reshape(nodes: Shaped, inputs: Inputs, _arg: object, shape: Shape) -> int | None:
    """Return a reduction that keeps axes, in the shape without them, as one that does not."""
    graph, [node] = nodes.graph, inputs
    operation, static = graph.operations[node], graph.args.get(node)
    if operation not in ARRAYS or not ARRAYS[operation].reduces or not isinstance(static, tuple):
        return None
    without = dict(zip(ARRAYS[operation].static, static, strict=True)) | {"keepdims": False}
    bare = tuple(without.values())
    if bare == static or nodes.shape_of(operation, graph.inputs[node], bare) != shape:
        return None
    return graph.node(operation, graph.inputs[node], bare)


def _einsum(nodes: Shaped, inputs: Inputs, arg: Static, _shape: Shape) -> int | None:
    """Return an einsum without the operands that are numbers."""
    operands, out = subscripts_of(arg[0], [len(nodes.shape(node)) for node in inputs])
    if (found := _traced(nodes, inputs, operands, out)) is not None:
        return found
    numbers = [node for node, letters in zip(inputs, operands, strict=True) if not letters]
    rest = [pair for pair in zip(inputs, operands, strict=True) if pair[1]]
    if not numbers or not rest:
        return None
    arrays = tuple([node for node, _ in rest])
    letters = ",".join(one for _, one in rest)
    same = letters == out
    found = arrays[0] if same else nodes.build("einsum", arrays, (f"{letters}->{out}",))
    for number in numbers:
        found = nodes.build("mul", (number, found))
    return found


def _traced(nodes: Shaped, inputs: Inputs, operands: list[str], out: str) -> int | None:
    """Return what the trace of a Kronecker product sends to one of the two, a trace of the other.

    It is an einsum of the identity in blocks: "ipjq,ij->pq" and "ipjq,pq->ij".
    """
    graph, blocks = nodes.graph, inputs[0]
    if len(inputs) != 2 or graph.operations[blocks] != "reshape":  # noqa: PLR2004
        return None
    row, other, column, last = [*nodes.shape(blocks), *[None] * 4][:4]
    unit = graph.operations[graph.inputs[blocks][0]] == "eye" and (row, other) == (column, last)
    if not unit or sorted([operands[1], out]) != sorted([operands[0][::2], operands[0][1::2]]):
        return None
    size = row if out == operands[0][::2] else other
    eye = graph.node("eye", (), (size, None))
    return nodes.build("mul", (nodes.build("trace", inputs[1:]), eye))


def _solve(nodes: Shaped, inputs: Inputs, _arg: object, _shape: Shape) -> int | None:
    """Return the inverse, where the identity is on the right."""
    if nodes.graph.operations[inputs[1]] != "eye" or not _is_square(nodes, inputs[1]):
        return None
    return nodes.build("inv", inputs[:1]) if len(nodes.shape(inputs[0])) == MATRIX else None


def _index(nodes: Shaped, inputs: Inputs, arg: Static, _shape: Shape) -> int | None:
    """Return a row of the product of two vectors."""
    graph, node = nodes.graph, inputs[0]
    if graph.operations[node] != "outer" or len(arg[0]) != 1 or arg[0][0][0] != "at":
        return None
    one, other = graph.inputs[node]
    return nodes.build("mul", (nodes.build("index", (one,), arg), other))


def _diag(nodes: Shaped, inputs: Inputs, _arg: object, _shape: Shape) -> int | None:
    """Return the diagonal of the product of two vectors, or the identity for one of ones."""
    if nodes.graph.operations[inputs[0]] == "ones" and len(nodes.shape(inputs[0])) == VECTOR:
        return nodes.graph.node("eye", (), (*nodes.shape(inputs[0]), None))
    if nodes.graph.operations[inputs[0]] != "outer" or not _is_square(nodes, inputs[0]):
        return None
    return nodes.build("mul", nodes.graph.inputs[inputs[0]])


ALWAYS: dict[str, Rule] = {"sum": _sum}
SIMPLER: dict[str, Rule] = {
    "matmul": _matmul,
    "transpose": _back("transpose", _transpose),
    "mT": _back("mT", _matrix_transpose),
    "swapaxes": _back("swapaxes", _swapaxes),
    "moveaxis": _back("moveaxis", lambda *_: None),
    "reshape": _reshape,
    "expand_dims": lambda nodes, inputs, _arg, shape: as_shape(shape, nodes, inputs[0]),
    "einsum": _einsum,
    "index": _index,
    "diag": _diag,
    "solve": _solve,
}
"""By operation, what makes it simpler in formulas for people; ``ALWAYS`` in all."""
