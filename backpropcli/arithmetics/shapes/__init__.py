"""Shapes as an arithmetic: the forward pass in it finds every node's shape before any number.

A shape is a tuple of sizes; a number's is (). A size is a whole number, or ``Letters`` that stand
for one. Operations that no word here names are elementwise: they broadcast as NumPy does.
"""

from __future__ import annotations

from math import ceil, prod

from backpropcli.arithmetics.shapes.sizes import Letters, text
from backpropcli.graph.arrays import DOTS, LETTERS, subscripts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Size
    from backpropcli.graph.row import Row

    Shape = tuple[Size, ...]
    Axes = int | tuple[int, ...] | None


WHOLE_AXIS = ("cut", None, None, None)
"""The item of an index that takes a whole axis: x[:]."""


class MisfitError(Exception):
    """Shapes that do not fit an operation: ``reason`` is a sentence about its inputs.

    In it {0}, {1}, ... stand for the inputs' texts. ``about`` is the keyword whose setting does not
    fit, or the number of the item in an index.
    """

    def __init__(self, reason: str, about: str | int = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about


def called(shape: Shape) -> str:
    """Return what a shape is, in a sentence: "a number", "a vector of 3", "3x2"."""
    return f"a vector of {shape[0]}" if len(shape) == 1 else text(shape)


def _elements(count: Size) -> str:
    return f"{count} element{'s' * (count != 1)}"


def checked(given: Sequence[Any], about: str = "shape") -> tuple[Any, ...]:
    """Return sizes. Raises MisfitError for one that cannot be."""
    for size in given:
        if isinstance(size, int) and size < (0 if about in {"shape", "width"} else 1):
            raise MisfitError(f"{about} has {size}, which is no size", about)
    return tuple(given)


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
        have = ["a number has no axes", "the one axis is 0", "the axes are 0 and 1"][min(count, 2)]
        have = have if count <= 2 else f"the axes are 0 to {count - 1}"  # noqa: PLR2004
        raise MisfitError(f"there is no axis {axis}, and {have}", "axis")
    return axis % count


def along(axes: Axes, count: int) -> tuple[int, ...]:
    """Return axes counted from 0; all of ``count`` for None."""
    if axes is None:
        return tuple(range(count))
    found = tuple(normal(axis, count) for axis in (axes if isinstance(axes, tuple) else (axes,)))
    if len(set(found)) < len(found):
        raise MisfitError("an axis is named twice", "axis")
    return found


def kept(shape: Shape, axes: Axes) -> Shape:
    """Return the shape with the reduced axes as 1."""
    gone = along(axes, len(shape))
    return tuple(1 if at in gone else size for at, size in enumerate(shape))


def product(sizes: Sequence[Size]) -> Size:
    """Return the product of sizes."""
    return prod(sizes)


def count_along(x: Shape, axes: Axes) -> Size:
    """Return the number of elements along axes."""
    return product([x[axis] for axis in along(axes, len(x))])


def spread_axes(own: Shape, shape: Shape) -> tuple[int, list[int]]:
    """Return along which axes ``own`` is summed back to ``shape``, from which it was broadcast.

    They are so many leading ones, which go, and others, which keep a size of 1.
    """
    lead = max(0, len(own) - len(shape))
    tail = own[lead:]
    sizes = shape[len(shape) - len(tail) :]
    return lead, [at + lead for at, size in enumerate(sizes) if size == 1 != tail[at]]


def _reduced(x: Shape, arg: tuple[Any, ...]) -> Shape:
    axes, keep = arg[-2:]
    gone = along(axes, len(x))
    if keep:
        return kept(x, axes)
    return tuple(size for at, size in enumerate(x) if at not in gone)


def _varied(x: Shape, arg: tuple[Any, ...]) -> Shape:
    *over, ddof = arg
    count = count_along(x, over[0])
    if isinstance(count, int) and ddof >= count:
        raise MisfitError(f"ddof is {ddof}, and it goes over {_elements(count)}", "ddof")
    return _reduced(x, tuple(over))


def _normed(x: Shape, arg: tuple[Any, ...]) -> Shape:
    if not arg[0] > 0:
        raise MisfitError(f"ord is {arg[0]}, and a norm's is above 0", "ord")
    return _reduced(x, arg)


def _multiplied(x: Shape, arg: tuple[Any, ...]) -> Shape:
    if isinstance(arg[0], tuple):
        raise MisfitError("prod goes along one axis, or over all elements", "axis")
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
        side = 1 if x else 0
        raise MisfitError(f"@ multiplies vectors and matrices, and {{{side}}} is a number")
    inner = y[0] if len(y) == 1 else y[-2]
    if x[-1] != inner:
        raise MisfitError(
            "@ takes the last axis of {0} with the "
            f"{'first' if len(y) <= 2 else 'second last'} of {{1}}, and {x[-1]} is not {inner}"  # noqa: PLR2004
        )
    batch = broadcast(x[:-2], y[:-2])
    return batch + x[-2:-1] * (len(x) > 1) + y[-1:] * (len(y) > 1)


def _vectors(x: Shape, y: Shape) -> Shape:
    if len(x) != 1 or len(y) != 1:
        one, shape = (0, x) if len(x) != 1 else (1, y)
        raise MisfitError(f"outer takes two vectors, and {{{one}}} is {called(shape)}")
    return x + y


def _cross(x: Shape, y: Shape) -> Shape:
    if x[-1:] != (3,) or y[-1:] != (3,):
        one, shape = (0, x) if x[-1:] != (3,) else (1, y)
        raise MisfitError(f"cross takes vectors of 3, and {{{one}}} is {called(shape)}")
    return broadcast(x, y)


def _kron(x: Shape, y: Shape) -> Shape:
    if len(x) != 2 or len(y) != 2:  # noqa: PLR2004 (matrices)
        one, shape = (0, x) if len(x) != 2 else (1, y)  # noqa: PLR2004
        raise MisfitError(f"kron takes two matrices, and {{{one}}} is {called(shape)}")
    return product((x[0], y[0])), product((x[1], y[1]))


def _subscripts(written: str, shapes: Sequence[Shape]) -> list[str]:
    """Return the subscripts of each operand. Raises MisfitError for those that cannot be."""
    given, _, out = written.replace(" ", "").partition("->")
    for subscripts in (*given.split(","), out):
        wrong = {*subscripts.replace(DOTS, "", 1)}.difference(LETTERS)
        told = f"subscripts are letters, as in ij,jk->ik, and '{min(wrong, default='')}' is none"
        if wrong == {"."}:
            told = (
                f"dots are three, once in each part, as in ...i,i->..., and here is '{subscripts}'"
            )
        if wrong:
            raise MisfitError(told)
    operands = given.split(",")
    if len(operands) != len(shapes):
        raise MisfitError(f"there are subscripts for {len(operands)} of {len(shapes)} arrays")
    for at, (letters, shape) in enumerate(zip(operands, shapes, strict=True)):
        least = len(letters.replace(DOTS, ""))
        if len(shape) < least or (len(shape) > least and DOTS not in letters):
            raise MisfitError(
                f"'{letters}' is for {least} {'axis' if least == 1 else 'axes'}"
                f"{' or more' if DOTS in letters else ''}, and {{{at}}} is {called(shape)}"
            )
    return operands


def _einsum(*shapes: Shape, arg: tuple[str]) -> Shape:
    written = _subscripts(arg[0], shapes)
    operands, out = subscripts_of(arg[0], [len(shape) for shape in shapes])
    sizes: dict[str, tuple[Size, int]] = {}
    for at, (letters, shape) in enumerate(zip(operands, shapes, strict=True)):
        for letter, size in zip(letters, shape, strict=True):
            known, where = sizes.setdefault(letter, (size, at))
            if known == 1 != size and where != at:
                sizes[letter] = size, at
            elif known != size and (size != 1 or where == at):
                what = letter if letter in written[at] else "an axis of its dots"
                raise MisfitError(
                    f"{what} is {known} in {{{where}}} ({written[where]}), "
                    f"and {size} in {{{at}}} ({written[at]})"
                )
    for letter in out:
        if letter not in sizes:
            raise MisfitError(f"no array has the value's letter {letter}")
        if out.count(letter) > 1:
            raise MisfitError(f"the value has the letter {letter} twice")
    return tuple(sizes[letter][0] for letter in out)


def _transpose(x: Shape, arg: tuple[tuple[int, ...] | None]) -> Shape:
    [axes] = arg
    if axes is None:
        return x[::-1]
    if sorted(along(axes, len(x))) != list(range(len(x))):
        raise MisfitError(f"axes names each axis once, and {{0}} is {called(x)}", "axes")
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
    checked([size for size in shape if size != -1])
    count, rest = product(x), product([size for size in shape if size != -1])
    if -1 not in shape:
        if rest != count:
            raise MisfitError(f"{{0}} has {_elements(count)}, and {text(shape)} takes {rest}")
        return shape
    if shape.count(-1) > 1:
        raise MisfitError("-1 means the size that is left, and it is here twice")
    last = _over(count, rest) if shape.count(-1) == 1 and rest else None
    if last is None:
        raise MisfitError(f"{{0}} has {_elements(count)}, which are no multiple of {rest}")
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
        axis = next(axis for axis in gone if x[axis] != 1)
        raise MisfitError(
            f"only axes of length 1 go, and axis {axis} of {{0}} has {x[axis]}", "axis"
        )
    return tuple(size for at, size in enumerate(x) if at not in gone)


def _topk(x: Shape, arg: tuple[int]) -> Shape:
    if not x:
        raise MisfitError("topk takes an array, and {0} is a number")
    checked(arg, "k")
    if isinstance(x[-1], int) and arg[0] > x[-1]:
        have = f"the last axis of {{0}} has {x[-1]}" if len(x) > 1 else f"{{0}} has {x[-1]}"
        raise MisfitError(f"k is {arg[0]}, and {have}", "k")
    return (*x[:-1], arg[0])


def _spaced(x: Shape, y: Shape, arg: tuple[int]) -> Shape:
    if x or y:
        one, shape = (0, x) if x else (1, y)
        raise MisfitError(
            f"linspace goes from a number to a number, and {{{one}}} is {text(shape)}"
        )
    if isinstance(arg[0], int) and arg[0] <= 1:
        raise MisfitError(f"num is {arg[0]}, and both ends are two numbers", "num")
    return (arg[0],)


def _expanded(x: Shape, arg: tuple[int | tuple[int, ...]]) -> Shape:
    axes = arg[0] if isinstance(arg[0], tuple) else (arg[0],)
    count = len(x) + len(axes)
    places, sizes = set(along(axes, count)), iter(x)
    return tuple(1 if at in places else next(sizes) for at in range(count))


def _spread(x: Shape, arg: tuple[Shape]) -> Shape:
    if broadcast(x, arg[0]) != arg[0]:
        raise MisfitError(f"{{0}} is {called(x)}, which does not spread to {text(arg[0])}", "shape")
    return checked(arg[0])


def _tiled(x: Shape, arg: tuple[tuple[int, ...]]) -> Shape:
    reps = checked(arg[0], "reps")
    count = max(len(x), len(reps))
    sizes, times = (1,) * (count - len(x)) + x, (1,) * (count - len(reps)) + reps
    return tuple(product(pair) for pair in zip(sizes, times, strict=True))


def _repeated(x: Shape, arg: tuple[int, int | None]) -> Shape:
    times, axis = arg
    checked((times,), "repeats")
    if axis is None:
        return (product((*x, times)),)
    axis = normal(axis, len(x))
    return (*x[:axis], product((x[axis], times)), *x[axis + 1 :])


def widths(width: Any, count: int) -> list[tuple[int, int]]:  # noqa: ANN401 (int, pair or pairs)
    """Return how much ``pad`` puts before and after each axis."""
    if isinstance(width, int):
        checked((width,), "width")
        return [(width, width)] * count
    pairs = [tuple(width)] * count if isinstance(width[0], int) else [tuple(one) for one in width]
    if len(pairs) != count:
        raise MisfitError(f"width is for {len(pairs)} axes, and {{0}} has {count}", "width")
    for pair in pairs:
        if len(checked(pair, "width")) != 2:  # noqa: PLR2004 (before and after)
            raise MisfitError("width is a number, or (before, after) for each axis", "width")
    return pairs


def _padded(x: Shape, arg: tuple[Any]) -> Shape:
    if not x:
        raise MisfitError("pad takes an array, and {0} is a number")
    pairs = zip(x, widths(arg[0], len(x)), strict=True)
    return tuple(size + before + after for size, (before, after) in pairs)


def _windows(x: Shape, arg: tuple[Size, int | None, int]) -> Shape:
    count, stride, axis = arg
    axis = normal(axis, len(x))
    checked((count,), "k")
    if stride is not None:
        checked((stride,), "stride")
    size = _steps(x[axis], count, count if stride is None else stride)
    if size is None:
        where = f"axis {axis} of {{0}} has {x[axis]}" if len(x) > 1 else f"{{0}} has {x[0]}"
        raise MisfitError(f"a window has {count}, and {where}", "k")
    return (*x[:axis], size, *x[axis + 1 :], count)


def _unwound(x: Shape, y: Shape, arg: tuple[int | None, int]) -> Shape:
    if not x or x != _windows(y, (x[-1], *arg)):
        raise MisfitError(f"{{0}} is {called(x)}, which is no shape of windows of {{1}}")
    return y


def _steps(size: Size, count: Size, stride: Size) -> Size | None:
    """Return how many windows there are; None where not one fits, or none can be told."""
    if isinstance(size, int) and isinstance(count, int) and isinstance(stride, int):
        return (size - count) // stride + 1 if size >= count else None
    if stride == 1:
        return size + (count * -1 + 1)
    return _over(size, stride) if count == stride else None


def _convolved(axes: int, names: str) -> Callable[..., Shape]:
    """Return the word of a convolution along so many axes."""

    def found(x: Shape, w: Shape, arg: tuple[int, int]) -> Shape:
        stride, padding = arg
        checked((stride,), "stride")
        checked((padding,), "width")
        for at, (shape, first) in enumerate(((x, "batch"), (w, "outputs"))):
            if len(shape) != axes + 2:
                needs = f"{{{at}}} has the axes {first}, channels, {names}"
                raise MisfitError(f"{needs}, and it is {called(shape)}")
        if x[1] != w[1]:
            raise MisfitError(f"{{0}} has {x[1]} channels (axis 1), and {{1}} has {w[1]}")
        sizes = []
        for at in range(2, axes + 2):
            size = _steps(x[at] + 2 * padding, w[at], stride)
            if size is None:
                raise MisfitError(
                    f"{{1}} is {w[at]} long in axis {at}, and {{0}} is {x[at]}"
                    + f" with padding {padding}" * bool(padding)
                )
            sizes.append(size)
        return (x[0], w[0], *sizes)

    return found


def _pooled(axes: int) -> Callable[..., Shape]:
    def found(x: Shape, arg: tuple[int, int | None]) -> Shape:
        if len(x) < axes:
            raise MisfitError(f"it takes an array of {axes} axes or more, and {{0}} is {called(x)}")
        for axis in range(-axes, 0):
            at = len(x) + axis
            x = (*x[:at], _windows(x, (*arg, axis))[at], *x[at + 1 :])
        return x

    return found


def _stack(*shapes: Shape, arg: tuple[int]) -> Shape:
    first = shapes[0]
    for at, shape in enumerate(shapes):
        if shape != first:
            raise MisfitError(
                f"its parts need one shape, and {{0}} is {called(first)} "
                f"and {{{at}}} is {called(shape)}"
            )
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
                f"its parts need one shape but for axis {axis}, and {{0}} is {called(first)} "
                f"and {{{at}}} is {called(shape)}"
            )
        total = total + shape[axis]
    return (*first[:axis], total, *first[axis + 1 :])


