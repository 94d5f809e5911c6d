"""What is found of a claim, as plain data."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

PROVED, HOLDS, WRONG, OPEN = "proved", "holds", "wrong", "open"
VERDICTS = {PROVED: "agrees", HOLDS: "agrees", WRONG: "disagrees", OPEN: "inconclusive"}
STATUSES = (PROVED, HOLDS, OPEN, WRONG)
"""From the best to the worst."""
EXCEPTIONS = {"kink": "right but for a kink", "edge": "right but where the claim has no value"}
"""Diagnoses of what holds, but for what is told."""
RANK = ("agrees", "inconclusive", "disagrees")


class Seen:
    """A point, and there the claimed number and the true one, as decimals.

    ``element`` says of which element of an array they are. ``kind`` is "point" for the point that
    was given, "counterexample", "random", "kink", or "edge", where the claim has no value.
    """

    __slots__ = ("claimed", "element", "kind", "point", "true")

    def __init__(
        self, kind: str, point: dict[str, Any], claimed: str, true: str, element: str = ""
    ) -> None:
        self.kind = kind
        self.point = point
        self.claimed = claimed
        self.true = true
        self.element = element

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "kind": self.kind,
            "point": self.point,
            "element": self.element or None,
            "claimed": self.claimed,
            "true": self.true,
        }


class Diagnosis:
    """What a wrong claim looks like: its ``kind``, and a sentence with what to do."""

    __slots__ = ("facts", "kind", "text")

    def __init__(self, kind: str, text: str, **facts: object) -> None:
        self.kind = kind
        self.text = text
        self.facts = facts

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {"kind": self.kind, "text": self.text, **self.facts}


NOT_BODY = "it is not what the rule says, which is not the derivative of the body"


class Judgement:
    """What is told of a claim, or of numbers: its ``status``, with a ``reason``.

    ``notes`` tell what else is to know, such as digits that a claim loses in floats.
    """

    def __init__(self) -> None:
        self.status = OPEN
        self.reason = ""
        self.diagnosis: list[Diagnosis] = []
        self.notes: list[str] = []

    @property
    def verdict(self) -> str:
        """The status as one of three words."""
        return VERDICTS[self.status]

    def allow_for_rule(self) -> None:
        """Be open where it differs from a rule, which is not its body's derivative."""
        if self.status == WRONG:
            self.status, self.reason, self.diagnosis = OPEN, NOT_BODY, []


class Answer(Judgement):
    """What is found of one claim.

    ``status`` is PROVED: the difference is zero symbolically; HOLDS: at the point, and at
    ``points`` others; WRONG: at ``seen``, the smallest counterexample that was found; or OPEN,
    for a ``reason``. ``exceptions`` are kinks and edges where it is not so. It is of the point that
    was given ``alone`` where plain numbers are claimed; and ``of_whole`` where that is a kink of a
    part, and the whole expression has a derivative. The derivative is ``true``, an expression,
    ``where`` conditions hold: elsewhere only it may lack a value.
    """

    def __init__(self, title: str, claim: str) -> None:
        super().__init__()
        self.title = title
        self.claim = claim
        self.points = 0
        self.alone = self.of_whole = False
        self.at: Seen | None = None
        self.seen: Seen | None = None
        self.exceptions: list[Seen] = []
        self.true = ""
        self.where: list[str] = []

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "derivative": self.title,
            "claim": self.claim,
            "verdict": self.verdict,
            "status": self.status,
            "reason": self.reason,
            "points": self.points,
            "at": self.at and self.at.as_dict(),
            "counterexample": self.seen and self.seen.as_dict(),
            "exceptions": [one.as_dict() for one in self.exceptions],
            "diagnosis": [one.as_dict() for one in self.diagnosis],
            "true": self.true or None,
            "where": self.where,
            "notes": self.notes,
        }


def overall(verdicts: Iterable[str], *, doubted: bool) -> str:
    """Return one verdict for all: the worst; where something is ``doubted`` nothing agrees."""
    found = max(verdicts, key=RANK.index, default="inconclusive")
    return "inconclusive" if found == "agrees" and doubted else found
