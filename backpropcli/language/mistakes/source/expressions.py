"""Expressions as texts: their names, how tightly they hold together, and their axes where known."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.graph.operations import CONSTANTS
from backpropcli.language.mistakes.source.words import SIGNS, TIGHT, VALUES
from backpropcli.language.scanner import CLOSING, OPENING, nesting, solid, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backpropcli.language.builder.expressions import Expressions

OPENED, CLOSED = OPENING | {"COMMA", "EQUAL", ""}, CLOSING | {"COMMA", ""}
"""What stands around an argument."""


def names_in(text: str) -> set[str]:
    """Return the names in a text."""
    return {text[start:end] for kind, start, end in tokens(text) if kind == "NAME"}


def variables_in(text: str) -> list[str]:
    """Return the names in a text, one after the other, that are no calls and no constants."""
    words = [*tokens(text), ("", 0, 0)]
    return [
        text[start:end]
        for (kind, start, end), after in pairwise(words)
        if kind == "NAME" and after[0] != "LPAR" and text[start:end] not in CONSTANTS
    ]


def is_atom(text: str) -> bool:
    """Say whether a text is a number, a name, a call, or what is in parentheses."""
    words = [kind for kind, _, _ in solid(text)]
    if words[:1] == ["NUMBER"]:
        return len(words) == 1
    at = int(words[:1] == ["NAME"])
    at += _group(words[at:], {"LPAR"} if at else OPENING)
    while at and at < len(words):
        part = 2 if words[at : at + 2] == ["DOT", "NAME"] else _group(words[at:], {"LSQB"})
        if not part:
            return False
        at += part
    return at > 0


def _group(words: Sequence[str], opening: Collection[str]) -> int:
    """Return how many words the first are that stand in parentheses or brackets."""
    depth = 0
    for count, kind in enumerate(words if words[:1] and words[0] in opening else (), 1):
        depth += nesting(kind)
        if not depth:
            return count
    return 0


def bare(text: str) -> str:
    """Return ``text`` without the parentheses that are around all of it."""
    words = [kind for kind, _, _ in solid(text)]
    return text[1:-1] if text[:1] == "(" and _group(words, {"LPAR"}) == len(words) else text


def summand(text: str) -> str:
    """Return ``text`` as it stands between plus signs."""
    plain = TIGHT | SIGNS | VALUES | {"SPACE", "_ROOT", "DOT"} | OPENING
    return text if _operators(text) <= plain else f"({text})"


def factor(text: str) -> str:
    """Return ``text`` as it stands between product signs."""
    plain = VALUES | {"SPACE", "_ROOT", "_POWER", "DOT"} | OPENING
    return text if _operators(text) <= plain else f"({text})"


def _operators(text: str) -> set[str]:
    """Return the kinds of the words outside of parentheses."""
    depth, found = 0, set()
    for kind, _, _ in tokens(text):
        depth += nesting(kind)
        if not depth:
            found.add(kind)
    return found


def substituted(template: str, given: Mapping[str, str]) -> str:
    """Return ``template`` with texts in place of names, in parentheses if need be.

    The name of a keyword stays.
    """
    words = solid(template)
    kinds = ["", *[kind for kind, _, _ in words], ""]
    pieces, at = [], 0
    for index, (_, start, end) in enumerate(words, 1):
        name = template[start:end]
        bare = kinds[index - 1] in OPENED and kinds[index + 1] in CLOSED
        shown = None if kinds[index + 1] == "EQUAL" else given.get(name)
        if shown is None:
            shown = name
        elif not (bare or is_atom(shown)):
            shown = f"({shown})"
        pieces += [template[at:start], shown]
        at = end
    return "".join(pieces)


def times(builder: Expressions, left: str, right: str) -> str:
    """Return the sign of a product: @ where a matrix is one of two arrays, "" if that is open."""
    if ".T" in left + right:
        return "@"
    counts = [most_axes(builder, left), most_axes(builder, right)]
    if max(counts) > 1 and not {*variables_in(left), *variables_in(right)} <= {*builder.bound}:
        return ""
    return "@" if all(counts) and max(counts) > 1 else "*"


def most_axes(builder: Expressions, text: str) -> int:
    """Return how many axes the values have at most that a text names, so far as they are known."""
    return max([axes(builder, name) for name in names_in(text)], default=0)


def axes(builder: Expressions, name: str) -> int:
    """Return how many axes the value of a name has, 0 where that is not known."""
    return len(getattr(builder.value_of(name), "shape", ()))
