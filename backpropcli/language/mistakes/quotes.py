"""Quotes, colons, points, brackets and other marks that are no part of the language."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.arguments import word_at
from backpropcli.language.mistakes.fixes import instead, one, whole, without
from backpropcli.language.mistakes.languages import FOREIGN_FUNCTIONS, IMPORTS, LIBRARIES
from backpropcli.language.mistakes.place import NEAR
from backpropcli.language.mistakes.slip import Pattern, Span, double, sign
from backpropcli.language.mistakes.statements import is_head
from backpropcli.language.mistakes.text import SHORT
from backpropcli.language.mistakes.words import ENDINGS, VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.fixes import Fixes
    from backpropcli.language.mistakes.place import Place

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
        "a prime", "x'",
        "a prime is no derivative here", "delete it: the gradient is what you get anyway",
        instead="x", sign="'", after=VALUES, when=lambda place: place.adjacent,
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


def _between_names(place: Place) -> bool:
    return place.last in {"NAME", "RPAR"} and place.adjacent and place.next(1) == "NAME"


def _dotted(place: Place) -> Span:
    return place.last_start, place.ahead[1][2]


def _two_names(place: Place) -> bool:
    right = place.right.word
    return (
        _between_names(place)
        and place.last == "NAME"
        and bool(right)
        and len(place.last_word + right) < SHORT
    )


def _last_part(place: Place) -> int:
    """Return the number of the last name of a.b.c, whose first name stands before the mistake."""
    index = 1
    while place.next(index + 1) == "" and place.next(index + 2) == "NAME":
        _, start, end = place.ahead[index + 1]
        if place.source[start:end] != ".":
            break
        index += 2
    return index


def _called(place: Place) -> dict[str, str]:
    return {"called": word_at(place, _last_part(place))}


def _is_method(place: Place) -> bool:
    """Say whether a function of the language stands as a method after its first argument."""
    return (
        _between_names(place)
        and place.next(2) == "LPAR"
        and (place.right.word in NAMES or place.right.word in FOREIGN_FUNCTIONS)
    )


def _shown_method(place: Place) -> dict[str, str]:
    """Tell the call that is written for a method, with dots for further arguments."""
    dots = "" if place.next(3) == "RPAR" else ", ..."
    return {"method": f"{place.right.word}({_bare(place.left.factor) or '...'}{dots})"}


def _bare(part: str) -> str:
    """Return an operand without the parentheses that are around all of it."""
    inner = part[1:-1]
    return inner if part[:1] == "(" and part[-1:] == ")" and "(" not in inner else part


def _method(place: Place) -> Fixes:
    """Write a method as a call with its object as first argument."""
    factor = place.left.factor
    if factor.start < 0:
        return ()
    comma = "" if place.next(3) == "RPAR" else ", "
    text = f"{place.right.word}({_bare(whole(place, factor))}{comma}"
    return one((factor.start, place.ahead[2][2], text))


POINTS = (
    Pattern(
        "a library's name", "np.exp(x)",
        "functions are written without their library's name", "write {called}",
        instead="exp(x)", sign=".", span=_dotted, fill=_called,
        when=lambda place: _between_names(place) and place.last_word in LIBRARIES,
        fix=lambda place: one((place.last_start, place.ahead[_last_part(place)][1], "")),
    ),
    Pattern(
        "a method", "x.exp()",
        "a function comes before its arguments", "write {method}",
        instead="exp(x)", sign=".", span=_dotted, fill=_shown_method,
        when=_is_method, fix=_method,
    ),
    Pattern(
        "a point between names", "x.y",
        "names have no dots",
        "write {last_word}_{right.word} for one name, {last_word}*{right.word} for a product",
        instead="x_y", sign=".", span=_dotted, when=_two_names,
    ),
    Pattern(
        "a point before a name", "(x).y",
        "names have no dots", "for a product write *",
        instead="(x)*y", sign=".", span=_dotted, when=_between_names,
    ),
    Pattern(
        "a lonely point", "x + .",
        "a point is only allowed in a number", "write digits next to it, as in 0.5",
        instead="x + 0.5", sign=".",
        when=lambda place: place.last not in VALUES or not place.adjacent,
    ),
    Pattern(
        "a point after a value", "x.",
        "a point is only allowed in a number", "delete it",
        instead="x", sign=".",
    ),
)  # fmt: skip


def _bracketed(place: Place) -> str:
    """Return what stands in the square or curly parentheses at the mistake; "" if long."""
    return place.text(place.at + 1, _closing(place))


def _closing(place: Place) -> int:
    return place.source.find("]" if place.char == "[" else "}", place.at, place.at + NEAR)


def _brackets(place: Place) -> Span:
    return place.at, _closing(place) + 1 if _bracketed(place) else place.end


def _in_brackets(place: Place) -> dict[str, str]:
    inside = _bracketed(place)
    name = place.text(place.last_start, place.last_end) or "x"
    return {
        "inside": inside or "...",
        "name": f"{name}_{inside if inside.isalnum() else '0'}",
    }


def _indexed(place: Place) -> Fixes:
    start, end = _brackets(place)
    name = _in_brackets(place)["name"]
    return one((place.last_start, end, name)) if end > start + 1 else ()


def _rounded(place: Place) -> Fixes:
    """Write round parentheses."""
    close = _matching(place)
    return one((place.at, place.at + 1, "("), (close, close + 1, ")")) if close > 0 else ()


def _matching(place: Place) -> int:
    """Return where the parenthesis at the mistake is closed, near it, or -1."""
    begin, end = place.char, "]" if place.char == "[" else "}"
    depth = 0
    for at in range(place.at, min(len(place.source), place.at + NEAR)):
        depth += (place.source[at] == begin) - (place.source[at] == end)
        if not depth:
            return at
    return -1


def _is_all(place: Place) -> bool:
    """Say whether a list is all of its statement."""
    return place.last in {*ENDINGS, ""} and place.source[_matching(place) + 1 :].strip() in {
        "",
        ";",
    }


BRACKETS = (
    Pattern(
        "an index", "x[0]",
        "names have no indices", "write {name} for one name",
        instead="x_0", sign="[", after={"NAME"}, when=lambda place: place.adjacent,
        fill=_in_brackets, span=_brackets, fix=_indexed,
    ),
    Pattern(
        "a list of outputs", "[x*y, x + y]",
        "several outputs need parentheses", "write ({inside})",
        instead="(x*y, x + y)", fill=_in_brackets, span=_brackets, fix=_rounded,
        when=lambda place: place.char in "[{" and "," in _bracketed(place) and _is_all(place),
    ),
    Pattern(
        "a list", "2*[1, 2]",
        "there are no lists", "write one expression",
        when=lambda place: place.char in "[{" and "," in _bracketed(place), span=_brackets,
    ),
    Pattern(
        "other parentheses", "[x + 1]*2",
        "parentheses are round", "write ({inside})",
        instead="(x + 1)*2", when=lambda place: place.char in "[{", fill=_in_brackets,
        fix=_rounded,
    ),
    Pattern(
        "another closing parenthesis", "(x]",
        "parentheses are round", "write )",
        instead="(x)", when=lambda place: place.char in "]}" and place.depth, fix=instead(")"),
    ),
    Pattern(
        "another parenthesis too many", "x]",
        "parentheses are round", "delete it",
        instead="x", when=lambda place: place.char in "]}",
    ),
)  # fmt: skip


def _next_name(place: Place) -> bool:
    """Say whether a name stands right after the sign at the mistake."""
    return place.next(1) == "NAME" and place.ahead[1][1] == place.at + 1


def _to_next(place: Place) -> Span:
    return place.at, place.ahead[1][2]


OTHERS = (
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

MARKS = (*POINTS, *BRACKETS, *OTHERS)
