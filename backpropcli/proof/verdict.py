"""What a proof comes to, as plain data: the verdict, and an entry for each derivative."""

from __future__ import annotations

from backpropcli.proof.findings import Finding, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.proof.arrays.tally import Tally


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
    from math import log10  # noqa: PLC0415 (rare)

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


FULL = 15
"""A double holds 15 digits of any number."""


class Verdict:
    """What is found: "agrees", "disagrees" or "inconclusive", why, and what it rests on.

    ``kinks`` are the nodes that are at kinks in exact arithmetic too; None while that is not known.
    ``parted`` is a node at which floats go another way than exact arithmetic, ``missed`` one that
    is at a kink in exact arithmetic alone.
    ``ruled`` says how rules of the program's own were held, "" where there are none.
    ``steps`` are other numbers that are shown, with digits that are wrong.
    ``lost`` are names of intermediates of whose gradient no digit is right. Of arrays ``tier`` says
    what it rests on, with ``facts``, and ``tallies`` count the elements of each derivative.
    ``holds`` are the digits that the numbers' format holds of any number; it ``rounds`` them, if it
    is a short one: what agrees then is the method.
    ``typed_kink`` is the text of what has a kink at the numbers as typed, and not at their doubles;
    ``typed_pole`` the node without a finite value there, and the words for it.
    """

    __slots__ = (
        "entries",
        "facts",
        "findings",
        "finished",
        "holds",
        "kinks",
        "lost",
        "missed",
        "nodes_checked",
        "nodes_total",
        "parted",
        "reason",
        "referee",
        "rounds",
        "ruled",
        "rules",
        "steps",
        "tallies",
        "tier",
        "typed_kink",
        "typed_pole",
        "value",
        "value_digits",
        "value_truth",
        "value_typed",
        "verdict",
        "ways",
        "whole",
    )

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
