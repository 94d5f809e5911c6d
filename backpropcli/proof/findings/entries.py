"""A derivative, or another number that is shown, with the truth and the digits that are right.

Of an array a tally counts the elements: how many agree, the worst, and the first that is wrong.
"""

from __future__ import annotations

from math import prod

from backpropcli.calculus.elements import each_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Place = tuple[int, ...]

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


class Tally:
    """The elements of one derivative: ``agree`` of ``count``; None where that is not known.

    ``digits`` are right of the element that is ``worst``, whose ``truth`` is known. The first
    ``disagreement`` is a place, our number and the other. ``along`` says whether the derivative
    agrees along random directions.
    """

    def __init__(self, name: str, label: str, shape: tuple[int, ...]) -> None:
        self.name = name
        self.label = label
        self.shape = shape
        self.count = prod(shape)
        self.agree: int | None = None
        self.along: bool | None = None
        self.digits: float | None = None
        self.worst: Place | None = None
        self.truth = ""
        self.disagreement: tuple[Place, str, str] | None = None

    def update(self, facts: Mapping[str, Any]) -> None:
        """Take in what is found."""
        for key, fact in facts.items():
            setattr(self, key, fact)

    def take(self, entries: Iterable[Entry]) -> None:
        """Count entries, one for each element in row-major order."""
        self.agree = 0
        for place, entry in zip(each_place(self.shape), entries, strict=True):
            self.agree += entry.agree is True
            if entry.digits is not None and (self.digits is None or entry.digits < self.digits):
                self.digits, self.worst, self.truth = entry.digits, place, entry.truth
            if entry.agree is False and self.disagreement is None:
                self.disagreement = place, entry.truth, entry.sympy or ""

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        wrong = self.disagreement
        return {
            "shape": list(self.shape),
            "elements": self.count,
            "agree": self.agree,
            "digits": self.digits,
            "worst": None if self.worst is None else list(self.worst),
            "disagreement": wrong
            and {"at": list(wrong[0]), "backprop": wrong[1], "truth": wrong[2]},
        }
