"""Shapes as an arithmetic: the forward pass in it finds every node's shape before any number.

A shape is a tuple of sizes; a number's is (). A size is a whole number, or ``Letters`` that stand
for one. Operations that no word here names are elementwise: they broadcast as NumPy does.
"""

from __future__ import annotations

from math import prod

from backpropcli.arithmetics.sizes import Letters, text
from backpropcli.graph.arrays import subscripts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from backpropcli.arithmetics.sizes import Size
    from backpropcli.graph.row import Row

    Shape = tuple[Size, ...]
    Axes = int | tuple[int, ...] | None


class MisfitError(Exception):
    """Shapes that do not fit an operation: ``reason`` is a sentence about its inputs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape of an elementwise operation on arrays of these shapes (NumPy's rule).

    Raises MisfitError where two sizes differ and neither is 1.
    """
    found: list[Size] = []
    for shape in shapes:
        if len(shape) > len(found):
            found[:0] = [1] * (len(shape) - len(found))
        for at, size in enumerate(shape, len(found) - len(shape)):
            if found[at] == 1:
                found[at] = size
            elif size not in {1, found[at]}:
                raise MisfitError(
                    f"elements are paired from the last axis on, and {found[at]} is not {size}"
                )
    return tuple(found)


def normal(axis: int, count: int) -> int:
    """Return an axis counted from 0. Raises MisfitError for one that is not there."""
    if not -count <= axis < count:
        have = "a number has no axes" if not count else f"the axes are 0 to {count - 1}"
        raise MisfitError(f"there is no axis {axis}: {have}")
    return axis % count


def along(axes: Axes, count: int) -> tuple[int, ...]:
    """Return axes counted from 0; all of ``count`` for None."""
    if axes is None:
        return tuple(range(count))
    found = tuple(normal(axis, count) for axis in (axes if isinstance(axes, tuple) else (axes,)))
    if len(set(found)) < len(found):
        raise MisfitError("an axis is named twice")
    return found


def kept(shape: Shape, axes: Axes) -> Shape:
    """Return the shape with the reduced axes as 1."""
    gone = along(axes, len(shape))
    return tuple(1 if at in gone else size for at, size in enumerate(shape))


def product(sizes: Sequence[Size]) -> Size:
    """Return the product of sizes."""
    return prod(sizes)


def _reduced(x: Shape, arg: tuple[Any, ...]) -> Shape:
    axes, keep = arg[-2:]
    gone = along(axes, len(x))
    if keep:
        return kept(x, axes)
    return tuple(size for at, size in enumerate(x) if at not in gone)


def _multiplied(x: Shape, arg: tuple[Any, ...]) -> Shape:
    if isinstance(arg[0], tuple):
        raise MisfitError("prod goes along one axis, or over all elements")
    return _reduced(x, arg)


def _same(x: Shape, *_: Shape, arg: tuple[int | None] = (None,)) -> Shape:
    if arg[0] is not None:
        normal(arg[0], len(x))
    return x


def _flipped(x: Shape, arg: tuple[Axes]) -> Shape:
    along(arg[0], len(x))
    return x


def _matmul(x: Shape, y: Shape) -> Shape:
    if not x or not y:
        raise MisfitError("@ multiplies vectors and matrices, and one side is a number: write *")
    inner = y[0] if len(y) == 1 else y[-2]
    if x[-1] != inner:
        raise MisfitError(
            f"@ takes the last axis of the left side with the "
            f"{'first' if len(y) <= 2 else 'second last'} of the right, and {x[-1]} is not {inner}"  # noqa: PLR2004
        )
    batch = broadcast(x[:-2], y[:-2])
    return batch + x[-2:-1] * (len(x) > 1) + y[-1:] * (len(y) > 1)


def _vectors(x: Shape, y: Shape) -> Shape:
    if len(x) != 1 or len(y) != 1:
        raise MisfitError("outer takes two vectors")
    return x + y


def _cross(x: Shape, y: Shape) -> Shape:
    if x[-1:] != (3,) or y[-1:] != (3,):
        raise MisfitError("cross takes vectors of 3")
    return broadcast(x, y)


def _kron(x: Shape, y: Shape) -> Shape:
    if len(x) != 2 or len(y) != 2:  # noqa: PLR2004 (matrices)
        raise MisfitError("kron takes two matrices")
    return product((x[0], y[0])), product((x[1], y[1]))


