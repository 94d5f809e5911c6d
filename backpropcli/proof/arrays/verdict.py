"""The verdict on a gradient of arrays: which tier it takes, and what it comes to.

Every element, by SymPy, where there are few operations; random directions where there are more;
and beyond that random directions of the same program with smaller arrays, and forward against
reverse mode at full size. Importing this module imports neither SymPy nor mpmath.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.errors import BackpropError
from backpropcli.proof.arrays.costs import (
    ALONG,
    NODES,
    ORDER,
    SHARE,
    SMALLER,
    SYMBOLIC,
    is_small,
    tier_of,
)
from backpropcli.proof.arrays.gross import hold_to_rounding
from backpropcli.proof.copies import counted
from backpropcli.proof.findings.entries import Entry, Tally
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.proof.gradient.check import check_all, conclude, settle, stopped, take_in
from backpropcli.proof.worker import LATE, worked
from backpropcli.report.elements import element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.proof.worker import Work
    from backpropcli.report.report import Report

    News = dict[str, Any]


def verdict_on(report: Report, timeout: float = 10.0, tier: str = "") -> Verdict:
    """Return the verdict on a report of arrays, after at most ``timeout`` seconds.

    The tier is chosen by how much there is to compute, if none is asked for.
    """
    from time import monotonic

    verdict = _begun(report)
    written = _written(report) if report.causes else None
    rounds = written is not None and written.rounds
    if (report.causes and not rounds) or not report.wrt:
        verdict.findings = [Finding("not finite" if report.causes else "nothing")]
        settle(report, verdict)
        if written is not None:
            alone = check_all([written], timeout)[0]
            verdict.typed_kink, verdict.value_typed = alone.typed_kink, alone.value_typed
        return verdict
    deadline = monotonic() + timeout
    first = NODES if rounds else tier or tier_of(report, timeout)
    tiers = [first] if tier or rounds else ORDER[ORDER.index(first) :]
    for at, one in enumerate(tiers):
        verdict = _begun(report)
        verdict.tier = one
        left = max(0.0, deadline - monotonic()) * (1 if at == len(tiers) - 1 else SHARE)
        late = stopped(LATE, timeout)
        (_by_elements if one in {SYMBOLIC, NODES} else _along)(report, verdict, left, late)
        if verdict.findings != [late]:
            break
    if not tier and verdict.tier == SMALLER and verdict.verdict == "agrees":
        # Rounding, and what a size decides, are not looked at there.
        verdict.doubt(Finding("smaller"))
    hold_to_rounding(report, verdict, timeout)
    return verdict


def _written(report: Report) -> Report | None:
    """Return the report by elements; None where they are too many."""
    from backpropcli.proof.arrays.numbers import in_elements

    with suppress(BackpropError):  # written out it is more than it seemed
        return in_elements(report) if is_small(report) else None
    return None


def _begun(report: Report) -> Verdict:
    """Return a verdict of which nothing is known yet."""
    verdict = Verdict([], counted(report))
    verdict.value = report.value if np.ndim(report.value) == 0 else None
    verdict.tallies = [
        Tally(name, report.label(name), np.shape(slope)) for name, slope in report.gradient.items()
    ]
    return verdict


def _by_elements(report: Report, verdict: Verdict, timeout: float, late: Finding) -> None:
    """Reach the verdict on the program written out in numbers, element by element.

    What is found is ``late`` where it takes too long.
    """
    from backpropcli.proof.arrays.numbers import in_elements
    from backpropcli.proof.arrays.written import by_elements

    try:
        one = in_elements(report)
    except BackpropError:  # written out it is more than it seemed
        verdict.findings.append(late)
        return
    verdict.entries = [Entry(name, slope, one.label(name)) for name, slope in one.gradient.items()]
    verdict.nodes_total = counted(one)
    verdict.value = one.value

    def take(news: News) -> float | None:
        enough: float | None = news.pop("enough", None)
        take_in(verdict, news)
        return enough

    why = worked(quietly, (by_elements, report, one, timeout), timeout, take)
    if why and not verdict.finished:
        verdict.findings.append(late if why == LATE else stopped(why, timeout))
    conclude(one, verdict)
    _told_apart(verdict)
    if any(finding.kind == "rule" for finding in verdict.findings):  # the truth is the body's
        for entry in verdict.entries:
            entry.truth, entry.digits, entry.typed = "", None, ""
    whole = sum(entry.sympy is not None for entry in verdict.entries)
    verdict.tier = SYMBOLIC if whole == len(verdict.entries) else NODES
    verdict.facts = {"elements": len(verdict.entries), "whole": whole}
    entries = iter(verdict.entries)
    for tally in verdict.tallies:
        tally.take([next(entries) for _ in range(tally.count)])


def _told_apart(verdict: Verdict) -> None:
    """Let those elements agree that do, where others are wrong."""
    wrong = {
        finding.facts["label"]: finding for finding in verdict.findings if finding.kind == "element"
    }
    for entry in verdict.entries if wrong else ():
        finding = wrong.get(entry.label)
        entry.agree = finding is None
        if finding is not None:
            entry.sympy, entry.truth = finding.facts["theirs"], finding.facts["ours"]


def _along(report: Report, verdict: Verdict, timeout: float, late: Finding) -> None:
    """Reach the verdict along random directions: at full size, or with smaller arrays.

    What is found is ``late`` where it takes too long.
    """
    from backpropcli.proof.arrays import work

    way = work.along_work if verdict.tier == ALONG else work.smaller_work
    by_differences(report, verdict, report.gradient, late, (way, (report, timeout), timeout))


def by_differences(
    report: Report,
    verdict: Verdict,
    results: Mapping[str, Any],
    late: Finding,
    job: tuple[Any, tuple[Any, ...], float],
) -> None:
    """Reach the verdict on ``results`` by a ``job``: some work, its arguments, and its time."""
    verdict.referee = "differences"
    verdict.facts = {"elements": sum(tally.count for tally in verdict.tallies)}
    tallies = {tally.name: tally for tally in verdict.tallies}
    work, arguments, seconds = job
    arguments = (work, *arguments)
    if why := worked(quietly, arguments, seconds, lambda news: _take(verdict, tallies, news)):
        verdict.findings.append(late if why == LATE else stopped(why, seconds))
    settle(report, verdict)
    verdict.ways = [verdict.tier] + [verdict.ruled] * bool(verdict.ruled)
    for finding in verdict.findings:
        if finding.kind == "element":
            _first_wrong(verdict, finding, tallies)
    for tally in verdict.tallies:
        if tally.along and verdict.tier != SMALLER and not tally.disagreement:
            tally.agree = tally.count
        if tally.worst is not None:
            verdict.entries.append(_worst(results, tally, report.form))


def quietly(work: Work, *arguments: Any) -> Iterator[News]:  # noqa: ANN401 (those of the work)
    """Yield what some work yields, and warn of no nan."""
    with np.errstate(all="ignore"):
        yield from work(*arguments)


def _take(verdict: Verdict, tallies: dict[str, Tally], news: News) -> None:
    """Put what was found along directions into the verdict."""
    if "variable" in news:
        name, facts = news["variable"]
        tallies[name].update(facts)
        return
    verdict.facts |= news.pop("facts", {})
    take_in(verdict, news)


def _first_wrong(verdict: Verdict, finding: Finding, tallies: dict[str, Tally]) -> None:
    """Keep the first element that is wrong as an entry of its own."""
    facts = finding.facts
    name = facts["name"]
    entry = Entry(titled(name, facts["place"]), 0.0)
    entry.truth, entry.sympy, entry.agree = facts["ours"], facts["theirs"], False
    tallies[name].disagreement = (facts["place"], facts["ours"], facts["theirs"])
    verdict.entries.append(entry)


def _worst(results: Mapping[str, Any], tally: Tally, form: str) -> Entry:
    """Return the entry of a derivative's worst element."""
    place = tally.worst or ()
    name, result = element(tally.name, place), float(np.asarray(results[tally.name])[place])
    entry = Entry(name, result, form.format(name))
    entry.truth, entry.digits = tally.truth, tally.digits
    entry.agree = True if tally.agree == tally.count else None
    return entry
