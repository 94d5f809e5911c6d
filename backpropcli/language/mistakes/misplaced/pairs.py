"""Two signs in a row that are one elsewhere: comparisons, updates, comments."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.fixes import Fixes, instead_of_both, one, over
from backpropcli.language.mistakes.slip import Pattern, both
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.mistakes.source.text import until
from backpropcli.language.mistakes.source.words import UPDATES, infix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place


def _pair(sign: str, plain: str, after: str, at: str) -> Pattern:
    """Return the row of two signs in a row that are one elsewhere, or that were typed apart."""
    return Pattern(
        f"{sign} for {plain}", f"a {sign} b",
        "{both} is not an operator", f"write {plain}",
        instead=f"a {plain} b", after={after}, at={at}, span=both, fix=instead_of_both(plain),
    )  # fmt: skip


def _update(place: Place) -> dict[str, str]:
    """Tell the name that is to change, and how the new one is worked out."""
    words = place.source[: place.last_start].split()[-1:] if place.at < NEAR else []
    name = words[0] if words and words[0].isidentifier() else "z"
    return {"name": name, "new": infix(name, place.last, place.last_word, f"{place.right.cell}")}


def _updated(place: Place) -> Fixes:
    """Write an update as a new name."""
    name, cell = place.earlier.factor, place.right.cell
    text = infix(name, place.last, place.last_word, cell.whole)
    return one((name.start, cell.end, f"{name}2 = {text}"))


def _quotient(place: Place) -> Fixes:
    """Write a quotient that is rounded down."""
    return over("floor({}/{})", place.earlier.term, place.right.factor)


SHORTEST = 3
"""Letters of a word that may be a comment alone."""


def _is_comment(place: Place) -> bool:
    """Say whether // may begin a comment: words follow it that nothing else names."""
    source = place.source
    if source[place.last_start : place.end] != "//" or place.depth:
        return False
    rest = source[place.end :].partition("\n")[0]
    words = rest.split() or [""]
    before = source[: place.last_start]
    spaced = before[-1:].isspace() or not before
    return (
        spaced
        and all(word.strip(".,:;!?").isalpha() for word in words)
        and (len(words) > 1 or len(words[0]) >= SHORTEST)
        and words[0] not in {*place.builder.bound, *place.builder.names, *NAMES}
    )


def _commented(place: Place) -> Fixes:
    """Leave the comment out, or write a quotient that is rounded down."""
    end = until(place.source, place.at, "\n")
    several = len(place.source[place.end : end].split()) > 1
    return (*one((place.last_start, end, "")), *(() if several else _quotient(place)))


def _is_arrow(place: Place) -> bool:
    """Say whether what is before => is a parameter of what follows."""
    if not place.adjacent or place.statement != ["NAME", "EQUAL"]:
        return False
    _, start, end = place.before[-2]
    return place.source[start:end] in {place.source[a:b] for _, a, b in place.ahead}


def _alone(place: Place) -> Fixes:
    """Leave the parameter and the arrow of x => x^2 out, or compare."""
    return (
        [(place.before[-2][1], place.end, "")],
        [(place.last_start, place.end, ">=")],
    )


PAIRS = (
    Pattern(
        "an arrow of another language", "x => x^2",
        "{both} is not an operator", "leave '{arrow}' out, or compare by >=",
        instead="x^2", after={"EQUAL"}, at={"MORETHAN"}, span=both, fix=_alone, when=_is_arrow,
        fill=lambda place: {"arrow": place.source[place.before[-2][1] : place.end]},
    ),
    _pair("< =", "<=", "LESSTHAN", "EQUAL"),
    _pair("> =", ">=", "MORETHAN", "EQUAL"),
    _pair("=>", ">=", "EQUAL", "MORETHAN"),
    _pair("=<", "<=", "EQUAL", "LESSTHAN"),
    _pair("<>", "!=", "LESSTHAN", "MORETHAN"),
    _pair("===", "==", "__ANON_0", "EQUAL"),
    _pair("!==", "!=", "_NE", "EQUAL"),
    Pattern(
        "= = for ==", "x = = 3",
        "{both} is not an operator", "to compare write ==, to give a name a value write =",
        instead="x == 3", after={"EQUAL"}, at={"EQUAL"}, span=both, fix=instead_of_both("=="),
    ),
    Pattern(
        "a comment with //", "4*x // the area",
        "'//' is not an operator",
        "a comment begins with #; for a quotient rounded down write floor({earlier.term}/b)",
        after={"_OVER"}, at={"_OVER"}, span=both, when=_is_comment, fix=_commented,
    ),
    Pattern(
        "// for a quotient", "2*a // b + 1",
        "'//' is not an operator",
        "for a quotient rounded down write floor({earlier.term}/{right.factor}); "
        "a comment begins with #",
        instead="floor(2*a/b) + 1", after={"_OVER"}, at={"_OVER"}, span=both,
        when=lambda place: place.source[place.last_start : place.end] == "//", fix=_quotient,
    ),
    Pattern(
        "an update", "x += 1",
        "{both} is not part of the language: a name keeps its value", "write {name}2 = {new}",
        instead="x2 = x + 1", after=UPDATES, at={"EQUAL"}, span=both, fill=_update, fix=_updated,
    ),
)  # fmt: skip
