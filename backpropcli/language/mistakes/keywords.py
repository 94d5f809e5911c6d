"""Mistakes in what stands in a call beside expressions: keywords, axes, shapes, tuples, texts."""

from __future__ import annotations

from backpropcli.errors import closest, columns
from backpropcli.graph.arrays import JOINS
from backpropcli.graph.row import Row
from backpropcli.language.builder.kinds import FLAG, kind_of
from backpropcli.language.builder.literals import SPELLED, Keyword, Literal
from backpropcli.language.builder.sizes import MEASURED
from backpropcli.language.mistakes.calls import elsewhere, signature, wrong_count
from backpropcli.language.mistakes.fixes import one
from backpropcli.language.mistakes.languages import SUMMING
from backpropcli.language.mistakes.named import renamed, without_names
from backpropcli.language.mistakes.place import Place
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.templates import Call, is_ignored
from backpropcli.language.mistakes.text import SHORT, quoted, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.errors import Edit, SourceError
    from backpropcli.language.builder.arrays import Arrays
    from backpropcli.language.program import Function

OVER_AXES = {"axis", "keepdims"}
"""Keywords that say nothing of what goes element by element."""
UNKNOWN_KEYWORD = Slip(
    "a keyword that a function has not", "sum(x, foo=0)",
    "{name} has no keyword {keyword}", "it has {keywords}",
)  # fmt: skip
MISSPELT_KEYWORD = Slip(
    "a slip in a keyword", "sum(x, axs=0)",
    "{name} has no keyword {keyword}", "did you mean '{meant}'?",
    instead="sum(x, axis=0)",
)  # fmt: skip
KEYWORD_TWICE = Slip(
    "a keyword twice", "sum(x, axis=0, dim=1)",
    "the {key} of {name} is given twice", "keep one of the two",
    instead="sum(x, axis=0)",
)  # fmt: skip
NO_KEYWORDS = Slip(
    "a keyword in a function that has none", "sin(x, axis=0)",
    "{name} has no keywords", "leave {keyword} out",
    instead="sin(x)",
)  # fmt: skip
VALUE_KEYWORD = Slip(
    "a keyword whose value is an argument here", "leaky_relu(x, negative_slope=0.2)",
    "{name} has no keywords", "{why}write {written}",
    instead="leaky_relu(x, 0.2)",
)  # fmt: skip
OTHER_KEYWORD = Slip(
    "a keyword that changes a value", "softplus(x, threshold=20)",
    "{name} has no keyword {keyword}", "without it {signature} may be another number",
)  # fmt: skip
RENAMED_KEYWORD = Slip(
    "another library's keyword", "var(x, unbiased=False)",
    "{name} has no keyword {keyword}", "write {written}",
    instead="var(x, ddof=0)",
)  # fmt: skip
IGNORED_KEYWORD = Slip(
    "a keyword about memory", "zeros(3, dtype=float64)",
    "{name} has no keyword {keyword}", "leave it out: all values are doubles",
    instead="zeros(3)",
)  # fmt: skip
BY_NAME = Slip(
    "an argument by name", "leaky_relu(x, slope=0.1)",
    "arguments have no names", "write {setting} alone, as in {call}",
    instead="leaky_relu(x, 0.1)",
)  # fmt: skip
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
NO_SUBSCRIPTS = Slip(
    "einsum without subscripts", "einsum(x, y)",
    "{name} begins with its subscripts, a text in quotes", "write {example}",
    instead='einsum("ij,jk->ik", x, y)',
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
NOT_LITERAL = Slip(
    "a shape that rests on values", "zeros(n)",
    "the {key} of {name} is not a literal{why}", "write literal numbers, as in {example}",
    instead="zeros((2, 3))",
)  # fmt: skip
NORM_OF_NUMBERS = Slip(
    "numbers in place of a vector", "norm(x, y)",
    "{name} is of one array, and its order is a literal number", "write {written}",
    instead="norm([x, y])",
)  # fmt: skip
MISSING = Slip(
    "a setting that is missing", "reshape(x)",
    "{name} lacks its {key}", "write {example}",
    instead="reshape(x, (2, 3))",
)  # fmt: skip
WRONG_SETTING = Slip(
    "a setting of another kind", "sum(x, axis=1.5)",
    "the {key} of {name} has to be {phrase}", "write it as in {example}",
    instead="sum(x, axis=0)",
)  # fmt: skip


def bad_keyword(
    builder: Arrays, row: Row, name: str, keyword: Keyword, *, twice: bool
) -> SourceError:
    """Return the error for a keyword that a function does not have, or has already."""
    start, end = keyword.start, keyword.end
    fills: dict[str, object] = {"name": quoted(name), "keyword": quoted(keyword.name)}
    known = {key: key for key in row.static} | {
        word: key for word, key in SPELLED.items() if key in row.static
    }
    meant = closest(keyword.name, known)
    written = renamed(row.spelled, keyword.name, _setting(builder, keyword))
    if twice:
        slip = KEYWORD_TWICE
    elif is_ignored(builder.source[start:end]):
        slip = IGNORED_KEYWORD
    elif written:
        slip = RENAMED_KEYWORD
    else:
        slip = MISSPELT_KEYWORD if meant else UNKNOWN_KEYWORD
    error = slip.error(
        builder,
        start,
        end,
        **fills,
        key=keyword.key,
        meant=meant,
        written=written,
        keywords=" and ".join(row.static),
    )
    if slip is MISSPELT_KEYWORD:
        error.fixes = one((start, start + len(keyword.name), meant))
    elif slip is RENAMED_KEYWORD:
        error.fixes = one((start, end, written))
    elif slip is IGNORED_KEYWORD:
        error.fixes = _left_out(builder, start, end)
    return error


def _left_out(builder: Arrays, start: int, end: int) -> tuple[list[tuple[int, int, str]], ...]:
    """Return the correction that leaves an argument out, with the comma before it."""
    comma = builder.source.rfind(",", 0, start)
    between = builder.source[comma + 1 : start] if comma >= 0 else "?"
    return one((comma if between.isspace() or not between else start, end, ""))


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
            return _by_name(builder, owner, name, part, call)
        if isinstance(part, Literal) and isinstance(part.value, str) and part.parts is None:
            text = quoted(part.value)[1:-1]
            error = TEXT.error(builder, part.start, part.end, text=text)
            error.fixes = one((part.start, part.end, part.value))
            return error
        if isinstance(part, Literal) and part.parts is not None and not (index and static):
            inside = builder.source[part.start + 1 : part.end - 1].strip()
            shown = f"[{inside}]" if columns(inside) <= SHORT else "[...]"
            error = TUPLE.error(builder, part.start, part.end, array=shown)
            error.fixes = one((part.start, part.end, f"[{inside}]"))
            if not (isinstance(owner, Row) and owner.name in JOINS):
                return error
    assert isinstance(owner, Row)  # noqa: S101 (for mypy: all else has returned)
    return _too_many(builder, owner, name, given, call, start, end)


def _by_name(
    builder: Arrays, owner: Row | Function | None, name: str, keyword: Keyword, call: Call
) -> SourceError:
    """Return the error for a keyword of a function that has none."""
    parameters = [] if owner is None else owner.parameters
    start, end = keyword.start, keyword.end
    setting = _setting(builder, keyword)
    if isinstance(owner, Row) and keyword.name not in parameters:
        return _of_another(builder, owner, name, keyword, call)
    shown = f"{short(name)}({', '.join(parameters)})" if parameters else "diff(u, x)"
    error = BY_NAME.error(builder, start, end, setting=short(setting), call=short(shown))
    error.fixes = one((start, end, setting))
    return error


def _setting(builder: Arrays, keyword: Keyword) -> str:
    """Return the text of a keyword's setting."""
    at = builder.source.index("=", keyword.start) + 1
    return builder.source[at : keyword.end].strip()


def _of_another(builder: Arrays, row: Row, name: str, keyword: Keyword, call: Call) -> SourceError:
    """Return the error for a keyword that another library has, of a function that has none."""
    start, end = keyword.start, keyword.end
    fills = {"name": quoted(name), "keyword": quoted(keyword.name)}
    ignored = is_ignored(builder.source[start:end])
    if ignored or keyword.key in OVER_AXES:
        slip = IGNORED_KEYWORD if ignored else NO_KEYWORDS
        error = slip.error(builder, start, end, **fills)
        error.fixes = _left_out(builder, start, end)
        return error
    written = without_names(call, row.spelled)
    if not written:
        return OTHER_KEYWORD.error(builder, start, end, **fills, signature=signature(row, name))
    why = "it rounds to whole numbers: " if row.name == "round" else ""
    error = VALUE_KEYWORD.error(builder, start, end, **fills, why=why, written=short(written))
    error.fixes = (call.edit(written),)
    return error


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
            begin, stop = _trimmed(builder, *call.spans[extra[0]])
            error = POSITIONAL.error(
                builder, begin, stop, key=free[0], name=quoted(name), setting=short(shown)
            )
            places = [_trimmed(builder, *call.spans[at])[0] for at in extra]
            error.fixes = one(*[(at, at, f"{key}=") for key, at in zip(free, places, strict=False)])
            return error
    if name in SUMMING and len(call.arguments) > 1 and not named:
        written = elsewhere(call, name)
        if written:
            shown = call.fitted(written)
            advice = shown if columns(shown) <= SHORT else "the terms out, as in x + y + z"
            error = TERMS.error(builder, start, end, name=quoted(name), written=advice)
            error.fixes = (call.edit(written),)
            return error
        if call.index:
            return INDEXED.error(builder, start, end, name=quoted(name))
    if row.spelled == "norm" and (numbers := _vector(builder, name, start)):
        return _norm_of_numbers(builder, name, numbers, start, end)
    return wrong_count(builder, row, name, len(positions), start, end)


def _fits(builder: Arrays, row: Row, key: str, part: object, text: str) -> bool:
    """Say whether an argument may be meant for a keyword."""
    kind = kind_of(row, key)
    value = builder.static(part)
    return text in {"True", "False"} if kind is FLAG else value is None or kind.test(value)


def _trimmed(builder: Arrays, start: int, end: int) -> tuple[int, int]:
    """Return the place of an argument without the blanks around it."""
    text = builder.source[start:end]
    return start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())