def _split(x: Shape, arg: tuple[int, int]) -> Shape:
    parts, axis = arg[0], normal(arg[1], len(x))
    size = _over(x[axis], parts) if parts > 0 else None
    if size is None:
        raise MisfitError(
            f"axis {axis} of {{0}} has {x[axis]}, which does not go into {parts} equal parts"
        )
    return (parts, *x[:axis], size, *x[axis + 1 :])


def whole_spec(spec: tuple[tuple[Any, ...], ...], count: int) -> list[tuple[Any, ...]]:
    """Return the items of an index with "..." written out as the slices that it stands for."""
    used = sum(item[0] in {"at", "cut", "pick"} for item in spec)
    if used > count:
        have = f"{count} axes" if count > 1 else "one axis"
        if not count:
            raise MisfitError("{0} is a number, and has no elements", 0)
        raise MisfitError(f"there are {used} indices, and {{0}} has {have}", count)
    rest = [WHOLE_AXIS] * (count - used)
    if ("rest",) not in spec:
        return [*spec, *rest]
    at = spec.index(("rest",))
    return [*spec[:at], *rest, *[item for item in spec[at + 1 :] if item != ("rest",)]]


def _indexed(x: Shape, *picks: Shape, arg: tuple[Any]) -> Shape:
    found: list[Size] = []
    axis, joined = 0, broadcast(*picks) if picks else ()
    place, apart, gap = -1, False, False
    for number, item in enumerate(whole_spec(arg[0], len(x))):
        kind = item[0]
        if kind == "new":
            gap = place >= 0
            found.append(1)
            continue
        size = x[axis]
        if kind == "at":
            if isinstance(size, int) and not -size <= item[1] < size:
                have = f"axis {axis} of {{0}} has {size}" if len(x) > 1 else f"{{0}} has {size}"
                raise MisfitError(f"there is no element {item[1]}, and {have}", number)
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


