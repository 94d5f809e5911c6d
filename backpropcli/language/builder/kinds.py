"""What the settings of a call have to be, such as an axis or a shape."""

from __future__ import annotations

from backpropcli.graph.statics import Static
from backpropcli.language.builder.literals import SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.graph.row import Row


class Kind:
    """What a setting has to be: a test, a phrase that says so, and an example."""

    __slots__ = ("example", "phrase", "test")

    def __init__(self, phrase: str, example: str, test: Callable[[object], bool]) -> None:
        self.phrase = phrase
        self.example = example
        self.test = test


def _whole(value: object) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, Static) or whole or hasattr(value, "letters")


def _several(test: Callable[[object], bool]) -> Callable[[object], bool]:
    """Return whether a value is a tuple of what passes ``test``."""
    return lambda value: isinstance(value, tuple) and bool(value) and all(map(test, value))


def _number(value: object) -> bool:
    return _whole(value) or isinstance(value, float)


def _wholes(value: object) -> bool:
    return _whole(value) or _several(_whole)(value)


def _widths(value: object) -> bool:
    return _wholes(value) or _several(_several(_whole))(value)


def _flag(value: object) -> bool:
    return isinstance(value, bool | Static)


WHOLE = Kind("a whole number", "2", _whole)
WHOLES = Kind("a whole number or a tuple of them", "(0, 1)", _wholes)
NUMBER = Kind("a number", "2", _number)
SIZES = Kind("a tuple of whole numbers", "(2, 3)", _several(_whole))
FLAG = Kind("True or False", "True", _flag)
AXIS = Kind("a whole number", "0", _whole)
AXES = Kind("a whole number or a tuple of them", "0", _wholes)
TEXT = Kind("a text in quotes", '"ij,jk->ik"', lambda value: isinstance(value, str))
ANYTHING = Kind("", "", lambda _: True)
KINDS = {
    "shape": SIZES,
    "reps": SIZES,
    "axes": Kind("a tuple of all axes", "(1, 0)", _several(_whole)),
    "shift": WHOLES,
    "width": Kind("a whole number, or (before, after) for each axis", "((1, 1), (0, 2))", _widths),
    "keepdims": FLAG,
    "descending": FLAG,
    "lower": FLAG,
    "ord": NUMBER,
    "ddof": NUMBER,
    "start": NUMBER,
    "stop": NUMBER,
    "step": NUMBER,
    "subscripts": TEXT,
    "stride": Kind("a whole number", "2", lambda value: value is None or _whole(value)),
    "spec": ANYTHING,
}
"""What a setting of each name has to be; of any other, a whole number."""
TUPLES = {"shape", "reps", "axes"}
"""What is a tuple, even of one number; by position also number after number."""
SINGLE = {"argmax", "argmin", "repeat"}
"""Operations along one axis, or over all elements."""


def kind_of(row: Row, key: str) -> Kind:
    """Return what a setting of ``row`` has to be."""
    if key == "axis":
        one = row.static[key] not in {"None", ""} or row.name in SINGLE
        return AXIS if one else AXES
    return KINDS.get(key, WHOLE)


def default(text: str) -> object:
    """Return a default as it is written in a row."""
    return SETTINGS[text] if text in SETTINGS else int(text)


def canonical(key: str, value: object) -> object:
    """Return a setting in the one form in which a node holds it."""
    if KINDS.get(key) is FLAG and _whole(value) and value in {0, 1}:
        return bool(value)
    if key in TUPLES and _whole(value) and not isinstance(value, Static):
        return (value,)
    return value
