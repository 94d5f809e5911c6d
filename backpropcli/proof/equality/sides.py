"""What is true on each side of a choice, as nodes of its graph."""

from __future__ import annotations

from math import isfinite

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.calculus.forward import forward
from backpropcli.graph.operations import OPPOSITE
from backpropcli.proof.equality.scores import LOGIC, STEPS, THROUGH, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.graph.graph import Graph

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
