"""The shapes of the same elements in another arrangement: turned, repeated, padded, joined."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.axes import along, broadcast, normal, product
from backpropcli.arithmetics.shapes.misfits import MisfitError, called, checked, elements
from backpropcli.arithmetics.shapes.sizes import over, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape, Size

    Axes = int | tuple[int, ...] | None


def transpose(x: Shape, arg: tuple[tuple[int, ...] | None]) -> Shape:
    [axes] = arg
    if axes is None:
        return x[::-1]
    if sorted(along(axes, len(x))) != list(range(len(x))):
        raise MisfitError(f"axes names each axis once, and {{0}} is {called(x)}", "axes")
    return tuple(x[axis] for axis in axes)


def swapped(x: Shape, arg: tuple[int, int]) -> Shape:
    found = list(x)
    one, other = (normal(axis, len(x)) for axis in arg)
    found[one], found[other] = found[other], found[one]
    return tuple(found)


def moved(x: Shape, arg: tuple[int, int]) -> Shape:
    found = list(x)
    source, destination = (normal(axis, len(x)) for axis in arg)
    found.insert(destination, found.pop(source))
    return tuple(found)


def reshaped(x: Shape, arg: tuple[tuple[int, ...]]) -> Shape:
    [shape] = arg
    checked([size for size in shape if size != -1])
    count, rest = product(x), product([size for size in shape if size != -1])
    if -1 not in shape:
        if rest != count:
            raise MisfitError(f"{{0}} has {elements(count)}, and {text(shape)} takes {rest}")
        return shape
    if shape.count(-1) > 1:
        raise MisfitError("-1 means the size that is left, and it is here twice")
    last = over(count, rest) if shape.count(-1) == 1 and rest else None
    if last is None:
        raise MisfitError(f"{{0}} has {elements(count)}, which are no multiple of {rest}")
    return tuple(last if size == -1 else size for size in shape)


def squeezed(x: Shape, arg: tuple[Axes]) -> Shape:
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


def expanded(x: Shape, arg: tuple[int | tuple[int, ...]]) -> Shape:
    axes = arg[0] if isinstance(arg[0], tuple) else (arg[0],)
    count = len(x) + len(axes)
    places, sizes = set(along(axes, count)), iter(x)
    return tuple(1 if at in places else next(sizes) for at in range(count))


def spread(x: Shape, arg: tuple[Shape]) -> Shape:
    if broadcast(x, arg[0]) != arg[0]:
        raise MisfitError(f"{{0}} is {called(x)}, which does not spread to {text(arg[0])}", "shape")
    return checked(arg[0])


def tiled(x: Shape, arg: tuple[tuple[int, ...]]) -> Shape:
    reps = checked(arg[0], "reps")
    count = max(len(x), len(reps))
    sizes, times = (1,) * (count - len(x)) + x, (1,) * (count - len(reps)) + reps
    return tuple(product(pair) for pair in zip(sizes, times, strict=True))


def repeated(x: Shape, arg: tuple[int, int | None]) -> Shape:
    times, axis = arg
    checked((times,), "repeats")
    if axis is None:
        return (product((*x, times)),)
    axis = normal(axis, len(x))
    return (*x[:axis], product((x[axis], times)), *x[axis + 1 :])


def widths(width: Any, count: int) -> list[tuple[Any, Any]]:
    """Return how much ``pad`` puts before and after each axis."""
    if not isinstance(width, tuple):
        checked((width,), "width")
        return [(width, width)] * count
    alike = not isinstance(width[0], tuple)
    pairs = [tuple(width)] * count if alike else [tuple(one) for one in width]
    if len(pairs) != count:
        raise MisfitError(f"width is for {len(pairs)} axes, and {{0}} has {count}", "width")
    for pair in pairs:
        if len(checked(pair, "width")) != 2:  # noqa: PLR2004 (before and after)
            raise MisfitError("width is a number, or (before, after) for each axis", "width")
    return pairs


def padded(x: Shape, arg: tuple[Any]) -> Shape:
    if not x:
        raise MisfitError("pad takes an array, and {0} is a number")
    pairs = zip(x, widths(arg[0], len(x)), strict=True)
    return tuple(size + before + after for size, (before, after) in pairs)


def stack(*shapes: Shape, arg: tuple[int]) -> Shape:
    first = shapes[0]
    for at, shape in enumerate(shapes):
        if shape != first:
            raise MisfitError(
                f"its parts need one shape, and {{0}} is {called(first)} "
                f"and {{{at}}} is {called(shape)}"
            )
    axis = normal(arg[0], len(first) + 1)
    return (*first[:axis], len(shapes), *first[axis:])


def concat(*shapes: Shape, arg: tuple[int]) -> Shape:
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


def split(x: Shape, arg: tuple[int, int]) -> Shape:
    parts, axis = arg[0], normal(arg[1], len(x))
    size = over(x[axis], parts) if parts > 0 else None
    if size is None:
        raise MisfitError(
            f"axis {axis} of {{0}} has {x[axis]}, which does not go into {parts} equal parts"
        )
    return (parts, *x[:axis], size, *x[axis + 1 :])
