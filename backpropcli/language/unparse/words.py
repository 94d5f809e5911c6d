"""How helpers of the rules read in words of the language, as pow_log(x, y) is x^y*log(x)."""

from __future__ import annotations

from backpropcli.language.scanner import tokens
from backpropcli.language.unparse.levels import ANY, ATOM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.graph.row import Row
    from backpropcli.language.unparse.levels import Part

NOTED = {"mT", "array", "index", "put", "given"}
"""Helpers that have a notation of their own."""
MARKED = r"\b(?:quiet|void)\(([^()]*)\)"
"""A condition, and what the rest of the tool makes of it."""


class WordlessError(Exception):
    """An operation has no words in the language."""


def in_words(table: Mapping[str, Row], name: str, inputs: Sequence[int]) -> list[Part]:
    """Return a helper as what it expands to: pieces, and (input, how tightly it has to bind).

    Raises WordlessError where the language has no words for it.
    """
    import re

    row = table[name]
    if row.expand is None or row.static or row.variadic:
        raise WordlessError(name)
    text = re.sub(MARKED, r"\1", row.expand.text)
    places = dict(zip(row.parameters, inputs, strict=True))
    parts: list[Part] = []
    for terminal, start, end in tokens(text):
        piece = text[start:end]
        known = table.get(piece)
        if known is not None and known.helper:
            raise WordlessError(piece)
        if terminal == "NAME" and piece in places:
            alone = text[:start].rstrip()[-1:] in {"(", ","} and text[end : end + 1] in {")", ","}
            parts.append((places[piece], ANY if alone else ATOM))
        else:
            parts.append(piece)
    return parts
