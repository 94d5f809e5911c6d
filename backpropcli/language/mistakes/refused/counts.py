"""Calls with too many or too few arguments, and those of diff that cannot be."""

from __future__ import annotations

from backpropcli.errors import SourceError, columns
from backpropcli.graph.arrays import REDUCED
from backpropcli.language.mistakes.elsewhere.call import Call
from backpropcli.language.mistakes.elsewhere.languages import OTHER_COUNTS
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT, STATEMENT, given, short, words_between
from backpropcli.language.scanner import nesting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.row import Row
    from backpropcli.language.builder.calls import Calls
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


DIFF_COUNT = Slip(
    "too many or too few arguments of diff", "diff(x^2)",
    "diff takes 2 or 3 arguments, and {given}",
    "write diff(u, x) for du/dx, diff(u, x, 2) for the second derivative",
    instead="u = x^2; diff(u, x)",
)  # fmt: skip
DIFF_ORDER = Slip(
    "an order that diff has not", "diff(x^2, x, 1.5)",
    "diff's third argument is how often it differentiates",
    "it is a whole number from 1 to 20, as in diff(u, x, 2)",
    instead="u = x^2; diff(u, x, 2)",
)  # fmt: skip
DIFF_IN_FUNCTION = Slip(
    "a diff in a function by what is no parameter", "def f(x) = diff(x^2, 2)",
    "diff in a function takes one of its parameters",
    "write diff(u, {parameter}), or another parameter of {owner}",
)  # fmt: skip
DIFF_BY_EXPRESSION = Slip(
    "a diff by what has no name", "diff(sin(x), x + 1)",
    "diff takes a name: a variable or a named intermediate",
    "give it a name first, as in z = w*x; diff(u, z)",
    instead="z = w*x; u = sin(z); diff(u, z)",
)  # fmt: skip


def bad_diff(builder: Calls, inputs: list[int], start: int, end: int) -> SourceError:
    """Return the error for a diff of too little, by what cannot vary, or as often as it cannot."""
    if not 2 <= len(inputs) <= 3:  # noqa: PLR2004 (diff(u, x) and diff(u, x, n))
        return DIFF_COUNT.error(builder, start, end, given=given(len(inputs)))
    if builder.can_move(inputs[1]):
        return DIFF_ORDER.error(builder, *_argument(builder, 2, start, end))
    first, last = _argument(builder, 1, start, end)
    scope = builder.scope
    if scope.parameters is not None:
        parameter, owner = short(scope.parameters[0]), short(scope.name)
        return DIFF_IN_FUNCTION.error(builder, first, last, parameter=parameter, owner=owner)
    return DIFF_BY_EXPRESSION.error(builder, first, last)


def _argument(builder: Calls, index: int, start: int, end: int) -> tuple[int, int]:
    """Return where an argument of the call stands; all of the call if that is long."""
    if end - start > STATEMENT:
        return start, end
    depth = 0
    parts: list[list[tuple[str, int, int]]] = [[]]
    for word in words_between(builder, start, end):
        depth += nesting(word[0])
        if depth == 1 and word[0] in {"LPAR", "COMMA"}:
            parts.append([])
        elif depth:
            parts[-1].append(word)
    return parts[index + 1][0][1], parts[index + 1][-1][2]
