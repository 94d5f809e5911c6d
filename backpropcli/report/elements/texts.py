"""What an element of an array is called: x[1,2]."""

from __future__ import annotations

from backpropcli.arithmetics.arrays.elements import titled


def element(text: str, place: tuple[int, ...]) -> str:
    """Return the text of an element of what ``text`` says; of a number, the text itself."""
    return titled(text if not place or closed(text) else f"({text})", place)


def closed(text: str) -> bool:
    """Say whether an index after ``text`` is of all of it: a name, a call, a literal."""
    depth = 0
    for char in text[:-1]:
        depth += (char in "([") - (char in ")]")
        if not depth and not (char.isalnum() or char in "_.])"):
            return False
    return text[-1:].isalnum() or text[-1:] in "_)]"
