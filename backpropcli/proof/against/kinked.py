"""Which elements of a gradient a convention at a kink decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.proof.floats.apart import BESIDE, moved, moving
from backpropcli.report.branches.elements import shrunk
from backpropcli.report.kinks.elements import felt_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.report.report import Report

    Value = Any


@np.errstate(all="ignore")
def by_convention(report: Report) -> dict[str, Value]:
    """Return flags by name: the elements with which a number moves that is at a kink.

    A random weight goes back from each such number, so that no two cancel. Where its slope is
    finite it goes along the derivatives at the point, for what is 0 there stays 0; where it is not,
    or the value jumps, along those beside it. Of derivatives in the program, and of numbers, all is
    flagged that a kink is above.
    """
    graph, wrt = report.graph, report.wrt
    if not report.kinks or not report.arrays or report.lowered.diffs:
        below = graph.ancestors([kink.input for kink in report.kinks])
        return {name: np.bool_(below[node]) for name, node in wrt.items()}
    values, numbers = report.values, report.arithmetic
    random = np.random.default_rng(0)
    gentle: dict[int, Value] = {}
    steep: dict[int, Value] = {}
    kinks = felt_at(
        graph, report.active, values, [*report.seeds], wrt.values(), numbers, report.flags
    )
    for kink, number, index, at, (*slopes, _), _ in kinks:
        child = graph.inputs[number][index]
        finite = np.all([np.all(np.isfinite(slope)) for slope in slopes]) and not kink.jump
        flags = shrunk(at.astype(np.int8), np.shape(values[child]))
        seeds = gentle if finite else steep
        seeds[child] = seeds.get(child, 0.0) + flags * random.uniform(1, 2, flags.shape)
    found = _reached(report, values, gentle)
    if steep:
        held = report.bindings.keys() - moving(report.lowered, wrt.values())
        beside = forward(graph, numbers, moved(report.bindings, held, BESIDE, seed=0))
        others = _reached(report, beside, steep)
        found = {name: flags | others[name] for name, flags in found.items()}
    return found


def _reached(
    report: Report, values: Sequence[Value], seeds: Mapping[int, Value]
) -> dict[str, Value]:
    """Return by name which elements adjoints of other nodes come to, along edges at a point."""
    numbers, wrt = report.arithmetic, report.wrt
    sent = pull(linearize(report.graph, numbers, values, wrt.values()), numbers, seeds)
    return {
        name: np.not_equal(numbers.fit(sent[node], report.values[node]), 0)
        for name, node in wrt.items()
    }
