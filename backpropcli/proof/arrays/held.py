"""What is held against differences besides the gradient: rules, derivatives in the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.elements import titled
from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.proof.arrays.directions import (
    AGREES,
    DIFFERS,
    LEVELS,
    Directions,
    judged,
)
from backpropcli.proof.arrays.integers import exact, products
from backpropcli.proof.arrays.problem import Passes, Problem
from backpropcli.proof.findings import Finding
from backpropcli.proof.rules import rule_as_function, sentence
from backpropcli.report.decimals import told_apart
from backpropcli.report.numbers import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from backpropcli.calculus.records import Diff, Own
    from backpropcli.proof.arrays.directions import Compared
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
    graph = problem.graph
    amiss: list[Finding] = []
    rules: list[dict[str, Any]] = []
    for finding, facts in each_rule(problem, values, deadline):
        amiss.append(finding)
        rules.append(facts)
    own = any(graph.row(at).own for at, given in enumerate(graph.inputs) if given)
    yield {"rules": rules, "ruled": own}
    return amiss


def each_rule(
    problem: Problem, values: Sequence[Value], deadline: float
) -> Iterator[tuple[Finding, dict[str, Any]]]:
    """Yield what is amiss with the rules of the functions that are called."""
    graph = problem.graph
    calls: dict[Own, list[list[Value]]] = {}
    for number, operation in enumerate(graph.operations):
        row: Any = graph.table.get(operation)
        if graph.inputs[number] and row.own:
            given = [values[child] for child in graph.inputs[number][:-1]]
            calls.setdefault(row, []).append(given)
    for own, each in calls.items():
        if _of_numbers(own):
            for finding in _as_function(own, each, deadline):
                yield Finding("rule", text=sentence(finding)), finding.as_dict()
        else:
            yield from _as_map(own, each)


def _of_numbers(own: Own) -> bool:
    """Say whether a function's body and its rules are mathematics of numbers."""
    graphs = [own.body[0], *[rule.parsed[0] for rule in own.rules[:-1]]]
    rows = [
        graph.row(number) for graph in graphs for number, given in enumerate(graph.inputs) if given
    ]
    return not own.function.whole and not any(row.whole or row.static for row in rows)


def _as_function(own: Own, each: list[list[Value]], deadline: float) -> Iterator[RuleFinding]:
    """Yield what is amiss with rules of numbers: they are held as functions."""
    from fractions import Fraction  # noqa: PLC0415 (with rules alone)

    points = []
    for given in each:
        elements = zip(*[np.ravel(one) for one in np.broadcast_arrays(*given)], strict=True)
        for numbers in [*elements][:MOST_CALLS]:
            fractions = map(Fraction, map(float, numbers))
            points.append(dict(zip(own.function.parameters, fractions, strict=True)))
    for finding in rule_as_function(own, points, deadline):
        if sentence(finding):
            yield finding


def _as_map(own: Own, each: list[list[Value]]) -> Iterator[tuple[Finding, dict[str, Any]]]:
    """Yield what is amiss with rules that map adjoints: at a call, and at random arguments.

    What all calls send is part of the gradient, which is held against differences of the body.
    """
    random = np.random.default_rng(0)
    told: set[str] = set()
    proved: set[str] = set()
    for arguments in (each[0], [near(one, random) for one in each[0]]):
        directions = Directions(called(own, arguments, random))
        for name, node in directions.problem.wrt.items():
            found = directions.compare(node, direction := directions.direction(node))
            proved |= {name} if found.kind == AGREES else set()
            if found.kind != DIFFERS or name in told:
                continue
            told.add(name)
            wrong = directions.first_wrong(node, direction)
            yield differs(own, name, wrong.place, _decimals(wrong.found))
    for name in {*own.function.parameters} - proved - told:
        reason = "its body has no derivative to hold it against here"
        text = f"the rule of {own.function.name} for d/d{name} is not proved: {reason}"
        facts = {"verdict": "unknown", "reason": reason, "at": {}, "rule": "", "body": ""}
        yield Finding("rule", text=text), {"function": own.function.name, "by": name, **facts}


def differs(
    own: Own, name: str, place: tuple[int, ...], numbers: tuple[str, str]
) -> tuple[Finding, dict[str, Any]]:
    """Return what is told of a rule that sends one number to an element, and its body another."""
    (ours, theirs), where = numbers, titled(name, place)
    whose = f"the rule of {own.function.name} sends {ours} to {where}"
    facts = {"verdict": "differs", "reason": "", "at": {}, "rule": ours, "body": theirs}
    finding = Finding("rule", text=f"{whose}, but its body gives {theirs}")
    return finding, {"function": own.function.name, "by": where, **facts}


def near(value: Value, random: np.random.Generator) -> Value:
    """Return other numbers of about the size of some."""
    value = np.asarray(value, dtype=float)
    return (value + random.normal(size=value.shape) * (1 + np.abs(value)) / 4)[()]


def called(own: Own, arguments: list[Value], random: np.random.Generator) -> Problem:
    """Return the problem of a function alone, whose value has a random cotangent."""
    body, root = own.body
    graph = Graph(body.table | {own.name: own})
    names = own.function.parameters
    nodes = [graph.node("variable", (), name) for name in names]
    top = graph.node(
        own.name, (*nodes, graph.write(body, dict(zip(names, nodes, strict=True)))[root])
    )
    bindings = {
        name: np.asarray(one, dtype=float)[()] for name, one in zip(names, arguments, strict=True)
    }
    wrt = dict(zip(names, nodes, strict=True))
    shape = np.shape(forward(graph, FLOATS, bindings)[top])
    return Problem(graph, bindings, wrt, {top: random.normal(size=shape)[()]})


def _decimals(found: Compared) -> tuple[str, str]:
    return told_apart(shown(found.ours), shown(found.theirs))


def held_diffs(report: Report, directions: Directions) -> Iterator[Finding]:
    """Yield what is amiss with the derivatives that the program itself takes."""
    for diff in report.lowered.diffs:
        found = _held_diff(diff, report, directions)
        text = report.program.text(diff.surface, 40)
        if found.kind == DIFFERS:
            yield Finding("diff", text=text, ours=shown(found.ours), sympy=shown(found.theirs))
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
