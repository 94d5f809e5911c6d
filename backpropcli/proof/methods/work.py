"""The work behind the table of all methods: it runs in a process of its own."""

from __future__ import annotations

from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mp, mpf

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward
from backpropcli.proof.arrays.along import right as right_digits
from backpropcli.proof.arrays.digits import DIGITS
from backpropcli.proof.arrays.directions import Directions
from backpropcli.proof.arrays.functions import held_at_full_size
from backpropcli.proof.arrays.problem import Problem
from backpropcli.proof.arrays.smaller import shrunk
from backpropcli.proof.arrays.written import slopes_by_rules
from backpropcli.proof.methods import found as kinds
from backpropcli.proof.methods.differences import FADES, LEVELS, TAYLOR, compared, order, unit_of
from backpropcli.proof.methods.found import DONE, ENDLESS, LARGE, NONE, Cell, Row
from backpropcli.proof.methods.judge import ORDER, judge
from backpropcli.proof.methods.levels import Level, Slope
from backpropcli.proof.methods.symbols import Symbols
from backpropcli.proof.ruled import told
from backpropcli.proof.zero import TimeUp, limited
from backpropcli.report.digits.numbers import shown

LEFT = 0.1
"""The share of the time that SymPy leaves."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backpropcli.report.report import Report

    Value = Any


class Work:
    """A problem, with a level of passes for each number of digits."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.levels: dict[int, Level] = {}

    def level(self, at: int) -> Level:
        """Return the passes of a level; mpmath works with as many digits."""
        if at not in self.levels:
            self.levels[at] = Level(self.problem, *LEVELS[at])
        return self.levels[at]

    def exact(self, node: int, direction: Value) -> Value:
        """Return the derivative by reverse mode: 0 where it is what rounding leaves of one."""
        level = self.level(0)
        found = level.reverse(node, direction)
        if not found or abs(found) > level.noise(level.passes.moving(node)):
            return found
        with mp.workdps(LEVELS[1][0]):
            finer = self.level(1).reverse(node, direction)
        return mpf(0) if abs(finer) <= FADES * abs(found) else found

    def row(self, row: Row, node: int, direction: Value) -> Row:
        """Fill in what the methods find, but for SymPy's, and the verdict."""
        with mp.workdps(LEVELS[0][0]):
            row.exact = shown(self.exact(node, direction))
            unit = unit_of(self.level(0).passes.values[node], direction)

        @cache
        def sides(level: int) -> tuple[Slope, Slope, Slope]:
            return self.level(level).sides(node, direction, unit)

        def held(slope: Callable[[int], Slope]) -> Cell:
            return compared(lambda level: self.level(level).reverse(node, direction), slope)

        row.cells[kinds.FORWARD] = held(lambda level: self.level(level).forward(node, direction))
        row.cells[kinds.LEFT] = held(lambda level: sides(level)[0])
        row.cells[kinds.RIGHT] = held(lambda level: sides(level)[1])
        row.cells[kinds.CENTRAL] = held(lambda level: sides(level)[2])
        try:
            found = held(lambda level: self.level(level).complex(node, direction, unit))
        except LookupError as error:
            found = Cell(NONE, reason=f"{error.args[0]} is not analytic")
        except (TypeError, ValueError, ArithmeticError):
            found = Cell(NONE, reason="a function has no complex value here")
        row.cells[kinds.COMPLEX] = found
        for level, step in TAYLOR:
            if row.order is None or row.order < ORDER:
                with mp.workdps(LEVELS[level][0]):
                    row.order = order(self.level(level), node, direction, unit * step)
        self._explain(row)
        judge(row)
        return row

    def _explain(self, row: Row) -> None:
        """Say where it is that a number is too large that nothing finite is found."""
        endless = [cell for cell in row.cells.values() if cell.reason == ENDLESS]
        if endless and self.level(0).beyond:
            for cell in endless:
                cell.reason = LARGE


def elements_work(report: Report, one: Report, timeout: float) -> Iterator[Any]:
    """Yield a row for each name: that of its worst element, as far as they are looked at.

    ``one`` is the report in numbers: of a program of numbers, ``report`` itself.
    """
    deadline = monotonic() + timeout
    work = Work(Problem.of(one))
    rows = []
    mapped = one is not report and report.lowered.mapped
    own = slopes_by_rules(report) if mapped else {}  # numbers know of the bodies alone
    yield from told(report.graph, None if one is report else report.values, deadline)
    for title, node in one.wrt.items():
        name = title if one is report else title.partition("[")[0]
        count = int(np.size(report.gradient[name]))
        slope = one.gradient[title]
        row = Row(name, slope, title if title != name else "", count)
        with mp.workdps(LEVELS[0][0]):
            exact = mpf(own[title]) if mapped else work.exact(node, mpf(1))
            if mp.isfinite(exact):
                row.right = float(right_digits(slope, exact))
        rows.append((work.row(row, node, mpf(1)), node))
        yield row
    symbols, late = Symbols(one), ""
    for row, node in rows:
        try:
            with limited(deadline - LEFT * timeout - monotonic()):
                cell = Cell(NONE, reason=late) if late else symbols.cell(node, row)
        except TimeUp:
            late = "it ran out of time"
            cell = Cell(NONE, reason=late)
        row.cells[kinds.SYMBOLIC] = cell
        judge(row)
        yield row
    yield DONE


def along_work(report: Report, timeout: float) -> Iterator[Any]:
    """Yield a row for each name, along a random direction of all its elements."""
    deadline = monotonic() + timeout
    yield from told(report.graph, report.values, deadline)
    work = Work(Problem.of(report))
    directions = Directions(work.problem)
    for name, node in report.wrt.items():
        slope = report.gradient[name]
        with mp.workdps(LEVELS[0][0]):
            direction = directions.direction(node)
            level = work.level(0)
            truth = DIGITS.fit(level.adjoints[node], level.passes.values[node])
            row = Row(name, float(np.sum(slope * np.asarray(direction, dtype=float))))
            row.right = float(np.min(right_digits(slope, truth)))
        yield _along(work, row, node, direction, int(np.size(slope)))
    yield DONE


def smaller_work(report: Report, timeout: float) -> Iterator[Any]:
    """Yield the rows of the same program with smaller arrays."""
    yield from (str(finding.facts["text"]) for finding, _ in held_at_full_size(report))
    problem = shrunk(Problem.of(report))
    if problem is None:
        return
    values = forward(problem.graph, FLOATS, problem.bindings)
    yield from told(problem.graph, values, monotonic() + timeout)
    work = Work(problem)
    directions = Directions(problem)
    for name, node in problem.wrt.items():
        with mp.workdps(LEVELS[0][0]):
            direction = directions.direction(node)
            row = Row(name, float(work.level(0).reverse(node, direction)))
        yield _along(work, row, node, direction, int(np.size(direction)))
    yield DONE


def _along(work: Work, row: Row, node: int, direction: Value, count: int) -> Row:
    row.along, row.count = True, count
    work.row(row, node, direction)
    row.cells[kinds.SYMBOLIC] = Cell(NONE, reason="there are too many elements")
    return row
