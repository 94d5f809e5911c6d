"""The shapes of operations that go along axes, and keep or drop them."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.axes import along, count_along, kept, normal
from backpropcli.arithmetics.shapes.misfits import MisfitError, checked, elements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape

    Axes = int | tuple[int, ...] | None


def reduced(x: Shape, arg: tuple[Any, ...]) -> Shape:
    axes, keep = arg[-2:]
    gone = along(axes, len(x))
    if keep:
        return kept(x, axes)
    return tuple(size for at, size in enumerate(x) if at not in gone)


def varied(x: Shape, arg: tuple[Any, ...]) -> Shape:
    *over, ddof = arg
    count = count_along(x, over[0])
    if isinstance(count, int) and ddof >= count:
        raise MisfitError(f"ddof is {ddof}, and it goes over {elements(count)}", "ddof")
    return reduced(x, tuple(over))


def normed(x: Shape, arg: tuple[Any, ...]) -> Shape:
    if not arg[0] > 0:
        raise MisfitError(f"ord is {arg[0]}, and a norm's is above 0", "ord")
    return reduced(x, arg)


def multiplied(x: Shape, arg: tuple[Any, ...]) -> Shape:
    if isinstance(arg[0], tuple):
        raise MisfitError("prod goes along one axis, or over all elements", "axis")
    return reduced(x, arg)


def same(x: Shape, *_: Shape, arg: tuple[int | None] = (None,)) -> Shape:
    if arg[0] is not None:
        normal(arg[0], len(x))
    return x


def flipped(x: Shape, arg: tuple[Axes]) -> Shape:
    along(arg[0], len(x))
    return x


def topk(x: Shape, arg: tuple[int]) -> Shape:
    if not x:
        raise MisfitError("topk takes an array, and {0} is a number")
    checked(arg, "k")
    if isinstance(x[-1], int) and arg[0] > x[-1]:
        have = f"the last axis of {{0}} has {x[-1]}" if len(x) > 1 else f"{{0}} has {x[-1]}"
        raise MisfitError(f"k is {arg[0]}, and {have}", "k")
    return (*x[:-1], arg[0])
