"""Numbers in lists, as Python and JSON have them: rows of a level are equally long."""

from __future__ import annotations

from backpropcli.calculus.bindings.items import Digits, Item
from backpropcli.calculus.bindings.texts import constant
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

DEEPEST = 32
"""How many axes an array has at most."""
ROWS = "all rows of an array are equally long, as in [[1, 2], [3, 4]]"
NOT_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
LONG = 400
"""Characters of a whole number that a double can hold, and some."""
NUMBER = 'a value is a number, a list, or a string with a constant expression, as in "2*pi/3"'
TOO_LARGE = 'the largest is about 1.8e308; infinity is "Infinity"'


def from_json(text: str) -> object:
    """Return what a text of JSON holds. Raises BackpropError for a key given twice."""
    import json

    return json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_float=Digits)


def _whole(text: str) -> int | Digits:
    """Return a whole number, or its text where it has more digits than a double can hold."""
    return int(text) if len(text) <= LONG else Digits(text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return ``pairs`` as a dict; a key given twice is an error, not a silent choice."""
    found: dict[str, object] = {}
    for key, item in pairs:
        if key in found:
            raise BackpropError(f"{key} is given twice in one object", "keep one of the two")
        found[key] = item
    return found


def element(given: object, place: str) -> Any:  # noqa: ANN401 (a text may be an array)
    """Return an element of a list: a number, or a text with a constant expression."""
    if isinstance(given, Digits):
        number = float(given)
        if number - number != 0 and given[-1].isdecimal():
            raise BackpropError(f"{place} is too large for a double", TOO_LARGE)
        return number
    if isinstance(given, str):
        found = NOT_FINITE.get(given)
        return constant(Item.of(place, given)) if found is None else found
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        try:
            return float(given)
        except OverflowError:
            raise BackpropError(f"{place} is too large for a double", TOO_LARGE) from None
    raise BackpropError(f"{place} is not a number", NUMBER)


def array_of(rows: Sequence[object], name: str, number: Callable[[object, str], Any]) -> Any:  # noqa: ANN401
    """Return nested lists as an array of doubles.

    ``number`` makes a float of an element that is no plain number, given its name: X[1, 0]. Raises
    BackpropError for what is ragged, empty, or no number.
    """
    shape: tuple[int, ...] = ()
    parts: list[Any] = [rows]
    while any(isinstance(part, (list, tuple)) for part in parts):
        first = parts[0]
        for at, part in enumerate(parts):
            if not isinstance(part, (list, tuple)) or not isinstance(first, (list, tuple)):
                one, other = (
                    _place(name, shape, place)
                    for place in ((at, 0) if isinstance(first, (list, tuple)) else (0, _row(parts)))
                )
                raise BackpropError(f"{one} is a number, and {other} a list", ROWS)
            if not part:
                raise BackpropError(
                    f"{_place(name, shape, at)} is empty", "an array has at least one element"
                )
            if len(part) != len(first):
                raise BackpropError(
                    f"{_place(name, shape, at)} has {_elements(part)}, "
                    f"and {_place(name, shape, 0)} has {len(first)}",
                    ROWS,
                )
        shape += (len(first),)
        if len(shape) > DEEPEST:
            raise BackpropError(
                f"{name or 'it'} is nested more than {DEEPEST} deep", "an array has fewer axes"
            )
        parts = [_plain(element) for part in parts for element in part]
    import numpy as np

    from backpropcli.calculus.bindings.arrays import frozen

    return frozen(np.array(_numbers(parts, name, shape, number)).reshape(shape))


def _numbers(
    parts: list[Any], name: str, shape: tuple[int, ...], number: Callable[[object, str], Any]
) -> list[float]:
    """Return the elements as numbers: at once where all are plain, else one after the other."""
    kinds = {*map(type, parts)}
    if kinds <= {float, int, Digits}:
        try:
            found = [*map(float, parts)]
            if Digits not in kinds or all(one - one == 0 for one in found):
                return found
        except OverflowError:  # a whole number beyond all doubles: it is told which
            pass
    return [_one(part, _place(name, shape, at), number) for at, part in enumerate(parts)]


def _one(part: object, place: str, number: Callable[[object, str], Any]) -> float:
    found = number(part, place)
    if not isinstance(found, float):
        raise BackpropError(f"{place} is an array in a text", "write its elements as a list")
    return float(found)


def _plain(element: Any) -> Any:  # noqa: ANN401
    """Return an element as a number or a list: an array in a list is one."""
    if isinstance(element, (int, float, str, list, tuple)) or not hasattr(element, "tolist"):
        return element
    return element.tolist()


def _row(parts: list[Any]) -> int:
    """Return the place of the first list."""
    return next(at for at, part in enumerate(parts) if isinstance(part, (list, tuple)))


def _elements(part: Sequence[object]) -> str:
    return f"{len(part)} element{'s' * (len(part) > 1)}"


def _place(name: str, shape: tuple[int, ...], at: int) -> str:
    """Return what element ``at`` is called: X[1, 0]."""
    places = []
    for size in reversed(shape):
        at, place = divmod(at, size)
        places.append(str(place))
    return f"{name}[{', '.join(reversed(places))}]" if places else name or "it"
