"""How a mistake is told on the command line: with the corrected command, ready to paste."""

from __future__ import annotations

from backpropcli.cli import screen
from backpropcli.errors import BackpropError, SourceError
from backpropcli.render.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.render.lines import Line

PLAIN = "%+,-./:=@_"
"""What a shell takes as it is, beside letters and digits."""
LONGEST = 500
"""Characters of the longest command that is shown."""


def told(error: BackpropError, argv: Sequence[str]) -> list[Line]:
    """Return the lines that tell an error of the command ``backprop`` with arguments ``argv``."""
    found = [error]
    if isinstance(error, SourceError) and error.kind:
        from backpropcli.language.mistakes.repair import problems  # noqa: PLC0415 (it parses again)

        found = [*problems(error, _given(error, argv))]
    width = screen.width()
    lines: list[Line] = []
    for one in found:
        (_, sentence), *rest = one.lines()
        lines += [[]] * bool(lines)
        lines += wrapped([("error", "error:"), ("message", f" {sentence}")], width)
        for role, text in rest:
            lines += wrapped([(role, text)], width) if role == "hint" else [[(role, text)]]
    if isinstance(error, SourceError):
        lines += [[("", "  "), ("command", line)] for line in corrected(error, argv)]
    return lines


def corrected(error: SourceError, argv: Sequence[str]) -> list[str]:
    """Return the corrected command: one line for each way to correct the mistake."""
    place = _place(error, argv)
    if place is None:
        return []
    start, stop = place
    alternatives = [*error.words]
    if error.fixes:
        from backpropcli.language.mistakes.repair import repaired  # noqa: PLC0415 (it parses again)

        alternatives = [[text] for text in repaired(error, _given(error, argv))]
    lines = [
        " ".join(["backprop", *map(quoted, [*argv[:start], *words, *argv[stop:]])])
        for words in alternatives
    ]
    return [line for line in lines if len(line) <= LONGEST]


def _place(error: SourceError, argv: Sequence[str]) -> tuple[int, int] | None:
    """Return which arguments hold the mistake: one, or several that blanks tore apart."""
    if error.origin or "\n" in error.source:
        return None
    for start in range(len(argv)):
        text = ""
        for stop in range(start, len(argv)):
            text += (" " if stop > start else "") + argv[stop]
            if text == error.source:
                return start, stop + 1
            if not error.source.startswith(text):
                break
    return None


def _given(error: SourceError, argv: Sequence[str]) -> set[str]:
    """Return the names that arguments may give a value, beside the one with the mistake."""
    words = [word for word in argv if "=" in word and word != error.source]
    return {word.partition("=")[0].strip() for word in words}


def quoted(word: str) -> str:
    """Return ``word`` as a shell takes it: in quotes where it needs them."""
    if word and all(char.isalnum() or char in PLAIN for char in word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"
