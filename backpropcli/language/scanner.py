"""The scanner: characters to terminals, by the automaton exported from the grammar."""

from __future__ import annotations

from backpropcli.language.tables import IGNORED, NAMED, OTHERS, SCANNER

LETTER, DIGIT, OTHER = OTHERS
OPENING, CLOSING = frozenset({"LPAR", "LSQB"}), frozenset({"RPAR", "RSQB"})
"""The brackets."""
ENDINGS = frozenset({"SEMICOLON", "_NEWLINE"})
"""What ends a statement."""


class State(dict[str, "State | None"]):
    """A state of the automaton: the next one by each character that was met here, or None.

    ``terminal`` is what has been read, "" where that is none yet.
    """

    __slots__ = ("moves", "terminal")

    def __init__(self, terminal: str, moves: dict[str, int]) -> None:
        self.terminal = terminal
        self.moves = moves

    def __missing__(self, char: str) -> State | None:
        known = kind(char)
        target = next((to for chars, to in self.moves.items() if known in chars), None)
        state = self[char] = None if target is None else STATES[target]
        return state


STATES = [State(terminal, moves) for terminal, moves in SCANNER]


def uncommented(text: str) -> str:
    """Return ``text`` without the comments in its lines."""
    if "#" not in text:
        return text
    return "\n".join(line.partition("#")[0] for line in text.split("\n"))


def kind(char: str) -> str:
    """Return the character that stands for ``char`` in the scanner's table."""
    if char < "\x80" or char in NAMED:
        return char
    return DIGIT if char.isdecimal() else LETTER if char.isalnum() else OTHER


def longest(text: str, at: int, limit: int) -> tuple[str, int]:
    """Return the longest terminal that begins at ``at``, and its end, which is within ``limit``.

    Where no terminal does, it is "", and ``limit``.
    """
    state, found, stop = STATES[0], "", limit
    for here in range(at, limit):
        after = state[text[here]]
        if after is None:
            break
        state = after
        if state.terminal:
            found, stop = state.terminal, here + 1
    return found, stop


def nesting(kind: str) -> int:
    """Return by how much a word changes how many parentheses and brackets are open."""
    return (kind in OPENING) - (kind in CLOSING)


def solid(text: str, offset: int = 0) -> list[tuple[str, int, int]]:
    """Return the words of a text that begins at ``offset``, without blanks and comments."""
    return [
        (kind, start + offset, end + offset)
        for kind, start, end in tokens(text)
        if kind not in IGNORED
    ]


def statements(text: str) -> list[tuple[int, list[int], int]]:
    """Return where each statement begins, where its = are outside of parentheses, and its end."""
    found: list[tuple[int, list[int], int]] = []
    depth, fresh = 0, True
    for kind, start, end in solid(text):
        if kind in ENDINGS and not depth:
            fresh = True
            continue
        begin, equals, _ = (start, [], end) if fresh else found.pop()
        found.append((begin, equals + [start] * (kind == "EQUAL" and not depth), end))
        fresh, depth = False, max(depth + nesting(kind), 0)
    return found


def split(text: str) -> list[str]:
    """Return ``text`` split at the commas that stand in no parentheses or brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Return all of ``text`` as (terminal, start, end), as the parser's own scanner reads it.

    A character that no terminal begins with is ("", start, start + 1).
    """
    padded = text + "\n\0"
    found = []
    at = 0
    while at < len(text):
        state, here = STATES[0], at
        while (after := state[padded[here]]) is not None:
            state = after
            here += 1
        terminal, stop = state.terminal, here
        if not terminal:
            terminal, stop = longest(padded, at, here)
        if not terminal:
            stop = at + 1
        found.append((terminal, at, min(stop, len(text))))
        at = stop
    return found
