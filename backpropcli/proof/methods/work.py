"""The work behind the table of all methods: it runs in a process of its own."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mp, mpf

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward
from backpropcli.proof.arrays import held
from backpropcli.proof.arrays.along import right as right_digits
from backpropcli.proof.arrays.digits import DIGITS
from backpropcli.proof.arrays.directions import Directions
from backpropcli.proof.arrays.full import held_at_full_size
from backpropcli.proof.arrays.problem import Problem
from backpropcli.proof.arrays.smaller import shrunk
from backpropcli.proof.arrays.written import slopes_by_rules
from backpropcli.proof.methods import found as kinds
from backpropcli.proof.methods.differences import FADES, LEVELS, TAYLOR, compared, order, unit_of
from backpropcli.proof.methods.found import DONE, ENDLESS, LARGE, NONE, Cell, Row
from backpropcli.proof.methods.judge import ORDER, judge
from backpropcli.proof.methods.levels import Level, Slope
from backpropcli.proof.methods.symbols import Symbols
from backpropcli.proof.rules import disagreeing
from backpropcli.proof.zero import TimeUp, limited
from backpropcli.report.digits.numbers import shown

LEFT = 0.1
"""The share of the time that SymPy leaves."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.report.report import Report

    Value = Any


class Work:
    """A problem, with a level of passes for each number of digits."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.levels: dict[tuple[int, Value], Level] = {}

    def level(self, digits: int, step: Value) -> Level:
        """Return the passes of so many digits; mpmath works with as many."""
        if (digits, step) not in self.levels:
            self.levels[digits, step] = Level(self.problem, digits, step)
        return self.levels[digits, step]

    def of_digits(self, digits: int) -> Level:
        """Return the passes of so many digits, as a level has."""
        return self.level(*next(level for level in LEVELS if level[0] == digits))

    def exact(self, node: int, direction: Value) -> Value:
        """Return the derivative by reverse mode: 0 where it is what rounding leaves of one."""
        level = self.level(*LEVELS[0])
        found = level.reverse(node, direction)
        if not found or abs(found) > level.noise(level.passes.moving(node)):
            return found
        with mp.workdps(LEVELS[1][0]):
            finer = self.level(*LEVELS[1]).reverse(node, direction)
        return mpf(0) if abs(finer) <= FADES * abs(found) else found

    def row(self, row: Row, node: int, direction: Value) -> Row:
        """Fill in what the methods find, but for SymPy's, and the verdict."""
        differences: dict[int, tuple[Slope, Slope, Slope]] = {}

        def at(level: int) -> Level:
            return self.level(*LEVELS[level])

        def reverse(level: int) -> Value:
            return at(level).reverse(node, direction)

        def unit() -> Value:
            return unit_of(at(0).passes.values[node], direction)

        def side(level: int, which: int) -> Slope:
            if level not in differences:
                differences[level] = at(level).sides(node, direction, unit())
            return differences[level][which]

        with mp.workdps(LEVELS[0][0]):
            row.exact = shown(self.exact(node, direction))
        row.cells[kinds.FORWARD] = compared(
            reverse, lambda level: at(level).forward(node, direction)
        )
        for name, which in ((kinds.LEFT, 0), (kinds.RIGHT, 1), (kinds.CENTRAL, 2)):
            row.cells[name] = compared(reverse, lambda level, which=which: side(level, which))  # type: ignore[misc]
        row.cells[kinds.COMPLEX] = self._complex(reverse, node, direction, unit)
        for digits, step in TAYLOR:
            if row.order is None or row.order < ORDER:
                with mp.workdps(digits):
                    row.order = order(self.of_digits(digits), node, direction, unit() * step)
        self._explain(row)
        judge(row)
        return row

    def _explain(self, row: Row) -> None:
        """Say where it is that a number is too large that nothing finite is found."""
        endless = [cell for cell in row.cells.values() if cell.reason == ENDLESS]
        if endless and self.level(*LEVELS[0]).beyond:
            for cell in endless:
                cell.reason = LARGE

    def _complex(self, reverse: Any, node: int, direction: Value, unit: Any) -> Cell:  # noqa: ANN401
        try:
            return compared(
                reverse,
                lambda level: self.level(*LEVELS[level]).complex(node, direction, unit()),
            )
        except LookupError as error:
            return Cell(NONE, reason=f"{error.args[0]} is not analytic")
        except (TypeError, ValueError, ArithmeticError):
            return Cell(NONE, reason="a function has no complex value here")


def elements_work(report: Report, one: Report, timeout: float) -> Iterator[Any]:
    """Yield a row for each name: that of its worst element, as far as they are looked at.

    ``one`` is the report in numbers: of a program of numbers, ``report`` itself.
    """
    deadline = monotonic() + timeout
    work = Work(Problem.of(one))
    rows = []
    mapped = one is not report and report.lowered.mapped
    own = slopes_by_rules(report) if mapped else {}  # numbers know of the bodies alone
    if one is report:
        yield from disagreeing(one.graph, deadline)
    else:
        yield from held.disagreeing(report.graph, report.values, deadline)
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
    yield from held.disagreeing(report.graph, report.values, deadline)
    work = Work(Problem.of(report))
    directions = Directions(work.problem)
    for name, node in report.wrt.items():
        slope = report.gradient[name]
        with mp.workdps(LEVELS[0][0]):
            direction = directions.direction(node)
            level = work.level(*LEVELS[0])
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
    yield from held.disagreeing(problem.graph, values, monotonic() + timeout)
    work = Work(problem)
    directions = Directions(problem)
    for name, node in problem.wrt.items():
        with mp.workdps(LEVELS[0][0]):
            direction = directions.direction(node)
            row = Row(name, float(work.level(*LEVELS[0]).reverse(node, direction)))
        yield _along(work, row, node, direction, int(np.size(direction)))
    yield DONE


def _along(work: Work, row: Row, node: int, direction: Value, count: int) -> Row:
    row.along, row.count = True, count
    work.row(row, node, direction)
    row.cells[kinds.SYMBOLIC] = Cell(NONE, reason="there are too many elements")
    return row
