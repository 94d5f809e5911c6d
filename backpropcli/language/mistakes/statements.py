"""Statements that go wrong: definitions, rules, files of definitions, names, and '='."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import applied, instead, one, whole, without
from backpropcli.language.mistakes.slip import Pattern, Span, last, opened, word
from backpropcli.language.mistakes.text import SHORT
from backpropcli.language.mistakes.words import (
    CELLS,
    COMPARISONS,
    ENDINGS,
    HEADS,
    INFIX,
    SIGNS,
    STARTS,
    VALUES,
    WORDS,
)
from backpropcli.language.scanner import CLOSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.language.mistakes.fixes import Fixes
    from backpropcli.language.mistakes.place import Place

TO_COMPARE = "to compare write =="


def _begun(head: str) -> Callable[[Place], bool]:
    """Return whether a statement that begins with ``head`` goes wrong before its '='."""
    return lambda place: place.statement[:1] == [head] and "EQUAL" not in place.statement


def _in_rule(place: Place) -> bool:
    return place.depth > 0 and place.statement[:1] == ["RULE"] and "EQUAL" in place.statement


def _word_or_last(place: Place) -> Span:
    """Return the place of the mistake; at the end there is only the last word to point at."""
    return last(place) if place.kind in ENDINGS else word(place)


def _path_span(place: Place) -> Span:
    """Return where the path stands that is used without quotes."""
    source = place.source
    start = max(source.rfind(mark, 0, place.at) for mark in "\n;") + 1
    start = source.find("use", start, place.end) + len("use")
    ends = [source.find(mark, start) for mark in "\n;#,"]
    end = min([end for end in ends if end >= 0], default=len(source))
    text = source[start:end]
    start += len(text) - len(text.lstrip())
    return start, start + len(text.strip())


def _path(place: Place) -> dict[str, str]:
    text = place.source[slice(*_path_span(place))]
    plain = 0 < len(text) <= SHORT and not any(char in text for char in "'\"()= ")
    return {"path": text if plain else "file.bp"}


def _quoted_path(place: Place) -> Fixes:
    """Put the path into quotes."""
    start, end = _path_span(place)
    plain = _path(place)["path"] == place.source[start:end]
    return one((start, start, "'"), (end, end, "'")) if plain else ()


def _defined(place: Place) -> Fixes:
    """Put '=' in place of the colon of a definition in Python, and of its return."""
    returns = place.next(1) == "NAME" and place.right.word == "return"
    return one((place.at, place.ahead[1][2] if returns else place.end, " ="))


DEFINITIONS = (
    Pattern(
        "a statement inside of another", "2*def",
        "'{word}' begins a statement",
        "give it a statement of its own; as a name choose another, such as {word}_",
        instead="2*def_", at=HEADS, when=lambda place: place.last not in ENDINGS | {""},
    ),
    Pattern(
        "derivatives in parentheses", "def f(x, y) = x*y; rule f(x, y) = (y, x)",
        "a rule's derivatives have no parentheses around them",
        "write rule f(x, y) = y, x",
        instead="def f(x, y) = x*y; rule f(x, y) = y, x\nf(x, y)", at={"COMMA"}, when=_in_rule,
        span=opened,
    ),
    Pattern(
        "a name that is a word of the language", "def = 3",
        "'{last_word}' is a word of the language, so it cannot be a name",
        "choose another name, such as {last_word}_",
        instead="def_ = 3", after=HEADS | {"NOT"}, at={"EQUAL"}, span=last,
    ),
    Pattern(
        "a definition as in Python", "def f(x): return x^2",
        "a function is defined with '='", "write def f(x) = x^2",
        instead="def f(x) = x^2\nf(x)", at={"COLON"}, when=_begun("DEF"), fix=_defined,
    ),
    Pattern(
        "a crooked definition", "def f(x)",
        "this is not how a function is defined", "write def f(x, k) = log(1 + exp(k*x))/k",
        instead="def f(x, k) = log(1 + exp(k*x))/k\nf(x, k)", when=_begun("DEF"),
        span=_word_or_last,
    ),
    Pattern(
        "a crooked rule", "rule f = 1",
        "this is not how a rule is written",
        "write rule f(x) = 2*x, with a derivative for each parameter",
        instead="def f(x) = x^2; rule f(x) = 2*x\nf(x)", when=_begun("RULE"), span=_word_or_last,
    ),
    Pattern(
        "a crooked use", "use f.bp",
        "this is not how a file is used", "write use '{path}'",
        when=_begun("USE"), span=_word_or_last, fill=_path, fix=_quoted_path,
    ),
)  # fmt: skip

NAMING = (
    Pattern(
        "nothing before not", "x not y",
        "there is no operator before 'not'", "write {left.claim} and not ...",
        after=VALUES, at={"NOT"}, fix=lambda place: one((place.at, place.at, "and ")),
    ),
    Pattern(
        "not after an operator", "x + not y",
        "'not' after an operator needs parentheses", "write (not {right.factor})",
        instead="x + (not y)", at={"NOT"}, then=STARTS | SIGNS,
        fix=lambda place: one(
            (place.at, place.at, "("), (place.right.factor.end, place.right.factor.end, ")")
        ),
    ),
    Pattern(
        "a name that is an operator", "and = 3",
        "'{word}' is a word of the language, so it cannot be a name",
        "choose another name, such as {word}_",
        instead="and_ = 3", at=WORDS,
        when=lambda place: (
            (place.fresh or place.last in INFIX | {"NOT", "_ROOT"}) and place.next(1) not in STARTS
        ),
    ),
)  # fmt: skip


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
    text = f"{whole(place, name)} = {whole(place, value)}; {first} = {whole(place, name)}"
    return one((start, value.end, text))


def _equation(place: Place) -> Fixes:
    """Write the difference of an equation's sides, or the comparison."""
    right = place.right.cell
    if right.start < 0:
        return ()
    side = whole(place, right)
    bare = side.replace(".", "").isalnum()
    return (
        [(place.last_end, right.end, f" - {side if bare else f'({side})'}")],
        [(place.at, place.end, "==")],
    )


def _residual(place: Place) -> dict[str, str]:
    [difference, *_] = _equation(place) or ([(place.at, place.end, "- ...")],)
    return {"residual": applied(place.source, difference)}


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
    Pattern(
        "an equation", "x^2 + y^2 = 25",
        "only a name can be given a value: this is an equation",
        "write {residual} for the difference of its sides, or == to compare",
        general="write the difference of its sides, as in x^2 - 25, or == to compare",
        instead="x^2 + y^2 - 25", at={"EQUAL"}, fill=_residual, fix=_equation,
    ),
)  # fmt: skip
