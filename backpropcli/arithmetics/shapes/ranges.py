"""How many numbers there are from one place to another: slices, ``arange``, ``linspace``."""

from __future__ import annotations

from math import ceil

from backpropcli.arithmetics.shapes.misfits import MisfitError
from backpropcli.arithmetics.shapes.sizes import Letters, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape, Size


def spaced(x: Shape, y: Shape, arg: tuple[int]) -> Shape:
    if x or y:
        one, shape = (0, x) if x else (1, y)
        raise MisfitError(
            f"linspace goes from a number to a number, and {{{one}}} is {text(shape)}"
        )
    if isinstance(arg[0], int) and arg[0] <= 1:
        raise MisfitError(f"num is {arg[0]}, and both ends are two numbers", "num")
    return (arg[0],)


def cut(size: Size, bounds: tuple[Any, ...]) -> Size:
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
    last = size if stop is None else stop if from_start(stop) else size + stop
    if step not in {None, 1} or not from_start(first or 0):
        raise MisfitError("with sizes that are letters a slice goes forth, from the start")
    count: Size = last + -1 * (first or 0)
    return count


def from_start(place: Size) -> bool:
    """Say whether a place is counted from the start: -n is not."""
    return place >= 0 if isinstance(place, int) else max(place.terms.values()) > 0


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