def _cut(size: Size, bounds: tuple[Any, ...]) -> Size:
    start: int | None
    stop: int | None
    start, stop, step = bounds
    if isinstance(bounds[0], Letters) or isinstance(bounds[1], Letters):
        return _cut_by_letters(size, bounds)
    if isinstance(size, int):
        return len(range(*slice(*bounds).indices(size)))
    if start in {None, 0} and stop is None and step in {None, 1, -1}:
        return size
    if step in {None, 1} and (start or 0) >= 0:
        if stop is None or stop < 0:
            return size + ((stop or 0) - (start or 0))
        return max(0, stop - (start or 0))
    raise MisfitError(f"a slice of {size} elements needs a size that is a number")


def _cut_by_letters(size: Size, bounds: tuple[Any, ...]) -> Size:
    """Return how many elements are between two places of which one has letters."""
    first, stop, step = bounds
    last = size if stop is None else stop if _from_start(stop) else size + stop
    if step not in {None, 1} or not _from_start(first or 0):
        raise MisfitError("with sizes that are letters a slice goes forth, from the start")
    count: Size = last + -1 * (first or 0)
    return count


def _from_start(place: Size) -> bool:
    """Say whether a place is counted from the start: -n is not."""
    return place >= 0 if isinstance(place, int) else max(place.terms.values()) > 0


