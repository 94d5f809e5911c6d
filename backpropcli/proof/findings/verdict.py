"""What a proof comes to, as plain data."""

from __future__ import annotations

from backpropcli.proof.findings.entries import FULL
from backpropcli.proof.findings.finding import sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.proof.findings.entries import Entry, Step, Tally
    from backpropcli.proof.findings.finding import Finding


class Verdict:
    """What is found: "agrees", "disagrees" or "inconclusive", why, and what it rests on.

    ``kinks`` are the nodes that are at kinks in exact arithmetic too; None while that is not known.
    ``parted`` is a node at which floats go another way than exact arithmetic, ``missed`` one that
    is at a kink in exact arithmetic alone.
    ``ruled`` says how rules of the program's own were held, "" where there are none.
    ``steps`` are other numbers that are shown, with digits that are wrong, and ``beside`` has those
    of which nothing but the accuracy is told: the gradient that stands above a Hessian.
    ``lost`` are names of intermediates of whose gradient no digit is right. Of arrays ``tier`` says
    what it rests on, with ``facts``, and ``tallies`` count the elements of each derivative.
    ``holds`` are the digits that the numbers' format holds of any number; it ``rounds`` them, if it
    is a short one: what agrees then is the method.
    ``typed_kink`` is the text of what has a kink at the numbers as typed, and not at their doubles;
    ``typed_pole`` the node without a finite value there, and the words for it.
    """

    def __init__(self, entries: list[Entry], total: int) -> None:
        self.verdict = "inconclusive"
        self.reason = ""
        self.ways: list[str] = []
        self.referee = "SymPy"
        self.entries = entries
        self.value: float | None = None
        self.value_digits: float | None = None
        self.value_truth = ""
        self.value_typed = ""
        self.nodes_checked = 0
        self.nodes_total = total
        self.whole = 0
        self.rules: list[dict[str, Any]] = []
        self.ruled = ""
        self.findings: list[Finding] = []
        self.kinks: list[int] | None = None
        self.lost: list[str] = []
        self.steps: list[Step] = []
        self.beside: list[Entry] = []
        self.holds = FULL
        self.rounds = ""
        self.typed_kink = ""
        self.typed_pole: tuple[int, str] | None = None
        self.parted: int | None = None
        self.missed: int | None = None
        self.finished = False
        self.tier = ""
        self.tallies: list[Tally] = []
        self.facts: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<Verdict: {self.verdict}{self.reason and f': {self.reason}'}>"

    @property
    def method(self) -> str:
        """The ways that the verdict rests on: "node by node and rule by rule, by algebra"."""
        *first, last = self.ways or [""]
        return " and ".join([", ".join(first), last] if first else [last])

    def leave_value(self) -> None:
        """Say nothing of the value: it is that of a derivative, or of a sum with weights."""
        self.value, self.value_digits, self.value_truth = None, None, ""

    def doubt(self, finding: Finding) -> None:
        """Make the verdict inconclusive by a finding, which may be about one derivative alone."""
        if self.verdict != "inconclusive":
            self.verdict, self.reason = "inconclusive", sentence(finding)
            for entry in self.entries:
                entry.agree = entry.agree or None
        label = finding.facts.get("label")
        for entry in self.entries:
            if label is not None and entry.label == label:
                entry.agree = None

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "method": self.method,
            "nodes_checked": self.nodes_checked,
            "nodes_total": self.nodes_total,
            "derivatives_checked_whole": self.whole,
            "rules": self.rules,
            "value": self.value_truth,
            "value_digits": self.value_digits,
            "value_typed": self.value_typed or None,
            "kink_typed": self.typed_kink or None,
            "steps": [step.as_dict() for step in self.steps],
            **({"beside": self._beside()} if self.beside else {}),
            **({"tier": self.tier, **self.facts} if self.tallies else {}),
            "gradient": {tally.name: tally.as_dict() for tally in self.tallies}
            or {
                entry.name: {
                    "backprop": entry.truth,
                    "sympy": entry.sympy,
                    "agree": entry.agree,
                    "digits": entry.digits,
                    "typed": entry.typed or None,
                }
                for entry in self.entries
            },
        }

    def _beside(self) -> dict[str, object]:
        return {
            entry.name: {
                "backprop": entry.truth,
                "digits": entry.digits,
                "typed": entry.typed or None,
            }
            for entry in self.beside
        }
