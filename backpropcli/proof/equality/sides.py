"""What is true on each side of a choice, and where it makes a difference, as nodes of its graph."""

from __future__ import annotations

from math import isfinite

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.calculus.forward import forward
from backpropcli.graph.operations import OPPOSITE
from backpropcli.proof.equality.scores import LOGIC, STEPS, THROUGH, above, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.scores import Scores

TURNED = {"gt": "lt", "lt": "gt"}
STRICT = {"max": ("gt", "min"), "min": ("lt", "max")}
QUOTIENTS = {"mod": "floor", "fmod": "trunc"}
"""What takes the steps of a quotient."""
SOMEWHERE = 0.7
"""The value of all variables where the step is that others are beside."""


def conditions_of(graph: Graph, number: int) -> Iterator[int]:
    """Yield what is true on each side of a node."""
    operation, inputs = graph.operations[number], graph.inputs[number]
    if operation in OPPOSITE:
        yield number
        yield graph.node(OPPOSITE[operation], inputs)
    elif operation in LOGIC or operation == "where":
        for one in inputs[:1] if operation == "where" else inputs:
            if graph.operations[through(graph, one)] not in OPPOSITE.keys() | LOGIC:
                yield _beside(graph, "ne", one)
                yield _beside(graph, "eq", one)
    elif operation in STRICT:
        yield from _strict(graph, operation, [*dict.fromkeys(inputs)])
    elif operation in {"abs", "sign"}:
        yield _beside(graph, "gt", inputs[0])
        yield _beside(graph, "lt", inputs[0])
    elif operation in STEPS:
        yield from _steps(graph, operation, inputs[0])
    elif operation in QUOTIENTS:
        yield from _steps(graph, QUOTIENTS[operation], graph.node("div", inputs))


def _steps(graph: Graph, step: str, stepped: int) -> Iterator[int]:
    """Yield that a number is beyond the steps next to 0, and beyond one that is taken."""
    here = _somewhere(graph, graph.node(step, (stepped,)))
    low, high = STEPS[step]
    widest = max(-low, high)
    if low + high:  # floor and ceil step at 0 too
        yield _beside(graph, "gt", stepped)
        yield _beside(graph, "lt", stepped)
    yield _beside(graph, "gt", stepped, max(here + high, widest))
    yield _beside(graph, "lt", stepped, min(here + low, -widest))


def _somewhere(graph: Graph, node: int) -> float:
    """Return a number's value where all variables are the same, 0 if that is not known."""
    graph, places = graph.part([node])
    if any(graph.row(at).whole for at, inputs in enumerate(graph.inputs) if inputs):
        return 0.0
    found = forward(graph, floats, dict.fromkeys(graph.variables(), SOMEWHERE))[places[node]]
    return found if isfinite(found) else 0.0


def _beside(graph: Graph, comparison: str, node: int, number: float = 0.0) -> int:
    """Return the node of a comparison with a number, 0 if none is given."""
    return graph.node(comparison, (node, Nodes(graph).number(number)))


def _strict(graph: Graph, operation: str, inputs: list[int]) -> Iterator[int]:
    """Yield for each input of max or min that it is beyond all others."""
    beyond = STRICT[operation][0]
    before: list[int | None] = [None]
    after: list[int | None] = [None]
    for one, other in zip(inputs, inputs[::-1], strict=True):
        before.append(joined(graph, operation, before[-1], one))
        after.append(joined(graph, operation, after[-1], other))
    for at, one in enumerate(inputs):
        rest = joined(graph, operation, before[at], after[len(inputs) - 1 - at])
        if rest is not None and graph.literal(one):
            yield graph.node(TURNED[beyond], (rest, one))
        elif rest is not None:
            yield graph.node(beyond, (one, rest))


def through(graph: Graph, node: int) -> int:
    """Return the node that a node stands for, by another name."""
    while graph.operations[node] in THROUGH:
        [node] = graph.inputs[node]
    return node


class Felt:
    """Spreads where nodes are felt, as scores, down a ``graph``; with ``arrays`` of any shape.

    That is in a branch that is taken, beside factors that are not 0.
    """

    def __init__(self, graph: Graph, scores: Scores, *, arrays: bool) -> None:
        self.graph = graph
        self.scores = scores
        self.arrays = arrays

    def spread(self, number: int, felt: dict[int, int | None], *, together: bool = False) -> None:
        """Let the inputs of a node be felt where it is, and where their edge is taken.

        With other factors ``together`` that is where these are not 0 too.
        """
        graph, inputs, here = self.graph, self.graph.inputs[number], felt[number]
        if inputs and graph.row(number).whole:
            here = None  # some element is felt
        for index, child in enumerate(inputs):
            other = self._factor(number, index) if together else None
            apart = None if other is None else self.scores.apart(other)
            there = joined(graph, "min", self._taken(number, index), here, apart)
            if child in felt and there is not None:
                known = felt[child]
                unlike = self.arrays and known != there  # they may not broadcast
                there = None if known is None or unlike else joined(graph, "max", known, there)
            felt[child] = there

    def _factor(self, number: int, index: int) -> int | None:
        """Return what an input of a node is multiplied with, None for nothing else."""
        inputs = self.graph.inputs[number]
        product = self.graph.operations[number] == "mul" or (
            self.graph.operations[number] == "div" and index == 1
        )
        other = inputs[1 - index] if product else None
        return None if other == inputs[index] else other

    def _taken(self, number: int, index: int) -> int | None:
        """Return the score that an input of a node is taken, None for always."""
        graph, inputs = self.graph, self.graph.inputs[number]
        operation = graph.operations[number]
        if operation in {"and", "or"}:
            other = self.scores.of(inputs[1 - index])
            return other if operation == "and" else graph.node("neg", (other,))
        if operation == "where":
            decides = self.scores.of(inputs[0])
            return [None, decides, graph.node("neg", (decides,))][index]
        if operation in STRICT:
            apart = (number, inputs[index]) if operation == "min" else (inputs[index], number)
            return above(graph, graph.node("sub", apart))
        return None
