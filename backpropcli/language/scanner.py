"""The scanner: characters to terminals, by the automaton exported from the grammar."""

from __future__ import annotations

from backpropcli.language.tables import NAMED, OTHERS, SCANNER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LETTER, DIGIT, OTHER = OTHERS
_scanner: list[dict[str, Any]] = []


def scanner_rows() -> list[dict[str, Any]]:
    """Return the scanner's states: character -> next state's row, "" -> the terminal found."""
    if not _scanner:
        rows: list[dict[str, Any]] = [{"": terminal} for terminal, _ in SCANNER]
        for row, (_, moves) in zip(rows, SCANNER, strict=True):
            for chars, target in moves.items():
                row.update(dict.fromkeys(chars, rows[target]))
        _scanner.extend(rows)
    return _scanner


def kind(char: str) -> str:
    """Return the character that stands for ``char`` in the scanner's table."""
    if char < "\x80" or char in NAMED:
        return char
    return DIGIT if char.isdecimal() else LETTER if char.isalnum() else OTHER


def longest(text: str, at: int, limit: int) -> tuple[str, int]:
    """Return the longest terminal that begins at ``at``, and its end, which is within ``limit``.

    Where no terminal does, it is "", and ``limit``.
    """
    row, found, stop = scanner_rows()[0], "", limit
    for here in range(at, limit):
        char = text[here]
        after = row.get(char) or row.get(kind(char))
        if after is None:
            break
        row = after
        if row[""]:
            found, stop = row[""], here + 1
    return found, stop


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Return all of ``text`` as (terminal, start, end), as the parser's own scanner reads it.

    A character that no terminal begins with is ("", start, start + 1).
    """
    first = scanner_rows()[0]
    padded = text + "\n\0"
    found = []
    at = 0
    while at < len(text):
        row, here, best, stop = first, at, "", at + 1
        while True:
            char = padded[here]
            row = row.get(char) or row.get(kind(char)) or {}
            if not row:
                break
            here += 1
            if row[""]:
                best, stop = row[""], here
        found.append((best, at, min(stop, len(text))))
        at = stop
    return found
