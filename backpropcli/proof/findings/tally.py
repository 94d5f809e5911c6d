"""A verdict's elements counted by variable: how many agree, the worst, the first that is wrong."""

from __future__ import annotations

from math import prod

from backpropcli.calculus.elements import each_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from backpropcli.proof.findings.entries import Entry

    Place = tuple[int, ...]


class Tally:
    """The elements of one derivative: ``agree`` of ``count``; None where that is not known.

    ``digits`` are right of the element that is ``worst``, whose ``truth`` is known. The first
    ``disagreement`` is a place, our number and the other. ``along`` says whether the derivative
    agrees along random directions.
    """

    __slots__ = (
        "agree",
        "along",
        "count",
        "digits",
        "disagreement",
        "label",
        "name",
        "shape",
        "truth",
        "worst",
    )

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
