"""The verdict on tangents, which forward mode finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.arrays.costs import SMALLER, TANGENTS, is_long
from backpropcli.proof.arrays.gross import hold_tangents
from backpropcli.proof.arrays.verdict import by_differences, verdict_on
from backpropcli.proof.copies import counted
from backpropcli.proof.findings.entries import Tally
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.proof.gradient.check import settle, stopped
from backpropcli.proof.worker import LATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.report.report import Report

ENOUGH = 9
"""Digits, beside their terms, in which the products of forward and reverse mode have to agree."""


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
    if report.format is None and is_long(report, timeout):
        return _by_the_transpose(report, direction, results, timeout)
    from backpropcli.proof.arrays.tangents import along_direction

    late, left = stopped(LATE, timeout), timeout if left is None else left
    job = (along_direction, (report, direction, results, left), left)
    by_differences(report, verdict, results, late, job)
    if report.format is None:
        hold_tangents(report, verdict, direction, results, left)
    else:
        verdict.holds, verdict.rounds = report.format.digits, report.format.name
    return verdict


def _by_the_transpose(
    report: Report, direction: Mapping[int, Any], results: Mapping[str, Any], timeout: float
) -> Verdict:
    """Return the verdict on tangents of large arrays by that on a gradient.

    It is of the outputs' sum with random weights; at full size it has to give what the tangents do.
    """
    from backpropcli.report.report import Report

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
