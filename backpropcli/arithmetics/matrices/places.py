"""Zeros with elements put at places, written for people."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.pieces import as_last, as_shape, between, only_numbers, padded
from backpropcli.arithmetics.shapes.axes import product
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS, from_start, whole_spec
from backpropcli.arithmetics.shapes.sizes import Letters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.matrices.shaped import Shaped
    from backpropcli.arithmetics.shapes.sizes import Size

    Static = Any


def one_hot(nodes: Shaped, places: int, size: Size) -> int:
    return nodes.build("one_hot", (_from_start(nodes, places, size),), (size,))


def _from_start(nodes: Shaped, places: int, size: Size) -> int:
    """Return places, some of which may be counted from the end, counted from 0."""
    found: dict[int, int] = {}
    known = True
    below = nodes.graph.ancestors([places])
    for node in [at for at, flag in enumerate(below) if flag]:
        operation, place = nodes.graph.operations[node], nodes.literal(node)
        if operation == "array":
            inner = tuple([found[child] for child in nodes.graph.inputs[node]])
            found[node] = nodes.graph.node("array", inner)
        elif place is None or place >= 0:
            found[node] = node
            known = known and (place is not None or operation in {"number", "neg"})
        else:
            only_numbers([size])
            found[node] = nodes.number(place + float(str(size)))
    if known:
        return found[places]
    return nodes.build("mod", (found[places], nodes.size(size)))


def scattered(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return zeros in the shape of y with x added along an axis at places i."""
    value, of, places = inputs
    shape, [axis] = nodes.shape(of), arg
    turned = [as_last(nodes, one, axis) for one in (value, places)]
    marks = one_hot(nodes, turned[1], shape[axis])
    spread = nodes.build("mul", (between(nodes, turned[0], ""), marks))
    return as_last(nodes, nodes.build("sum", (spread,), (-2, False)), axis)


def put(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return zeros in the shape of y with x added at places."""
    value, of, *picks = inputs
    own = nodes.shape(of)
    spec = [item for item in whole_spec(arg[0], len(own)) if item[0] != "new"]
    if not picks and all(_plain(item) for item in spec):
        return _put_apart(nodes, value, own, spec)
    if spec[0][0] == "pick" and all(item == WHOLE_AXIS for item in spec[1:]):
        places, rest = inputs[1 + spec[0][1]], own[1:]
        count, size = nodes.shape(places), own[0]
        if len(count) == 1 and len(rest) < 2 and ("new",) not in arg[0]:  # noqa: PLR2004 (vectors)
            marks = nodes.build("transpose", (one_hot(nodes, places, size),), (None,))
            return nodes.build("matmul", (marks, value))
    return _put_flat(nodes, inputs, arg)


def _plain(item: tuple[Any, ...]) -> bool:
    return item[0] == "at" or (item[0] == "cut" and item[3] in {None, 1, -1})


def _has_letters(item: tuple[Any, ...], size: Any) -> bool:
    """Say whether a slice of an axis of this size goes by letters."""
    return any(isinstance(part, Letters) for part in (size, *item[1:]))


def _ends(item: tuple[Any, ...], size: Any) -> tuple[Any, Any]:
    """Return where a slice in steps of 1, or of a whole axis, begins and ends, counted from 0.

    Raises BackpropError for other steps.
    """
    _, start, stop, step = item
    if step not in {None, 1} and item != ("cut", None, None, -1):
        only_numbers((size, start, stop))
    return from_start(start or 0, size), size if stop is None else from_start(stop, size)


def _put_apart(
    nodes: Shaped, value: int, own: tuple[Any, ...], spec: Sequence[tuple[Any, ...]]
) -> int:
    """Return zeros of a shape with a value at places that are known by axis."""
    marks = [
        nodes.build("one_hot", (nodes.size(from_start(item[1], size)),), (size,))
        if item[0] == "at"
        else None
        for size, item in zip(own, spec, strict=True)
    ]
    whole = [item == WHOLE_AXIS for item in spec]
    if all(mark is not None or is_whole for mark, is_whole in zip(marks, whole, strict=True)):
        kept = tuple(size for size, is_whole in zip(own, whole, strict=True) if is_whole)
        factors = [one for one in marks if one is not None]
        if len(own) == len(factors) == 1:
            return nodes.build("mul", (as_shape(kept, nodes, value), factors[0]))
        if len(own) == len(factors) == 2:  # noqa: PLR2004 (an element of a matrix)
            outer = nodes.build("outer", (factors[0], factors[1]))
            return nodes.build("mul", (as_shape(kept, nodes, value), outer))
        if len(own) == 2 and len(factors) == 1:  # noqa: PLR2004 (a row or a column)
            pair = (factors[0], as_shape(kept, nodes, value))
            return nodes.build("outer", pair if marks[0] is not None else pair[::-1])
    around, flipped, shape = {}, [], []
    for at, (size, item) in enumerate(zip(own, spec, strict=True)):
        if item[0] == "at":
            first = from_start(item[1], size)
            last = first + 1
        elif _has_letters(item, size):
            first, last = _ends(item, size)
            flipped += [at] * (item[3] == -1)
        else:
            found = range(*slice(*item[1:]).indices(size))
            if item[3] == -1:
                flipped.append(at)
                found = found[::-1]
            first, last = (found[0], found[-1] + 1) if found else (0, 0)
        around[at] = (first, size + -1 * last)
        shape.append(last + -1 * first)
    value = as_shape(tuple(shape), nodes, value)
    if flipped:
        axes = (
            None if len(flipped) == len(own) else flipped[0] if len(flipped) == 1 else (*flipped,)
        )
        value = nodes.build("flip", (value,), (axes,))
    return padded(nodes, value, around)


def _put_flat(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return zeros of a shape with a value added at any places, by their numbers."""
    value, of, *picks = inputs
    own = nodes.shape(of)
    count = product(own)
    only_numbers([count])
    numbers = nodes.build("reshape", (nodes.graph.node("arange", (), (count, None, 1)),), (own,))
    places = nodes.graph.node("index", (numbers, *picks), arg)
    marks = nodes.build("one_hot", (nodes.build("reshape", (places,), ((-1,),)),), (count,))
    flat = nodes.build("matmul", (nodes.build("reshape", (value,), ((-1,),)), marks))
    return nodes.build("reshape", (flat,), (own,))
