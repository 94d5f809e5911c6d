"""Numbers with hardly a right digit: whether rounding explains that.

Else a fault in the passes themselves would be taken for digits that rounding has cost.
"""

from __future__ import annotations

from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.proof.findings import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from backpropcli.proof.verdict import Verdict
    from backpropcli.report.report import Report

    Value = Any
    Doubt = tuple[str, int, tuple[int, ...], str]
    """A label, the number of the result, the place of its element, and the truth."""

FEW = 3
"""Right digits below which a number is looked at."""
UNIT, TINY = 2.0**-50, 5e-324
"""How far each number is moved, of itself and at least: some units in the last place."""


def hold_to_rounding(report: Report, verdict: Verdict, seconds: float) -> None:
    """Doubt a verdict that agrees where a number is farther off than rounding explains.

    The spread of Monte Carlo arithmetic says what it explains, if it is known in time.
    """
    doubts = [*_doubts(report, verdict)] if verdict.verdict == "agrees" else []
    if not doubts:
        return
    from time import monotonic  # noqa: PLC0415 (only where digits are lost)

    import numpy as np  # noqa: PLC0415 (heavy, and only here)

    from backpropcli.proof.arrays.apart import BEYOND, Blurred, doubles  # noqa: PLC0415

    def run(values: Mapping[str, Value], numbers: Any) -> list[Value]:  # noqa: ANN401 (an arithmetic)
        every = forward(report.graph, numbers, values)
        edges = linearize(report.graph, numbers, every, report.wrt.values())
        slopes = pull(edges, numbers, report.seeds)
        by = [numbers.fit(slopes[node], every[node]) for node in report.wrt.values()]
        return [every[report.top], *by]

    with np.errstate(all="ignore"):
        deadline = monotonic() + seconds
        found = Blurred.at(run, doubles(report.bindings), deadline, UNIT, TINY)
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
    if verdict.tallies:
        each = [(one.label, one.worst, one.digits, one.truth) for one in verdict.tallies]
    else:
        each = [(one.label, (), one.digits, one.truth) for one in verdict.entries]
    for at, (label, place, digits, truth) in enumerate(each, 1):
        if digits is not None and digits < FEW and place is not None:
            yield label, at, place, truth
