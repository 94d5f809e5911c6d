"""The axes of a shape: how they are counted, paired, kept and summed over."""

from __future__ import annotations

from math import prod

from backpropcli.arithmetics.shapes.misfits import MisfitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape, Size

    Axes = int | tuple[int, ...] | None


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
