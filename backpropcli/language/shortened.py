"""Shortens expressions at operators, so that parentheses stay balanced: ``tanh(w*tanh(…) + b)``."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.language.scanner import CLOSING, OPENING, nesting, tokens

ELLIPSIS = "…"
LEAST = 3
"""Characters in parentheses that are not worth an ellipsis."""
SEPARATORS = ({"COMMA"}, {"OR"}, {"AND"}, {"PLUS", "_MINUS"}, {"_TIMES", "_OVER"})
"""What an expression is cut at, the loosest first."""
OPERATORS = {"PLUS", "_MINUS", "_TIMES", "_OVER", "_POWER", "COMMA", *OPENING}
"""What a sign may follow; a minus after anything else is a difference."""


def shortened(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters.

    What is in parentheses goes first, the innermost before the rest; then terms in the middle; and
    at last the end of what has no operator.
    """
    if len(text) <= limit:
        return text
    words = [(terminal, text[start:end]) for terminal, start, end in tokens(text)]
    found = _Words(words)
    for low, high in found.groups():
        for cut in (found.cut, found.empty):
            cut(low, high)
            if found.length <= limit:
                return found.text()
    return _without_middle(found, limit)


def _without_middle(found: _Words, limit: int) -> str:
    """Return the first terms, an ellipsis, and the last term; or less, where that is too long."""
    whole = found.text()
    places = [0, *found.separators(0, len(found.words)), len(found.words)]
    parts = [found.text(low, high) for low, high in pairwise(places)]
    blank = " " if parts[0].endswith(" ") else ""
    tail = ELLIPSIS + blank + parts[-1].lstrip()
    for kept in range(len(parts) - 2, 0, -1):
        text = "".join(parts[:kept]) + _sign(parts[kept]) + tail
        if len(text) <= limit:
            return text
    text = parts[0] + _sign(parts[-1]) + ELLIPSIS
    if len(parts) > 1 and len(text) <= limit:
        return text
    return whole.partition("(")[0][: limit - 1].rstrip() + ELLIPSIS


def _sign(part: str) -> str:
    """Return the operator that a term begins with, with the blanks around it."""
    bare = part.lstrip("+-*/,")
    return part[: len(part) - len(bare.lstrip())]


class _Words:
    """The words of a text, of which some are gone and some are an ellipsis."""

    def __init__(self, words: list[tuple[str, str]]) -> None:
        self.words = words
        self.shown = [word for _, word in words]
        self.length = sum(map(len, self.shown))

    def text(self, low: int = 0, high: int | None = None) -> str:
        """Return the text of the words from ``low`` up to ``high``."""
        return "".join(self.shown[low:high])

    def groups(self) -> list[tuple[int, int]]:
        """Return the places (after the opening, of the closing) of parentheses, deepest first."""
        stack: list[int] = []
        found = []
        for at, (terminal, _) in enumerate(self.words):
            if terminal in OPENING:
                stack.append(at + 1)
            elif terminal in CLOSING and stack:
                found.append((-len(stack), stack.pop(), at))
        return [(low, high) for _, low, high in sorted(found)]

    def separators(self, low: int, high: int) -> list[int]:
        """Return the places of the loosest operators between ``low`` and ``high``."""
        depth, before = 0, "LPAR"
        found: dict[int, list[int]] = {}
        for at in range(low, high):
            terminal = self.words[at][0]
            depth += nesting(terminal)
            level = next((n for n, kind in enumerate(SEPARATORS) if terminal in kind), None)
            if depth == 0 and level is not None and before not in OPERATORS:
                found.setdefault(level, []).append(at)
            before = before if terminal == "SPACE" else terminal
        return found[min(found)] if found else []

    def cut(self, low: int, high: int) -> None:
        """Leave of what is in parentheses the first part, and an ellipsis."""
        places = self.separators(low, high)
        if places:
            after = places[0] + 1
            blank = after < high and self.words[after][0] == "SPACE"
            self._gone(after + blank, high)

    def empty(self, low: int, high: int) -> None:
        """Leave an ellipsis of what is in parentheses."""
        self._gone(low, high)

    def _gone(self, low: int, high: int) -> None:
        size = sum(map(len, self.shown[low:high]))
        if size > LEAST:
            self.shown[low:high] = [ELLIPSIS, *[""] * (high - low - 1)]
            self.length += len(ELLIPSIS) - size
