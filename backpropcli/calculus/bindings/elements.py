"""What JSON and its like hold for a value: numbers, and texts with constant expressions."""

from __future__ import annotations

from backpropcli.calculus.bindings.items import Digits, Item
from backpropcli.calculus.bindings.texts import constant
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
