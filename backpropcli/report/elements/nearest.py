"""The nearest kinks of a program of arrays: those of the program written out in numbers."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from backpropcli.arithmetics.arrays.elements import titled
from backpropcli.calculus.elements import in_numbers
from backpropcli.calculus.lower import lower
from backpropcli.errors import BackpropError
from backpropcli.report.elements.numbers import LARGEST
from backpropcli.report.nearest import Nearest, nearest_in

if TYPE_CHECKING:
    from backpropcli.report.report import Report


@np.errstate(all="ignore")
def nearest_of_elements(report: Report) -> list[Nearest]:
    """Return the nearest kinks along elements, and the gradient; [] where there is too much."""
    total = sum(int(np.size(value)) for value in report.values)
    if total > LARGEST or report.lowered.diffs:
        return []
    try:
        found = in_numbers(report.lowered, report.bindings)
    except BackpropError:
        return []
    program, seeds = found.program, [*report.seeds]
    program.outputs = [place for node in seeds for place in found.places[node]]
    program.written = []
    gradient = {
        titled(name, place): float(np.asarray(slope)[place])
        for name, slope in report.gradient.items()
        for place in product(*map(range, np.shape(slope)))
    }
    lowered = lower(program)
    return nearest_in(lowered, found.bindings, gradient, lowered.outputs)