def _einsum(*shapes: Shape, arg: tuple[str]) -> Shape:
    operands, out = subscripts_of(arg[0])
    if len(operands) != len(shapes):
        raise MisfitError(
            f"the subscripts are for {len(operands)} arrays, and there are {len(shapes)}"
        )
    sizes: dict[str, tuple[Size, int]] = {}
    for at, (letters, shape) in enumerate(zip(operands, shapes, strict=True)):
        if len(letters) != len(shape):
            raise MisfitError(f"'{letters}' has {len(letters)} letters for {text(shape)}")
        for letter, size in zip(letters, shape, strict=True):
            known, where = sizes.setdefault(letter, (size, at))
            if known != size:
                raise MisfitError(
                    f"{letter} is {known} in operand {where + 1} and {size} in operand {at + 1}"
                )
    unknown = [letter for letter in out if letter not in sizes]
    if unknown or len(set(out)) < len(out):
        raise MisfitError(f"the value's letters '{out}' are not those of the arrays, each once")
    return tuple(sizes[letter][0] for letter in out)


def _transpose(x: Shape, arg: tuple[tuple[int, ...] | None]) -> Shape:
    [axes] = arg
    if axes is None:
        return x[::-1]
    if sorted(along(axes, len(x))) != list(range(len(x))):
        raise MisfitError(f"axes has {len(axes)} numbers, and the array has {len(x)} axes")
    return tuple(x[axis] for axis in axes)


def _turned(x: Shape) -> Shape:
    matrix(x, ".mT")
    return (*x[:-2], x[-1], x[-2])


def _swapped(x: Shape, arg: tuple[int, int]) -> Shape:
    found = list(x)
    one, other = (normal(axis, len(x)) for axis in arg)
    found[one], found[other] = found[other], found[one]
    return tuple(found)


def _moved(x: Shape, arg: tuple[int, int]) -> Shape:
    found = list(x)
    source, destination = (normal(axis, len(x)) for axis in arg)
    found.insert(destination, found.pop(source))
    return tuple(found)


def _reshaped(x: Shape, arg: tuple[tuple[int, ...]]) -> Shape:
    [shape] = arg
    count, rest = product(x), product([size for size in shape if size != -1])
    if -1 not in shape:
        if rest != count:
            raise MisfitError(f"{text(x)} has {count} elements, and {text(shape)} has {rest}")
        return shape
    last = _over(count, rest) if shape.count(-1) == 1 and rest else None
    if last is None:
        raise MisfitError(f"{count} elements do not make {text(shape)}")
    return tuple(last if size == -1 else size for size in shape)


def _over(count: Size, parts: Size) -> Size | None:
    """Return a size over another; None where that is no whole number."""
    if isinstance(count, Letters):
        return count.over(parts)
    return None if isinstance(parts, Letters) or count % parts else count // parts


def _squeezed(x: Shape, arg: tuple[Axes]) -> Shape:
    [axes] = arg
    if axes is None:
        return tuple(size for size in x if size != 1)
    gone = along(axes, len(x))
    if any(x[axis] != 1 for axis in gone):
        raise MisfitError("only axes of length 1 can be left out")
    return tuple(size for at, size in enumerate(x) if at not in gone)


def _expanded(x: Shape, arg: tuple[int | tuple[int, ...]]) -> Shape:
    axes = arg[0] if isinstance(arg[0], tuple) else (arg[0],)
    count = len(x) + len(axes)
    places, sizes = {normal(axis, count) for axis in axes}, iter(x)
    return tuple(1 if at in places else next(sizes) for at in range(count))


def _spread(x: Shape, arg: tuple[Shape]) -> Shape:
    if broadcast(x, arg[0]) != arg[0]:
        raise MisfitError(f"{text(x)} does not spread to {text(arg[0])}")
    return arg[0]


def _tiled(x: Shape, arg: tuple[tuple[int, ...]]) -> Shape:
    [reps] = arg
    count = max(len(x), len(reps))
    sizes, times = (1,) * (count - len(x)) + x, (1,) * (count - len(reps)) + reps
    return tuple(product(pair) for pair in zip(sizes, times, strict=True))


def _repeated(x: Shape, arg: tuple[int, int | None]) -> Shape:
    times, axis = arg
    if axis is None:
        return (product((*x, times)),)
    axis = normal(axis, len(x))
    return (*x[:axis], product((x[axis], times)), *x[axis + 1 :])


def widths(width: Any, count: int) -> list[tuple[int, int]]:  # noqa: ANN401 (int, pair or pairs)
    """Return how much ``pad`` puts before and after each axis."""
    if isinstance(width, int):
        return [(width, width)] * count
    if width and isinstance(width[0], int):
        return [tuple(width)] * count
    if len(width) != count:
        raise MisfitError(f"pad has widths for {len(width)} axes, and the array has {count}")
    return [tuple(pair) for pair in width]


def _padded(x: Shape, arg: tuple[Any]) -> Shape:
    pairs = zip(x, widths(arg[0], len(x)), strict=True)
    return tuple(size + before + after for size, (before, after) in pairs)


def _array(*shapes: Shape) -> Shape:
    return _stack(*shapes, arg=(0,))


