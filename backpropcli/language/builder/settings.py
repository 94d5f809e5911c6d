"""Settles the arguments of a call: what is an input, and what is a setting such as an axis."""

from __future__ import annotations

from backpropcli.errors import MistakeError
from backpropcli.graph.statics import Static
from backpropcli.language.builder.kinds import TUPLES, canonical, default, kind_of
from backpropcli.language.builder.literals import NONE, Keyword, Literal
from backpropcli.language.builder.sizes import MEASURED, measured

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.row import Row
    from backpropcli.language.builder.literals import Literals


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
