"""Numbers with hardly a right digit: whether rounding explains that.

Else a fault in the passes themselves would be taken for digits that rounding has cost.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.arrays.apart import BEYOND, Blurred, both_passes, doubles
from backpropcli.proof.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.proof.verdict import Verdict
    from backpropcli.report.report import Report

    Value = Any
    Doubt = tuple[str, int, tuple[int, ...], str]
    """A label, the number of the result, the place of its element, and the truth."""

FEW = 3
"""Right digits below which a number is looked at."""
UNIT, TINY = 2.0**-50, 5e-324
"""How far each number is moved, of itself and at least: some units in the last place."""


@np.errstate(all="ignore")
def hold_to_rounding(report: Report, verdict: Verdict, seconds: float) -> None:
    """Doubt a verdict that agrees where a number is farther off than rounding explains.

    The spread of Monte Carlo arithmetic says what it explains, if it is known in time.
    """
    doubts = [*_doubts(report, verdict)] if verdict.verdict == "agrees" else []
    if not doubts:
        return

    def run(values: Mapping[str, Value], numbers: Any) -> list[Value]:  # noqa: ANN401 (an arithmetic)
        every, by = both_passes(report.graph, values, report.wrt, report.seeds, numbers)
        return [every[report.top], *by.values()]

    found = Blurred.at(run, doubles(report.bindings), monotonic() + seconds, UNIT, TINY)
    if found is None:
        return
    results = [report.value, *report.gradient.values()]
    for label, at, place, truth in doubts:
        ours = float(np.asarray(results[at])[place])
        gap = abs(ours - float(truth.partition(" ")[0]))
        if ours and gap > BEYOND * float(found.explains[at][place]):
            verdict.doubt(Finding("gross", None, label=label))
            return


def _doubts(report: Report, verdict: Verdict) -> Iterator[Doubt]:
    """Yield the numbers that have hardly a right digit; the value where it is what was proved."""
    digits = verdict.value_digits
    if digits is not None and digits < FEW and [*report.seeds.values()] == [1.0]:
        yield "the value", 0, (), verdict.value_truth
    for at, tally in enumerate(verdict.tallies, 1):
        if tally.digits is not None and tally.digits < FEW and tally.worst is not None:
            yield tally.label, at, tally.worst, tally.truth
