"""A function with rules of its own, as a problem by itself.

A rule that maps adjoints may have a size written in it, so that smaller arrays say nothing of it:
it is held at full size against the derivative of its body, in floats.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.calculus.elements import numbered
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.graph.graph import Graph
from backpropcli.proof.arrays.problem import Problem
from backpropcli.proof.equality.coordinates import coordinate
from backpropcli.proof.equality.coordinates import place as text_of_point
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.rules import calls_in
from backpropcli.report.kinked import with_kinks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.calculus.records import Own
    from backpropcli.report.report import Report

    Value = Any
    Values = Mapping[str, Value]
    Facts = dict[str, Any]

FEW = 8
"""Elements of which all are told."""
APART = 1e-6
"""How far a rule and its body may be apart by rounding, beside the largest element."""


def differs(
    own: Own, name: str, place: tuple[int, ...], numbers: tuple[str, str], values: Values
) -> tuple[Finding, Facts]:
    """Return what is told of a rule that sends one number to an element, and its body another.

    The arguments are among ``values``, if they are others than those of the call.
    """
    (ours, theirs), where = numbers, titled(name, place)
    given = {one: values[one] for one in own.function.parameters if one in values}
    at = {}
    if sum(map(np.size, given.values())) <= FEW:
        elements = chain.from_iterable(
            ((titled(one, spot), number) for spot, number in numbered(value))
            for one, value in given.items()
        )
        at = {title: Fraction(float(number)) for title, number in elements}
    told = f" at {text_of_point(at)}" if at else " at other arguments" * bool(given)
    whose = f"the rule of {own.function.name} sends {ours} to {where}{told}"
    texts = {title: coordinate(number) for title, number in at.items()}
    facts = {"verdict": "differs", "reason": "", "at": texts, "rule": ours, "body": theirs}
    finding = Finding("rule", text=f"{whose}, but its body gives {theirs}")
    return finding, {"function": own.function.name, "by": where, **facts}


def near(value: Value, random: np.random.Generator) -> Value:
    """Return other numbers of about the size of some."""
    value = np.asarray(value, dtype=float)
    return (value + random.normal(size=value.shape) * (1 + np.abs(value)) / 4)[()]


def called(own: Own, arguments: list[Value], random: np.random.Generator) -> Problem:
    """Return the problem of a function alone, whose value has a random cotangent."""
    names = own.function.parameters
    values = {name: doubles_of(one) for name, one in zip(names, arguments, strict=True)}
    graph, root = own.body
    shape = np.shape(forward(graph, FLOATS, values)[root])
    return problem_of(own, values, random.normal(size=shape)[()])


def problem_of(own: Own, values: Values, adjoint: Value) -> Problem:
    """Return the problem of a function alone, whose value has a cotangent."""
    body, root = own.body
    graph = Graph(body.table | {own.name: own})
    wrt = {name: graph.node("variable", (), name) for name in own.function.parameters}
    top = graph.node(own.name, (*wrt.values(), graph.write(body, wrt)[root]))
    return Problem(graph, {name: values[name] for name in wrt}, wrt, {top: adjoint})


def doubles_of(value: Value) -> Value:
    """Return a number, or an array, in double precision."""
    return np.asarray(value, dtype=float)[()]


@np.errstate(all="ignore")
def held_at_full_size(report: Report) -> Iterator[tuple[Finding, dict[str, Any]]]:
    """Yield what is amiss with the rules that map adjoints, one finding for each parameter."""
    random = np.random.default_rng(0)
    for own, (arguments, *_) in calls_in(report.graph, report.values).items():
        if not own.whole:
            continue
        told: set[str] = set()
        for elsewhere in (True, False):
            given = [near(one, random) for one in arguments] if elsewhere else arguments
            problem = called(own, given, random)
            for name, place, ours, theirs in _apart(problem):
                if name in told:
                    continue
                told.add(name)
                if elsewhere or not with_kinks(own.body[0]):
                    yield differs(own, name, place, (f"{ours:.6g}", f"{theirs:.6g}"), {})
                else:  # at a kink a rule may choose
                    finding = Finding("kink", text=f"the body of {own.function.name}")
                    yield finding, {}


def _apart(problem: Problem) -> Iterator[tuple[str, tuple[int, ...], float, float]]:
    """Yield the names to which a rule sends something else than its body, and the first place."""
    graph = problem.graph
    [(top, seed)] = problem.seeds.items()
    values = forward(graph, FLOATS, problem.bindings)
    own, body = (
        pull(linearize(graph, FLOATS, values, problem.wrt.values()), FLOATS, {node: seed})
        for node in (top, graph.inputs[top][-1])
    )
    for name, node in problem.wrt.items():
        ours, theirs = (np.asarray(FLOATS.fit(found[node], values[node])) for found in (own, body))
        apart = ~(np.abs(ours - theirs) <= APART * np.max(np.abs(theirs), initial=0.0))
        for first in np.argwhere(apart)[:1]:
            place = tuple(map(int, first))
            yield name, place, float(ours[place]), float(theirs[place])
