"""The shapes of elements that are chosen by their places, and how many there are between two."""

from __future__ import annotations

from math import ceil

from backpropcli.arithmetics.shapes.axes import broadcast, normal
from backpropcli.arithmetics.shapes.misfits import MisfitError, below, called
from backpropcli.arithmetics.shapes.sizes import Letters, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape, Size


WHOLE_AXIS = ("cut", None, None, None)
"""The item of an index that takes a whole axis: x[:]."""


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


def indexed(x: Shape, *picks: Shape, arg: tuple[Any]) -> Shape:
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
            found.append(cut(size, item[1:]))
        axis += 1
    if picks:
        place = 0 if apart else place
        found[place:place] = joined
    return tuple(found)


def gathered(x: Shape, i: Shape, arg: tuple[int]) -> Shape:
    if len(x) != len(i) or not x:
        raise MisfitError(
            f"the places in {{1}} need as many axes as {{0}}: "
            f"{{0}} is {called(x)}, and {{1}} is {called(i)}"
        )
    axis = normal(arg[0], len(x))
    broadcast(*((*shape[:axis], 1, *shape[axis + 1 :]) for shape in (x, i)))
    return (*broadcast(x[:axis], i[:axis]), i[axis], *broadcast(x[axis + 1 :], i[axis + 1 :]))


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
    if stop is None:
        start, stop = 0, start
    if any(isinstance(part, Letters) for part in arg):
        whole = all(isinstance(part, int | Letters) for part in (start, stop))
        if step != 1 or not whole:
            raise MisfitError("with sizes that are letters the step is 1", "step")
        count: Size = stop + -1 * start
        return count
    for key, part in zip(("start", "stop", "step"), arg, strict=True):
        if part is not None and part - part != 0:
            raise MisfitError(f"{key} is {part}, and an array ends", key)
    if not step:
        raise MisfitError("a step cannot be 0", "step")
    return int(max(0, ceil((stop - start) / step)))  # as NumPy rounds it
