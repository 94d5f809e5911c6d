"""What rounding in a precision explains of a gradient: the spread of Monte Carlo arithmetic."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.arrays.perturbed import PERTURBED
from backpropcli.proof.arrays.apart import QUANTILE, RUNS, both_passes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row
    from backpropcli.report.report import Report

    Value = Any

LARGE = 200_000
"""Elements of all values above which the rules of books have to do."""


class Explained:
    """A gradient in doubles, and how far rounding in ``dtype`` explains another one.

    ``true`` and ``rounding`` are by name. ``terms`` are those of the longest sum. It ``overflows``
    where a number is larger than all of the precision.
    """

    @np.errstate(all="ignore")
    def __init__(self, report: Report, dtype: str) -> None:
        self.dtype = dtype
        limits = np.finfo(dtype)
        self.unit = float(limits.eps) / 2
        tiny = float(limits.smallest_subnormal) / 2
        graph, wrt = report.graph, report.wrt
        bindings = {name: doubles(value) for name, value in report.bindings.items()}
        self.true = gradients(graph, bindings, wrt, report.seeds, FLOATS)
        squares = {name: [np.zeros(np.shape(one))] * 2 for name, one in self.true.items()}
        self.terms, largest = 1.0, 0.0
        size = sum(int(np.size(value)) for value in report.values)
        forms = [by_the_book(graph), *([] if size > LARGE else [graph])]
        for at, form in enumerate(forms):
            for seed in range(RUNS):
                PERTURBED.begin(self.unit, tiny, RUNS * at + seed)
                moved = {name: self._input(value) for name, value in bindings.items()}
                found = gradients(form, moved, wrt, report.seeds, PERTURBED)
                self.terms = max(self.terms, PERTURBED.terms)
                largest = max(largest, PERTURBED.largest)
                for name, slope in found.items():
                    square = (slope - self.true[name]) ** 2
                    squares[name][at] = squares[name][at] + square
        self.overflows = largest > float(limits.max)
        self.rounding = {}
        for name, slope in self.true.items():
            spread = np.fmax(*(np.sqrt(one / RUNS) for one in squares[name]))
            spread = np.where(np.isnan(spread), np.inf, spread)
            self.rounding[name] = QUANTILE * spread + self.unit * np.abs(slope) + tiny

    def _input(self, value: Value) -> Value:
        """Return an input, moved where the precision does not hold it."""
        with np.errstate(all="ignore"):
            held = np.asarray(value).astype(self.dtype).astype(float) == value
        if isinstance(value, float):
            return value if held else PERTURBED.moved(value)
        return np.where(held, value, PERTURBED.moved(value))


def doubles(value: Value) -> Value:
    """Return a number as a float, an array in double precision."""
    return float(value) if isinstance(value, float) else np.asarray(value, dtype=float)


def gradients(
    graph: Graph,
    bindings: Mapping[str, Value],
    wrt: Mapping[str, int],
    seeds: Mapping[int, Value],
    numbers: Any,  # noqa: ANN401 (an arithmetic of arrays)
) -> dict[str, Value]:
    """Return the gradient by each name, in an arithmetic of arrays of floats."""
    _, slopes = both_passes(graph, bindings, wrt, seeds, numbers)
    return {name: np.asarray(slope, dtype=float) for name, slope in slopes.items()}


_shadows: dict[Row, Row] = {}


def by_the_book(graph: Graph) -> Graph:
    """Return a graph whose rules are those of books: another program may round as they do."""
    found = graph.copy()
    found.table = {name: _shadow(row) for name, row in graph.table.items()}
    return found


def _shadow(row: Row) -> Row:
    if row.own or not row._in_floats:  # noqa: SLF001 (a row's cells)
        return row
    if row not in _shadows:
        shadow = copy(row)
        shadow.__dict__.pop("in_floats", None)
        shadow._in_floats = ()  # noqa: SLF001
        _shadows[row] = shadow
    return _shadows[row]
