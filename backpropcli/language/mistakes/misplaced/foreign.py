"""Words of other languages where they stand, and what to write instead."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.elsewhere.derivatives import (
    ALONE_OR_DIFF,
    alone_or_diff,
    is_leibniz,
)
from backpropcli.language.mistakes.elsewhere.languages import CHOICE, FOREIGN_WORDS
from backpropcli.language.mistakes.fixes import CHOSEN, Fixes, one, over, without_last
from backpropcli.language.mistakes.slip import Pattern, last
from backpropcli.language.mistakes.source.place import Left, Place, Right
from backpropcli.language.mistakes.source.words import (
    CELLS,
    COMPARISONS,
    SIGNS,
    STARTS,
    VALUES,
    WORDS,
)
from backpropcli.language.scanner import OPENING, nesting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _is_foreign(word: str, kind: str) -> bool:
    return kind == "NAME" and word in FOREIGN_WORDS


def _upper(word: str, kind: str) -> bool:
    return kind == "NAME" and word in {"AND", "OR", "NOT", "And", "Or", "Not"}


def _told(word: str) -> dict[str, str]:
    return {"foreign": word, "advice": FOREIGN_WORDS.get(word, ""), "lower": word.lower()}


def _at(test: Callable[[str, str], bool]) -> Callable[[Place], bool]:
    """Return whether the word at the mistake passes ``test``."""
    return lambda place: test(place.word, place.kind) and len(place.word) == place.end - place.at


def _before(test: Callable[[str, str], bool]) -> Callable[[Place], bool]:
    """Return whether the word before the mistake passes ``test``."""
    return lambda place: test(place.last_word, place.last)


def _is_binary(word: str) -> bool:
    """Say whether a function takes two arguments, so that it may stand between them elsewhere."""
    row = NAMES.get(word)
    return row is not None and len(row.parameters) == 2  # noqa: PLR2004 (a, b)


def _word_of(place: Place, wanted: str) -> int:
    """Return the number of a word after the mistake, in no parentheses; 0 if it is not there."""
    depth = 0
    for index, (kind, start, end) in enumerate(place.ahead):
        depth += nesting(kind)
        if depth < 0:
            break
        if not depth and place.source[start:end] == wanted:
            return index
    return 0


def _infix(place: Place, word: str, left: Left, index: int) -> Fixes:
    """Write what stands between values in another language: a if c else b, a is b, a mod b.

    The value after it begins with word number ``index``.
    """
    if word == "is":
        start, end = last(place) if index == 0 else (place.at, place.end)
        return one((start, end, "=="))
    a, b = left.term, Right(place, index).factor
    if word == "div" or _is_binary(word):
        return over("floor({}/{})" if word == "div" else f"{word}({{}}, {{}})", a, b)
    otherwise = _word_of(place, "else")
    if word != "if" or not otherwise:
        return ()
    condition, second = Right(place, index).to(otherwise), Right(place, otherwise + 1).cell
    return over(CHOSEN, condition, left.cell, second)


def _prefix(place: Place) -> Fixes:
    """Write what begins with a word of another language: let x = 3, lambda x: x^2, if c then a."""
    word = place.last_word
    if _has_left(place):
        return _infix(place, word, place.earlier, 0)
    if word in {"let", "var", "const", "double", "float", "return"}:
        return without_last(place)
    if word in {"import", "from"}:
        semicolon = place.source.find(";", place.at)
        return one((place.last_start, semicolon + 1, "")) if semicolon > 0 else ()
    if word in {"lambda", "function"} and not place.depth:
        colon = _word_of(place, ":") or _word_of(place, "->")
        return one((place.last_start, place.ahead[colon][2], "")) if colon else ()
    then, otherwise = _word_of(place, "then"), _word_of(place, "else")
    if word != "if" or not 0 < then < otherwise:
        return ()
    condition, first = place.here.to(then), Right(place, then + 1).to(otherwise)
    fixes = over(CHOSEN, condition, first, Right(place, otherwise + 1).cell)
    return tuple([*edits, (place.last_start, place.at, "")] for edits in fixes)


def _has_left(place: Place) -> bool:
    """Say whether a number stands before the last word, which was read as a factor of it."""
    return len(place.before) > 1 and place.before[-2][0] == "NUMBER"


def _differentiated(place: Place) -> Fixes:
    """Write the expression alone where d/dx stands before all of it, or diff."""
    start, name = place.before[-3][1], place.last_word[1:]
    term = place.here.to(place.forth(0, CELLS | COMPARISONS | SIGNS | WORDS))
    if term.start < 0:
        return ()
    diff = (start, term.end, f"diff({term.whole}, {name})")
    return alone_or_diff(place.source, (start, place.at, ""), diff)


def _unnamed_start(place: Place) -> int:
    """Return where the function(x) begins that ends before the mistake, -1 for none."""
    words = [place.source[start:end] for _, start, end in place.before]
    at = next((index for index, word in enumerate(words) if word == "function"), -1)
    head = words[at:] if at >= 0 else []
    named = all(word == "," or word.isidentifier() for word in head[2:-1])
    return place.before[at][1] if head[1:2] == ["("] and head[-1] == ")" and named else -1


def _is_unnamed(place: Place) -> bool:
    return _unnamed_start(place) >= 0


BESIDE = STARTS | WORDS
FOREIGN = (
    Pattern(
        "a function without a name", "function(x) x^2 + 1",
        "'function' is not a word of the language", "write the formula alone, as in x^2 + 1",
        instead="x^2 + 1", after={"RPAR"}, at=STARTS, when=_is_unnamed,
        span=lambda place: (_unnamed_start(place), place.last_end),
        fix=lambda place: one((_unnamed_start(place), place.at, "")),
    ),
    Pattern(
        "a derivative as Leibniz writes it", "d/dx x^2",
        "this is not how a derivative is written",
        ALONE_OR_DIFF,
        instead="u = x^2; diff(u, x)", after={"NAME"}, at=STARTS, fix=_differentiated,
        when=lambda place: is_leibniz(place.words_before(3)),
        span=lambda place: (place.before[-3][1], place.last_end),
    ),
    Pattern(
        "a word of another language", "x if x > 0 else 0",
        "'{foreign}' is not a word of the language", "{advice}",
        instead="where(x > 0, x, 0)", after=VALUES, at={"NAME"}, when=_at(_is_foreign),
        fill=lambda place: _told(place.word),
        fix=lambda place: _infix(place, place.word, place.left, 1),
    ),
    Pattern(
        "an operator in upper case", "a AND b",
        "'{foreign}' is written in lower case", "write {lower}",
        instead="a and b", after=VALUES, at={"NAME"}, when=_at(_upper),
        fill=lambda place: _told(place.word),
        fix=lambda place: one((place.at, place.end, place.word.lower())),
    ),
    Pattern(
        "a condition after where", "x^2 where x > 0",
        "'where' is a function, and needs parentheses", CHOICE,
        instead="where(x > 0, x^2, 0)", after=VALUES, at={"NAME"},
        when=lambda place: place.word == "where" and place.next(1) != "LPAR",
    ),
    Pattern(
        "a statement of another language", "let x = 3",
        "'{foreign}' is not a word of the language", "{advice}",
        instead="x = 3", after={"NAME"}, at=BESIDE, when=_before(_is_foreign),
        span=last, fill=lambda place: _told(place.last_word), fix=_prefix,
    ),
    Pattern(
        "a negation in upper case", "NOT b",
        "'{foreign}' is written in lower case", "write {lower}",
        instead="not b", after={"NAME"}, at=BESIDE, when=_before(_upper), span=last,
        fill=lambda place: _told(place.last_word),
        fix=lambda place: one((place.last_start, place.last_end, place.last_word.lower())),
    ),
    Pattern(
        "a function between its arguments", "a mod b",
        "'{word}' is a function, not an operator", "write {word}({left.term}, {right.factor})",
        instead="mod(a, b)", after=VALUES, at={"NAME"}, then=STARTS - OPENING,
        when=lambda place: _is_binary(place.word),
        fix=lambda place: _infix(place, place.word, place.left, 1),
    ),
    Pattern(
        "a function between a number and its other argument", "7 mod b",
        "'{last_word}' is a function, not an operator",
        "write {last_word}({earlier.term}, {here.factor})",
        instead="mod(7, b)", after={"NAME"}, at=STARTS - OPENING, span=last,
        when=lambda place: _has_left(place) and _is_binary(place.last_word),
        fix=lambda place: _infix(place, place.last_word, place.earlier, 0),
    ),
)  # fmt: skip
