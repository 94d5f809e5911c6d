"""Which elements of a gradient a convention at a kink decides, and which of them wholes decide."""

from __future__ import annotations

from copy import copy
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.graph.cells import late
from backpropcli.proof.against.explained import Explained
from backpropcli.proof.floats.apart import BESIDE, moved, moving
from backpropcli.report.branches.elements import shrunk
from backpropcli.report.felt.elements import felt_at
from backpropcli.report.report import Report
from backpropcli.report.written import flagged_elements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Value = Any

WORK = 20_000
"""Operations in germs for all elements: those beyond go by the rules."""


class Kinked:
    """What decides on elements of a ``report``'s gradient at kinks."""

    def __init__(self, report: Report) -> None:
        self.report = report

    @late
    def flags(self) -> dict[str, Value]:
        """Return flags by name: the elements that a convention decides."""
        report = self.report
        if not report.kinks:
            return dict.fromkeys(report.wrt, np.bool_(False))
        return by_convention(report)

    @late
    def wholes(self) -> dict[str, Value]:
        """Return by name what the whole has at kinks; nan where that is none, or open."""
        report, found = self.report, {}
        told: Report | None = report if report.kinks and len(report.seeds) == 1 else None
        if told is not None and report.arrays:
            start = flagged_elements(report, self.flags, WORK)
            told = None if start is None else Report(*start)
        wholes = {} if told is None else told.wholes()
        known = {name: one.derivative for name, one in wholes.items()}
        for name, node in report.wrt.items():
            shape = np.shape(report.values[node])
            slopes = np.full(shape, nan)
            flagged = np.argwhere(np.broadcast_to(self.flags[name], shape)) if known else ()
            for place in map(tuple, flagged):
                slope = known.get(titled(name, place) if place else name)
                slopes[place] = nan if slope is None else slope
            found[name] = slopes
        return found

    @late
    def beside(self) -> Report:
        """Return the report with values that are moved a little, so that they are at no kink."""
        report, near = self.report, copy(self.report)
        held = report.bindings.keys() - moving(report.lowered, report.wrt.values())
        near.bindings = moved(report.bindings, held, BESIDE, seed=0)
        return near

    def held_to(self, explained: Explained, by: str) -> tuple[Value, Value, Value]:
        """Return what is true, how far rounding explains another number, and which are of wholes.

        What rounding explains of a whole is what it explains beside the kink.
        """
        true, rounding = explained.true[by], explained.rounding[by]
        slopes = self.wholes[by]
        known = ~np.isnan(slopes)
        if known.any():
            true = np.where(known, slopes, true)
            near = Explained(self.beside, explained.dtype).rounding[by]
            near = np.fmax(near, explained.unit * np.abs(true) + explained.tiny)
            rounding = np.where(known, np.fmax(near, rounding), rounding)
        return true, rounding, known


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
