"""Settles the arguments of a call: inputs, and settings such as an axis, with what those can be."""

from __future__ import annotations

from backpropcli.errors import MistakeError
from backpropcli.graph.statics import Static
from backpropcli.language.builder.literals import NONE, SETTINGS, Keyword, Literal, Literals
from backpropcli.language.builder.sizes import MEASURED, measured

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

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


FULL = "full"
"""The operation whose shape NumPy has first."""


def settle(  # noqa: PLR0913 (a call has as many parts)
    builder: Literals, row: Row, name: str, given: list[Any], start: int, end: int
) -> tuple[tuple[int, ...], tuple[object, ...] | None]:
    """Return the inputs of a call, and what is static in it.

    Raises SourceError where they do not fit the operation.
    """
    settings: dict[str, Any] = {}
    for part in given:
        if isinstance(part, Keyword):
            key = "axis" if part.name == "dims" and "axis" in row.static else part.key
            if key not in row.static or key in settings:
                raise MistakeError("bad_keyword", builder, row, name, part, twice=key in settings)
            settings[key] = part.setting
    inputs, placed = _placed(builder, row, given, [*settings])
    free = [key for key in row.positional if key not in settings]
    if len(placed) > len(free) or any(not isinstance(part, int) for part in inputs):
        raise MistakeError("bad_argument", builder, row, name, given, start, end)
    if not row.accepts(len(inputs)):
        raise MistakeError("wrong_count", builder, row, name, len(inputs), start, end)
    settings |= dict(zip(free, placed, strict=False))
    arg = []
    for key, written in row.static.items():
        part = settings.get(key)
        value = builder.static(part) if part is not None else default(written) if written else None
        value = measured(builder, part) if value is NotImplemented and key in MEASURED else value
        value = canonical(key, value)
        usual = isinstance(value, Static) or (value is None and written == NONE)
        fits = usual or kind_of(row, key).test(value)
        if not fits or (part is None and not written):
            raise MistakeError("bad_setting", builder, row, name, key, settings, start, end)
        arg.append(value)
    return tuple(inputs), tuple(arg) if row.static else None


def _placed(
    builder: Literals, row: Row, given: list[Any], named: list[str]
) -> tuple[list[Any], list[Any]]:
    """Return what stands by position: inputs, and settings."""
    from backpropcli.graph.arrays import JOINS

    parts = [part for part in given if not isinstance(part, Keyword)]
    if row.name == FULL and parts and isinstance(parts[0], Literal):
        parts.reverse()  # full((2, 3), x)
    if not row.variadic:
        count = len(row.parameters)
        inputs, placed = parts[:count], parts[count:]
        free = [key for key in row.positional if key not in named]
        if free[:1] and free[0] in TUPLES and len(placed) > 1:
            placed = [builder.sized(placed, 0, 0)]  # reshape(x, 2, 3)
        return inputs, placed
    count = sum(not row.static[key] for key in row.positional if key not in named)
    placed, inputs = parts[:count], parts[count:]
    if len(inputs) == 1 and row.name in JOINS:
        inputs = _joined(builder, inputs[0])
    return inputs, placed


def _joined(builder: Literals, part: Any) -> list[Any]:  # noqa: ANN401 (a node, or a Literal)
    """Return the arrays in a list or tuple that stands alone."""
    if isinstance(part, Literal):
        return [part] if part.parts is None else [*part.parts]
    return [*builder.graph.inputs[part]] if builder.graph.operations[part] == "array" else [part]
