"""Numbers with hardly a right digit: whether rounding explains that.

Else a fault in the passes themselves would be taken for digits that rounding has cost.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.floats.apart import BEYOND, Blurred, both_passes, doubles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.report.report import Report

    Value = Any
    Doubt = tuple[str, int, tuple[int, ...], str]
    """A label, the number of the result, the place of its element, and the truth."""

FEW = 3
"""Right digits below which a number is looked at."""
UNIT, TINY = 2.0**-50, 5e-324
"""How far each number is moved, of itself and at least: some units in the last place."""


def hold_to_rounding(report: Report, verdict: Verdict, seconds: float) -> None:
    """Doubt a verdict on a gradient that agrees where a number is farther off than rounding is.

    The spread of Monte Carlo arithmetic says what rounding explains, if it is known in time.
    """
    doubts = [*_doubts(report, verdict)] if verdict.verdict == "agrees" else []

    def run(values: Mapping[str, Value], numbers: Any) -> list[Value]:  # noqa: ANN401 (an arithmetic)
        every, by = both_passes(report.graph, values, report.wrt, report.seeds, numbers)
        return [every[report.top], *by.values()]

    _hold(report, verdict, doubts, (run, [report.value, *report.gradient.values()]), seconds)


def hold_tangents(
    report: Report,
    verdict: Verdict,
    direction: Mapping[int, Value],
    results: Mapping[str, Value],
    seconds: float,
) -> None:
    """Doubt a verdict on tangents, ``results`` by title, in the same way."""
    doubts = [*_of_tallies(verdict, 0)] if verdict.verdict == "agrees" else []
    outputs = dict(zip(report.program.titles(), report.lowered.outputs, strict=True)).values()

    def run(values: Mapping[str, Value], numbers: Any) -> list[Value]:  # noqa: ANN401 (an arithmetic)
        every = forward(report.graph, numbers, values)
        edges = linearize(report.graph, numbers, every, direction)
        found = push(edges, numbers, direction)
        return [numbers.fit(found[output], every[output]) for output in outputs]

    _hold(report, verdict, doubts, (run, [*results.values()]), seconds)


@np.errstate(all="ignore")
def _hold(
    report: Report,
    verdict: Verdict,
    doubts: Sequence[Doubt],
    way: tuple[Callable[..., list[Value]], Sequence[Value]],
    seconds: float,
) -> None:
    """Doubt a verdict by the way to its results, and these."""
    if not doubts:
        return
    run, results = way
    found = Blurred.at(run, doubles(report.bindings), monotonic() + seconds, UNIT, TINY)
    if found is None:
        return
    for label, at, place, truth in doubts:
        ours = float(np.asarray(results[at])[place])
        gap = abs(ours - float(truth.partition(" ")[0]))
        if ours and gap > BEYOND * float(found.explains[at][place]):
            verdict.doubt(Finding("gross", None, label=label))
            return


def _doubts(report: Report, verdict: Verdict) -> Iterator[Doubt]:
    """Yield the numbers that have hardly a right digit; the value where it is what was proved."""
    digits = verdict.value_digits
    if digits is not None and digits < FEW and is_plain(report):
        yield "the value", 0, (), verdict.value_truth
    yield from _of_tallies(verdict, 1)


def is_plain(report: Report) -> bool:
    """Say whether a report is of the gradient of its one output, and no sum with weights."""
    seeds = [*report.seeds.values()]
    return len(seeds) == 1 and isinstance(seeds[0], float) and seeds[0] == 1


def _of_tallies(verdict: Verdict, first: int) -> Iterator[Doubt]:
    for at, tally in enumerate(verdict.tallies, first):
        if tally.digits is not None and tally.digits < FEW and tally.worst is not None:
            yield tally.label, at, tally.worst, tally.truth
