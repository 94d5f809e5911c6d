"""Where nodes make a difference: in a branch that is taken, beside factors that are not 0."""

from __future__ import annotations

from backpropcli.proof.equality.scores import above, joined
from backpropcli.proof.equality.sides import STRICT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.scores import Scores


class Felt:
    """Spreads where nodes are felt, as scores, down a ``graph``; with ``arrays`` of any shape."""

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
