"""Rules of a program's own held against their bodies, where a gradient rests on them."""

from __future__ import annotations

from time import monotonic

from backpropcli.proof.findings.answer import OPEN, WRONG
from backpropcli.proof.rules import disagreeing
from backpropcli.proof.worker import unfinished, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.proof.findings.numbers import Against
    from backpropcli.report.report import Report

SECONDS = 10.0
SHARE = 0.8
"""How much of the time the rules have; the rest is for what is told of them."""
NOT_BODY = "it is not what the rule says, which is not the derivative of the body"


def hold_rules(report: Report, found: Against) -> None:
    """Take in what is told of rules that are not their bodies' derivatives.

    Numbers that differ from what such a rule says may be right: they are left open.
    """
    if not report.lowered.ruled:
        return
    why = worked(_rules, (report, SECONDS), SECONDS, found.rules.append)
    if why:
        found.rules.append(f"rules and their bodies: {unfinished(why, SECONDS)}")
    for answer in found.answers if found.rules else ():
        if answer.status == WRONG:
            answer.status, answer.reason, answer.diagnosis = OPEN, NOT_BODY, []


def _rules(report: Report, timeout: float) -> Iterator[str]:
    deadline = monotonic() + SHARE * timeout
    if not report.arrays:
        yield from disagreeing(report.graph, deadline)
        return
    from backpropcli.proof.arrays import held

    yield from held.disagreeing(report.graph, report.values, deadline)
