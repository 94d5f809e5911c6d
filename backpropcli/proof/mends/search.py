"""Finds the mends that help at a point: equal in exact arithmetic, and better in floats there.

Each that fits is run in floats first. What has more digits right is held against the program in
exact arithmetic: to 40 digits at the point, and, as functions, at sampled points.
"""

from __future__ import annotations

from itertools import chain
from math import isfinite
from time import monotonic
from typing import TYPE_CHECKING

from mpmath import mp

from backpropcli.arithmetics.matching.left import Mend
from backpropcli.arithmetics.matching.matcher import Matcher
from backpropcli.arithmetics.matching.mends import MENDS, OF_ARRAYS
from backpropcli.calculus.convention import convention
from backpropcli.calculus.opening import called, opened
from backpropcli.errors import BackpropError
from backpropcli.language.parse import parse
from backpropcli.language.surface import DIFF
from backpropcli.proof.mends.exact import Exact
from backpropcli.proof.mends.measure import (
    Measured,
    agree,
    better,
    full,
    hides,
    not_worse,
    rank,
    truths_of,
)
from backpropcli.proof.mends.mended import Mended, State
from backpropcli.proof.mends.runs import alike, beyond, run_of
from backpropcli.proof.mends.write import Candidate, Patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.language.program import Program
    from backpropcli.proof.mends.measure import Digits
    from backpropcli.report.run import Run

MOST_STEPS = 6
_patterns: dict[bool, Patterns] = {}


def mended(run: Run, timeout: float = 4.0) -> Mended:
    """Return what mends the program of a run at its point, after some ``timeout`` seconds."""
    return _Search(run, monotonic() + timeout).result()


class _Search:
    def __init__(self, run: Run, deadline: float) -> None:
        self.deadline = deadline
        self.bindings = run.point
        self.convention = run.graph.convention
        self.wrt = [*run.wrt]
        self.bound = [*run.program.variables]
        program = run.program
        while names := called(program) - {DIFF}:  # those in bodies too
            program = opened(program, names, run.lowered.shapes)
        self.first = Measured(run, self.wrt, given=True)
        self.program = program
        self.why = beyond(run)
        self.exact = Exact(self.first, lambda test: run_of(self._parsed(test), self.bindings, []))

    def result(self) -> Mended:
        first = self.first
        source = self.program.source.strip()
        if self.why:
            unknown: Digits = dict.fromkeys(first.results)
            found = Mended(source, unknown, unknown)
            found.why = self.why
            return found
        with mp.workdps(60):
            digits = first.digits(first.truths)
            state = State(self.program, first, [], digits, len(self.program.graph), [])
            while len(state.steps) < MOST_STEPS and not self._done(state):
                onwards = self._next(state)
                if onwards is None:
                    break
                state = onwards
            truths = truths_of(first, state.measured)
            before, after = first.digits(truths), state.measured.digits(truths)
        text = state.program.source if state.steps else source
        found = Mended(text, before, after)
        found.steps = state.steps
        known = all(one is not None for one in before.values())
        finite = all(map(isfinite, chain.from_iterable(first.results.values())))
        if not state.steps and known and full(before, first.most) and finite:
            found.why = "floats lose no digits here: the program is printed as it is"
        found.extends = bool(state.steps) and first.has_no_value
        return found

    def _done(self, state: State) -> bool:
        known = all(one is not None for one in state.digits.values())
        return (known and full(state.digits, self.first.most)) or monotonic() > self.deadline

    def _next(self, state: State) -> State | None:
        """Return the best next program; one after two mends, where one alone does not help."""
        helps, waits = self._tried(state)
        found = self._verified(helps, state)
        if found is None:
            for wait in waits:
                if monotonic() > self.deadline:
                    break
                found = self._verified(self._tried(wait, state.digits)[0], state)
                if found is not None:
                    break
        return found

    def _tried(self, state: State, least: Digits | None = None) -> tuple[list[State], list[State]]:
        """Return the programs with one mend more that are better, the best first.

        And those that are better where they were mended, though it does not show in the results.
        """
        helps, waits = [], []
        before = state.digits if least is None else least
        for candidate, measured in self._runs(state):
            truths = self.first.truths
            if any(one is None for one in state.digits.values()):
                truths = truths_of(self.first, measured)
                before = self.first.digits(truths)
                if state.steps:
                    before = state.measured.digits(truths)
            digits = measured.digits(truths)
            one, program = candidate, measured.run.program
            steps, tests = [*state.steps, *one.steps], [*state.tests, *one.tests]
            then = State(program, measured, steps, digits, one.size, tests, one.row)
            if better(digits, before) and not hides(measured, digits, self.first):
                helps.append(then)
            elif not_worse(digits, before) and self._is_mended(state, one.node, measured):
                waits.append(then)
        helps.sort(
            key=lambda one: (rank(one.digits), -len(one.steps), -one.row, -one.size), reverse=True
        )
        return helps, waits

    def _is_mended(self, state: State, node: int, measured: Measured) -> bool:
        """Say whether a program's output has less error by way of a node: more digits there.

        Of arrays, whether fewer values are not finite.
        """
        was = state.measured
        if was.run.arrays:
            return measured.broken < was.broken
        if was.run.program is not state.program:
            return False
        digits = was.node_digits(node)
        return digits is not None and digits < 12.0 and measured is not was  # noqa: PLR2004

    def _runs(self, state: State) -> Iterator[tuple[Candidate, Measured]]:
        """Yield each program with one mend more, run in floats."""
        arrays = self.first.run.arrays
        if arrays not in _patterns:
            rows = (*OF_ARRAYS, *MENDS) if arrays else MENDS
            _patterns[arrays] = Patterns(tuple([Mend(text) for text in rows]), arrays=arrays)
        matcher = Matcher(state.program.graph)
        for candidate in _patterns[arrays].candidates(state.program, matcher):
            if monotonic() > self.deadline:
                return
            try:
                program = self._parsed(candidate.text)
                run = run_of(program, self.bindings, self.wrt)
                holds = all(map(self._holds, candidate.tests))
            except BackpropError:
                continue
            if holds and alike(run, self.first.run):
                yield candidate, Measured(run, self.wrt)

    def _parsed(self, text: str) -> Program:
        """Return a program with the slopes at kinks of the first."""
        program = parse(text, self.bound)
        return convention(program, self.convention) if self.convention else program

    def _holds(self, test: str) -> bool:
        return bool(run_of(self._parsed(test), self.bindings, []).value)

    def _verified(self, states: list[State], before: State) -> State | None:
        """Return the first program that is equal in exact arithmetic, and better by its truth."""
        for state in states:
            if monotonic() > self.deadline:
                return None
            measured = state.measured
            if measured.point.undecided or not agree(self.first.truths, measured.truths):
                continue
            truths = truths_of(self.first, measured)
            digits = measured.digits(truths)
            was = before.measured.digits(truths)
            if not better(digits, was) or not self.exact.continues(state):
                continue
            if steps := self.exact.steps(state):
                return state._replace(digits=digits, steps=steps)
        return None
