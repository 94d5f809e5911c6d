"""The verdict by differences along directions: what the work finds, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.proof.arrays.costs import SMALLER
from backpropcli.proof.findings.entries import Entry
from backpropcli.proof.gradient.check import settle, stopped, take_in
from backpropcli.proof.worker import LATE, worked
from backpropcli.report.elements import element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.proof.findings.entries import Tally
    from backpropcli.proof.findings.finding import Finding
    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.proof.worker import Work
    from backpropcli.report.report import Report

    News = dict[str, Any]


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
