"""Arguments that are no expressions, or stand in another place: texts, tuples, axes."""

from __future__ import annotations

from backpropcli.errors import Edit, SourceError, columns
from backpropcli.graph.arrays import JOINS
from backpropcli.graph.row import Row
from backpropcli.language.builder.literals import Keyword, Literal
from backpropcli.language.builder.settings import FLAG, kind_of
from backpropcli.language.mistakes.elsewhere.call import Call, elsewhere
from backpropcli.language.mistakes.elsewhere.languages import SUMMING
from backpropcli.language.mistakes.fixes import one
from backpropcli.language.mistakes.refused.counts import wrong_count
from backpropcli.language.mistakes.refused.keywords import by_name
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT, quoted, short, trimmed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.builder.arrays import Arrays
    from backpropcli.language.program import Function

POSITIONAL = Slip(
    "an axis without its name", "sum(x, 0)",
    "the {key} of {name} is given by name", "write {setting}",
    instead="sum(x, axis=0)",
)  # fmt: skip
TUPLE = Slip(
    "a tuple as an array", "sum((x, y))",
    "an array has square brackets", "write {array}",
    instead="sum([x, y])",
)  # fmt: skip
TEXT = Slip(
    "a text in a call", "sin('x')",
    "a text is only allowed in einsum", "write {text} without quotes",
    instead="sin(x)",
)  # fmt: skip
TERMS = Slip(
    "terms of a sum as arguments", "sum(x, y)",
    "{name} takes one array", "write {written}",
    instead="x + y",
)  # fmt: skip
INDEXED = Slip(
    "a sum over an index that is not written out", "sum(i^2, i, 1, 100)",
    "{name} takes one array", "write all terms, or an array of them, as in sum(arange(1, 101)^2)",
    instead="sum(arange(1, 101)^2)",
)  # fmt: skip
NORM_OF_NUMBERS = Slip(
    "numbers in place of a vector", "norm(x, y)",
    "{name} is of one array, and its order is a literal number", "write {written}",
    instead="norm([x, y])",
)  # fmt: skip


def bad_argument(  # noqa: PLR0913 (what the sentence tells)
    builder: Arrays,
    owner: Row | Function | None,
    name: str,
    given: Sequence[object],
    start: int,
    end: int,
) -> SourceError:
    """Return the error for what cannot be an argument, or stands in the wrong place.

    ``owner`` is the operation, or the program's own function; None for diff.
    """
    static = owner.static if isinstance(owner, Row) else {}
    call = Call(Place(builder, start, start + len(name)))
    for index, part in enumerate(given):
        if isinstance(part, Keyword) and not static:
            return by_name(builder, owner, name, part, call)
        if isinstance(part, Literal) and isinstance(part.value, str) and part.parts is None:
            text = quoted(part.value)[1:-1]
            fixes = one((part.start, part.end, part.value))
            return TEXT.error(builder, part.start, part.end, fixes, text=text)
        if isinstance(part, Literal) and part.parts is not None and not (index and static):
            inside = builder.source[part.start + 1 : part.end - 1].strip()
            shown = f"[{inside}]" if columns(inside) <= SHORT else "[...]"
            if not (isinstance(owner, Row) and owner.name in JOINS):
                fixes = one((part.start, part.end, f"[{inside}]"))
                return TUPLE.error(builder, part.start, part.end, fixes, array=shown)
    assert isinstance(owner, Row)  # noqa: S101 (for mypy: all else has returned)
    return _too_many(builder, owner, name, given, call, start, end)


def _too_many(  # noqa: PLR0913 (what the sentence tells)
    builder: Arrays,
    row: Row,
    name: str,
    given: Sequence[object],
    call: Call,
    start: int,
    end: int,
) -> SourceError:
    """Return the error for more arguments by position than an operation takes."""
    named = {part.key for part in given if isinstance(part, Keyword)}
    first = 1 if row.variadic else len(row.parameters)
    free = [key for key in row.static if key not in named and key not in row.positional]
    positions = [at for at, part in enumerate(given) if not isinstance(part, Keyword)]
    extra = positions[first:]
    if 0 < len(extra) <= len(free) and len(call.spans) == len(given):
        pairs = [*zip(free, extra, strict=False)]
        if all(_fits(builder, row, key, given[at], call.arguments[at]) for key, at in pairs):
            shown = ", ".join(f"{key}={call.arguments[at]}" for key, at in pairs)
            begin, stop = trimmed(builder.source, *call.spans[extra[0]])
            places = [trimmed(builder.source, *call.spans[at])[0] for at in extra]
            fixes = one(*[(at, at, f"{key}=") for key, at in zip(free, places, strict=False)])
            fills = {"key": free[0], "name": quoted(name), "setting": short(shown)}
            return POSITIONAL.error(builder, begin, stop, fixes, **fills)
    if name in SUMMING and len(call.arguments) > 1 and not named:
        written = elsewhere(call, name)
        if written:
            shown = call.fitted(written)
            advice = shown if columns(shown) <= SHORT else "the terms out, as in x + y + z"
            fixes = (call.edit(written),)
            return TERMS.error(builder, start, end, fixes, name=quoted(name), written=advice)
        if call.index:
            return INDEXED.error(builder, start, end, name=quoted(name))
    if row.spelled == "norm" and (numbers := vector(builder, name, start)):
        return norm_of_numbers(builder, name, numbers, start, end)
    return wrong_count(builder, row, name, len(positions), start, end)


def _fits(builder: Arrays, row: Row, key: str, part: object, text: str) -> bool:
    """Say whether an argument may be meant for a keyword."""
    kind = kind_of(row, key)
    value = builder.static(part)
    return text in {"True", "False"} if kind is FLAG else value is None or kind.test(value)


def vector(builder: Arrays, name: str, start: int) -> list[Edit]:
    """Return the edit that writes norm([x, y]) for norm(x, y), where those may be numbers."""
    call = Call(Place(builder, start, start + len(name)))
    plain = all("=" not in text and "[" not in text for text in call.arguments)
    whole = f"{name}([{', '.join(call.arguments)}])"
    return call.edit(whole) if plain and len(call.arguments) > 1 else []


def norm_of_numbers(
    builder: Arrays, name: str, numbers: list[Edit], start: int, end: int
) -> SourceError:
    """Return the error for norm(x, y), which is norm([x, y]) here."""
    written = short(numbers[0][2])
    fills = {"name": quoted(name), "written": written}
    return NORM_OF_NUMBERS.error(builder, start, end, (numbers,), **fills)
