"""Claims on second derivatives with arrays in which a use of the variable is missing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import Lowered
from backpropcli.graph.graph import Graph
from backpropcli.proof.claims.diagnosis.paths import missing
from backpropcli.proof.claims.diagnosis.samples import elements, same
from backpropcli.proof.claims.posed import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.proof.claims.answer import Diagnosis
    from backpropcli.proof.claims.diagnosis.looked import Looked

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
        stopped = _stopped(looked, head, tail)
        if all(same(one.claimed, _second(stopped, looked, one.bindings)) for one in looked.samples):
            return missing(looked, head, tail)
    return None


def _stopped(looked: Looked, head: int, tail: int) -> Lowered:
    """Return the program in which a node is taken for a constant in one place."""
    own = looked.lowered
    graph, places = Graph(own.graph.table), list[int]()
    for at, (operation, inputs) in enumerate(
        zip(own.graph.operations, own.graph.inputs, strict=True)
    ):
        parts = [places[child] for child in inputs]
        if at == head:
            parts = [
                graph.node("sg", (part,)) if child == tail else part
                for child, part in zip(inputs, parts, strict=True)
            ]
        places.append(graph.node(operation, tuple(parts), own.graph.args.get(at)))
    found = Lowered(own.program, graph, [places[at] for at in own.places], own.owners)
    found.shapes = own.shapes
    return found


def _second(lowered: Lowered, looked: Looked, bindings: Mapping[str, Value]) -> Value:
    posed = looked.posed
    assert posed is not None  # noqa: S101 (for mypy: it is written out in numbers)
    problem = Problem(posed.problem.claimed, lowered, bindings)
    truths = problem.posed(posed.claim).truths
    values = forward(problem.graph, floats, elements(problem.graph, bindings))
    return np.array([float(values[node]) for node in truths]).reshape(posed.shape)