def bad_setting(  # noqa: PLR0913 (what the sentence tells)
    builder: Arrays,
    row: Row,
    name: str,
    key: str,
    settings: dict[str, object],
    start: int,
    end: int,
) -> SourceError:
    """Return the error for a setting that is missing, no literal, or of another kind."""
    part = settings.get(key)
    kind = kind_of(row, key)
    inputs = ", ".join(row.parameters)
    comma = ", " if inputs else ""
    if key == "subscripts":
        example = f"{name}({kind.example}, x, y)"
    elif key in row.positional:
        example = f"{name}({inputs}{comma}{kind.example})"
    else:
        example = f"{key}={kind.example}"
    called = "stop" if key == "start" and "stop" not in settings else key  # arange(5)
    fills = {"name": quoted(name), "key": called, "example": example, "phrase": kind.phrase}
    if part is None or key == "subscripts":
        slip = NO_SUBSCRIPTS if key == "subscripts" else MISSING
        return slip.error(builder, start, end, **fills)
    first, last, whole = _place(builder, name, key, part, start, end)
    value = builder.static(whole)
    slip = NOT_LITERAL if value is NotImplemented else WRONG_SETTING
    if slip is NOT_LITERAL and key == "ord" and (numbers := _vector(builder, name, start)):
        return _norm_of_numbers(builder, name, numbers, start, end)
    why = "" if key == "ord" else ": shapes do not depend on values"
    error = slip.error(builder, first, last, **fills, why=why)
    named = builder.source[first:last]
    if slip is NOT_LITERAL and key in MEASURED and named.isidentifier():
        error.hint += f"; or give {named} a whole number, as in {named}=3"
    return error


