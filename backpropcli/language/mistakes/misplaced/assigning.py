"""Statements that go wrong at their '='."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import Fixes, instead, one, without
from backpropcli.language.mistakes.slip import Pattern, last
from backpropcli.language.mistakes.source.text import SHORT
from backpropcli.language.mistakes.source.words import CELLS, COMPARISONS, WORDS
from backpropcli.language.scanner import CLOSING, ENDINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place

TO_COMPARE = "to compare write =="


def _named(place: Place) -> dict[str, str]:
    """Tell the name before the '='."""
    words = place.before[1:] and place.before[-2]
    return {"name": place.source[words[1] : words[2]][:SHORT] if words else "z"}


def is_head(place: Place) -> bool:
    """Say whether a call stands before the mistake where a definition has its head."""
    return place.last == "RPAR" and place.left.cell[:1].isalpha()


def _second(place: Place) -> bool:
    """Say whether there is a '=' in the statement before the mistake's own."""
    index = place.index(place.back(CELLS))
    return index > 1 and place.before[index - 1][0] == "EQUAL"


def _second_name(place: Place) -> bool:
    return (
        _second(place)
        and place.last == "NAME"
        and place.index(place.back(CELLS)) == len(place.before) - 1
    )


def _first(place: Place) -> dict[str, str]:
    """Tell the name before the first '=' of two."""
    index = place.index(place.back(CELLS))
    return {"first": place.text(*place.before[index - 2][1:]) or "..."}


def _named_apart(place: Place) -> Fixes:
    """Write a = b = 3 as b = 3; a = b."""
    name, value = place.left.cell, place.right.cell
    start = place.before[place.index(name.start) - 2][1]
    if name.start < 0 or value.start < 0:
        return ()
    first = place.source[start : name.start].rstrip().removesuffix("=").rstrip()
    text = f"{name.whole} = {value.whole}; {first} = {name.whole}"
    return one((start, value.end, text))


ASSIGNING = (
    Pattern(
        "a definition without value", "def f(x) =",
        "there is nothing after the '='", "write an expression, as in def f(x) = x^2",
        instead="def f(x) = x^2\nf(x)", after={"EQUAL"}, at=ENDINGS | CLOSING, span=last,
        when=lambda place: place.before[1:] and place.before[-2][0] == "RPAR",
    ),
    Pattern(
        "a name without value", "x =",
        "there is nothing after the '='", "write a value, as in {name} = 3",
        instead="x = 3", after={"EQUAL"}, at=ENDINGS | CLOSING, span=last, fill=_named,
    ),
    Pattern(
        "a value without name", "= 3",
        "there is no name before the '='", "delete it, or write a name, as in z = 3",
        instead="z = 3", at={"EQUAL"}, when=lambda place: place.fresh, fix=without,
    ),
    Pattern(
        "a name given a value inside", "(z = 3)",
        "'=' is not allowed in parentheses",
        "to compare write {left.cell} == {right.cell}; to name a value begin with the statement "
        "{left.cell} = {right.cell};",
        instead="(z == 3)",
        general="to compare write ==; to name a value begin with a statement such as z = 3;",
        after={"NAME"}, at={"EQUAL"}, when=lambda place: place.depth, fix=instead("=="),
    ),
    Pattern(
        "an equals sign inside", "(x^2 = 3)",
        "'=' is not allowed in parentheses", "to compare write {left.cell} == {right.cell}",
        instead="(x^2 == 3)",
        general="to compare write ==; to name a value begin with a statement such as z = 3;",
        at={"EQUAL"}, when=lambda place: place.depth, fix=instead("=="),
    ),
    Pattern(
        "two names at once", "a = b = 3",
        "a statement gives one name a value",
        "write {left.cell} = {right.cell}; {first} = {left.cell}",
        instead="b = 3; a = b", general=TO_COMPARE, at={"EQUAL"}, when=_second_name, fill=_first,
        fix=_named_apart,
    ),
    Pattern(
        "two equals signs", "a = b < 2 = 3",
        "a statement gives one name a value", "write {first} = {left.cell} == {right.cell}",
        instead="a = b == 3", general=TO_COMPARE, at={"EQUAL"}, when=_second, fill=_first,
        fix=lambda place: one((place.last_end, place.at + 1, " ==")),
    ),
    Pattern(
        "a definition without def", "f(x) = x^2",
        "a function is defined with 'def'", "write def {left.cell} = {right.cell}",
        instead="def f(x) = x^2\nf(x)", general="write def f(x) = x^2", at={"EQUAL"}, when=is_head,
        fix=lambda place: one((place.left.cell.start, place.left.cell.start, "def ")),
    ),
    Pattern(
        "a comparison given a value", "x < y = 3",
        "only a name can be given a value", "to compare write ==",
        instead="x < y and y == 3", at={"EQUAL"}, fix=instead("=="),
        when=lambda place: {*place.statement} & (COMPARISONS | WORDS),
    ),
)  # fmt: skip
