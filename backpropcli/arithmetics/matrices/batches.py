"""Operations on whole arrays with one axis more in front, for the rows of a Jacobian."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.rows import VECTOR, AllRows, Rows
from backpropcli.arithmetics.matrices.spelling import as_shape
from backpropcli.arithmetics.shapes.arrangements import widths
from backpropcli.arithmetics.shapes.axes import along
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS, whole_spec
from backpropcli.graph.arrays import LETTERS, subscripts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Static = Any
    Batched = Callable[[AllRows, int, int], Rows | int | None]

MATRIX = 2


def _given(of: AllRows, node: int) -> tuple[int, Rows, Static]:
    """Return the first input of a node, its rows, and what is static in the node."""
    part = of.graph.inputs[node][0]
    return part, of.known[part], of.graph.args.get(node)


def _in_shape(of: AllRows, found: int, node: int) -> int:
    """Return the rows of a node, in their shape."""
    return as_shape((of.size, *of.nodes.shape(node)), of.nodes, found)


def _after(axis: int) -> int:
    """Return an axis where there is one more in front."""
    return axis + 1 if axis >= 0 else axis


def _one(axes: Sequence[int]) -> tuple[int, ...] | int:
    return axes[0] if len(axes) == 1 else tuple(axes)


def _sum(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, (axes, keep) = _given(of, node)
    build, count = of.nodes.build, len(of.nodes.shape(part))
    gone = along(axes, count)
    if rows.axis is None:
        return build("sum", (rows.node,), (_one([at + 1 for at in gone]), keep))
    inside = of.full(part)
    others = [at for at in gone if at != rows.axis]
    apart = rows.axis not in gone
    if others:
        inside = build("sum", (inside,), (_one(others), keep and apart))
    axis = rows.axis - sum(at < rows.axis for at in others) * (not (keep and apart))
    if apart:
        return Rows(inside, axis)
    left = count - len(others)  # each row is in another place of what is summed: that comes first
    return _in_shape(
        of, _moved(of, inside, (axis, *[at for at in range(left) if at != axis])), node
    )


def _mean(of: AllRows, node: int, moving: int) -> Rows | int:
    part, _, arg = _given(of, node)
    total, count = _sum(of, node, moving), of.nodes.count(part, arg)
    if isinstance(total, Rows):
        return Rows(of.nodes.build("div", (total.node, count)), total.axis)
    return of.nodes.build("div", (total, count))


def _moved(of: AllRows, node: int, order: tuple[int, ...]) -> int:
    """Return an array with its axes in another order."""
    if order == tuple(range(len(order))):
        return node
    if len(order) == MATRIX:
        return of.nodes.build("transpose", (node,), (None,))
    last = len(order) - 1
    if order == (*range(last - 1), last, last - 1):
        return of.nodes.build("mT", (node,))
    return of.nodes.build("transpose", (node,), (order,))


def _order(operation: str, arg: Static, count: int) -> tuple[int, ...]:
    """Return in which order an operation puts axes."""
    axes = [*range(count)]
    if operation == "transpose":
        return tuple(axes[::-1] if arg is None or arg[0] is None else [at % count for at in arg[0]])
    one, other = (-1, -2) if operation == "mT" else (at % count for at in arg)
    if operation == "moveaxis":
        axes.insert(other, axes.pop(one))
    else:
        axes[one], axes[other] = axes[other], axes[one]
    return tuple(axes)


def _turned(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, arg = _given(of, node)
    order = _order(of.graph.operations[node], arg, len(of.nodes.shape(part)))
    if rows.axis is None:
        return _moved(of, rows.node, (0, *[at + 1 for at in order]))
    own = of.nodes.shape(rows.node)
    return Rows(_moved(of, of.full(part), order) if own else rows.node, order.index(rows.axis))


def _reshaped(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, _ = _given(of, node)
    shape, own = of.nodes.shape(node), of.nodes.shape(part)
    long, longer = ([at for at, size in enumerate(sizes) if size != 1] for sizes in (own, shape))
    same = [own[at] for at in long] == [shape[at] for at in longer]
    if rows.axis in long and same:
        number = bool(of.nodes.shape(rows.node))
        inside = as_shape(shape, of.nodes, of.full(part)) if number else rows.node
        return Rows(inside, longer[long.index(rows.axis)])
    return _in_shape(of, of.whole(part), node)


def _broadcast(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, _ = _given(of, node)
    shape = of.nodes.shape(node)
    axis = of.axis(part, shape)
    return of.spread(part, shape) if axis is None else Rows(rows.node, axis)


def _index(of: AllRows, node: int, moving: int) -> Rows | int | None:
    part, rows, arg = _given(of, node)
    build, picks = of.nodes.build, of.graph.inputs[node][1:]
    count = len(of.nodes.shape(part))
    spec = tuple(whole_spec(arg[0], count))
    kinds = [item[0] for item in spec]
    if moving or (picks and (kinds.count("pick") > 1 or "at" in kinds)):
        return None
    if rows.axis is not None and not picks:
        places = [at for at, kind in enumerate(kinds) if kind != "new"]
        place = places[rows.axis]
        own = of.nodes.shape(rows.node)
        if spec[place] == WHOLE_AXIS:
            inside = build("index", (of.full(part),), arg) if own else rows.node
            return Rows(inside, sum(kind != "at" for kind in kinds[:place]))
        if count == VECTOR and spec[place][0] == "at" and spec[place][1] >= 0:
            mark = build("one_hot", (of.nodes.number(float(spec[place][1])),), (of.size,))
            if own:
                mark = build(
                    "mul", (build("index", (of.full(part),), (spec[place : place + 1],)), mark)
                )
            return _in_shape(of, mark, node)
    return build("index", (of.whole(part), *picks), ((WHOLE_AXIS, *spec),))


def _pad(of: AllRows, node: int, _moving: int) -> int:
    part, _, arg = _given(of, node)
    pairs = widths(arg[0], len(of.nodes.shape(part)))
    return of.nodes.build("pad", (of.whole(part),), (((0, 0), *pairs),))


def _along(of: AllRows, node: int, _moving: int) -> Rows | int | None:
    """Return the rows of running sums, of what is flipped, or rolled."""
    part, rows, (*before, axes) = _given(of, node)
    operation, count = of.graph.operations[node], len(of.nodes.shape(part))
    if operation == "roll" and axes is None and count > VECTOR:
        flat = of.nodes.build("reshape", (of.whole(part),), ((of.size, -1),))
        return _in_shape(of, of.nodes.build("roll", (flat,), (*before, 1)), node)
    gone = along(axes, count)
    if rows.axis is not None and rows.axis not in gone:
        return Rows(of.nodes.build(operation, (of.full(part),), (*before, axes)), rows.axis)
    single = axes is None and operation != "flip"
    shifted: Any = 1 if single else _one([at + 1 for at in gone])
    if isinstance(axes, tuple):
        shifted = tuple(at + 1 for at in gone)
    return of.nodes.build(operation, (of.whole(part),), (*before, shifted))


def _triangle(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, arg = _given(of, node)
    inside = rows.node if rows.axis is None else of.full(part)
    return Rows(of.nodes.build(of.graph.operations[node], (inside,), arg), rows.axis)


def _diag(of: AllRows, node: int, _moving: int) -> Rows | int | None:
    part, rows, _ = _given(of, node)
    shape, build = of.nodes.shape(part), of.nodes.build
    if shape[0] != shape[-1]:
        return None
    unit = of.graph.node("eye", (), (shape[0], None))
    if rows.axis is not None:
        number = len(shape) == MATRIX and not of.nodes.shape(rows.node)
        return Rows(rows.node if number else build("diag", (of.full(part),)), 0)
    if len(shape) == VECTOR:
        spec = (WHOLE_AXIS, WHOLE_AXIS, ("new",))
        return build("mul", (build("index", (rows.node,), (spec,)), unit))
    return build("sum", (build("mul", (rows.node, unit)),), (-1, False))


def _trace(of: AllRows, node: int, _moving: int) -> int | None:
    part, rows, _ = _given(of, node)
    shape, build = of.nodes.shape(part), of.nodes.build
    if len(shape) > MATRIX or shape[0] != shape[1]:
        return None
    if rows.axis is not None:
        return build("diag", (of.full(part),))
    unit = of.graph.node("eye", (), (shape[0], None))
    return build("sum", (build("mul", (rows.node, unit)),), ((1, 2), False))


def _matmul(of: AllRows, node: int, moving: int) -> Rows | int | None:
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


def _outer(of: AllRows, node: int, moving: int) -> Rows | int:
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


def _cross(of: AllRows, node: int, moving: int) -> int:
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


def _einsum(of: AllRows, node: int, moving: int) -> int:
    inputs = [*of.graph.inputs[node]]
    arg: Any = of.graph.args[node]
    operands, out = subscripts_of(arg[0], [len(of.nodes.shape(node)) for node in inputs])
    fresh = next(one for one in LETTERS if one not in "".join(operands))
    operands[moving] = fresh + operands[moving]
    inputs[moving] = of.whole(inputs[moving])
    return of.nodes.build("einsum", tuple(inputs), (f"{','.join(operands)}->{fresh}{out}",))


def _parts(of: AllRows, node: int, _moving: int) -> int:
    """Return the rows of what is joined; zeros for what does not move."""
    parts = [of.whole(one) if of.moves(one) else of.zeros(one) for one in of.graph.inputs[node]]
    arg: Any = of.graph.args.get(node, (0,))
    operation = of.graph.operations[node].replace("array", "stack")
    return of.nodes.build(operation, tuple(parts), (_after(arg[0]),))


def _solved(of: AllRows, node: int, moving: int) -> int | None:
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


def _tiled(of: AllRows, node: int, _moving: int) -> int:
    part, _, [reps] = _given(of, node)
    count = len(of.nodes.shape(node))
    return of.nodes.build(
        "tile", (of.aligned(part, count),), ((*[1] * (1 + count - len(reps)), *reps),)
    )


def _repeated(of: AllRows, node: int, _moving: int) -> int | None:
    part, _, (times, axis) = _given(of, node)
    if axis is None and len(of.nodes.shape(part)) > VECTOR:
        return None
    return of.nodes.build("repeat", (of.whole(part),), (times, _after(axis or 0)))


def _windows(of: AllRows, node: int, moving: int) -> int | None:
    part, _, (*before, axis) = _given(of, node)
    others = of.graph.inputs[node][1:]
    if moving:
        return None
    operation = of.graph.operations[node]
    if operation == "unwindows":  # the other says the shape
        others = (of.zeros(others[0]),)
    return of.nodes.build(operation, (of.whole(part), *others), (*before, _after(axis)))


def _gather(of: AllRows, node: int, moving: int) -> int | None:
    part, places = of.graph.inputs[node]
    if moving or len(of.nodes.shape(part)) > VECTOR:
        return None
    return of.nodes.build("index", (of.whole(part), places), ((WHOLE_AXIS, ("pick", 1)),))


def _split(of: AllRows, node: int, _moving: int) -> int:
    part, _, (count, axis) = _given(of, node)
    found = of.nodes.build("split", (of.whole(part),), (count, _after(axis)))
    return of.nodes.build("moveaxis", (found,), (0, 1))


BATCHED: dict[str, Batched] = {
    **dict.fromkeys(("name", "result"), lambda of, node, _: _given(of, node)[1]),
    "sum": _sum,
    "mean": _mean,
    **dict.fromkeys(("transpose", "mT", "swapaxes", "moveaxis"), _turned),
    **dict.fromkeys(("reshape", "squeeze", "expand_dims"), _reshaped),
    "broadcast_to": _broadcast,
    "index": _index,
    "pad": _pad,
    **dict.fromkeys(("cumsum", "flip", "roll"), _along),
    **dict.fromkeys(("tril", "triu"), _triangle),
    "diag": _diag,
    "trace": _trace,
    "matmul": _matmul,
    "outer": _outer,
    "cross": _cross,
    "einsum": _einsum,
    **dict.fromkeys(("array", "stack", "concat"), _parts),
    **dict.fromkeys(("solve", "solve_triangular"), _solved),
    "tile": _tiled,
    "repeat": _repeated,
    **dict.fromkeys(("windows", "windows_of", "unwindows"), _windows),
    "gather": _gather,
    "split": _split,
}
"""By operation, what finds the rows of a node of which one input moves: None where it cannot."""
