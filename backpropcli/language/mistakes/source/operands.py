"""The operands on either side of a mistake, as a hint repeats them.

Each is as large as the operator that the hint writes needs it: ``{left.term:a}`` in a hint is all
that multiplies before the mistake, or "a" where that is long or unknown.
"""

from __future__ import annotations

from backpropcli.language.mistakes.source.words import CELLS, COMPARISONS, INFIX, SIGNS, WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropcli.language.mistakes.source.nearby import Nearby


class Part(str):  # noqa: SLOT000 (a part has a place)
    """A part of the source, "" where it is long or unknown: a hint then has what it asks for.

    It is characters ``start`` to ``end``; ``start`` is -1 where its place is unknown.
    """

    start = -1
    end = -1
    whole = ""
    """All of its text, however long it is."""

    @classmethod
    def at(cls, place: Nearby, start: int, end: int) -> Part:
        """Return the part of the source from ``start`` to ``end``."""
        part = cls(place.text(start, end))
        if 0 <= start < end and not place.cut_off(start):
            part.start, part.end, part.whole = start, end, place.source[start:end]
        return part

    def __format__(self, default: str) -> str:
        return str(self) or default or "..."


class Left:
    """What stands before a mistake, or before the word that ``skip`` passes over."""

    def __init__(self, place: Nearby, skip: int = 0) -> None:
        self.place = place
        self.skip = skip

    def until(self, stops: Collection[str]) -> Part:
        """Return the operand that begins after one of ``stops``."""
        place, words = self.place, self.place.before
        end = words[-1 - self.skip][2] if len(words) > self.skip else 0
        return Part.at(place, place.back(stops, self.skip), end)

    @property
    def cell(self) -> Part:
        """The whole argument, or side of a '='."""
        return self.until(CELLS)

    @property
    def choice(self) -> Part:
        """An operand of 'or'."""
        return self.until(CELLS | {"OR"})

    @property
    def claim(self) -> Part:
        """An operand of 'and'."""
        return self.until(CELLS | {"AND", "OR"})

    @property
    def term(self) -> Part:
        """An operand of + and -."""
        return self.until(CELLS | COMPARISONS | SIGNS | WORDS)

    @property
    def factor(self) -> Part:
        """An operand of * and /."""
        return self.until(INFIX | CELLS | WORDS)

    @property
    def base(self) -> Part:
        """What stands right before the mistake, without parentheses around it."""
        found = self.until(INFIX | CELLS | WORDS | {"_ROOT"})
        if not (found.startswith("(") and found.endswith(")")):
            return found
        bare = Part(found[1:-1])
        bare.start, bare.end, bare.whole = found.start, found.end, found.whole
        return bare


class Right:
    """What stands after a mistake, from the word of that number on."""

    def __init__(self, place: Nearby, index: int) -> None:
        self.place = place
        self.first = index

    def to(self, after: int) -> Part:
        """Return the text up to the word of number ``after``."""
        ahead = self.place.ahead
        if not 0 <= self.first < after <= len(ahead):
            return Part("")
        return Part.at(self.place, ahead[self.first][1], ahead[after - 1][2])

    @property
    def cell(self) -> Part:
        """The whole argument, or side of a '='."""
        return self.to(self.place.forth(self.first, CELLS))

    @property
    def claim(self) -> Part:
        """An operand of 'and'."""
        return self.to(self.place.forth(self.first, CELLS | WORDS | {""}))

    @property
    def side(self) -> Part:
        """An operand of a comparison."""
        return self.to(self.place.forth(self.first, CELLS | WORDS | COMPARISONS))

    @property
    def factor(self) -> Part:
        """A power."""
        return self.to(self.place.factor(self.first))

    @property
    def atom(self) -> Part:
        """A number, a name, a call, or what is in parentheses."""
        return self.to(self.place.atom(self.first))

    @property
    def word(self) -> Part:
        """One word."""
        return self.to(self.first + 1)