def _stack(*shapes: Shape, arg: tuple[int]) -> Shape:
    first = shapes[0]
    for at, shape in enumerate(shapes):
        if shape != first:
            raise MisfitError(f"part 0 is {text(first)} and part {at} is {text(shape)}")
    axis = normal(arg[0], len(first) + 1)
    return (*first[:axis], len(shapes), *first[axis:])


def _concat(*shapes: Shape, arg: tuple[int]) -> Shape:
    first = shapes[0]
    axis = normal(arg[0], len(first))
    total: Size = 0
    for at, shape in enumerate(shapes):
        if len(shape) != len(first) or any(
            one != other for place, (one, other) in enumerate(zip(first, shape, strict=True))
            if place != axis
        ):  # fmt: skip
            raise MisfitError(
                f"but for axis {axis}, part 0 is {text(first)} and part {at} is {text(shape)}"
            )
        total = total + shape[axis]
    return (*first[:axis], total, *first[axis + 1 :])


def _split(x: Shape, arg: tuple[int, int]) -> Shape:
    parts, axis = arg[0], normal(arg[1], len(x))
    size = _over(x[axis], parts) if parts > 0 else None
    if size is None:
        raise MisfitError(f"axis {axis} has {x[axis]} elements, which is not {parts} equal parts")
    return (parts, *x[:axis], size, *x[axis + 1 :])


def whole_spec(spec: tuple[tuple[Any, ...], ...], count: int) -> list[tuple[Any, ...]]:
    """Return the items of an index with "..." written out as the slices that it stands for."""
    used = sum(item[0] in {"at", "cut", "pick"} for item in spec)
    if used > count:
        raise MisfitError(f"there are {used} indices for {count} axes")
    rest = [("cut", None, None, None)] * (count - used)
    if ("rest",) not in spec:
        return [*spec, *rest]
    at = spec.index(("rest",))
    return [*spec[:at], *rest, *[item for item in spec[at + 1 :] if item != ("rest",)]]


def _indexed(x: Shape, *picks: Shape, arg: tuple[Any]) -> Shape:
    found: list[Size] = []
    axis, joined = 0, broadcast(*picks) if picks else ()
    place, apart, gap = -1, False, False
    for item in whole_spec(arg[0], len(x)):
        kind = item[0]
        if kind == "new":
            gap = place >= 0
            found.append(1)
            continue
        size = x[axis]
        if kind == "at":
            if isinstance(size, int) and not -size <= item[1] < size:
                raise MisfitError(f"there is no element {item[1]}: axis {axis} has {size}")
            gap = gap or (place >= 0 and not picks)
            if picks and place < 0:
                place = len(found)
            elif picks and gap:
                apart = True
        elif kind == "pick":
            apart = apart or (place >= 0 and gap)
            place = len(found) if place < 0 else place
        else:
            gap = place >= 0
            found.append(_cut(size, item[1:]))
        axis += 1
    if picks:
        place = 0 if apart else place
        found[place:place] = joined
    return tuple(found)


def _cut(size: Size, bounds: tuple[int | None, ...]) -> Size:
    if isinstance(size, int):
        return len(range(*slice(*bounds).indices(size)))
    start, stop, step = bounds
    if start in {None, 0} and stop is None and step in {None, 1, -1}:
        return size
    if step in {None, 1} and (start or 0) >= 0:
        if stop is None or stop < 0:
            return size + ((stop or 0) - (start or 0))
        return max(0, stop - (start or 0))
    raise MisfitError(f"a slice of {size} elements needs a size that is a number")


def _gathered(_x: Shape, i: Shape, arg: object = None) -> Shape:  # noqa: ARG001 (an axis)
    return i


def _classes(t: Shape, z: Shape) -> Shape:
    if len(t) == len(z):
        return broadcast(t, z)
    if t != z[:-1]:
        raise MisfitError(f"targets are {text(z[:-1])} class numbers or {text(z)} probabilities")
    return z


def matrix(x: Shape, what: str, *, square: bool = False) -> Shape:
    """Return a matrix's shape without its last two axes. Raises MisfitError for others."""
    if len(x) < 2:  # noqa: PLR2004 (a matrix)
        raise MisfitError(f"{what} takes a matrix, and this is {'a vector' if x else 'a number'}")
    if square and x[-1] != x[-2]:
        raise MisfitError(f"{what} takes a square matrix, and {x[-2]} is not {x[-1]}")
    return x[:-2]


def _square(name: str, *, whole: bool = False) -> Callable[..., Shape]:
    def found(x: Shape) -> Shape:
        batch = matrix(x, name, square=True)
        return x if whole else batch

    return found


def _solve(x: Shape, y: Shape, arg: object = None) -> Shape:  # noqa: ARG001 (lower)
    matrix(x, "solve", square=True)
    if x[-1] != (y[0] if len(y) == 1 else y[-2] if y else 1):
        raise MisfitError(f"the matrix has {x[-1]} rows, and the right side {text(y)}")
    if len(y) == 1:
        return x[:-1]
    return broadcast(x[:-2], y[:-2]) + y[-2:]


