"""What each sample program says of itself, for lists."""

from __future__ import annotations

SHORT, LONG = 12, 58
"""Characters that what is said of a sample should have."""
STRONG, WEAK = (". ", "; ", ": "), (", ", " (")
"""Where a sentence may end early."""


def about(text: str) -> str:
    """Return what a program's first comment says: its first sentence, or a part of it."""
    comment = []
    for line in text.splitlines():
        if not line.startswith("#") or line[1:].strip().startswith("bind:"):
            break
        comment.append(line[1:].strip())
    said = " ".join(comment)
    said = min((part for part in _parts(said, STRONG) if len(part) >= SHORT), key=len, default=said)
    if len(said) > LONG:
        fitting = [part for part in _parts(said, WEAK) if len(part) <= LONG]
        said = max(fitting, key=len, default=said)
    return said.rstrip(".")


def _parts(text: str, stops: tuple[str, ...]) -> list[str]:
    """Return what stands before each of ``stops`` in ``text``, outside quotes and parentheses."""
    found = []
    for stop in stops:
        pieces = text.split(stop)
        heads = [stop.join(pieces[:count]) for count in range(1, len(pieces))]
        found += [
            head
            for head in heads
            if head.count('"') % 2 == 0 and head.count("(") == head.count(")")
        ]
    return found
