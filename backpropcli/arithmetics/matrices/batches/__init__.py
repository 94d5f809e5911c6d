"""Operations on whole arrays with one axis more in front, for the rows of a Jacobian."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.batches import arrangements, products
from backpropcli.arithmetics.matrices.rows import MATRIX, VECTOR, AllRows, Rows
from backpropcli.arithmetics.shapes.axes import along
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Batched = Callable[[AllRows, int, int], Rows | int | None]


def _one_or_all(axes: Sequence[int]) -> tuple[int, ...] | int:
    return axes[0] if len(axes) == 1 else tuple(axes)


def _sum(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, (axes, keep) = of.given(node)
    build, count = of.nodes.build, len(of.nodes.shape(part))
    gone = along(axes, count)
    if rows.axis is None:
        return build("sum", (rows.node,), (_one_or_all([at + 1 for at in gone]), keep))
    inside = of.full(part)
    others = [at for at in gone if at != rows.axis]
    apart = rows.axis not in gone
    if others:
        inside = build("sum", (inside,), (_one_or_all(others), keep and apart))
    axis = rows.axis - sum(at < rows.axis for at in others) * (not (keep and apart))
    if apart:
        return Rows(inside, axis)
    left = count - len(others)  # each row is in another place of what is summed: that comes first
    order = (axis, *[at for at in range(left) if at != axis])
    return of.in_shape(arrangements.moved(of, inside, order), node)


def _mean(of: AllRows, node: int, moving: int) -> Rows | int:
    part, _, arg = of.given(node)
    total, count = _sum(of, node, moving), of.nodes.count(part, arg)
    if isinstance(total, Rows):
        return Rows(of.nodes.build("div", (total.node, count)), total.axis)
    return of.nodes.build("div", (total, count))


def _along(of: AllRows, node: int, _moving: int) -> Rows | int | None:
    """Return the rows of running sums, of what is flipped, or rolled."""
    part, rows, (*before, axes) = of.given(node)
    operation, count = of.graph.operations[node], len(of.nodes.shape(part))
    if operation == "roll" and axes is None and count > VECTOR:
        flat = of.nodes.build("reshape", (of.whole(part),), ((of.size, -1),))
        return of.in_shape(of.nodes.build("roll", (flat,), (*before, 1)), node)
    gone = along(axes, count)
    if rows.axis is not None and rows.axis not in gone:
        return Rows(of.nodes.build(operation, (of.full(part),), (*before, axes)), rows.axis)
    single = axes is None and operation != "flip"
    shifted: Any = 1 if single else _one_or_all([at + 1 for at in gone])
    if isinstance(axes, tuple):
        shifted = tuple(at + 1 for at in gone)
    return of.nodes.build(operation, (of.whole(part),), (*before, shifted))


def _triangle(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, arg = of.given(node)
    inside = rows.node if rows.axis is None else of.full(part)
    return Rows(of.nodes.build(of.graph.operations[node], (inside,), arg), rows.axis)


def _diag(of: AllRows, node: int, _moving: int) -> Rows | int | None:
    part, rows, _ = of.given(node)
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
    part, rows, _ = of.given(node)
    shape, build = of.nodes.shape(part), of.nodes.build
    if len(shape) > MATRIX or shape[0] != shape[1]:
        return None
    if rows.axis is not None:
        return build("diag", (of.full(part),))
    unit = of.graph.node("eye", (), (shape[0], None))
    return build("sum", (build("mul", (rows.node, unit)),), ((1, 2), False))


BATCHED: dict[str, Batched] = {
    **dict.fromkeys(("name", "result"), lambda of, node, _: of.given(node)[1]),
    "sum": _sum,
    "mean": _mean,
    **dict.fromkeys(("transpose", "mT", "swapaxes", "moveaxis"), arrangements.turned),
    **dict.fromkeys(("reshape", "squeeze", "expand_dims"), arrangements.reshaped),
    "broadcast_to": arrangements.broadcast,
    "index": arrangements.index,
    "pad": arrangements.pad,
    **dict.fromkeys(("cumsum", "flip", "roll"), _along),
    **dict.fromkeys(("tril", "triu"), _triangle),
    "diag": _diag,
    "trace": _trace,
    "matmul": products.matmul,
    "outer": products.outer,
    "cross": products.cross,
    "einsum": products.einsum,
    **dict.fromkeys(("array", "stack", "concat"), arrangements.parts),
    **dict.fromkeys(("solve", "solve_triangular"), products.solved),
    "tile": arrangements.tiled,
    "repeat": arrangements.repeated,
    **dict.fromkeys(("windows", "windows_of", "unwindows"), arrangements.windows),
    "gather": arrangements.gather,
    "split": arrangements.split,
}
"""By operation, what finds the rows of a node of which one input moves: None where it cannot."""
