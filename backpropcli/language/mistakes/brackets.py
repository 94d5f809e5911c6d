"""Square and curly parentheses."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import instead, one
from backpropcli.language.mistakes.place import NEAR
from backpropcli.language.mistakes.slip import Pattern, Span
from backpropcli.language.mistakes.words import ENDINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.fixes import Fixes
    from backpropcli.language.mistakes.place import Place


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


def _lowered(place: Place) -> bool:
    """Say whether braces hold a subscript, as in x_{1}."""
    adjacent = place.last == "NAME" and place.adjacent and place.last_word.endswith("_")
    return adjacent and _bracketed(place).isalnum()


def _unbraced(place: Place) -> Fixes:
    start, end = _brackets(place)
    return one((start, end, _bracketed(place)))


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
        "a subscript in braces", "sin(x_{1})",
        "a subscript has no braces", "write {lowered}",
        instead="sin(x_1)", sign="{", when=_lowered, span=_brackets, fix=_unbraced,
        fill=lambda place: {"lowered": f"{place.last_word}{_bracketed(place)}"},
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
