"""Calls with too many or too few arguments."""

from __future__ import annotations

from backpropcli.errors import SourceError, columns
from backpropcli.graph.arrays import REDUCED
from backpropcli.language.mistakes.elsewhere.call import Call
from backpropcli.language.mistakes.elsewhere.languages import OTHER_COUNTS
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.row import Row
    from backpropcli.language.builder.expressions import Expressions

COUNT = Slip(
    "too many or too few arguments", "clip(x, 1)",
    "'{name}' takes {wanted} argument{plural}, not {count}", "write {signature}",
    instead="clip(x, lo, hi)",
)  # fmt: skip
COUNT_ELSEWHERE = Slip(
    "arguments as another language has them", "atan(y, x)",
    "'{name}' takes {wanted} argument{plural}, not {count}", "{advice}write {written}",
    instead="atan2(y, x)",
)  # fmt: skip


def wrong_count(  # noqa: PLR0913 (what the sentence tells)
    builder: Expressions, row: Row, name: str, count: int, start: int, end: int
) -> SourceError:
    """Return the error for a call with too many or too few arguments."""
    required = sum(not default for default in row.static.values())
    most = len(row.parameters) + len(row.positional)
    least = len(row.parameters) - len(row.defaults) + required
    least -= name in REDUCED
    wanted = f"{least} or more" if row.variadic else f"{least}"
    if not row.variadic and least < most:
        wanted = f"{least} or {most}" if most == least + 1 else f"{least} to {most}"
    advice, template = OTHER_COUNTS.get((name, count), ("", ""))
    call = Call(Place(builder, start, start + len(name)))
    written = call.filled(template) if template else ""
    return (COUNT_ELSEWHERE if template else COUNT).error(
        builder,
        start,
        end,
        (call.edit(written),) if written else (),
        name=name,
        wanted=wanted,
        plural="" if wanted == "1" else "s",
        count=count,
        signature=signature(row, name),
        advice=advice,
        written=written if 0 < columns(written) <= SHORT else template,
    )


def signature(row: Row, name: str) -> str:
    """Return how ``row`` is called by ``name``: without defaults, which a call cannot spell."""
    if row.static:
        return row.usage.replace(row.spelled, name, 1)
    least = len(row.parameters) - len(row.defaults)
    more = ", ..." if row.variadic else ""
    whole = f"{name}({', '.join(row.parameters)}{more})"
    fewest = f"{name}({', '.join(row.parameters[:least])})"
    return f"{fewest} or {whole}" if row.defaults else whole
