"""Columns of numbers: decimal points, and so signs and digits, stand below each other."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def pointed(texts: Iterable[str]) -> list[str]:
    """Return the texts of one column, to be set to the right: numbers padded to one decimal point.

    What is no number (a reason, a dot, "") stays as it is.
    """
    cells = list(texts)
    tails = [len(cell) - _point(cell) if is_number(cell) else 0 for cell in cells]
    longest = max(tails, default=0)
    return [
        cell + " " * (longest - tail) if is_number(cell) else cell
        for cell, tail in zip(cells, tails, strict=True)
    ]


def is_number(text: str) -> bool:
    """Say whether ``text`` is that of a float."""
    return text.lstrip("-")[:1].isdecimal() or text.lstrip("-") in {"inf", "nan"}


def _point(text: str) -> int:
    """Return where the decimal point of a number stands, or would stand."""
    place = text.find(".")
    if place < 0:
        place = text.find("e")
    return len(text) if place < 0 else place
