"""A derivative, or another number that is shown, with the truth and the digits that are right."""

from __future__ import annotations

FULL = 15
"""A double holds 15 digits of any number."""


def decimal(truth: str) -> float:
    """Return the double nearest to a truth, which may tell of more than its number."""
    return float(truth.partition(" ")[0])


def right_digits(result: float, truth: str) -> float | None:
    """Return how many digits of ``result`` are right; ``truth`` has 40, and may tell of more."""
    if not truth:
        return None
    exact = decimal(truth)
    if exact == result:
        return 17.0
    if exact == 0:
        return 0.0
    from math import log10

    return max(0.0, min(17.0, -log10(abs((result - exact) / exact))))


class Entry:
    """One derivative asked for: ours and SymPy's to 40 digits, and how many digits the float has.

    ``agree`` is None where SymPy did not say. ``typed`` is the truth at the numbers as they were
    typed, where that is another point than their doubles.
    """

    __slots__ = ("agree", "digits", "label", "name", "result", "sympy", "truth", "typed")

    def __init__(self, name: str, result: float, label: str = "") -> None:
        self.name = name
        self.label = label or f"d/d{name}"
        self.result = result
        self.truth = ""
        self.typed = ""
        self.sympy: str | None = None
        self.agree: bool | None = None
        self.digits: float | None = None

    def put(self, result: float) -> None:
        """Let it be about another number than that of the report, at the same point."""
        self.result, self.typed = result, ""
        self.digits = right_digits(result, self.truth)

    def __repr__(self) -> str:
        return f"<Entry: {self.label} = {self.result!r}, truly {self.truth or 'unknown'}>"


class Step:
    """The ``value`` of something else that is shown, of which only so many ``digits`` are right.

    ``node`` is its place in the flat graph, -1 for none.
    """

    __slots__ = ("digits", "node", "text", "truth", "value")

    def __init__(self, text: str, value: float, truth: str, digits: float, node: int = -1) -> None:
        self.node = node
        self.text = text
        self.value = value
        self.truth = truth
        self.digits = digits

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {name: getattr(self, name) for name in ("text", "value", "truth", "digits")}
