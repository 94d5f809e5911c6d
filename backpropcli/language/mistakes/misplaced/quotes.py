"""Quotes, colons, dollars and backslashes."""

from __future__ import annotations

from itertools import takewhile

from backpropcli.language.mistakes.elsewhere.languages import IMPORTS
from backpropcli.language.mistakes.fixes import Fixes, one, over, without
from backpropcli.language.mistakes.misplaced.assigning import is_head
from backpropcli.language.mistakes.slip import Pattern, Span, double, sign
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.mistakes.source.text import SHORT
from backpropcli.language.mistakes.source.words import CELLS, FACTORS, SIGNS, STARTS, VALUES
from backpropcli.language.scanner import CLOSING, solid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place

ENDS = CELLS | SIGNS | CLOSING | {""}
"""What ends a product."""
QUOTES = "'\"`"


def _string(place: Place) -> str | None:
    """Return what is between the quote at the mistake and the next, if there is one."""
    close = place.closed_by(place.char)
    return place.source[place.at + 1 : close] if close >= 0 else None


def _whole_string(place: Place) -> Span:
    return place.at, place.closed_by(place.char) + 1


def _inside(place: Place) -> dict[str, str]:
    return {"inside": _string(place) or ""}


def _is_name(place: Place) -> bool:
    """Say whether a name stands in quotes, and is no argument."""
    inside = _string(place) or ""
    return place.last != "LPAR" and inside.isidentifier() and len(inside) <= SHORT


def _unquoted(place: Place) -> Fixes:
    """Leave out the quotes of what stands in them."""
    start, end = _whole_string(place)
    return one((start, start + 1, ""), (end - 1, end, ""))


def _is_transpose(place: Place) -> bool:
    """Say whether a quote stands right after an array's name, as MATLAB's transpose does."""
    after = place.source[place.at + 1 : place.at + 2]
    return place.adjacent and (
        place.last_word[:1].isupper() or after in {"*", "@"} or after.isalpha()
    )


def _grouped(place: Place) -> bool:
    """Say whether a quote stands between digits as a comma does: 1'000."""
    after = place.right.word
    return place.adjacent and place.last_word.isdecimal() and after.isdecimal() and len(after) == 3  # noqa: PLR2004 (a thousand)


def _transposed(place: Place) -> Fixes:
    """Write .T, and @ for * after it, as MATLAB means that; other products may be either."""
    factor = place.left.factor
    kind, start = place.operator_before(factor.start)
    before = [kind for kind, _, end in place.before if end <= start][-2:-1]
    if factor.start < 0 or (kind == "_TIMES" and before != ["NUMBER"]):
        return ()
    after = place.at + 1
    rest = solid(place.source[after : after + NEAR], after)
    term = [kind for kind, _, _ in takewhile(lambda word: word[0] not in ENDS, rest)]
    direct = term[:1] == ["_TIMES"]
    if term.count("_TIMES") > direct:
        return ()
    if direct:
        return one((place.at, rest[0][2], ".T@"))
    sign = term[:1] and term[0] in FACTORS
    return one((place.at, rest[0][1] if sign else after, ".T@" if sign else ".T"))


QUOTATIONS = (
    Pattern(
        "an open quote after use", "use 'f.bp",
        "this quote is never closed", "write use 'file.bp'",
        after={"USE"}, span=sign,
    ),
    Pattern(
        "a file that is imported", "import 'f.bp'",
        "there are no strings", "for a file of definitions write use '{inside}'",
        when=lambda place: place.last_word in IMPORTS and _string(place) is not None, fill=_inside,
        span=_whole_string,
    ),
    Pattern(
        "a transpose with a quote", "A'*x",
        "a quote is no transpose here", "write {left.base:A}.T; a matrix product is @",
        instead="A.T@x", sign="'", after=VALUES, when=_is_transpose, span=sign, fix=_transposed,
    ),
    Pattern(
        "a quote for thousands", "1'000",
        "a quote is not allowed in a number", "write {last_word}_{right.word}",
        instead="1_000", sign="'", after={"NUMBER"}, when=_grouped,
        fix=lambda place: one((place.at, place.at + 1, "_")),
        span=lambda place: (place.last_start, place.ahead[1][2]),
    ),
    Pattern(
        "a prime", "x'",
        "a prime is no derivative here",
        "delete it: the gradient is what you get anyway; a transpose is x.T",
        instead="x", sign="'", after=VALUES, when=lambda place: place.adjacent, span=sign,
    ),
    Pattern(
        "a name in quotes", '"x"*2',
        "there are no strings", "write {inside}",
        instead="x*2", when=_is_name, fill=_inside, span=_whole_string, fix=_unquoted,
    ),
    Pattern(
        "a string", "'x + 1'",
        "there are no strings", "numbers and names have no quotes",
        instead="x + 1", when=lambda place: _string(place) is not None, span=_whole_string,
        fix=_unquoted,
    ),
    Pattern(
        "a lonely quote", "x - 'a",
        "there are no strings, and no quotes ({char})", "delete it",
        instead="x - a", fix=without,
    ),
)  # fmt: skip

COLONS = (
    Pattern(
        "a definition with :=", "f(x) := x^2",
        "':=' is not part of the language", "write def {left.cell} = {past.cell}",
        instead="def f(x) = x^2\nf(x)", sign=":=", when=is_head, span=double,
        fix=lambda place: one(
            (place.left.cell.start, place.left.cell.start, "def "), (place.at, place.at + 2, "=")
        ),
    ),
    Pattern(
        "an assignment with :=", "x := 3",
        "':=' is not part of the language", "write {left.cell:z} = {past.cell}",
        instead="x = 3", sign=":=", span=double,
        fix=lambda place: one((place.at, place.at + 2, "=")),
    ),
)  # fmt: skip


def _solved(place: Place) -> Fixes:
    r"""Write solve for A \ b."""
    return over("solve({}, {})", place.left.factor, place.right.factor)


def _next_name(place: Place) -> bool:
    """Say whether a name stands right after the sign at the mistake."""
    return place.next(1) == "NAME" and place.ahead[1][1] == place.at + 1


def _to_next(place: Place) -> Span:
    return place.at, place.ahead[1][2]


OTHERS = (
    Pattern(
        "a backslash for a solution", "A \\ b",
        "'\\' is not an operator", "for the solution of {left.factor:A}@x = {right.factor:b} write "
        "solve({left.factor:A}, {right.factor:b})",
        instead="solve(A, b)", sign="\\", after=VALUES, then=STARTS, fix=_solved,
        when=lambda place: "\n" not in place.source[place.at : place.ahead[1][1]],
    ),
    Pattern(
        "a dollar before a name", "$x",
        "a name has no '$'", "write {right.word}",
        instead="x", sign="$", span=_to_next, fix=without,
        when=lambda place: place.next(1) == "NAME" and place.right.word,
    ),
    Pattern(
        "a dollar", "x$",
        "'$' is not part of the language", "delete it",
        instead="x", sign="$", fix=without,
    ),
    Pattern(
        "a backslash before a letter", "\\x*2",
        "a name has no '\\'", "write {right.word}",
        instead="x*2", sign="\\", when=lambda place: _next_name(place) and place.right.word,
        fix=without,
    ),
    Pattern(
        "a backslash", "x \\\n+ y",
        "'\\' is not part of the language", "delete it; a line goes on within parentheses",
        instead="(x \n+ y)", sign="\\", fix=without,
    ),
)  # fmt: skip
