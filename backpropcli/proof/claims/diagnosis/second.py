"""Claims on second derivatives with arrays in which a use of the variable is missing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lowered import Lowered
from backpropcli.graph.graph import Graph
from backpropcli.proof.claims.diagnosis.paths import missing
from backpropcli.proof.claims.posed import Problem
from backpropcli.proof.claims.sample import Sample, elements

if TYPE_CHECKING:
    from backpropcli.proof.claims.diagnosis.looked import Looked
    from backpropcli.proof.findings.answer import Diagnosis

    Value = Any

MOST = 16
"""Uses that are looked at."""


def use(looked: Looked) -> Diagnosis | None:
    """Look for a use of what is differentiated by that is taken for a constant."""
    graph, first = looked.lowered.graph, looked.samples[0]
    below = graph.ancestors([first.of])
    moving = first.edges(first.by).active
    heads = [at for at, flag in enumerate(below) if flag and moving[at]]
    edges = [(head, tail) for head in heads for tail in graph.inputs[head] if moving[tail]]
    uses = Counter(tail for _, tail in edges)
    for head, tail in [edge for edge in edges if uses[edge[1]] > 1][-MOST:]:
        rest = _in_numbers(looked, _stopped(looked, head, tail))
        if all(_is_claimed(one, *rest) for one in looked.samples):
            return missing(looked, head, tail)
    return None


def _stopped(looked: Looked, head: int, tail: int) -> Lowered:
    """Return the program in which a node is taken for a constant in one place."""
    own = looked.lowered
    graph = Graph(own.graph.table)
    spot = own.graph.operations[head], own.graph.inputs[head], own.graph.args.get(head)

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        if (operation, inputs, arg) == spot:
            inputs = tuple([graph.node("sg", (one,)) if one == tail else one for one in inputs])
        return graph.node(operation, inputs, arg)

    places = graph.write(own.graph, node=make)
    found = Lowered(own.program, graph, [places[at] for at in own.places], own.owners)
    found.shapes = own.shapes
    return found


def _in_numbers(looked: Looked, lowered: Lowered) -> tuple[Problem, list[int]]:
    """Return a program with claims in numbers, and the nodes of the second derivative."""
    posed = looked.posed
    assert posed is not None  # noqa: S101 (for mypy: it is written out in numbers)
    problem = Problem(posed.problem.claimed, lowered, looked.samples[0].bindings)
    return problem, problem.posed(posed.claim).truths


def _is_claimed(one: Sample, problem: Problem, nodes: list[int]) -> bool:
    """Say whether a sample claims what these nodes are."""
    values = forward(problem.graph, floats, elements(problem.graph, one.bindings))
    found = np.array([float(values[node]) for node in nodes])
    return one.near(one.claimed, found.reshape(one.true.shape))
