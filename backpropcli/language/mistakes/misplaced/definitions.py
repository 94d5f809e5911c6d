"""Definitions, rules and files of definitions that go wrong."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.slip import Pattern, Span, last, opened, word
from backpropcli.language.mistakes.source.text import SHORT, trimmed, until
from backpropcli.language.mistakes.source.words import HEADS
from backpropcli.language.scanner import ENDINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.language.mistakes.source.place import Place


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
    start = place.source.find("use", place.begin, place.end) + len("use")
    return trimmed(place.source, start, until(place.source, start, "\n;#,"))


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
