"""Answers the script of a shell that asks which words may stand at the cursor."""

from __future__ import annotations

import sys

from backpropcli.cli.completion.candidates import candidates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SPECIAL = " ()[]{}<>|&;*?!'\"$`\\#~"
"""What a shell acts on, outside quotes."""


def answer(argv: Sequence[str], shell: str) -> int:
    """Print the words that may stand at the cursor; return the exit code."""
    if shell != "bash":
        *words, current = argv or [""]
        rows = [f"{word}\t{what}" for word, what in candidates(words, current)]
        sys.stdout.write("".join([f"{row.rstrip()}\n" for row in rows]))
        return 0
    line, replaced = (*argv, "", "")[:2]
    (_, *words), current, quote = split(line)
    found = [word for word, _ in candidates(words, current)]
    if quote and len(found) == 1 and found[0].endswith("("):
        found.append(f"{found[0]}x)")  # else readline closes the quote
    for word in found:
        rest = word[len(current) :]
        shown = rest if quote else escaped(rest, whole=not current)
        sys.stdout.write(f"{replaced}{shown}\n")
    return 0


def split(line: str) -> tuple[list[str], str, str]:
    """Return the words of a command line, the last one, and the quote that is open there."""
    words = [""]
    quote, rest = "", iter(line)
    for char in rest:
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif char == "\\" and quote != "'":
            words[-1] += next(rest, "")
        elif char == " " and not quote:
            words += [""] * bool(words[-1])
        else:
            words[-1] += char
    return words[:-1] or [""], words[-1], quote


def escaped(text: str, *, whole: bool) -> str:
    """Return ``text`` so that a shell acts on nothing in it; a ``whole`` word gets quotes."""
    if whole and not {*SPECIAL}.isdisjoint(text):
        return f"'{text}'"
    return "".join([f"\\{char}" if char in SPECIAL else char for char in text])