def _vector(builder: Arrays, name: str, start: int) -> list[Edit]:
    """Return the edit that writes norm([x, y]) for norm(x, y), where those may be numbers."""
    call = Call(Place(builder, start, start + len(name)))
    plain = all("=" not in text and "[" not in text for text in call.arguments)
    whole = f"{name}([{', '.join(call.arguments)}])"
    return call.edit(whole) if plain and len(call.arguments) > 1 else []


def _norm_of_numbers(
    builder: Arrays, name: str, numbers: list[Edit], start: int, end: int
) -> SourceError:
    written = short(numbers[0][2])
    error = NORM_OF_NUMBERS.error(builder, start, end, name=quoted(name), written=written)
    error.fixes = (numbers,)
    return error


def _place(  # noqa: PLR0913 (what the place is looked for by)
    builder: Arrays, name: str, key: str, part: object, start: int, end: int
) -> tuple[int, int, object]:
    """Return where a setting stands, and the part of it that is wrong."""
    if isinstance(part, Literal) and part.end == 0:  # numbers one after the other
        part = next(
            (one for one in part.parts or () if not isinstance(builder.static(one), int)), part
        )
    if isinstance(part, Literal) and part.end:
        return part.start, part.end, part
    call = Call(Place(builder, start, start + len(name)))
    for span, text in zip(call.spans, call.arguments, strict=True):
        begin, stop = _trimmed(builder, *span)
        if isinstance(part, int) and (
            builder.starts[part] == begin or text.replace(" ", "").startswith(f"{key}=")
        ):
            return begin, stop, part
    return start, end, part
