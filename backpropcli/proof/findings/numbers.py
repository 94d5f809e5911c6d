"""What is found of numbers that another program computed, as plain data."""

from __future__ import annotations

from backpropcli.proof.findings.answer import OPEN, VERDICTS, worst

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from backpropcli.proof.findings.answer import Diagnosis
    from backpropcli.report.report import Report

    class Claimed(Protocol):
        """Numbers as they were read: the precision they have, and what is told of it."""

        value: Any
        dtype: str
        told: str


class Compared:
    """One gradient that was computed elsewhere, held against ours.

    ``name`` is what it is called there, and ``by`` the variable. At ``element`` ("" for a number)
    it is furthest from ours, or has lost all digits: there it is ``claimed``, and ours is
    ``true``; the two are ``times`` what ``rounding`` explains apart.
    """

    __slots__ = (
        "by",
        "claimed",
        "count",
        "diagnosis",
        "dtype",
        "element",
        "name",
        "notes",
        "reason",
        "rounding",
        "status",
        "times",
        "true",
        "where",
    )

    def __init__(self, name: str, by: str, numbers: Claimed, where: str) -> None:
        self.name = name
        self.by = by
        self.where = where
        self.dtype = numbers.dtype
        self.count = int(numbers.value.size)
        self.status = OPEN
        self.reason = ""
        self.element = ""
        self.claimed = self.true = self.rounding = self.times = 0.0
        self.diagnosis: list[Diagnosis] = []
        self.notes = [numbers.told] if numbers.told else []

    @property
    def title(self) -> str:
        """What the derivative is called."""
        return f"d/d{self.by}"

    @property
    def verdict(self) -> str:
        """The status as one of three words."""
        return VERDICTS[self.status]

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "file": self.where,
            "name": self.name,
            "by": self.by,
            "verdict": self.verdict,
            "status": self.status,
            "reason": self.reason,
            "dtype": self.dtype,
            "elements": self.count,
            "element": self.element or None,
            "claimed": self.claimed,
            "true": self.true,
            "rounding": self.rounding,
            "times_rounding": self.times,
            "diagnosis": [one.as_dict() for one in self.diagnosis],
            "notes": self.notes,
        }


class Against:
    """What is found of all numbers: ``answers``, in their order.

    ``rules`` are sentences on functions whose own rules are not the derivatives of their bodies.
    """

    __slots__ = ("answers", "bindings", "expression", "rtol", "rules", "warnings")

    def __init__(self, report: Report, rtol: float | None) -> None:
        self.expression = report.program.source.strip()
        self.bindings = report.bindings
        self.rtol = rtol
        self.answers: list[Compared] = []
        self.rules: list[str] = []
        self.warnings: list[str] = []

    def __repr__(self) -> str:
        return f"<Against: {self.verdict}, of {len(self.answers)}>"

    @property
    def verdict(self) -> str:
        """One verdict on all: the worst; a rule that means another derivative leaves it open."""
        found = worst(one.verdict for one in self.answers)
        return "inconclusive" if found == "agrees" and self.rules else found