def _gathered(x: Shape, i: Shape, arg: tuple[int]) -> Shape:
    if len(x) != len(i) or not x:
        raise MisfitError(
            f"the places in {{1}} need as many axes as {{0}}: "
            f"{{0}} is {called(x)}, and {{1}} is {called(i)}"
        )
    axis = normal(arg[0], len(x))
    broadcast(*((*shape[:axis], 1, *shape[axis + 1 :]) for shape in (x, i)))
    return (*broadcast(x[:axis], i[:axis]), i[axis], *broadcast(x[axis + 1 :], i[axis + 1 :]))


def _classes(t: Shape, z: Shape) -> Shape:
    if len(t) == len(z) and broadcast(t, z) == z:
        return z
    if t != z[:-1]:
        raise MisfitError(
            f"for {{1}} of {text(z)}, {{0}} is {text(z[:-1])} class numbers "
            f"or {text(z)} probabilities"
        )
    return z


def matrix(x: Shape, what: str, *, square: bool = False) -> Shape:
    """Return a matrix's shape without its last two axes. Raises MisfitError for others."""
    if len(x) < 2:  # noqa: PLR2004 (a matrix)
        raise MisfitError(f"{what} takes a matrix, and {{0}} is {called(x)}")
    if square and x[-1] != x[-2]:
        raise MisfitError(f"{what} takes a square matrix, and {{0}} is {text(x)}")
    return x[:-2]


