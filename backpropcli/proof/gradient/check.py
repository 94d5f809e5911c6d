"""The verdict on a gradient: whether the method is right, and whether the number is accurate.

The work (``proof``) runs in a process of its own, so that a time limit really stops it; what it
has found by then is kept. Importing this module imports neither SymPy nor mpmath.
"""

from __future__ import annotations

from math import isnan

from backpropcli.proof.copies import counted
from backpropcli.proof.findings.entries import FULL, Entry, Step, decimal, right_digits
from backpropcli.proof.findings.finding import Finding, asked_for, sentence
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.proof.gradient.conventions import at_kinks, by_rounding
from backpropcli.proof.worker import LATE, unfinished, worked
from backpropcli.report.decimals import finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from backpropcli.report.claim import Claim
    from backpropcli.report.report import Report

HIDDEN = {"pole", "steep", "infinite"}
"""Findings after which floats may be on another branch than exact arithmetic: it is all open."""
RANK = {"agrees": 0, "inconclusive": 1, "disagrees": 2}


def check_claims(
    claims: Iterable[Claim], timeout: float = 10.0, beside: Iterable[Claim] = ()
) -> Verdict:
    """Return one verdict on all ``claims``: the worst, after at most ``timeout`` seconds.

    The claims are drawn within that time too: each may be a gradient that is worked out first.
    Of what is shown ``beside`` them the accuracy is told in the time that is left.
    """
    from time import monotonic

    deadline = monotonic() + timeout
    drawn: list[list[Claim]] = []
    for some in (claims, beside):
        drawn.append([])
        for claim in some:
            drawn[-1].append(claim)
            if monotonic() > deadline:
                break
    left = max(0.0, deadline - monotonic())
    proved, others = drawn
    reports = [claim.report for claim in (*proved, *others)]
    verdicts = check_all(reports, timeout, left, beside=len(others))
    total = _total(proved, verdicts[: len(proved)])
    for claim, verdict in zip(others, verdicts[len(proved) :], strict=True):
        total.beside += _accuracy(claim, verdict)
        total.typed_kink = total.typed_kink or verdict.typed_kink
        total.typed_pole = total.typed_pole or verdict.typed_pole
    if not left and total.verdict == "agrees":  # there may be claims that were not drawn
        total.verdict, total.reason = "inconclusive", sentence(stopped(LATE, timeout))
    return total


def _total(claims: list[Claim], verdicts: list[Verdict]) -> Verdict:
    """Return one verdict for those on ``claims``: the worst."""
    total = Verdict([], sum(verdict.nodes_total for verdict in verdicts))
    if not verdicts:
        total.reason = sentence(Finding("nothing"))
        return total
    total.verdict = max((one.verdict for one in verdicts), key=RANK.__getitem__)
    total.ways = list(dict.fromkeys(way for one in verdicts for way in one.ways))
    for claim, verdict in zip(claims, verdicts, strict=True):
        total.nodes_checked += verdict.nodes_checked
        total.whole += verdict.whole
        total.rules += verdict.rules
        if verdict.verdict == total.verdict:
            total.reason = total.reason or verdict.reason
        total.entries += _claimed(claim, verdict)
        digits = verdict.value_digits
        if claim.title and digits is not None and digits < FULL:
            step = Step(claim.title, claim.report.value, verdict.value_truth, digits)
            total.steps.append(step)
        if total.verdict == "agrees" and not all(map(finite, claim.results)):
            total.verdict, total.reason = "inconclusive", sentence(Finding("not finite"))
    return total


def _claimed(claim: Claim, verdict: Verdict) -> list[Entry]:
    """Return the entries of one claim, with the accuracy of the floats that it is about."""
    if claim.of_value:
        entry = Entry(claim.labels[0], claim.results[0], claim.labels[0])
        entry.truth, entry.digits = verdict.value_truth, verdict.value_digits
        entry.agree = {"agrees": True, "disagrees": False}.get(verdict.verdict)
        return [entry]
    found = []
    for label, result, one in zip(claim.labels, claim.results, verdict.entries, strict=True):
        entry = Entry(label, result, label)
        entry.truth, entry.sympy, entry.agree = one.truth, one.sympy, one.agree
        same = result == one.result or (isnan(result) and isnan(one.result))
        entry.typed = one.typed if same else ""
        entry.digits = one.digits if result == one.result else right_digits(result, one.truth)
        found.append(entry)
    return found


def _accuracy(claim: Claim, verdict: Verdict) -> list[Entry]:
    """Return the value and the derivatives of a claim of which the accuracy alone is told."""
    value = Entry(claim.title, claim.report.value, claim.title)
    value.truth, value.typed = verdict.value_truth, verdict.value_typed
    value.digits = verdict.value_digits
    return [value, *_claimed(claim, verdict)]


def undecided(why: str) -> Verdict:
    """Return the verdict on what cannot be checked."""
    found = Verdict([], 0)
    found.verdict, found.reason = "inconclusive", why
    return found


