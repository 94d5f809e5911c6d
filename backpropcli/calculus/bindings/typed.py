"""Values with what was typed for them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph

LONGEST = 24
"""The most characters of what is shown as it was typed: no double needs more."""


class Spelled(float):
    """A double, and the decimal number that was typed for it."""

    __slots__ = ("text",)

    text: str

    @classmethod
    def of(cls, value: float, text: str) -> float:
        """Return ``value``, with the ``text`` typed for it where that can be shown."""
        if not is_spelling(text, value):
            return value
        found = cls(value)
        found.text = text
        return found


class Typed(float):
    """A double, and the constant expression that was typed for it: node ``root`` of ``graph``."""

    __slots__ = ("graph", "root", "text")

    graph: Graph
    root: int
    text: str

    @classmethod
    def of(cls, value: float, graph: Graph, root: int, text: str) -> Typed:
        """Return ``value`` with its expression, and the text of that."""
        found = cls(value)
        found.graph = graph
        found.root = root
        found.text = text
        return found


def is_spelling(text: str, value: float) -> bool:
    """Say whether ``text`` is a short decimal number that is just ``value``, which is not 0."""
    if len(text) > LONGEST or not value or not text.lstrip("-")[:1].strip("+"):
        return False
    try:
        return float(text) == value and text.isascii() and text == text.strip()
    except ValueError:
        return False
