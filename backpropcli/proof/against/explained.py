"""What rounding in a precision explains of a gradient: the spread of Monte Carlo arithmetic."""

from __future__ import annotations

from copy import copy
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.arrays.perturbed import PERTURBED
from backpropcli.arithmetics.rules import parsed
from backpropcli.graph.cells import late
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import without_helper
from backpropcli.proof.floats.apart import QUANTILE, RUNS, both_passes, doubles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.graph.row import Row
    from backpropcli.report.report import Report

    Value = Any

LARGE = 200_000
"""Elements of all values above which the forms that lose more digits have to do."""


class Explained:
    """A gradient in doubles, and how far rounding in ``dtype`` explains another one.

    ``true`` and ``rounding`` are by name. ``terms`` are those of the longest sum. It ``overflows``
    where a number is larger than all of the precision.
    """

    @np.errstate(all="ignore")
    def __init__(self, report: Report, dtype: str) -> None:
        self.dtype, self.report = dtype, report
        limits = np.finfo(dtype)
        self.unit = float(limits.eps) / 2
        self.tiny = tiny = float(limits.smallest_subnormal) / 2
        graph, wrt = report.graph, report.wrt
        bindings = doubles(report.bindings)
        self.true = gradients(graph, bindings, wrt, report.seeds, FLOATS)
        self.terms = 1.0
        size = sum(int(np.size(value)) for value in report.values)
        mine = Form(graph, wrt, report.seeds)
        forms = [mine.by_the_book(), *([] if size > LARGE else [mine])]
        spreads, largest = self._spreads(forms[0], bindings, tiny)
        for at, form in enumerate(forms[1:], start=1):
            others, most = self._spreads(form, bindings, tiny, RUNS * at)
            spreads = {name: np.fmax(one, others[name]) for name, one in spreads.items()}
            largest = max(largest, most)
        self.overflows = largest > float(limits.max)
        elsewhere = mine.elsewhere()
        if elsewhere is not None:  # where it overflows it tells nothing
            others, _ = self._spreads(elsewhere, bindings, tiny, RUNS * len(forms))
            for name, one in others.items():
                spreads[name] = np.fmax(spreads[name], np.where(np.isfinite(one), one, 0.0))
        self.rounding = {}
        for name, slope in self.true.items():
            spread = np.where(np.isnan(spreads[name]), np.inf, spreads[name])
            self.rounding[name] = QUANTILE * spread + self.unit * np.abs(slope) + tiny

    @late
    def in_doubles(self) -> Explained:
        """Return what rounding in doubles explains of it."""
        return self if self.dtype == "float64" else Explained(self.report, "float64")

    def underflows(self, by: str, claimed: Value) -> bool:
        """Say whether a gradient is too small for the precision, and the numbers are it, rounded.

        Doubles have to know it; an element that has other reasons to be lost is none of these.
        """
        true, size = self.true[by], np.abs(self.true[by])
        step = self.unit * size + self.tiny
        lost = size <= self.rounding[by]
        if self.dtype == "float64" or (size[lost] >= np.finfo(self.dtype).tiny).any():
            return False
        near = np.abs(claimed - true) <= np.where(lost, 2 * step, self.rounding[by])
        return bool(near.all() and (self.in_doubles.rounding[by] <= step)[lost].all())

    def _spreads(
        self, form: Form, bindings: Mapping[str, Value], tiny: float, first: int = 0
    ) -> tuple[dict[str, Value], float]:
        """Return by name how far the gradient moves in a form; and the largest number met."""
        found = {name: np.zeros(np.shape(one)) for name, one in self.true.items()}
        largest = 0.0
        for seed in range(first, first + RUNS):
            PERTURBED.begin(self.unit, tiny, seed)
            moved = {name: self._input(value) for name, value in bindings.items()}
            slopes = gradients(form.graph, moved, form.wrt, form.seeds, PERTURBED)
            self.terms = max(self.terms, PERTURBED.terms)
            largest = max(largest, PERTURBED.largest)
            for name, slope in slopes.items():  # squares of small numbers are 0
                found[name] = np.hypot(found[name], slope - self.true[name])
        return {name: one / sqrt(RUNS) for name, one in found.items()}, largest

    def _input(self, value: Value) -> Value:
        """Return an input, moved where the precision does not hold it."""
        with np.errstate(all="ignore"):
            held = np.asarray(value).astype(self.dtype).astype(float) == value
        if isinstance(value, float):
            return value if held else PERTURBED.moved(value)
        return np.where(held, value, PERTURBED.moved(value))


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


class Form:
    """A graph that has the same gradient, and its nodes: those of names, and where seeds arrive."""

    def __init__(self, graph: Graph, wrt: Mapping[str, int], seeds: Mapping[int, Value]) -> None:
        self.graph = graph
        self.wrt = wrt
        self.seeds = seeds

    def by_the_book(self) -> Form:
        """Return it with the rules of books: another program may round as they do."""
        found = self.graph.copy()
        found.table = {name: _shadow(row, "rules") for name, row in found.table.items()}
        return Form(found, self.wrt, self.seeds)

    def elsewhere(self) -> Form | None:
        """Return it as other programs have it: functions written out, by their rules.

        None where that is no other form. A function with kinks stays, for it chooses slopes there.
        """
        graph = self.graph
        rows = {name: graph.table[name] for name in {*graph.operations} & graph.table.keys()}
        opened = {name for name, row in rows.items() if _opens(row)}
        other = any(row._elsewhere for row in rows.values())  # noqa: SLF001 (a row's cells)
        if graph.convention or not (opened or other):
            return None
        found, places = opened_out(graph)
        found.table = {name: _shadow(row, "elsewhere") for name, row in found.table.items()}
        wrt = {name: places[node] for name, node in self.wrt.items()}
        return Form(found, wrt, {places[node]: seed for node, seed in self.seeds.items()})


def _opens(row: Row) -> bool:
    """Say whether an operation element by element can stand as what ``expand`` says."""
    plain = not (row.whole or row.derived or row.static or row.stops or row.own)
    chooses = row.kinks or any(row.taken)
    known = row.helper or row._elsewhere  # noqa: SLF001 (a row's cells)
    return plain and row.expand is not None and not (chooses or known)


def opened_out(graph: Graph) -> tuple[Graph, list[int]]:
    """Return a graph with the functions written out that can be, and each node's place there."""
    found = Graph(graph.table)

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        row = graph.table.get(operation)
        if row is None or not _opens(row):
            return found.node(operation, inputs, arg)
        assert row.expand is not None  # noqa: S101 (for mypy)
        body, top = parsed(row, row.expand)
        return found.write(body, dict(zip(row.parameters, inputs, strict=True)), node=make)[top]

    return found, found.write(graph, node=make)


_shadows: dict[tuple[Row, str], Row] = {}


def _shadow(row: Row, cell: str) -> Row:
    """Return a row whose rules in floats are those of the cell ``rules``, or ``elsewhere``."""
    rules = tuple([without_helper(rule) for rule in getattr(row, cell)])
    if row.own or [rule.text for rule in rules] == [rule.text for rule in row.in_floats]:
        return row
    if (row, cell) not in _shadows:
        shadow = copy(row)
        shadow.__dict__.pop("in_floats", None)
        shadow._in_floats = rules  # noqa: SLF001 (a row's cells)
        _shadows[row, cell] = shadow
    return _shadows[row, cell]
