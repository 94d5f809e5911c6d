"""Claims held against a program that is written otherwise at one node.

That is a function that is written out, such as softmax, inside of which a path is missing; or, of
second derivatives with arrays, a use of the variable that is taken for a constant.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import parsed
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lowered import Lowered
from backpropcli.graph.cells import Rule
from backpropcli.graph.graph import Graph
from backpropcli.graph.statics import written
from backpropcli.language.unparse import brief
from backpropcli.proof.claims.diagnosis.looked import LONGEST, MOST_NODES, Looked
from backpropcli.proof.claims.diagnosis.paths import missing, path
from backpropcli.proof.claims.posed import Problem
from backpropcli.proof.claims.sample import Sample, elements
from backpropcli.proof.floats.alike import same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backpropcli.proof.findings.answer import Diagnosis

    Inputs = tuple[int, ...]

FORMS = {
    "softmax": Rule("exp(x)/sum(exp(x), axis=axis, keepdims=True)"),
    "log_softmax": Rule("x - log(sum(exp(x), axis=axis, keepdims=True))"),
    "sinc": Rule("sin(x)/x"),
    "silu": Rule("x*sigmoid(x)"),
    "mish": Rule("x*tanh(softplus(x))"),
    "gelu": Rule("x*ndtr(x)"),
    "softsign": Rule("x/(1 + abs(x))"),
}
"""How people write functions in which a variable is used twice."""
MOST = 16
"""Uses of a variable that are looked at."""


def inside(looked: Looked) -> Diagnosis | None:
    """Look for a path that is missing inside of a function."""
    first = looked.samples[0]
    below = first.graph.ancestors([first.of])
    inner = [at for at, flag in enumerate(below) if flag and first.graph.operations[at] in FORMS]
    for node in inner[-MOST_NODES:]:
        opened = _Opened(looked, node)
        wrong = [one for one in opened.samples if not same(one.claimed, one.true, one.slack)]
        told = path(opened) if wrong else None
        if told is not None:
            told.text = f"with {looked.text(node)} written as {opened.form}, {told.text}"
            return told
    return None


class _Opened(Looked):
    """The same claim on a graph in which one node is written out as its ``form``."""

    def __init__(self, looked: Looked, node: int) -> None:
        self.looked = looked
        self.lowered, self.by = looked.lowered, looked.by
        self.graph, self.places = _written_out(looked.samples[0].graph, node)
        self.root = self.places[node]
        self.form = self._written(self.root)
        self.samples = [*self._samples()]

    def _samples(self) -> Iterator[Sample]:
        """Yield the samples at which floats tell the derivative of this form as well."""
        for one in self.looked.samples:
            nodes = tuple([self.places[node] for node in (one.of, one.by, one.claim)])
            found: Any = Sample(self.graph, nodes, one.bindings, numbers=one.numbers)  # type: ignore[arg-type]
            found.claimed, found.slack = one.claimed, one.slack
            if np.isfinite(found.true).all() and same(found.true, one.true, one.slack):
                yield found

    def _known(self, node: int) -> str:
        """Return what a node is called that has a name; "" for another."""
        places, names = self.places, self.looked.names
        return next((names[at] for at in names if at < len(places) and places[at] == node), "")

    def text(self, node: int) -> str:
        """Return a node as the user wrote it, or what is new as it is written."""
        if node != self.root and node in self.places:
            return self.looked.text(self.places.index(node))
        return self._written(node)

    def _written(self, node: int) -> str:
        text = brief(self.graph, node, 2 * LONGEST, self._known)
        text = text.replace(", axis=-1", "").replace(", keepdims=True", "")
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 2].rstrip()} …"


def _written_out(graph: Graph, node: int) -> tuple[Graph, list[int]]:
    """Return a graph with one node written out, and the place of each node there."""
    operation, arg = graph.operations[node], graph.args.get(node)
    row = graph.table[operation]

    def make(found: Graph, inputs: Inputs) -> int:
        text, root = parsed(row, FORMS[operation])
        given = {name: (place,) for name, place in zip(row.parameters, inputs, strict=True)}
        static = dict(zip(row.static, arg if isinstance(arg, tuple) else (), strict=True))
        found.define(text.table)
        [place] = written(text, given, static, found.node)[root]
        return place

    return _with_other(graph, node, make)


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

    def make(graph: Graph, inputs: Inputs) -> int:
        parts = [graph.node("sg", (one,)) if one == tail else one for one in inputs]
        return graph.node(own.graph.operations[head], tuple(parts), own.graph.args.get(head))

    graph, places = _with_other(own.graph, head, make)
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


def _with_other(
    graph: Graph, node: int, make: Callable[[Graph, Inputs], int]
) -> tuple[Graph, list[int]]:
    """Return a copy of a graph in which one node is another, and the place of each node there."""
    found = Graph(graph.table)
    spot = graph.operations[node], graph.inputs[node], graph.args.get(node)

    def place(operation: str, inputs: Inputs, arg: object) -> int:
        own = (operation, inputs, arg) != spot
        return found.node(operation, inputs, arg) if own else make(found, inputs)

    return found, found.write(graph, node=place)