def _square(name: str, *, whole: bool = False) -> Callable[..., Shape]:
    def found(x: Shape) -> Shape:
        batch = matrix(x, name, square=True)
        return x if whole else batch

    return found


def _triangle(name: str) -> Callable[..., Shape]:
    def found(x: Shape, arg: object) -> Shape:  # noqa: ARG001 (k)
        return matrix(x, name) + x[-2:]

    return found


def _solve(x: Shape, y: Shape, arg: object = None) -> Shape:  # noqa: ARG001 (lower)
    matrix(x, "solve", square=True)
    if not y:
        raise MisfitError("solve takes a vector or a matrix on the right, and {1} is a number")
    rows = y[0] if len(y) == 1 else y[-2]
    if x[-1] != rows:
        what = "number" if len(y) == 1 else "row"
        raise MisfitError(
            f"{{0}} is {text(x[-2:])}, and {{1}} has {rows} {what}{'s' * (rows != 1)}"
        )
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
    raise MisfitError(f"diag takes a vector or a matrix, and {{0}} is {called(x)}")


def _number(x: Shape, arg: tuple[Axes]) -> Shape:
    along(arg[0], len(x))
    return ()


def _ones_along(x: Shape, arg: tuple[int]) -> Shape:
    return (x[normal(arg[0], len(x))],)