def check(report: Report, timeout: float = 10.0) -> Verdict:
    """Return the verdict on ``report``, after at most ``timeout`` seconds."""
    found = check_all([report], timeout)[0]
    derivatives = report.wrt or report.lowered.diffs
    if found.verdict == "agrees" and not (derivatives and found.ways):
        found.findings, found.nodes_checked = [Finding("nothing")], 0
        found.verdict = "inconclusive"
        settle(report, found)
    return found


def check_all(
    reports: Sequence[Report],
    timeout: float = 10.0,
    left: float | None = None,
    beside: int = 0,
) -> list[Verdict]:
    """Return the verdict on each of ``reports``, after at most ``timeout`` seconds for all.

    ``left`` seconds are still to come, if not all of them are. Of the last ones, as many as are
    ``beside``, the accuracy alone is found.
    """
    verdicts = []
    for report in reports:
        entries = [
            Entry(name, slope, report.label(name)) for name, slope in report.gradient.items()
        ]
        verdicts.append(Verdict(entries, counted(report)))
        verdicts[-1].value = report.value
        if report.causes and not report.rounds:
            verdicts[-1].findings += [one for one in at_kinks(report, None).values() if one] or [
                Finding("not finite")
            ]
            settle(report, verdicts[-1])
    why = ""
    if reports:
        left = timeout if left is None else left
        work = reports, left, beside
        why = worked(_proofs, work, left, lambda news: take_in(verdicts[news[0]], news[1]))
    proved = len(reports) - beside
    for report, verdict in zip(reports[:proved], verdicts[:proved], strict=True):
        if report.causes and not report.rounds:
            continue
        if why and not verdict.finished:
            verdict.findings.append(stopped(why, timeout))
        conclude(report, verdict)
    return verdicts


def stopped(why: str, timeout: float) -> Finding:
    """Return what is found of work that did not come to its end."""
    return Finding("stopped", text=unfinished(why, timeout))


def take_in(verdict: Verdict, news: dict[str, Any]) -> None:
    """Put what the proof has found into the verdict."""
    for key, item in news.items():
        if key == "entry":
            index, facts = item
            for name, fact in facts.items():
                setattr(verdict.entries[index], name, fact)
        elif key == "findings":
            verdict.findings += item
        else:
            setattr(verdict, key, item)


def _proofs(
    reports: Sequence[Report], timeout: float, beside: int
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what the proofs find as they go, each with the number of its report."""
    from backpropcli.proof.gradient.prove import prove, truths

    proved = len(reports) - beside
    for at, report in enumerate(reports):
        shown = at >= proved
        for news in truths(report) if shown else prove(report, timeout / proved, 1 / proved):
            yield at, news
        yield at, {"finished": True}


def conclude(report: Report, verdict: Verdict, *, shown: bool = True) -> None:
    """Turn what was found into one of the three words.

    A finding that something is wrong comes first. At a kink a slope is a convention; it is right
    where the whole has that derivative. The kinks of what is not ``shown`` are judged elsewhere.
    """
    found = (verdict.whole, "symbolic"), (verdict.nodes_checked, "node by node")
    verdict.ways = [way for count, way in (*found, (verdict.ruled, verdict.ruled)) if count]
    judged = {}
    if shown and not any(one.bad or one.kind in HIDDEN for one in verdict.findings):
        truths = {one.name: decimal(one.truth) for one in verdict.entries if one.truth}
        judged = at_kinks(report, verdict.kinks, truths) | by_rounding(report, verdict)
    shared = [*verdict.findings]
    verdict.findings += [finding for finding in judged.values() if finding is not None]
    bad = settle(report, verdict)
    wrong = {finding.node for finding in bad}
    known = {*report.wrt.values()}
    for entry, node in zip(verdict.entries, report.wrt.values() if shown else (), strict=shown):
        own = judged.get(entry.name)
        if node in wrong or (bad and not wrong & known):
            entry.agree = False
            if own is not None and own.kind == "chain rule":
                entry.sympy = None  # it is of the chain rule: the whole is what differs
        else:
            entry.agree = True if verdict.finished and not shared and own is None else None


def settle(report: Report, verdict: Verdict) -> list[Finding]:
    """Set the word and the reason by the findings; return those that say that it is wrong."""
    choice = report.graph.convention
    if choice and report.kinks:  # who asks for another slope has no wrong one
        verdict.findings = [asked_for(one, choice) for one in verdict.findings]
    bad = [finding for finding in verdict.findings if finding.bad]
    if bad:
        verdict.verdict = "disagrees"
    elif not verdict.findings:
        verdict.verdict = "agrees"
    if verdict.findings:
        first = bad[0] if bad else verdict.findings[0]
        more = sum(one.kind == first.kind == "rule" for one in verdict.findings) - 1
        verdict.reason = sentence(first, report) + (f" (and {more} more)" if more > 0 else "")
    return bad
