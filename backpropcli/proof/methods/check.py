"""All methods at a point compared, within a time limit."""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.proof.findings.answer import RANK
from backpropcli.proof.methods.found import DONE, Methods, Row
from backpropcli.proof.worker import unfinished, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.proof.worker import Work
    from backpropcli.report.report import Report

MOST_ELEMENTS, MOST_IN_NUMBERS = 200, 2_000
"""Elements, and operations of a program written out in numbers, up to which each is looked at."""
EVALUATIONS = 40
"""About how often a program is evaluated for one derivative, in numbers of about 100 digits."""
SECONDS = 8e-6
"""What an operation in many digits takes, about."""
SHARE = 0.6
WIDER = 6
"""How much quicker an operation is on whole arrays."""


def check_methods(report: Report, timeout: float = 10.0) -> Methods:
    """Return the derivatives of a report by all methods, after at most ``timeout`` seconds."""
    found = Methods(report)
    found.reason = _nothing(report)
    if found.reason:
        return found
    done = False

    def take(news: Row | str) -> None:
        nonlocal done
        if isinstance(news, Row):
            before = found.rows.get(news.name)
            if before is None or before.element == news.element or _worse(news, before):
                found.rows[news.name] = news
        elif news == DONE:
            done = True
        else:
            found.notes.append(news)

    work, arguments = _chosen(report, timeout)
    why = worked(work, (*arguments, timeout), timeout, take)
    if why:
        found.reason = unfinished(why, timeout)
    elif not done or work.__name__ == "smaller_work":
        end = "the table is of smaller ones" if done else "choose with --wrt, or a part"
        found.reason = f"the arrays are too large for many digits: {end}"
    if found.notes:
        _by_rules(found)
    return found


def _nothing(report: Report) -> str:
    """Return why there is nothing to compare; "" where there is."""
    if report.causes and not report.rounds:
        return "something is not finite: there is nothing to compare"
    if _signed_zero(report):
        return "the result turns on the sign of a zero, which numbers of many digits lack"
    if report.arrays and report.kinks:
        from backpropcli.proof.arrays.branches import at_places

        for finding in at_places(report):
            return f"{finding.facts['text']} jumps here, and no method moves the place it says"
    return "" if report.wrt else "there is no variable to differentiate by"


def _signed_zero(report: Report) -> bool:
    """Say whether the result may turn on the sign of a zero."""
    if not report.arrays:
        return report.signed_zero
    from backpropcli.proof.arrays.along import signed_zero

    return signed_zero(report)


def _by_rules(found: Methods) -> None:
    """Let a rule that means another derivative than its body's leave the verdict open."""
    for row in found.rows.values():
        if row.verdict == "disagrees":
            row.verdict = "inconclusive"
            row.reason += ", which a rule of the program may mean"
    found.reason = found.reason or "a rule differs from its body"


def _worse(one: Row, other: Row) -> bool:
    """Say whether a row says less for the derivative than another."""
    ranks = RANK.index(one.verdict), RANK.index(other.verdict)
    if ranks[0] != ranks[1]:
        return ranks[0] > ranks[1]
    rights = [17.0 if row.right is None else row.right for row in (one, other)]
    return (one.digits, rights[0]) < (other.digits, rights[1])


def _chosen(report: Report, timeout: float) -> tuple[Work, tuple[Any, ...]]:
    """Return what is to be done, and with what: by elements where there are few."""
    from backpropcli.proof.methods import work

    if not report.arrays:
        return work.elements_work, (report, report)
    import numpy as np

    from backpropcli.proof.arrays.costs import operations, written_out

    shapes = [np.shape(value) for value in report.values]
    count = sum(int(np.size(slope)) for slope in report.gradient.values())
    total = written_out(report.graph, shapes)
    limit = SHARE * timeout / SECONDS / EVALUATIONS
    if count <= MOST_ELEMENTS and total <= MOST_IN_NUMBERS and total * count <= limit:
        from backpropcli.proof.arrays.numbers import in_elements
        from backpropcli.proof.arrays.written import jumping

        try:
            one = in_elements(report)
            if not jumping(report):
                return work.elements_work, (report, one)
        except BackpropError:  # written out it is more than it seemed
            pass
    if sum(operations(report.graph, shapes)) * len(report.wrt) <= WIDER * limit:
        return work.along_work, (report,)
    return work.smaller_work, (report,)
