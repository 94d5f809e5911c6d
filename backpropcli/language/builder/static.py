"""What is static in a call, such as an axis or a shape: literals, and where they go."""

from __future__ import annotations

from backpropcli.errors import MistakeError
from backpropcli.graph.row import Sized, Static
from backpropcli.language.builder.arrays import NONE, SETTINGS, Keyword, Literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.graph.row import Row
    from backpropcli.language.builder.arrays import Arrays


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
MEASURED = {"shape", "n", "m", "start", "stop", "num"}
"""What is a size: a name may stand for it that has a whole number, or is a letter of a shape."""
COMPUTED: dict[str, Callable[..., Any]] = {
    "add": lambda one, other: one + other,
    "sub": lambda one, other: one + -1 * other,
    "mul": lambda one, other: one * other,
    "neg": lambda one: -1 * one,
}
"""What sizes are computed with."""
FULL = "full"
"""The operation whose shape NumPy has first."""
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


def measured(builder: Arrays, part: object) -> object:
    """Return the size, or the sizes, that names stand for which have whole numbers.

    Sums and products of sizes are sizes. NotImplemented for anything else. A letter of a shape is a
    size itself.
    """
    graph = builder.graph
    parts = part.parts if isinstance(part, Literal) else None
    if isinstance(part, int) and graph.operations[part] == "array":
        parts = graph.inputs[part]
    if parts is None:
        return _size(builder, part)
    found = tuple([_size(builder, one) for one in parts])
    return NotImplemented if NotImplemented in found else found


def _size(builder: Arrays, part: object) -> object:
    """Return the size that a part of a call is; NotImplemented for what is none."""
    if not isinstance(part, int):
        return builder.static(part)
    graph, todo = builder.graph, [part]
    sizes: dict[int, Any] = {}
    while todo:
        node = todo[-1]
        computed = COMPUTED.get(graph.operations[node])
        left = [child for child in graph.inputs[node] if child not in sizes] if computed else ()
        if left:
            todo += left
            continue
        todo.pop()
        if computed is None:
            sizes[node] = _named(builder, node)
            continue
        given = [sizes[child] for child in graph.inputs[node]]
        none = NotImplemented in given or None in given
        sizes[node] = NotImplemented if none else computed(*given)
        if isinstance(sizes[node], int):
            names = [name for one in given for name in getattr(one, "names", ())]
            sizes[node] = Sized.of(sizes[node], names)
    return sizes[part]


def _named(builder: Arrays, node: int) -> object:
    """Return the size that a number is, or a name stands for; NotImplemented for others."""
    if builder.graph.operations[node] != "variable":
        return builder.literal(node)
    name, known = str(builder.graph.args[node]), getattr(builder.bound, "get", None)
    value = None if known is None else known(name)
    if isinstance(value, float) and value >= 0 and value.is_integer():
        return Sized.of(int(value), [name])
    return value if hasattr(value, "letters") else NotImplemented


def settle(  # noqa: PLR0913 (a call has as many parts)
    builder: Arrays, row: Row, name: str, given: list[Any], start: int, end: int
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
    builder: Arrays, row: Row, given: list[Any], named: list[str]
) -> tuple[list[Any], list[Any]]:
    """Return what stands by position: inputs, and settings."""
    from backpropcli.graph.arrays import JOINS  # noqa: PLC0415 (not for scalars)

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


def _joined(builder: Arrays, part: Any) -> list[Any]:  # noqa: ANN401 (a node, or a Literal)
    """Return the arrays in a list or tuple that stands alone."""
    if isinstance(part, Literal):
        return [part] if part.parts is None else [*part.parts]
    return [*builder.graph.inputs[part]] if builder.graph.operations[part] == "array" else [part]
