"""What is held against differences besides the gradient: rules, derivatives in the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.arrays.directions import AGREES, DIFFERS, LEVELS, WIDE, judged
from backpropcli.proof.arrays.integers import exact, products
from backpropcli.proof.arrays.maps import as_map
from backpropcli.proof.arrays.problem import Passes, Problem
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.rules import HOLDS, calls_in, rule_as_function, sentence, way
from backpropcli.report.digits.numbers import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from backpropcli.calculus.records import Diff, Own
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.arrays.directions import Compared, Directions
    from backpropcli.proof.rules import RuleFinding
    from backpropcli.report.report import Report

    Value = Any
    News = dict[str, Any]

MOST_CALLS = 8
"""Elements at which a rule of numbers is held, of those that it is called with."""


def held_rules(
    problem: Problem, values: Sequence[Value], deadline: float
) -> Generator[News, None, list[Finding]]:
    """Yield what is told of the rules of the functions that are called; return what is amiss."""
    found = [*_every_rule(problem.graph, values, deadline)]
    amiss = [(finding, facts) for finding, facts in found if finding is not None]
    ruled = way(facts["verdict"] for _, facts in found) if found else ""
    yield {"rules": [facts for _, facts in amiss], "ruled": ruled}
    return [finding for finding, _ in amiss]


def disagreeing(graph: Graph, values: Sequence[Value], deadline: float) -> Iterator[str]:
    """Yield what is told of functions that are called and whose rules are not their derivatives."""
    yield from (finding.facts["text"] for finding in wrong_rules(graph, values, deadline))


def wrong_rules(graph: Graph, values: Sequence[Value], deadline: float) -> Iterator[Finding]:
    """Yield what is amiss with the rules of the functions that are called."""
    yield from filter(None, (finding for finding, _ in _every_rule(graph, values, deadline)))


def _every_rule(
    graph: Graph, values: Sequence[Value], deadline: float
) -> Iterator[tuple[Finding | None, dict[str, Any]]]:
    """Yield what is found of the rules of the functions that are called, and what is amiss."""
    for own, each in calls_in(graph, values).items():
        if own.of_numbers:
            for finding in _as_function(own, each, deadline):
                told = sentence(finding)
                yield Finding("rule", text=told) if told else None, finding.as_dict()
        else:
            yield from as_map(own, each, deadline)
            yield None, {"verdict": HOLDS}  # of what is not told


def _as_function(own: Own, each: list[list[Value]], deadline: float) -> list[RuleFinding]:
    """Return what is found of rules of numbers: they are held as functions."""
    from fractions import Fraction

    points = []
    for given in each:
        elements = zip(*[np.ravel(one) for one in np.broadcast_arrays(*given)], strict=True)
        for numbers in [*elements][:MOST_CALLS]:
            fractions = map(Fraction, map(float, numbers))
            points.append(dict(zip(own.function.parameters, fractions, strict=True)))
    return rule_as_function(own, points, deadline)


def held_diffs(report: Report, directions: Directions) -> Iterator[Finding]:
    """Yield what is amiss with the derivatives that the program itself takes."""
    for diff in report.lowered.diffs:
        found = _held_diff(diff, report, directions)
        text = report.program.text(diff.surface, 40)
        if found.kind == DIFFERS:
            yield Finding("diff", text=text, ours=shown(found.ours), sympy=shown(found.theirs))
        elif found.kind == WIDE:
            yield Finding("rough")
        elif found.kind != AGREES:
            yield Finding("kink", text=text)


def _held_diff(diff: Diff, report: Report, directions: Directions) -> Compared:
    """Hold a derivative that was written out against differences of what was differentiated."""
    problem = directions.problem
    here = {origin: place for place, origin in enumerate(problem.origins)}
    inside = diff.graph is not report.graph  # a function's body
    graph = diff.graph if inside else problem.graph
    place: Callable[[int], int] = (lambda at: at) if inside else here.__getitem__
    of, node = place(diff.of), place(diff.node)
    by = None if diff.by is None else place(diff.by)
    known: dict[int, Passes] = {}

    def passes(level: int) -> Passes:
        if level not in known:
            values = directions.theirs(level).values
            given = {name: values[here[at]] for name, at in diff.given.items()}
            bindings = dict.fromkeys(graph.variables(), 0.5) | (given or dict(problem.bindings))
            known[level] = Passes(Problem(graph, bindings, {}, {}))
            known[level].seeds = {of: _random(known[level].values[of])}
        return known[level]

    def ours(level: int) -> tuple[Value, Value]:
        found = passes(level)
        if by is None:
            return products(found.values[node], found.seeds[of])
        return products(found.values[node] * found.seeds[of], _random(found.values[by]))

    def sides(level: int) -> Any:  # noqa: ANN401 (Sides)
        found = passes(level)
        shifts = {place(at): found.values[place(to)] for at, to in diff.seeds.items()}
        if by is not None:
            shifts = {by: _random(found.values[by])}
        return found.sides(shifts, LEVELS[level][2], found.moving(*shifts))

    return judged(ours, sides)


def _random(like: Value) -> Value:
    """Return random numbers in the shape of some, the same ones each time."""
    return exact(np.random.default_rng(0).normal(size=np.shape(like))[()])
