"""Rules of a program's own held against their bodies, where a gradient rests on them."""

from __future__ import annotations

from backpropcli.proof.findings.answer import OPEN, WRONG
from backpropcli.proof.ruled import at_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.findings.numbers import Against
    from backpropcli.report.report import Report

NOT_BODY = "it is not what the rule says, which is not the derivative of the body"


def hold_rules(report: Report, found: Against) -> None:
    """Take in what is told of rules that are not their bodies' derivatives.

    Numbers that differ from what such a rule says may be right: they are left open.
    """
    if not report.lowered.ruled:
        return
    found.rules += at_values(report.graph, report.values if report.arrays else None)
    for answer in found.answers if found.rules else ():
        if answer.status == WRONG:
            answer.status, answer.reason, answer.diagnosis = OPEN, NOT_BODY, []
