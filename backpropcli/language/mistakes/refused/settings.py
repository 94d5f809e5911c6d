"""Settings that are missing, no literals, or of another kind: axes, shapes."""

from __future__ import annotations

from backpropcli.language.builder.literals import Literal
from backpropcli.language.builder.settings import kind_of
from backpropcli.language.builder.sizes import MEASURED
from backpropcli.language.mistakes.elsewhere.call import Call
from backpropcli.language.mistakes.refused.arguments import norm_of_numbers, vector
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import quoted, trimmed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.graph.row import Row
    from backpropcli.language.builder.arrays import Arrays


NO_SUBSCRIPTS = Slip(
    "einsum without subscripts", "einsum(x, y)",
    "{name} begins with its subscripts, a text in quotes", "write {example}",
    instead='einsum("ij,jk->ik", x, y)',
)  # fmt: skip
NOT_LITERAL = Slip(
    "a shape that rests on values", "zeros(n)",
    "the {key} of {name} is not a literal{why}", "write literal numbers, as in {example}",
    instead="zeros((2, 3))",
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
    if slip is NOT_LITERAL and key == "ord" and (numbers := vector(builder, name, start)):
        return norm_of_numbers(builder, name, numbers, start, end)
    why = "" if key == "ord" else ": shapes do not depend on values"
    error = slip.error(builder, first, last, **fills, why=why)
    named = builder.source[first:last]
    if slip is NOT_LITERAL and key in MEASURED and named.isidentifier():
        error.hint += f"; or give {named} a whole number, as in {named}=3"
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
        begin, stop = trimmed(builder.source, *span)
        if isinstance(part, int) and (
            builder.starts[part] == begin or text.replace(" ", "").startswith(f"{key}=")
        ):
            return begin, stop, part
    return start, end, part
