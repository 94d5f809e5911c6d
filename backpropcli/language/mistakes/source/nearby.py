"""What stands around a mistake: the word at it, the words near it, and what is open there.

What is looked at closely is the text near the mistake; the rest is only counted and searched.
"""

from __future__ import annotations

from itertools import accumulate, repeat
from operator import indexOf

from backpropcli.errors import columns, visible
from backpropcli.language.mistakes.source.text import SHORT, uncommented
from backpropcli.language.mistakes.source.words import BEGINNINGS, COMPARISONS, SIGNS, VALUES
from backpropcli.language.scanner import OPENING, nesting, solid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropcli.language.builder.expressions import Expressions

NEAR = 200
"""How many characters on either side of a mistake are scanned: an input may have millions."""


class Nearby:
    """A mistake in the source's characters ``at`` to ``end``, and what stands around it.

    Words are (kind, start, end): ``before`` has those
    that end before the mistake, ``ahead`` those from the mistake on.
    """

    source: str
    at: int
    end: int
    depth: int
    """How many parentheses are open."""
    opened: int
    """Where the innermost open parenthesis is, or -1."""
    missing: int
    """How many parentheses are never closed."""
    before: list[tuple[str, int, int]]
    ahead: list[tuple[str, int, int]]
    kind: str
    """The kind of the word at the mistake; "" for a character that no word begins with."""
    word: str
    char: str
    last: str
    """The kind of the word before the mistake, or ""."""
    last_word: str
    last_start: int
    last_end: int
    fresh: bool
    """Whether a value is to begin at the mistake."""
    adjacent: bool
    """Whether the word before the mistake ends right there."""

    def __init__(self, builder: Expressions, at: int, end: int) -> None:
        self.builder = builder
        self.source = builder.source
        self.at = min(at, len(self.source))
        self.end = min(end, len(self.source))
        past, rest = uncommented(self.source[: self.at]), uncommented(self.source[self.at :])
        self.depth = _open(past)
        self.opened = innermost(past) if self.depth > 0 else -1
        self.missing = self.depth + _open(rest)
        stop = len(past.rstrip(" \t\xa0\r\n" if self.depth else " \t\xa0"))
        near = max(0, stop - NEAR)
        self.cut = near > 0
        self.before = self._words(past[near:stop], near)
        self.ahead = self._words(self.source[self.at : self.at + NEAR], self.at)
        self.at_end = self.at >= len(self.source)
        self.kind = "_NEWLINE" if self.at_end else self.ahead[0][0] if self.ahead else ""
        self.last, self.last_start, self.last_end = self.before[-1] if self.before else ("", 0, 0)
        self.word = self.source[self.at : min(self.end, self.at + NEAR)]
        self.last_word = self.source[self.last_start : self.last_end]
        self.char = self.source[self.at : self.at + 1]
        self.fresh = self.last in BEGINNINGS
        self.adjacent = self.last_end == self.at

    @property
    def begin(self) -> int:
        """Where the statement's line begins, or the statement itself."""
        return max(self.source.rfind(mark, 0, self.at) for mark in "\n;") + 1

    def _words(self, text: str, offset: int) -> list[tuple[str, int, int]]:
        """Return the words of ``text``, without white space (a line break, in parentheses)."""
        return [word for word in solid(text, offset) if word[0] != "_NEWLINE" or not self.depth]

    def cut_off(self, start: int) -> bool:
        """Say whether ``start`` is where the look at the text before began, maybe in a word."""
        return self.cut and bool(self.before) and start == self.before[0][1]

    def text(self, start: int, end: int) -> str:
        """Return a part of the source for a hint; "" where that is long or unknown."""
        if not 0 <= start < end or end - start > 2 * NEAR or self.cut_off(start):
            return ""
        found = " ".join(uncommented(self.source[start:end]).split())
        return found if columns(visible(found)) <= SHORT else ""

    def closed_by(self, char: str) -> int:
        """Return where ``char`` stands next on the mistake's line, near it, or -1."""
        line = self.source[self.at + 1 : self.at + NEAR].partition("\n")[0]
        found = line.find(char)
        return found if found < 0 else self.at + 1 + found

    def next(self, index: int) -> str:
        """Return the kind of word number ``index`` after the mistake, which is number 0."""
        return self.ahead[index][0] if index < len(self.ahead) else "_NEWLINE"

    def back(self, stops: Collection[str], skip: int = 0) -> int:
        """Return where the operand before the mistake begins that ends at one of ``stops``.

        So many words right before the mistake as ``skip`` says are passed over.
        """
        found, depth = -1, 0
        for index in range(len(self.before) - 1 - skip, -1, -1):
            kind, start, _ = self.before[index]
            if not depth and kind in stops and not (kind in SIGNS and self._is_sign(index, stops)):
                break
            depth -= nesting(kind)
            if depth < 0:
                break
            found = start
        return found if depth <= 0 else -1

    def _is_sign(self, index: int, stops: Collection[str]) -> bool:
        """Say whether a + or - is the sign of its operand, as loosely bound as ``stops`` allow."""
        return (
            set(stops) >= COMPARISONS
            and "_TIMES" not in stops
            and (
                (index > 0 and self.before[index - 1][0] not in VALUES)
                or (index == 0 and not self.cut)
            )
        )

    def index(self, start: int) -> int:
        """Return the number in ``before`` of the word that begins at ``start``, or 0."""
        return next((i for i, (_, at, _) in enumerate(self.before) if at == start), 0)

    def atom(self, index: int) -> int:
        """Return the number of the word after the number, name, call or (...) at ``index``."""
        while self.next(index) in {*SIGNS, "_ROOT"}:
            index += 1
        if self.next(index) == "NAME" and self.next(index + 1) == "LPAR":
            index += 1
        if self.next(index) in {"NUMBER", "NAME"}:
            index += 1
        elif self.next(index) in OPENING:
            index = self.forth(index + 1, ()) + 1
        else:
            return -1
        return self._parts(index) + (self.next(self._parts(index)) == "SUPERSCRIPT")

    def _parts(self, index: int) -> int:
        """Return the number of the word after the indices and points at ``index``."""
        while True:
            if self.next(index) == "LSQB":
                index = self.forth(index + 1, ()) + 1
            elif self.next(index) == "DOT" and self.next(index + 1) == "NAME":
                index += 2
            else:
                return index

    def factor(self, index: int) -> int:
        """Return the number of the word after the power at ``index``, or -1."""
        index = self.atom(index)
        while index > 0 and self.next(index) == "_POWER":
            index = self.atom(index + 1)
        return index

    def forth(self, index: int, stops: Collection[str]) -> int:
        """Return the number of the word that ends the operand at ``index``: one of ``stops``."""
        depth = 0
        while index < len(self.ahead):
            kind = self.ahead[index][0]
            depth += nesting(kind)
            if depth < 0 or (not depth and kind in stops):
                break
            index += 1
        return index

    def ahead_text(self, first: int, after: int) -> str:
        """Return the text of the words from ``first`` up to ``after``, for a hint, or ""."""
        if not 0 <= first < after <= len(self.ahead):
            return ""
        return self.text(self.ahead[first][1], self.ahead[after - 1][2])

    def operator_before(self, start: int) -> tuple[str, int]:
        """Return the kind of the operator before ``start``, and where its operand begins.

        Signs before it belong to the operand.
        """
        words = self.before
        at = self.index(start) - 1
        while at >= 0 and words[at][0] in SIGNS and (not at or words[at - 1][0] not in VALUES):
            start = words[at][1]
            at -= 1
        return (words[at][0] if at >= 0 else "", start)

    def word_at(self, index: int) -> str:
        """Return word number ``index`` after the mistake."""
        _, start, end = self.ahead[index]
        return self.source[start:end]

    def words_before(self, count: int) -> list[str]:
        """Return so many words right before the mistake, or fewer."""
        return [self.source[start:end] for _, start, end in self.before[-count:]]


def _open(text: str) -> int:
    """Return how many more parentheses and brackets ``text`` opens than it closes."""
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


def innermost(text: str) -> int:
    """Return the place of the last parenthesis that ``text`` leaves open."""
    steps = map({"(": 1, "[": 1, ")": -1, "]": -1}.get, reversed(text), repeat(0))
    return len(text) - 1 - indexOf(accumulate(steps), 1)
