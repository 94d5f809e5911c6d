"""The rows of the same elements in another arrangement."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.pieces import as_shape, axes_of
from backpropcli.arithmetics.matrices.rows import MATRIX, VECTOR, AllRows, Rows
from backpropcli.arithmetics.shapes.arrangements import widths
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS, whole_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Static = Any


def _after(axis: int) -> int:
    """Return an axis where there is one more in front."""
    return axis + 1 if axis >= 0 else axis


def moved(of: AllRows, node: int, order: tuple[int, ...]) -> int:
    """Return an array with its axes in another order."""
    if order == tuple(range(len(order))):
        return node
    if len(order) == MATRIX:
        return of.nodes.build("transpose", (node,), (None,))
    last = len(order) - 1
    if order == (*range(last - 1), last, last - 1):
        return of.nodes.build("mT", (node,))
    return of.nodes.build("transpose", (node,), (order,))


def turned(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, arg = of.given(node)
    axes = tuple(range(len(of.nodes.shape(part))))
    order = axes_of(of.graph.operations[node], arg, axes)
    if rows.axis is None:
        return moved(of, rows.node, (0, *[at + 1 for at in order]))
    own = of.nodes.shape(rows.node)
    return Rows(moved(of, of.full(part), order) if own else rows.node, order.index(rows.axis))


def reshaped(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, _ = of.given(node)
    shape, own = of.nodes.shape(node), of.nodes.shape(part)
    long, longer = ([at for at, size in enumerate(sizes) if size != 1] for sizes in (own, shape))
    same = [own[at] for at in long] == [shape[at] for at in longer]
    if rows.axis in long and same:
        number = bool(of.nodes.shape(rows.node))
        inside = as_shape(shape, of.nodes, of.full(part)) if number else rows.node
        return Rows(inside, longer[long.index(rows.axis)])
    return of.in_shape(of.whole(part), node)


def broadcast(of: AllRows, node: int, _moving: int) -> Rows | int:
    part, rows, _ = of.given(node)
    shape = of.nodes.shape(node)
    axis = of.axis(part, shape)
    return of.spread(part, shape) if axis is None else Rows(rows.node, axis)


def index(of: AllRows, node: int, moving: int) -> Rows | int | None:
    part, rows, arg = of.given(node)
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
            return of.in_shape(mark, node)
    return build("index", (of.whole(part), *picks), ((WHOLE_AXIS, *spec),))


def pad(of: AllRows, node: int, _moving: int) -> int:
    part, _, arg = of.given(node)
    pairs = widths(arg[0], len(of.nodes.shape(part)))
    return of.nodes.build("pad", (of.whole(part),), (((0, 0), *pairs),))


def parts(of: AllRows, node: int, _moving: int) -> int:
    """Return the rows of what is joined; zeros for what does not move."""
    parts = [of.whole(one) if of.moves(one) else of.zeros(one) for one in of.graph.inputs[node]]
    arg: Any = of.graph.args.get(node, (0,))
    operation = of.graph.operations[node].replace("array", "stack")
    return of.nodes.build(operation, tuple(parts), (_after(arg[0]),))


def tiled(of: AllRows, node: int, _moving: int) -> int:
    part, _, [reps] = of.given(node)
    count = len(of.nodes.shape(node))
    return of.nodes.build(
        "tile", (of.aligned(part, count),), ((*[1] * (1 + count - len(reps)), *reps),)
    )


def repeated(of: AllRows, node: int, _moving: int) -> int | None:
    part, _, (times, axis) = of.given(node)
    if axis is None and len(of.nodes.shape(part)) > VECTOR:
        return None
    return of.nodes.build("repeat", (of.whole(part),), (times, _after(axis or 0)))


def windows(of: AllRows, node: int, moving: int) -> int | None:
    part, _, (*before, axis) = of.given(node)
    others = of.graph.inputs[node][1:]
    if moving:
        return None
    operation = of.graph.operations[node]
    if operation == "unwindows":  # the other says the shape
        others = (of.zeros(others[0]),)
    return of.nodes.build(operation, (of.whole(part), *others), (*before, _after(axis)))


def gather(of: AllRows, node: int, moving: int) -> int | None:
    part, places = of.graph.inputs[node]
    if moving or len(of.nodes.shape(part)) > VECTOR:
        return None
    return of.nodes.build("index", (of.whole(part), places), ((WHOLE_AXIS, ("pick", 1)),))


def split(of: AllRows, node: int, _moving: int) -> int:
    part, _, (count, axis) = of.given(node)
    found = of.nodes.build("split", (of.whole(part),), (count, _after(axis)))
    return of.nodes.build("moveaxis", (found,), (0, 1))
