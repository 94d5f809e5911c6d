"""The verdict on a gradient of arrays: which tier it takes, and what it comes to.

Every element, by SymPy, where there are few operations; random directions where there are more;
and beyond that random directions of the same program with smaller arrays, and forward against
reverse mode at full size. Importing this module imports neither SymPy nor mpmath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.elements import titled
from backpropcli.errors import BackpropError
from backpropcli.proof.arrays.gross import hold_tangents, hold_to_rounding
from backpropcli.proof.arrays.work import (
    along_work,
    elements_work,
    smaller_work,
    tangents_work,
)
from backpropcli.proof.copies import counted
from backpropcli.proof.findings.entries import Entry
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.findings.tally import Tally
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.proof.gradient.check import conclude, settle, stopped, take_in
from backpropcli.proof.worker import LATE, worked
from backpropcli.report.elements.texts import element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.report.report import Report

    News = dict[str, Any]

SYMBOLIC, NODES, ALONG, SMALLER = "symbolic", "node by node", "along directions", "smaller sizes"
"""The tiers."""
TANGENTS = "along the direction"
"""The tier of tangents."""
ORDER = [NODES, ALONG, SMALLER]
"""Those to choose from: where the time of one runs out, the next follows."""
MOST_IN_NUMBERS = 2_000
"""Operations up to which a program is written out in numbers."""
MOST_ELEMENTS, MOST_OPERATIONS = 100_000, 1_000_000
"""Up to here directions are taken at full size."""
SECONDS = 6e-6
"""What an operation in many digits takes, about."""
ENOUGH = 9
"""Digits, beside their terms, in which the products of forward and reverse mode have to agree."""
ALONE = 1.4
"""How many operations of a pass differences along one direction take for each of the program."""
SHARE = 0.6
"""How much of the time a tier may take that is not the last."""


def verdict_on(report: Report, timeout: float = 10.0, tier: str = "") -> Verdict:
    """Return the verdict on a report of arrays, after at most ``timeout`` seconds.

    The tier is chosen by how much there is to compute, if none is asked for.
    """
    from time import monotonic  # noqa: PLC0415 (only with a check)

    verdict = _begun(report)
    rounds = bool(report.causes) and _by_rounding(report)
    if (report.causes and not rounds) or not report.wrt:
        verdict.findings = [Finding("not finite" if report.causes else "nothing")]
        settle(report, verdict)
        return verdict
    deadline = monotonic() + timeout
    first = NODES if rounds else tier or _tier(report, timeout)
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


def _by_rounding(report: Report) -> bool:
    """Say whether it is rounding alone that makes something not finite, as the elements tell."""
    from backpropcli.proof.arrays.sizes import written_out  # noqa: PLC0415 (mpmath)
    from backpropcli.proof.arrays.written import in_elements  # noqa: PLC0415 (mpmath and SymPy)

    if written_out(report.graph, [np.shape(value) for value in report.values]) > MOST_IN_NUMBERS:
        return False
    try:
        return in_elements(report).rounds
    except BackpropError:  # written out it is more than it seemed
        return False


def _begun(report: Report) -> Verdict:
    """Return a verdict of which nothing is known yet."""
    verdict = Verdict([], counted(report))
    verdict.value = report.value if np.ndim(report.value) == 0 else None
    verdict.tallies = [
        Tally(name, report.label(name), np.shape(slope)) for name, slope in report.gradient.items()
    ]
    return verdict


def _tier(report: Report, timeout: float) -> str:
    """Choose the tier by the operations that there are."""
    from backpropcli.proof.arrays.problem import Problem  # noqa: PLC0415 (mpmath)
    from backpropcli.proof.arrays.sizes import (  # noqa: PLC0415 (mpmath)
        operations,
        passes,
        written_out,
    )

    shapes = [np.shape(value) for value in report.values]
    each = operations(report.graph, shapes)
    elements = sum(int(np.size(slope)) for slope in report.gradient.values())
    if written_out(report.graph, shapes) <= MOST_IN_NUMBERS:
        return NODES
    few = elements <= MOST_ELEMENTS and sum(each) <= MOST_OPERATIONS
    seconds = SECONDS * passes(Problem.of(report), each)
    return ALONG if few and seconds <= SHARE * timeout else SMALLER


def _by_elements(report: Report, verdict: Verdict, timeout: float, late: Finding) -> None:
    """Reach the verdict on the program written out in numbers, element by element.

    What is found is ``late`` where it takes too long.
    """
    from backpropcli.proof.arrays.written import in_elements  # noqa: PLC0415 (mpmath and SymPy)

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

    why = worked(elements_work, (report, one, timeout), timeout, take)
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
    work = along_work if verdict.tier == ALONG else smaller_work
    _by_differences(report, verdict, report.gradient, late, (work, (report, timeout), timeout))


def verdict_on_tangents(
    report: Report,
    direction: Mapping[int, Any],
    results: Mapping[str, Any],
    timeout: float = 10.0,
    left: float | None = None,
) -> Verdict:
    """Return the verdict on the outputs' tangents, ``results`` by title, along a direction.

    ``direction`` has the tangents that were given, by node. It takes at most ``timeout`` seconds,
    of which ``left`` are still to come, if not all of them are.
    """
    verdict = Verdict([], counted(report))
    verdict.tier = TANGENTS
    verdict.tallies = [
        Tally(title, report.form.format(title), np.shape(value)) for title, value in results.items()
    ]
    if report.causes or not direction:
        verdict.findings = [Finding("not finite" if report.causes else "nothing")]
        settle(report, verdict)
        return verdict
    if report.format is None and _is_long(report, timeout):
        return _by_the_transpose(report, direction, results, timeout)
    late, left = stopped(LATE, timeout), timeout if left is None else left
    job = (tangents_work, (report, direction, results, left), left)
    _by_differences(report, verdict, results, late, job)
    if report.format is None:
        hold_tangents(report, verdict, direction, results, left)
    else:
        verdict.holds, verdict.rounds = report.format.digits, report.format.name
    return verdict


def _is_long(report: Report, timeout: float) -> bool:
    """Say whether differences along one direction take too long in many digits."""
    from backpropcli.proof.arrays.sizes import operations  # noqa: PLC0415 (mpmath)

    each = operations(report.graph, [np.shape(value) for value in report.values])
    return ALONE * SECONDS * sum(each) > SHARE * timeout


def _by_the_transpose(
    report: Report, direction: Mapping[int, Any], results: Mapping[str, Any], timeout: float
) -> Verdict:
    """Return the verdict on tangents of large arrays by that on a gradient.

    It is of the outputs' sum with random weights; at full size it has to give what the tangents do.
    """
    from backpropcli.report.report import Report  # noqa: PLC0415 (here it makes one)

    random = np.random.default_rng(0)
    outputs = dict(zip(report.program.titles(), report.lowered.outputs, strict=True))
    seeds: dict[int, Any] = {
        node: random.normal(size=np.shape(report.values[node])) for node in outputs.values()
    }
    names = {name: node for name, node in report.wrt.items() if node in direction}
    with report.arithmetic.silence():
        back = Report(report.lowered, report.point, names, None, seeds)
    verdict = verdict_on(back, timeout, SMALLER)
    verdict.leave_value()
    forth = [(seeds[outputs[title]], tangent) for title, tangent in results.items()]
    adjoint = [(back.gradient[name], direction[node]) for name, node in names.items()]
    if verdict.verdict == "agrees":
        same = _same(forth, adjoint)
        verdict.doubt(Finding("smaller") if same else Finding("apart", None, digits=ENOUGH))
    return verdict


def _same(forth: list[tuple[Any, Any]], back: list[tuple[Any, Any]]) -> bool:
    """Say whether two sums of products are the same, beside their terms."""
    terms = [[np.sum(np.multiply(*pair)) for pair in pairs] for pairs in (forth, back)]
    room = sum(np.sum(np.abs(np.multiply(*pair))) for pair in [*forth, *back])
    return bool(abs(sum(terms[0]) - sum(terms[1])) <= 10.0**-ENOUGH * room)


def _by_differences(
    report: Report,
    verdict: Verdict,
    results: Mapping[str, Any],
    late: Finding,
    job: tuple[Any, tuple[Any, ...], float],
) -> None:
    """Reach the verdict on ``results`` by a ``job`` that differences do: see ``worked``."""
    verdict.referee = "differences"
    verdict.facts = {"elements": sum(tally.count for tally in verdict.tallies)}
    tallies = {tally.name: tally for tally in verdict.tallies}
    if why := worked(*job, lambda news: _take(verdict, tallies, news)):
        verdict.findings.append(late if why == LATE else stopped(why, job[-1]))
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
