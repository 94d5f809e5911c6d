"""How helpers of the rules for arrays are written for people, where sizes are known."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.arrangements import widths
from backpropcli.arithmetics.shapes.axes import product
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS, whole_spec
from backpropcli.arithmetics.shapes.ranges import from_start
from backpropcli.arithmetics.shapes.sizes import Letters
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from backpropcli.arithmetics.matrices.shaped import Shaped
    from backpropcli.arithmetics.shapes.sizes import Shape, Size

    Static = Any
    Spelling = Callable[[Shaped, tuple[int, ...], Static], int]


def as_shape(shape: Shape, nodes: Shaped, node: int) -> int:
    """Return a node in another shape, with [:, None] where that says it."""
    own = nodes.shape(node)
    if own == shape:
        return node
    if tuple(size for size in shape if size != 1) == own:
        spec = tuple(("new",) if size == 1 else WHOLE_AXIS for size in shape)
        return nodes.graph.node("index", (node,), (spec,))
    return nodes.build("reshape", (node,), (shape,))


def _kept(nodes: Shaped, inputs: tuple[int, ...], arg: object) -> int:
    return as_shape(nodes.shape_of("kept", inputs, arg), nodes, inputs[0])


def _rows(nodes: Shaped, inputs: tuple[int, ...], arg: object) -> int:
    return nodes.build("reshape", inputs, (nodes.shape_of("rows", inputs, arg),))


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
    return _sliced(nodes, inputs[0], {axis % len(nodes.shape(inputs[0])): (start or None, stop)})


def _joined(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return zeros in the shapes of others, with an array in place of one, as a pad."""
    axis, which = arg
    sizes = [nodes.shape(other)[axis] for other in inputs[1:]]
    around = sum(sizes[:which]), sum(sizes[which + 1 :])
    return _padded(nodes, inputs[0], {axis % len(nodes.shape(inputs[0])): around})


def _sliced(nodes: Shaped, node: int, cuts: dict[int, tuple[Any, Any]]) -> int:
    """Return an array cut along axes, each from one place to another."""
    spec = [("cut", *cuts.get(at, (None, None)), None) for at in range(max(cuts, default=0) + 1)]
    return nodes.build("index", (node,), (tuple(spec),))


def _padded(nodes: Shaped, node: int, around: dict[int, tuple[Any, Any]]) -> int:
    """Return an array with zeros around, by axis so many before and after."""
    axes = range(len(nodes.shape(node)))
    widths = tuple([around.get(at, (0, 0)) for at in axes])
    return nodes.build("pad", (node,), (widths,)) if any(map(any, widths)) else node


def _numbers(sizes: Sequence[object]) -> None:
    """Raise BackpropError for sizes that are letters, where text has to say numbers."""
    for size in sizes:
        if isinstance(size, Letters):
            raise BackpropError(
                f"this formula has places in it that depend on {', '.join(size.letters())}",
                "give numbers for these sizes",
            )


def _between(nodes: Shaped, node: int, spec: str) -> int:
    """Return a node with a new axis as its second last or its last one."""
    new = (("rest",), ("new",), WHOLE_AXIS) if spec == ":" else (("rest",), ("new",))
    return nodes.graph.node("index", (node,), (new,))


def _permuted(nodes: Shaped, node: int, source: int, target: int, axis: int) -> int:
    """Return elements of a node, each from where ``source`` is what ``target`` is there."""
    last = len(nodes.shape(source)) - 1
    turned = [_last(nodes, one, axis) for one in (node, source, target)]
    value, one, other = turned
    equal = nodes.build("eq", (_between(nodes, other, ""), _between(nodes, one, ":")))
    equal = nodes.build("quiet", (equal,))  # that elements tie is told of the sort
    zero = nodes.number(0.0)
    chosen = nodes.build("where", (equal, _between(nodes, value, ":"), zero))
    found = nodes.build("sum", (chosen,), (-1, False))
    return found if axis % (last + 1) == last else nodes.build("swapaxes", (found,), (axis, -1))


def _last(nodes: Shaped, node: int, axis: int) -> int:
    return nodes.build("swapaxes", (node,), (axis, -1))


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
    return _sliced(nodes, inputs[0], cuts) if cuts else inputs[0]


def _unsplit(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    own, axis = nodes.shape(inputs[1]), arg[1] % len(nodes.shape(inputs[1]))
    moved = nodes.build("moveaxis", inputs[:1], (0, axis)) if axis else inputs[0]
    return nodes.build("reshape", (moved,), (own,))


def _on_diagonal(nodes: Shaped, inputs: tuple[int, ...], _arg: object) -> int:
    own, [length] = nodes.shape(inputs[1]), nodes.shape(inputs[0])
    square = nodes.build("diag", inputs[:1])
    if own == (length, length):
        return square
    return _padded(nodes, square, {at: (0, size + -1 * length) for at, size in enumerate(own)})


def _in_blocks(nodes: Shaped, inputs: tuple[int, ...], arg: object) -> int:
    return nodes.build("reshape", inputs[:1], (nodes.shape_of("in_blocks", inputs, arg),))


def _classes(nodes: Shaped, inputs: tuple[int, ...], _arg: object) -> int:
    known, scores = map(nodes.shape, inputs)
    if len(known) == len(scores):
        return inputs[0]
    return nodes.build("one_hot", inputs[:1], (scores[-1],))


def _one_hot(nodes: Shaped, places: int, size: Size) -> int:
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
            _numbers([size])
            found[node] = nodes.number(place + float(str(size)))
    if known:
        return found[places]
    return nodes.build("mod", (found[places], nodes.size(size)))


def _scattered(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return zeros in the shape of y with x added along an axis at places i."""
    value, of, places = inputs
    shape, [axis] = nodes.shape(of), arg
    turned = [_last(nodes, one, axis) for one in (value, places)]
    marks = _one_hot(nodes, turned[1], shape[axis])
    spread = nodes.build("mul", (_between(nodes, turned[0], ""), marks))
    return _last(nodes, nodes.build("sum", (spread,), (-2, False)), axis)


def _put(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
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
            marks = nodes.build("transpose", (_one_hot(nodes, places, size),), (None,))
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
        _numbers((size, start, stop))
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
    return _padded(nodes, value, around)


def _put_flat(nodes: Shaped, inputs: tuple[int, ...], arg: Static) -> int:
    """Return zeros of a shape with a value added at any places, by their numbers."""
    value, of, *picks = inputs
    own = nodes.shape(of)
    count = product(own)
    _numbers([count])
    numbers = nodes.build("reshape", (nodes.graph.node("arange", (), (count, None, 1)),), (own,))
    places = nodes.graph.node("index", (numbers, *picks), arg)
    marks = nodes.build("one_hot", (nodes.build("reshape", (places,), ((-1,),)),), (count,))
    flat = nodes.build("matmul", (nodes.build("reshape", (value,), ((-1,),)), marks))
    return nodes.build("reshape", (flat,), (own,))


SPELLED: dict[str, Spelling] = {
    "shaped": lambda nodes, inputs, _arg: as_shape(nodes.shape(inputs[1]), nodes, inputs[0]),
    "kept": _kept,
    "spread": lambda nodes, inputs, _arg: nodes.spread(inputs[0], nodes.shape(inputs[1])),
    "rows": _rows,
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
    "in_blocks": _in_blocks,
    "classes": _classes,
    "scattered": _scattered,
    "put": _put,
    "gathered": lambda nodes, inputs, _arg: nodes.fitted(inputs[0], nodes.shape(inputs[1])),
}
"""By operation, what writes it in words of the language."""
