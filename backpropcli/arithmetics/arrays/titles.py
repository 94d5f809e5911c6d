"""What the elements of arrays are called."""

from __future__ import annotations


def titled(name: str, place: tuple[int, ...]) -> str:
    """Return what an element of an array is called."""
    return f"{name}[{','.join(map(str, place))}]" if place else name


def parted(title: str) -> tuple[str, tuple[int, ...]]:
    """Return what an array is called whose element has a title, and the place; () for a number."""
    name, _, place = title.partition("[")
    return name, tuple(map(int, place[:-1].split(","))) if place else ()
