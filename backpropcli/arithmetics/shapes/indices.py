"""The shapes of elements that are chosen by their places."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.axes import broadcast, normal
from backpropcli.arithmetics.shapes.misfits import MisfitError, called
from backpropcli.arithmetics.shapes.ranges import cut

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