def _square_along(x: Shape, arg: tuple[int]) -> Shape:
    return _ones_along(x, arg) * 2


def counted(arg: tuple[Any, ...]) -> Size:
    """Return how many numbers ``arange`` has."""
    start, stop, step = arg
    if any(isinstance(part, Letters) for part in arg):
        return _counted_by_letters(arg)
    for key, part in zip(("start", "stop", "step"), arg, strict=True):
        if part is not None and part - part != 0:
            raise MisfitError(f"{key} is {part}, and an array ends", key)
    if stop is None:
        start, stop = 0, start
    if not step:
        raise MisfitError("a step cannot be 0", "step")
    return int(max(0, ceil((stop - start) / step)))  # as NumPy rounds it


def _counted_by_letters(arg: tuple[Any, ...]) -> Size:
    """Return how many numbers ``arange`` has between sizes that are not known yet."""
    start, stop, step = arg
    if stop is None:
        start, stop = 0, start
    whole = all(isinstance(part, int | Letters) for part in (start, stop))
    if step != 1 or not whole:
        raise MisfitError("with sizes that are letters the step is 1", "step")
    count: Size = stop + -1 * start
    return count


def constant(_text: object) -> Shape:
    """Return the shape of a number of a rule's text."""
    return ()


def double(_value: float) -> Shape:
    """Return the shape of a number of a user's."""
    return ()


def word(row: Row) -> Callable[..., Shape] | None:
    """Return the word of an elementwise operation; None where ``expand`` says more."""
    if row.own:
        return _own(row)
    return None if row.derived else broadcast


