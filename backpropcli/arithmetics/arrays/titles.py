"""What the elements of arrays are called."""

from __future__ import annotations


def titled(name: str, place: tuple[int, ...]) -> str:
    """Return what an element of an array is called."""
    return f"{name}[{','.join(map(str, place))}]" if place else name
