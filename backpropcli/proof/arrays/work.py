"""What the process of a verdict on arrays does, where it goes along directions."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.errors import NoForwardError
from backpropcli.proof.arrays import along
from backpropcli.proof.arrays.functions import held_at_full_size
from backpropcli.proof.arrays.problem import Problem
from backpropcli.proof.arrays.smaller import shrunk, varied
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.rules import SAMPLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.report.report import Report

    News = dict[str, Any]

TRIES = 3
"""Points at which smaller arrays are tried."""


def along_work(report: Report, timeout: float) -> Iterator[News]:
    """Yield what is found along directions."""
    if along.signed_zero(report):
        yield {"findings": [Finding("signed zero")]}
        return
    deadline = monotonic() + timeout / 2
    yield from along.along_directions(report, Problem.of(report), deadline, full=True)


def smaller_work(report: Report, timeout: float) -> Iterator[News]:
    """Yield what is found along directions with smaller arrays, and at full size in floats."""
    amiss = [Finding("signed zero")] if along.signed_zero(report) else []
    try:
        digits = along.forward_against_reverse(report)
        if digits < along.enough(report):
            amiss.append(Finding("apart", digits=int(digits)))
    except NoForwardError as error:
        digits = 0.0
        amiss.append(Finding("rule", text=error.message))
    if report.kinks:
        amiss.append(Finding("kink", text=along.kinked(report)))
    held = [*held_at_full_size(report)]
    amiss += [finding for finding, _ in held]
    smaller = shrunk(Problem.of(report))
    if smaller is None:
        amiss.append(Finding("too large"))
        smaller = Problem(report.graph, {}, {}, {})
    sizes = {
        name: (np.shape(small), np.shape(report.bindings[name]))
        for name, small in smaller.bindings.items()
    }
    yield {"facts": {"digits": digits, "sizes": sizes}, "findings": amiss}
    if sizes:
        for news in _at_some_point(report, smaller, monotonic() + timeout / 2):
            if "rules" in news:
                news["rules"] += [facts for _, facts in held if facts]
                news["ruled"] = SAMPLED if report.lowered.mapped else news["ruled"]
            yield news


def _at_some_point(report: Report, smaller: Problem, deadline: float) -> Iterator[News]:
    """Yield what is found with smaller arrays: elsewhere, where their corners tell nothing."""
    problem = smaller
    for seed in range(TRIES):
        found = [*along.along_directions(report, problem, deadline, full=False)]
        amiss = [one.kind for news in found for one in news.get("findings", ())]
        if not amiss or not {*amiss} <= {"kink", "unsteady"}:
            break
        problem = varied(smaller, seed)
    yield from found
