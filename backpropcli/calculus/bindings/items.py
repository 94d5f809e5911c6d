"""What is given for a value: a text with an expression, or an array in a file."""

from __future__ import annotations

from backpropcli.errors import SourceError
from backpropcli.graph.graph import Decimal
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    Draw = tuple[str, str, tuple[int, ...]]

FILE = "@"
"""What stands before a file's name."""
MOST = 2**27
"""Elements of the largest array: a GiB of doubles."""


class Digits(str):
    """The text of a decimal, as a file has it."""

    __slots__ = ()


def significant(text: str) -> str:
    """Return the significant digits of a decimal."""
    mantissa = text.lower().partition("e")[0]
    return "".join(filter(str.isdigit, mantissa)).lstrip("0")


class Item:
    """What is given for a value: characters ``start`` to ``end`` of ``source``.

    ``refusal`` is the error of one that cannot be a number, raised where it is used; ``draws`` are
    the random arrays that it asks for, known once it is parsed.
    """

    __slots__ = ("draws", "end", "origin", "refusal", "source", "start")

    def __init__(
        self,
        source: str,
        start: int,
        end: int,
        origin: str = "",
        refusal: Exception | None = None,
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.origin = origin
        self.refusal = refusal
        self.draws: list[Draw] = []

    @classmethod
    def of(cls, name: str, text: str, origin: str = "") -> Self:
        """Return the item of a text that stands in no source."""
        word = f"{name}={text}"
        return cls(word, len(name) + 1, len(word), origin)

    @property
    def text(self) -> str:
        """What is given."""
        return self.source[self.start : self.end]

    @property
    def name(self) -> str:
        """What the value is given to: x of x=3, and of # bind: w=2 x=3."""
        head = self.source[: self.start].rstrip(" =")
        return head.split()[-1] if "#" in head else head

    def error(self, message: str, hint: str, start: int = 0, end: int | None = None) -> SourceError:
        """Return the error at characters ``start`` to ``end`` of the text."""
        stop = len(self.text) if end is None else end
        return SourceError(
            message, self.source, self.start + start, self.start + stop, hint, self.origin
        )

    def instead(self, message: str, hint: str, *alternatives: list[str]) -> SourceError:
        """Return the error at all of the text, with words to type in place of its source."""
        error = self.error(message, hint)
        if not self.origin:
            error.words = alternatives
        return error

    def meant(self, message: str, fixed: str) -> SourceError:
        """Return the same with the one word that is meant."""
        return self.instead(message, f"write {fixed}", [fixed])


class Stored(Item):
    """An array in a file, as in X=@data.npz:name; once read, ``is_text`` says if in decimals."""

    __slots__ = ("is_text",)

    is_text: bool

    @property
    def file(self) -> str:
        """What is named: a file, and perhaps a part of it."""
        return self.text.strip().removeprefix(FILE)


def is_name(text: str) -> bool:
    """Say whether ``text`` is one name of the language."""
    return tokens(text) == [("NAME", 0, len(text))]


def is_long(given: object) -> bool:
    """Say whether a whole number has more digits than a double keeps."""
    return isinstance(given, int) and isinstance(Decimal.of(str(abs(given))), Decimal)
