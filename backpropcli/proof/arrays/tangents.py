"""Tangents of whole arrays held against differences along their direction, in many digits.

A difference uses what the operations are, and no rule of a derivative. Each output is weighed with
random numbers: a tangent that is wrong by a part d in one element passes with a probability of
about 1e-40/d.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mp

from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.proof.arrays.along import accuracy, signed_zero, untold, wrong_element
from backpropcli.proof.arrays.branches import at_places
from backpropcli.proof.arrays.digits import DIGITS
from backpropcli.proof.arrays.directions import (
    AGREES,
    DIFFERS,
    LEVELS,
    Directions,
    bisected,
    judged,
)
from backpropcli.proof.arrays.held import held_diffs, held_rules
from backpropcli.proof.arrays.integers import exact, finite, magnitudes, products
from backpropcli.proof.arrays.problem import Passes, Problem, take
from backpropcli.proof.findings.finding import Finding
from backpropcli.report.elements import element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.proof.arrays.directions import Compared
    from backpropcli.proof.arrays.problem import Sides
    from backpropcli.report.report import Report

    Value = Any
    News = dict[str, Any]


class Tangents:
    """The tangents of a problem for a move along ``direction``, by node, at each level."""

    def __init__(self, problem: Problem, direction: Mapping[int, Value]) -> None:
        self.directions = Directions(problem)
        self.problem = problem
        self.direction = {node: exact(part) for node, part in direction.items()}
        self.moving = self.directions.theirs(0).moving(*self.direction)
        self.stride = self._stride()
        self._ours: dict[int, list[Value]] = {}

    def _stride(self) -> Value:
        """Return how far to go, a power of 2: no number but 0 moves by more than itself."""
        power = 0
        for node, part in self.direction.items():
            sizes = magnitudes(self.directions.theirs(0).values[node]), magnitudes(part)
            for size, by in zip(*sizes, strict=True):
                if size is not None and by is not None:
                    power = min(power, size - by - 1)
        return mp.ldexp(1, power)

    def ours(self, level: int) -> list[Value]:
        """Return the tangent of each node by our rules; None where nothing arrives."""
        if level not in self._ours:
            with mp.workdps(LEVELS[level][0]):
                passes = Passes(self.problem)
                edges = linearize(passes.graph, DIGITS, passes.values, self.direction)
                found = DIGITS.in_shape(push(edges, DIGITS, self.direction), passes.values)
                if not all(found[one] is None or finite(found[one]) for one in self.problem.seeds):
                    take(self.problem, edges)
                    found = DIGITS.in_shape(push(edges, DIGITS, self.direction), passes.values)
                self._ours[level] = found
        return self._ours[level]

    def of(self, output: int, level: int = 0) -> Value:
        """Return the tangent of an output: zeros where nothing arrives."""
        return DIGITS.fit(self.ours(level)[output], self.directions.theirs(0).values[output])

    def compare(self, output: int, weights: Value) -> Compared:
        """Hold the tangent of an output, weighed, against differences."""
        short = {node: part * self.stride for node, part in self.direction.items()}

        def sides(level: int) -> Sides:
            passes = self.directions.theirs(level)
            passes.seeds = {output: weights}
            return passes.sides(short, LEVELS[level][2], self.moving)

        def ours(level: int) -> tuple[Value, Value]:
            total, whole = products(self.of(output, level), weights)
            return total * self.stride, whole * self.stride

        def size(level: int) -> Value:
            return products(self.directions.theirs(level).values[output], weights)[1]

        found = judged(ours, sides, size)
        found.ours, found.theirs = found.ours / self.stride, found.theirs / self.stride
        return found

    def amiss(self, report: Report, output: int, title: str) -> Iterator[Finding]:
        """Yield what is amiss with the tangent of an output."""
        weights = self.directions.direction(output)
        found = self.compare(output, weights)
        if found.kind == DIFFERS:
            wrong = bisected(output, weights, lambda part: self.compare(output, part))
            yield wrong_element(wrong, title, f"the tangent of {element(title, wrong.place)}")
        elif found.kind != AGREES:
            yield untold(report, found.kind)


def along_direction(
    report: Report, direction: Mapping[int, Value], results: Mapping[str, Value], timeout: float
) -> Iterator[News]:
    """Yield what is found of the outputs' tangents, ``results`` by title, along a direction.

    Rules of the program's own are held for half of the time.
    """
    deadline = monotonic() + timeout / 2
    if signed_zero(report):
        yield {"findings": [Finding("signed zero")]}
        return
    outputs = dict(zip(report.program.titles(), report.lowered.outputs, strict=True))
    seeds = {node: np.ones(np.shape(report.values[node]))[()] for node in outputs.values()}
    problem = Problem(report.graph, report.bindings, report.wrt, seeds)
    tangents = Tangents(problem, direction)
    amiss = yield from held_rules(problem, report.values, deadline)
    if not amiss:
        amiss += [*held_diffs(report, tangents.directions), *at_places(report)]
    for title, output in outputs.items():
        found = [] if amiss else [*tangents.amiss(report, output, title)]
        amiss += found
        facts = {} if amiss else accuracy(results[title], tangents.of(output))
        yield {"variable": (title, {"along": not amiss, **facts})}
    if amiss:
        yield {"findings": amiss}
