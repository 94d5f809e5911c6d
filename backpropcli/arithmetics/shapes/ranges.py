"""How many numbers there are from one place to another: slices, ``arange``, ``linspace``."""

from __future__ import annotations

from math import ceil

from backpropcli.arithmetics.shapes.misfits import MisfitError, below
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
    if step in {None, 1} and (start or 0) < 0 and (stop is None or stop < 0):
        return max(0, (stop or 0) - start)
    if step in {None, 1} and (start or 0) >= 0:
        if stop is None or stop < 0:
            return size + ((stop or 0) - (start or 0))
        return max(0, stop - (start or 0))
    raise MisfitError(f"a slice of {size} elements needs a size that is a number")


def _cut_by_letters(size: Size, bounds: tuple[Any, ...]) -> Size:
    """Return how many elements are between two places of which one has letters."""
    start, stop, step = bounds
    if step not in {None, 1}:
        raise MisfitError("with sizes that are letters the step of a slice is 1")
    last = size if stop is None else from_start(stop, size)
    count: Size = last + -1 * from_start(start or 0, size)
    if below(count):
        raise MisfitError(f"a slice of {size} elements cannot have {count}")
    return count


def from_start(place: Size, size: Size) -> Size:
    """Return a place counted from the start: -n is counted from the end, and so is 2 - n."""
    if isinstance(place, int):
        return place if place >= 0 else size + place
    ahead = max(count for product, count in place.terms.items() if product) > 0
    return place if ahead else size + place


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
