"""The errors that a user can act on: a sentence, the source line, a caret, a hint.

Nothing here prints; ``SourceError.render`` returns text, and the program's entry point alone
writes it to stderr and chooses the exit code.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


WIDTH = 76

Edit = tuple[int, int, str]
"""Characters from the first place to the second, and what to write there."""

ASCII = {
    **dict(zip(map(ord, "▁▂▃▄▅▆▇█"), "_.,-=+*#", strict=True)),
    ord("├"): "|",
    ord("└"): "`",
    ord("│"): "|",
    ord("─"): "-",
    ord("…"): "...",
    ord("·"): "*",
    ord("≈"): "~",
    ord("↑"): "^",
    ord("↓"): "v",
    ord("→"): "->",
}
"""What stands for the signs of a picture where a stream has ASCII alone."""


def visible(text: str) -> str:
    """Return ``text`` with control, bidirectional and surrogate characters spelled out."""
    if text.isprintable():
        return text
    return "".join([char if char.isprintable() else _spelled(char) for char in text])


def _spelled(char: str) -> str:
    """Return a character that would act on a terminal, or not show, in ASCII."""
    if char in "\t\xa0":
        return " "
    return char.encode("ascii", "backslashreplace").decode() if char > "\x7f" else repr(char)[1:-1]


def fitting(text: str, encoding: str) -> str:
    """Return text with what acts on a terminal, or ``encoding`` lacks, spelled out.

    Ends of lines and tabs stay.
    """
    text = "\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n"))
    if text.isascii():
        return text
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.translate(ASCII)
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


class BackpropError(Exception):
    """Bad input: one sentence in lower case, and a hint that says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def lines(self) -> list[tuple[str, str]]:
        """Return (role, line) for the lines that a user sees; a role says what a line is."""
        return [("message", visible(self.message)), *self._hints()]

    def _hints(self) -> list[tuple[str, str]]:
        return [("hint", visible(line)) for line in self.hint.split("\n") if self.hint]

    def render(self) -> str:
        """Return the error as the lines that a user sees."""
        return "\n".join([line for _, line in self.lines()])


class NotByElementsError(BackpropError):
    """A program of arrays that is not to be written out in numbers."""


class NoForwardError(BackpropError):
    """A rule of the program's own that has no forward mode."""


class SourceError(BackpropError):
    """Bad input at a place: characters ``start`` to ``end`` of ``source``.

    ``origin`` names the source where it is not the command line (a file's name).
    """

    def __init__(  # noqa: PLR0913 (message, place and hint belong together)
        self,
        message: str,
        source: str,
        start: int,
        end: int,
        hint: str = "",
        origin: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.kind = ""
        """Which mistake it is, as the table of mistakes calls it."""
        self.source = source
        self.start = start
        self.end = end
        self.origin = origin
        self.fixes: tuple[list[Edit], ...] = ()
        """What corrects the mistake: each alternative has edits that do not overlap."""
        self.words: tuple[list[str], ...] = ()
        """What to type in place of the source, as words of a command, for each alternative."""
        self.several: list[str] = []
        """Values, where one variable has got several: each is for a command of its own."""
        self.missing: list[str] = []
        """Names that lack a value."""
        self.renamed: dict[str, str] = {}
        """Names that have a value, and those that were meant."""

    def lines(self) -> list[tuple[str, str]]:
        """Return the sentence, the source line, carets under the place, and the hint."""
        begin = self.source.rfind("\n", 0, self.start) + 1
        finish = self.source.find("\n", self.start)
        finish = len(self.source) if finish < 0 else finish
        where = ""
        if self.origin or begin > 0:
            line = self.source.count("\n", 0, begin) + 1
            where = f" ({self.origin}:{line})" if self.origin else f" (line {line})"
        stop = max(min(self.end, finish), self.start)
        low, high = _window(begin, finish, self.start, stop)
        before = ("…" if low > begin else "") + visible(self.source[low : self.start])
        inside = visible(self.source[self.start : min(stop, high)])
        after = visible(self.source[min(stop, high) : high]) + ("…" if high < finish else "")
        if columns(before) > WIDTH:  # characters that are spelled out take more columns
            before = "…" + before[-WIDTH // 2 :]
        inside = inside if columns(inside) <= WIDTH else inside[: WIDTH // 2] + "…"
        after = after if columns(after) <= WIDTH else after[: WIDTH // 2] + "…"
        lines = [("message", visible(self.message) + visible(where))]
        if self.source[begin:finish].strip():
            lines.append(("source", f"  {before}{inside}{after}".rstrip("\r")))
            lines.append(("caret", f"  {' ' * columns(before)}{'^' * max(columns(inside), 1)}"))
        return [*lines, *self._hints()]


class MistakeError(Exception):
    """A text cannot be read: a record, which ``language.mistakes`` explains.

    ``kind`` names what explains it, given the ``builder``, which has read the text up to there,
    and the rest.
    """

    def __init__(self, kind: str, builder: Any, *given: Any, **named: Any) -> None:  # noqa: ANN401 (each kind has its own)
        super().__init__(kind)
        self.kind = kind
        self.builder = builder
        self.given = given
        self.named = named


class KinkError(SourceError):
    """A kink is met where none may be: no bad input, so its exit code is another one."""


def _window(begin: int, finish: int, start: int, stop: int) -> tuple[int, int]:
    """Return the part of a line to show: the place and what stands around it."""
    if finish - begin <= WIDTH:
        return begin, finish
    low = max(begin, start - WIDTH // 2)
    high = min(finish, max(low + WIDTH - 2, min(stop, start + WIDTH // 2)))
    return max(begin, min(low, high - WIDTH + 2)), high


def columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    if text.isascii() or all(char.isascii() or ord(char) in ASCII for char in text):
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )


def did_you_mean(
    name: str, known: Iterable[str], otherwise: str = "", *, slips: int | None = None
) -> str:
    """Return the question whether ``name`` is a slip of one that is known, or ``otherwise``."""
    from backpropcli.slips import closest

    found = closest(name, known, slips)
    return f"did you mean '{found}'?" if found else otherwise
