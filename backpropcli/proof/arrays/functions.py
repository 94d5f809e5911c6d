"""A function with rules of its own, as a problem by itself."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.calculus.elements import numbered
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.proof.arrays.problem import Problem
from backpropcli.proof.equality.coordinates import coordinate
from backpropcli.proof.equality.coordinates import place as text_of_point
from backpropcli.proof.findings.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.calculus.records import Own

    Value = Any
    Values = Mapping[str, Value]
    Facts = dict[str, Any]

FEW = 8
"""Elements of which all are told."""


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
