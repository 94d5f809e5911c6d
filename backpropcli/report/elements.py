"""Elements of arrays: which one is meant, what it is called, and its number. A number has one."""

from __future__ import annotations

from backpropcli.arithmetics.arrays.titles import titled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Place = tuple[int, ...]


def shape_of(value: Any) -> Place:  # noqa: ANN401 (a number, or an array)
    """Return the shape of an array; () for a number."""
    return tuple(getattr(value, "shape", ()))


def element_of(value: Any, place: Place) -> Place:  # noqa: ANN401 (a number, or an array)
    """Return which element of ``value`` is broadcast to a ``place`` of a larger array."""
    shape = shape_of(value)
    inner = place[len(place) - len(shape) :]
    return tuple([at if size > 1 else 0 for at, size in zip(inner, shape, strict=True)])


def number_at(value: Any, place: Place) -> float:  # noqa: ANN401 (a number, or an array)
    """Return an element of an array; a number itself."""
    return float(value[place] if place else value)


def element(text: str, place: Place) -> str:
    """Return the text of an element of what ``text`` says: x[1,2]; of a number, the text itself."""
    if not place:
        return text
    return titled(text if closed(text) else f"({text})", place)


def closed(text: str) -> bool:
    """Say whether an index after ``text`` is of all of it: a name, a call, a literal."""
    depth = 0
    for char in text[:-1]:
        depth += (char in "([") - (char in ")]")
        if not depth and not (char.isalnum() or char in "_.])"):
            return False
    return text[-1:].isalnum() or text[-1:] in "_)]"
