"""The shapes of what slides along axes: windows, convolutions, pools."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.axes import normal
from backpropcli.arithmetics.shapes.misfits import MisfitError, called, checked
from backpropcli.arithmetics.shapes.sizes import over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.arithmetics.shapes.sizes import Shape, Size


def windows(x: Shape, arg: tuple[Size, int | None, int]) -> Shape:
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


def unwound(x: Shape, y: Shape, arg: tuple[int | None, int]) -> Shape:
    if not x or x != windows(y, (x[-1], *arg)):
        raise MisfitError(f"{{0}} is {called(x)}, which is no shape of windows of {{1}}")
    return y


def _steps(size: Size, count: Size, stride: Size) -> Size | None:
    """Return how many windows there are; None where not one fits, or none can be told."""
    if isinstance(size, int) and isinstance(count, int) and isinstance(stride, int):
        return (size - count) // stride + 1 if size >= count else None
    if stride == 1:
        return size + (count * -1 + 1)
    return over(size, stride) if count == stride else None


def convolved(axes: int, names: str) -> Callable[..., Shape]:
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


def pooled(axes: int) -> Callable[..., Shape]:
    def found(x: Shape, arg: tuple[int, int | None]) -> Shape:
        if len(x) < axes:
            raise MisfitError(f"it takes an array of {axes} axes or more, and {{0}} is {called(x)}")
        for axis in range(-axes, 0):
            at = len(x) + axis
            x = (*x[:at], windows(x, (*arg, axis))[at], *x[at + 1 :])
        return x

    return found
