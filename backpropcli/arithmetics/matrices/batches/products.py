"""The rows of products, and of the solutions of systems."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.rows import MATRIX, VECTOR, AllRows, Rows
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS
from backpropcli.graph.arrays import LETTERS, subscripts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def matmul(of: AllRows, node: int, moving: int) -> Rows | int | None:
    build, inputs = of.nodes.build, of.graph.inputs[node]
    part, other = inputs[moving], inputs[1 - moving]
    mine, its = len(of.nodes.shape(part)), len(of.nodes.shape(other))
    rows = of.known[part]
    if mine == MATRIX >= its and rows.axis == moving:  # the places stay where they are
        pair = (of.full(part), other)
        return Rows(build("matmul", pair[:: 1 - 2 * moving]), moving * (its - 1))
    if mine == VECTOR:
        if its > MATRIX:
            return None
        if moving and its == MATRIX:
            other = build("transpose", (other,), (None,))
        return build("matmul", (of.whole(part), other))
    whole = of.aligned(part, max(mine, its))
    return build("matmul", (other, whole) if moving else (whole, other))


def outer(of: AllRows, node: int, moving: int) -> Rows | int:
    build, inputs = of.nodes.build, of.graph.inputs[node]
    part, other = inputs[moving], inputs[1 - moving]
    rows = of.known[part]
    if rows.axis is not None:
        pair = (of.full(part), other)
        return Rows(build("outer", pair[:: 1 - 2 * moving]), moving)
    spec = (WHOLE_AXIS, ("new",), WHOLE_AXIS) if moving else (WHOLE_AXIS, WHOLE_AXIS, ("new",))
    whole = build("index", (rows.node,), (spec,))
    if not moving:
        return build("mul", (whole, other))
    return build("mul", (build("index", (other,), ((WHOLE_AXIS, ("new",)),)), whole))


def cross(of: AllRows, node: int, moving: int) -> int:
    """Return the rows of a cross product: of two vectors, a matrix product with one of them."""
    build, inputs = of.nodes.build, of.graph.inputs[node]
    part, other = inputs[moving], inputs[1 - moving]
    count = len(of.nodes.shape(node))
    if count > VECTOR:
        pair = (of.aligned(part, count), other)
        return build("cross", pair[:: 1 - 2 * moving])
    x, y, z = (build("index", (other,), ((("at", at),),)) for at in range(3))
    zero, minus = of.nodes.number(0.0), [build("neg", (one,)) for one in (x, y, z)]
    rows = [(zero, minus[2], y), (z, zero, minus[0]), (minus[1], x, zero)]
    turned = zip(*rows, strict=True) if moving else rows
    matrix = of.graph.node("array", tuple([of.graph.node("array", row) for row in turned]))
    return build("matmul", (of.whole(part), matrix))


def einsum(of: AllRows, node: int, moving: int) -> int:
    inputs = [*of.graph.inputs[node]]
    arg: Any = of.graph.args[node]
    operands, out = subscripts_of(arg[0], [len(of.nodes.shape(node)) for node in inputs])
    fresh = next(one for one in LETTERS if one not in "".join(operands))
    operands[moving] = fresh + operands[moving]
    inputs[moving] = of.whole(inputs[moving])
    return of.nodes.build("einsum", tuple(inputs), (f"{','.join(operands)}->{fresh}{out}",))


def solved(of: AllRows, node: int, moving: int) -> int | None:
    """Return the rows of the solution of a system whose right side moves."""
    build, operation = of.nodes.build, of.graph.operations[node]
    arg: Any = of.graph.args.get(node)
    matrix, right = of.graph.inputs[node]
    if not moving or len(of.nodes.shape(matrix)) > MATRIX:
        return None
    if len(of.nodes.shape(right)) > VECTOR:
        return build(operation, (matrix, of.aligned(right, MATRIX)), arg)
    if operation == "solve_triangular":
        matrix = build("tril" if arg[0] else "triu", (matrix,), (0,))
    inverse = build("transpose", (build("inv", (matrix,)),), (None,))
    return build("matmul", (of.whole(right), inverse))
