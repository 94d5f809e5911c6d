"""What a proof finds, as records; and the sentences that they become."""

from __future__ import annotations

from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.report.report import Report

BAD = {"partial", "diff", "whole", "chain rule", "series", "element"}
"""Findings that say that something is wrong."""


class Finding:
    """What is amiss: its ``kind``, the node of the flat graph that it is about, and numbers.

    ``facts`` are what the sentence says besides: texts and decimals.
    """

    __slots__ = ("facts", "kind", "node")

    def __init__(self, kind: str, node: int | None = None, **facts: Any) -> None:  # noqa: ANN401
        self.kind = kind
        self.node = node
        self.facts = facts

    @property
    def bad(self) -> bool:
        """Whether it says that something is wrong."""
        return self.kind in BAD


def asked_for(finding: Finding, choice: str) -> Finding:
    """Return a finding where the slopes at kinks are those of ``choice``: not wrong by that."""
    if finding.kind not in {"chain rule", "element"}:
        return finding
    facts = {key: fact for key, fact in finding.facts.items() if key in {"label", "ours", "that"}}
    whole = finding.facts.get("whole") or finding.facts["theirs"]
    return Finding("asked", None, **facts, whole=whole, choice=choice)


CHOSEN = "where a slope is a convention"
AT_KINK = f"the point is a kink, {CHOSEN}"
OF_THE_WHOLE = "the point is a kink of a part, and the whole expression has a derivative there"
DERIVATIVE = "the derivative of the whole expression is"
SENTENCES: dict[str, Callable[..., str]] = {
    "not finite": lambda: "a value or a derivative is not finite, so there is nothing to compare",
    "unproved": lambda: "where no digit is proved there is nothing to compare",
    "undecided": lambda: "a choice depends on numbers that are too close to tell apart",
    "beyond": lambda where: f"{where} is too large to be worked out in digits",
    "far": lambda where, text: f"{where} is too large for {text} to be worked out in digits",
    "signed zero": lambda: (
        "the value may depend on the sign of a zero, which no check here follows"
    ),
    "unsteady": lambda digits: (
        f"even {digits} working digits do not settle 40 digits of the result"
    ),
    "pole": lambda where: (
        f"{where} has no finite value in exact arithmetic; rounding makes it finite in floats"
    ),
    "steep": lambda label: (
        f"{label} is not finite in exact arithmetic; rounding makes it finite in floats"
    ),
    "partial": lambda where, ours, sympy: (
        f"the local derivative of {where} is {ours} here, and {sympy} by SymPy"
    ),
    "diff": lambda text, ours, sympy: f"{text} is {ours} here, and {sympy} step by step",
    "whole": lambda label, ours, sympy: f"{label} is {ours} here, and {sympy} by SymPy",
    "element": lambda label, ours, theirs, by, step="", **_: (
        f"{label} is {ours} here, and {theirs} by {by}"
        + (f"; the first step back that is wrong is that of {step}" if step else "")
    ),
    "apart": lambda digits: f"at full size forward and reverse mode agree to {digits} digits alone",
    "too large": lambda: "no smaller arrays fit the program, and it is too large to be checked",
    "no value": lambda where: f"SymPy has no value for the derivative of {where} here",
    "stopped": lambda text: text,
    "rule": lambda text: text,
    "series": lambda text: text,
    "rough": lambda: (
        "numerical derivatives do not settle near the point, so there is nothing to compare with"
    ),
    "no differences": lambda: (
        "there is not a finite value everywhere near the point, so there are no differences to take"
    ),
    "kink": lambda text: f"{text} has a kink here, and a convention cannot be checked",
    "sides": lambda label, left, right: (
        f"{label} is {left} on the left and {right} on the right of a kink, so no single number is "
        "right"
    ),
    "alone": lambda label, text: (
        f"the expression has a value at {text} and none beside it, so {label} does not exist"
    ),
    "jump": lambda label, text: f"the expression jumps at {text}, so {label} does not exist",
    "unbounded": lambda label, text: (
        f"the expression is unbounded near {text}, so {label} does not exist"
    ),
    "infinite": lambda text: (
        f"{text} has no finite value here, and what comes of that is not known"
    ),
    "chain rule": lambda label, ours, whole, text, that=DERIVATIVE: (
        f"the chain rule gives {ours} for {label}, but {that} {whole}; {text} makes the difference"
    ),
    "second": lambda label: (
        f"there is a kink here, and the whole expression is not shown to have {label}"
    ),
    "asked": lambda label, ours, whole, choice, that=DERIVATIVE: (
        f"{label} is {ours} with the slopes that --at-kinks {choice} takes, but {that} {whole}"
    ),
    "rounded": lambda text, who="floats take": (
        f"rounding decides {text}: {who} another way there than exact arithmetic"
    ),
    "missed": lambda text: (
        f"{text} is at its kink in exact arithmetic, and rounding moves floats beside it"
    ),
    "gross": lambda label: (
        f"{label} is farther from the exact result than rounding explains: please report this"
    ),
    "product": lambda what, digits: (
        f"the {what} times a random direction, and the derivative along it, agree to fewer than "
        f"{digits} digits: rounding costs them, or one of the two is wrong"
    ),
    "smaller": lambda: (
        "these arrays are too large to look at each element: with smaller ones the method is "
        "right, and how accurate the numbers are at this size is not known"
    ),
    "nothing": lambda: "there is nothing to check",
}
LONG = 40
ABOUT_NODES = {"partial", "beyond", "far", "no value"}
"""Findings whose sentence names the node."""


def sentence(finding: Finding, report: Report | None = None) -> str:
    """Return what a finding says."""
    facts = {key: _brief(fact) for key, fact in finding.facts.items()}
    if finding.node is not None and report is not None and finding.kind in ABOUT_NODES:
        facts["where"] = report.text(finding.node, LONG)
    return SENTENCES[finding.kind](**facts)


def _brief(fact: object) -> str:
    """Return a decimal with 20 digits, and any other text as it is."""
    text = str(fact)
    mantissa, mark, exponent = text.partition("e")
    digits = mantissa.replace(".", "").replace("-", "")
    if digits.isdigit() and len(digits) > 20:  # noqa: PLR2004
        return mantissa[: 20 + mantissa.count(".") + mantissa.count("-")] + mark + exponent
    return text
