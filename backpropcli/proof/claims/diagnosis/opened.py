"""Claims in which a path is missing inside of a function, such as softmax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.rules import parsed
from backpropcli.graph.cells import Rule
from backpropcli.graph.graph import Graph
from backpropcli.graph.statics import written
from backpropcli.language.unparse import brief
from backpropcli.proof.claims.diagnosis.looked import LONGEST, MOST_NODES, Looked
from backpropcli.proof.claims.diagnosis.paths import path
from backpropcli.proof.claims.sample import Sample
from backpropcli.proof.floats.alike import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.proof.findings.answer import Diagnosis

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
    found = Graph(graph.table)
    spot = graph.operations[node], graph.inputs[node], graph.args.get(node)

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        if (operation, inputs, arg) != spot:
            return found.node(operation, inputs, arg)
        row = graph.table[operation]
        text, root = parsed(row, FORMS[operation])
        given = {name: (place,) for name, place in zip(row.parameters, inputs, strict=True)}
        static = dict(zip(row.static, arg if isinstance(arg, tuple) else (), strict=True))
        found.define(text.table)
        [place] = written(text, given, static, found.node)[root]
        return place

    return found, found.write(graph, node=make)