def _diag(x: Shape) -> Shape:
    if len(x) == 1:
        return (x[0], x[0])
    if len(x) == 2:  # noqa: PLR2004 (a matrix)
        if isinstance(x[0], int) and isinstance(x[1], int):
            return (min(x[0], x[1]),)
        if x[0] != x[1]:
            raise MisfitError(f"the shorter of {x[0]} and {x[1]} is not known: write numbers")
        return (x[0],)
    raise MisfitError("diag takes a vector or a matrix")


def _of_second(_x: Shape, y: Shape, *_: Shape, arg: object = None) -> Shape:  # noqa: ARG001
    return y


def _number(*_: Shape, arg: object = None) -> Shape:  # noqa: ARG001 (an axis)
    return ()


def _eye_like(x: Shape) -> Shape:
    return x[-2:]


def _in_blocks(_x: Shape, y: Shape, z: Shape) -> Shape:
    return (y[0], z[0], y[1], z[1])


def _rows(x: Shape) -> Shape:
    return (product(x[:-1]), x[-1])


def counted(arg: tuple[Any, ...]) -> int:
    """Return how many numbers ``arange`` has."""
    start, stop, step = arg
    if stop is None:
        start, stop = 0, start
    if not step:
        raise MisfitError("the step of arange is not 0")
    return max(0, -int((start - stop) // step))


def constant(_text: str) -> Shape:
    """Return the shape of a number of a rule's text."""
    return ()


double = constant


def word(row: Row) -> Callable[..., Shape] | None:
    """Return the word of an elementwise operation; None where ``expand`` says more."""
    if row.own:
        return lambda *given: given[-1]
    return None if row.derived else broadcast


INFIX: dict[str, str] = {}
WORDS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("sum", "amax", "amin", "lse", "argmax", "argmin", "norm"), _reduced),
    "mean": _reduced,
    "prod": _multiplied,
    "std": lambda x, arg: _reduced(x, arg[:2]),
    "var": lambda x, arg: _reduced(x, arg[:2]),
    **dict.fromkeys(
        (
            "softmax",
            "log_softmax",
            "cumsum",
            "cumprod",
            "logcumsumexp",
            "sort",
            "unsorted",
            "in_order",
            "others",
        ),
        _same,
    ),
    **dict.fromkeys(("tril", "triu"), lambda x, arg: matrix(x, "tril") + x[-2:]),
    "flip": _flipped,
    **dict.fromkeys(("roll", "unroll"), lambda x, arg: _flipped(x, arg[1:])),
    "matmul": _matmul,
    "outer": _vectors,
    "cross": _cross,
    "kron": _kron,
    "in_blocks": _in_blocks,
    "einsum": _einsum,
    "transpose": _transpose,
    "mT": _turned,
    "swapaxes": _swapped,
    "moveaxis": _moved,
    "reshape": _reshaped,
    "rows": _rows,
    "kept": lambda _, y, arg: kept(y, arg[0]),
    **dict.fromkeys(
        (
            "shaped",
            "spread",
            "gathered",
            "untile",
            "unrepeat",
            "unpad",
            "put",
            "scattered",
            "unsplit",
            "on_diagonal",
        ),
        _of_second,
    ),
    "squeeze": _squeezed,
    "expand_dims": _expanded,
    "broadcast_to": _spread,
    "tile": _tiled,
    "repeat": _repeated,
    "pad": _padded,
    "array": _array,
    "stack": _stack,
    "concat": _concat,
    "part": lambda _, *others, arg: others[arg[1]],
    "joined": lambda _, *others, arg: _concat(*others, arg=arg[:1]),
    "split": _split,
    "index": _indexed,
    "gather": _gathered,
    "classes": _classes,
    "one_hot": lambda i, arg: (*i, arg[0]),
    "trace": _square("trace"),
    "det": _square("det"),
    "logdet": _square("logdet"),
    "inv": _square("inv", whole=True),
    "cholesky": _square("cholesky", whole=True),
    "cofactors": _square("det", whole=True),
    "solve": _solve,
    "solve_triangular": _solve,
    "diag": _diag,
    "zeros": lambda arg: arg[0],
    "ones": lambda arg: arg[0],
    "eye": lambda arg: (arg[0], arg[0] if arg[1] is None else arg[1]),
    "arange": lambda arg: (counted(arg),),
    "size": _number,
    "eye_like": _eye_like,
    "eye_along": lambda x, arg: (x[arg[0]], x[arg[0]]),
    "ones_along": lambda x, arg: (x[arg[0]],),
    "tri_along": lambda x, arg: (x[arg[0]], x[arg[0]]),
}