def _own(row: Row) -> Callable[..., Shape]:
    """Return the word of a function with rules: its value is its body's."""

    def found(*given: Shape) -> Shape:
        *inputs, body = given
        if not row.whole and body != broadcast(*inputs):
            raise MisfitError(
                f"the rule of {row.shown} is for each element, and its value is {text(body)} "
                f"where its arguments are {text(broadcast(*inputs))}: "
                "write what goes back to them, as in adjoint*2*x"
            )
        return body

    return found


INFIX: dict[str, str] = {}
WORDS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("sum", "amax", "amin", "lse", "argmax", "argmin"), _reduced),
    "mean": _reduced,
    "prod": _multiplied,
    "std": _varied,
    "var": _varied,
    "norm": _normed,
    **dict.fromkeys(
        (
            *("softmax", "log_softmax", "cumsum", "cumprod", "logcumsumexp", "sort", "unsorted"),
            *("in_order", "others"),
        ),
        _same,
    ),
    "tril": _triangle("tril"),
    "triu": _triangle("triu"),
    "flip": _flipped,
    "roll": lambda x, arg: _flipped(x, arg[1:]),
    "matmul": _matmul,
    "outer": _vectors,
    "cross": _cross,
    "kron": _kron,
    "in_blocks": lambda _x, y, z: (y[0], z[0], y[1], z[1]),
    "einsum": _einsum,
    "transpose": _transpose,
    "mT": _turned,
    "swapaxes": _swapped,
    "moveaxis": _moved,
    "reshape": _reshaped,
    "rows": lambda x: (product(x[:-1]), x[-1]),
    "kept": lambda _, y, arg: kept(y, arg[0]),
    **dict.fromkeys(
        (
            *("shaped", "spread", "gathered", "untile", "unrepeat", "unpad", "put", "scattered"),
            *("unsplit", "on_diagonal"),
        ),
        lambda _, y, *__, arg=None: y,  # noqa: ARG005
    ),
    "topk": _topk,
    "linspace": _spaced,
    "squeeze": _squeezed,
    "expand_dims": _expanded,
    "broadcast_to": _spread,
    "tile": _tiled,
    "repeat": _repeated,
    "pad": _padded,
    "windows": _windows,
    "windows_of": lambda x, y, arg: _windows(x, (y[normal(arg[0], len(y))], *arg[1:])),
    "unwindows": _unwound,
    "conv1d": _convolved(1, "length"),
    "conv2d": _convolved(2, "rows, columns"),
    **dict.fromkeys(("max_pool1d", "avg_pool1d"), _pooled(1)),
    **dict.fromkeys(("max_pool2d", "avg_pool2d"), _pooled(2)),
    "array": lambda *shapes: _stack(*shapes, arg=(0,)),
    "stack": _stack,
    "concat": _concat,
    "part": lambda _, *others, arg: others[arg[1]],
    "joined": lambda _, *others, arg: _concat(*others, arg=arg[:1]),
    "split": _split,
    "index": _indexed,
    "gather": _gathered,
    "classes": _classes,
    "one_hot": lambda i, arg: (*i, *checked(arg, "n")),
    "trace": lambda x: matrix(x, "trace"),
    "det": _square("det"),
    "logdet": _square("logdet"),
    "inv": _square("inv", whole=True),
    "cholesky": _square("cholesky", whole=True),
    "cofactors": _square("det", whole=True),
    "cofactors_along": lambda x, _: x,
    "solve": _solve,
    "solve_triangular": _solve,
    "diag": _diag,
    **dict.fromkeys(("zeros", "ones"), lambda arg: checked(arg[0])),
    "eye": lambda arg: checked((arg[0], arg[0] if arg[1] is None else arg[1]), "n"),
    "arange": lambda arg: (counted(arg),),
    "size": _number,
    "eye_like": lambda x: x[-2:],
    "eye_along": _square_along,
    "ones_along": _ones_along,
    "tri_along": _square_along,
}
