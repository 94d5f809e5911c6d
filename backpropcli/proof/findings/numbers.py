"""What is found of numbers that another program computed, as plain data."""

from __future__ import annotations

from backpropcli.proof.findings.answer import Judgement, overall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.report import Report


class Compared(Judgement):
    """One gradient that was computed elsewhere, held against ours.

    ``name`` is what it is called there, and ``by`` the variable; it has ``count`` elements. At
    ``element`` ("" for a number) it is furthest from ours, or has lost all digits: there it is
    ``claimed``, and ours is ``true``; the two are ``times`` what ``rounding`` explains apart.
    """

    def __init__(self, name: str, by: str, where: str, dtype: str, count: int) -> None:
        super().__init__()
        self.name = name
        self.by = by
        self.where = where
        self.dtype = dtype
        self.count = count
        self.element = ""
        self.claimed = self.true = self.rounding = self.times = 0.0

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
        return overall([one.verdict for one in self.answers], doubted=bool(self.rules))
