"""Square and curly brackets: arrays as other languages write them, and what is closed wrongly."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.graph.arrays import WORDS
from backpropcli.language.builder.literals import SPELLED
from backpropcli.language.mistakes.elsewhere.languages import FOREIGN_WORDS
from backpropcli.language.mistakes.fixes import Fixes, instead, one, without
from backpropcli.language.mistakes.slip import Pattern, Span, both
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.mistakes.source.text import SHORT, words_between
from backpropcli.language.mistakes.source.words import INFIX, SIGNS, STARTS, VALUES
from backpropcli.language.scanner import OPENING, nesting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place

    Word = tuple[str, int, int]


def _braced(place: Place) -> str:
    """Return what stands in the braces at the mistake; "" if long."""
    return place.text(place.at + 1, _closing(place))


def _closing(place: Place) -> int:
    """Return where the brace at the mistake is closed, near it, or -1."""
    depth = 0
    for at in range(place.at, min(len(place.source), place.at + NEAR)):
        depth += (place.source[at] == "{") - (place.source[at] == "}")
        if not depth:
            return at
    return -1


def _braces(place: Place) -> Span:
    return place.at, _closing(place) + 1 if _braced(place) else place.end


def _lowered(place: Place) -> bool:
    """Say whether braces hold a subscript, as in x_{1}."""
    adjacent = place.last == "NAME" and place.adjacent and place.last_word.endswith("_")
    return adjacent and _braced(place).isalnum()


def _unbraced(place: Place) -> Fixes:
    start, end = _braces(place)
    return one((start, end, _braced(place)))


def _squared(text: str) -> str:
    """Return braces as the brackets of an array."""
    return text.replace("{", "[").replace("}", "]")


def _array(place: Place) -> Fixes:
    """Write brackets for the braces of an array, and of all arrays in it."""
    close = _closing(place)
    if close < 0:
        return ()
    return one((place.at, close + 1, _squared(place.source[place.at : close + 1])))


def _rounded(place: Place) -> Fixes:
    """Write round parentheses."""
    close = _closing(place)
    return one((place.at, place.at + 1, "("), (close, close + 1, ")")) if close > 0 else ()


BRACKETS = (
    Pattern(
        "a subscript in braces", "sin(x_{1})",
        "a subscript has no braces", "write {lowered}",
        instead="sin(x_1)", sign="{", when=_lowered, span=_braces, fix=_unbraced,
        fill=lambda place: {"lowered": f"{place.last_word}{_braced(place)}"},
    ),
    Pattern(
        "an array in braces", "{1, 2}*x",
        "an array has square brackets", "write [{inside}]",
        instead="[1, 2]*x", span=_braces, fix=_array,
        fill=lambda place: {"inside": _squared(_braced(place))},
        when=lambda place: place.char == "{" and "," in _braced(place),
    ),
    Pattern(
        "braces as parentheses", "{x + 1}*2",
        "parentheses are round", "write ({inside})",
        instead="(x + 1)*2", sign="{", fix=_rounded,
        fill=lambda place: {"inside": _braced(place) or "..."},
    ),
    Pattern(
        "a brace that closes", "(x}",
        "no brace is open here", "write a parenthesis or a bracket that closes what is open",
        instead="(x)", sign="}", when=lambda place: place.depth > 0, fix=instead(")"),
    ),
    Pattern(
        "a brace too many", "x}",
        "this brace closes nothing", "delete it",
        instead="x", sign="}", fix=without,
    ),
)  # fmt: skip


# Elements without commas, and rows after semicolons, as MATLAB has them


def _matrix(place: Place) -> tuple[int, int, str] | None:
    """Return an array with blanks between its elements, or with rows after semicolons.

    That is where it stands, and how it is written here. None where it is long, or never closed.
    """
    rows: list[list[list[Word]]] = [[[]]]
    depth = 0
    for word in words_between(place.builder, place.opened, place.opened + NEAR):
        kind = word[0]
        depth += nesting(kind)
        if depth == 1 and kind in {"LSQB", "COMMA", "SEMICOLON"}:
            if kind == "COMMA":
                rows[-1].append([])
            elif kind == "SEMICOLON":
                rows.append([[]])
            continue
        if not depth:
            texts = [[_text(place, cell) for cell in row if cell] for row in rows if any(row)]
            lines = [", ".join(row) for row in texts]
            inside = lines[0] if len(lines) == 1 else ", ".join(f"[{line}]" for line in lines)
            return place.opened, word[2], f"[{inside}]"
        if depth == 1 + (kind in OPENING) and _begins(place, rows[-1][-1], word):
            rows[-1].append([])
        rows[-1][-1].append(word)
    return None


def _begins(place: Place, cell: list[Word], word: Word) -> bool:
    """Say whether a word begins another element, after a blank."""
    if not cell or cell[-1][0] not in VALUES or cell[-1][2] == word[1]:
        return False
    kind, _, end = word
    if kind in SIGNS:
        return not place.source[end : end + 1].isspace()
    return kind in STARTS


def _text(place: Place, cell: list[Word]) -> str:
    return " ".join(place.source[cell[0][1] : cell[-1][2]].split())


def _separated(place: Place) -> Fixes:
    found = _matrix(place)
    return () if found is None else ([found],)


def _shown_matrix(place: Place) -> dict[str, str]:
    found = _matrix(place)
    return {"matrix": found[2] if found and columns(found[2]) <= 2 * SHORT else "[1, 2]"}


def _in_array(place: Place) -> bool:
    """Say whether the mistake stands in the brackets of an array, not in those of an index."""
    if not place.bracketed:
        return False
    before = place.source[: place.opened].rstrip()[-1:]
    return not (before.isalnum() or before in {"_", ")", "]"})


KEYWORDS = {*SPELLED} | {key for row in WORDS.values() for key in row.static}
"""What functions have as a keyword."""


def _in_setting(place: Place) -> bool:
    """Say whether the mistake stands after a keyword and the beginning of its setting."""
    kinds = [kind for kind, *_ in place.before[-3:]]
    return place.depth > 0 and kinds[:2] == ["NAME", "EQUAL"] and place.last in VALUES


def _is_setting(place: Place) -> bool:
    """Say whether the keyword before the mistake is one that functions have here."""
    return _in_setting(place) and place.text(*place.before[-3][1:]) in KEYWORDS


ELEMENTS = (
    Pattern(
        "a loop in an array", "[x^i for i in [1, 2]]",
        "there are no loops in arrays", "write an operation on an array, as in x^arange(3)",
        instead="x^arange(3)", at={"NAME"}, after=VALUES,
        when=lambda place: place.word == "for" and place.bracketed,
    ),
    Pattern(
        "elements without commas", "[1 2 3]",
        "the elements of an array have commas between them", "write {matrix}",
        instead="[1, 2, 3]", after=VALUES, at=STARTS, fill=_shown_matrix, fix=_separated,
        when=lambda place: (
            _in_array(place)
            and not place.adjacent
            and not {place.word, place.last_word} & FOREIGN_WORDS.keys()
        ),
    ),
    Pattern(
        "a semicolon between rows", "[1, 2; 3, 4]",
        "each row of a matrix has brackets of its own", "write {matrix}",
        instead="[[1, 2], [3, 4]]", at={"SEMICOLON"}, fill=_shown_matrix, fix=_separated,
        when=_in_array,
    ),
    Pattern(
        "dots outside of an index", "x + ...",
        "'{word}' is only allowed in an index", "write the terms out",
        at={"_REST"},
    ),
    Pattern(
        "an index of nothing", "x[]",
        "there is nothing between these brackets", "write the place of an element, as in x[0]",
        instead="x[0]", after={"LSQB"}, at={"RSQB"}, span=both,
    ),
    Pattern(
        "an operation in a setting", "sum(x, axis=n + 1)",
        "a setting is a literal: shapes do not depend on values",
        "write the number itself, as in {setting}=0",
        instead="sum(x, axis=0)", at=INFIX, when=_is_setting,
        fill=lambda place: {"setting": place.text(*place.before[-3][1:]) or "axis"},
    ),
    Pattern(
        "an expression with a keyword", "where(condition=x > 0, x, 0)",
        "'{keyword}' is no keyword", "an expression stands in its place, without a name",
        at=INFIX, when=_in_setting,
        fill=lambda place: {"keyword": place.text(*place.before[-3][1:]) or "this name"},
    ),
    Pattern(
        "a bracket that closes a parenthesis", "(x]",
        "this bracket closes a parenthesis", "write )",
        instead="(x)", at={"RSQB"}, fix=instead(")"),
        when=lambda place: place.depth > 0 and not place.bracketed,
    ),
    Pattern(
        "a parenthesis that closes a bracket", "[1, 2)",
        "this parenthesis closes a bracket", "write ]",
        instead="[1, 2]", at={"RPAR"}, when=lambda place: place.bracketed, fix=instead("]"),
    ),
    Pattern(
        "a bracket too many", "x]",
        "this bracket closes nothing", "remove it, or add a '[' before it",
        instead="x", at={"RSQB"}, when=lambda place: place.depth <= 0,
    ),
)  # fmt: skip
