"""What a graph's names stand for: a name and what it names are shown as one node."""

from __future__ import annotations

from backpropcli.graph.graph import LEAVES, Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence


def named_bodies(graph: Graph, outputs: Sequence[int]) -> tuple[list[int], bytearray]:
    """Return the node that each name is one with, and one flag a node: 1 where it is that alone.

    A name is one with what it names, where that is a number or is used by nothing else. All other
    nodes are one with themselves.
    """
    operations, inputs = graph.operations, graph.inputs
    bodies = list(range(len(graph)))
    hidden = bytearray(len(graph))
    if "name" not in operations:
        return bodies, hidden
    uses = _uses(graph, outputs)
    for number, operation in enumerate(operations):
        if operation != "name":
            continue
        [child] = inputs[number]
        leaf = operations[child] in LEAVES
        if operations[child] in {"name", "variable"} or (uses[child] > 1 and not leaf):
            continue
        uses[child] -= 1
        hidden[child] = not uses[child]
        bodies[number] = child
    return bodies, hidden


def _uses(graph: Graph, outputs: Sequence[int]) -> list[int]:
    """Return how often each node is used, as an output too."""
    uses = [0] * len(graph)
    for output in outputs:
        uses[output] += 1
    for children in graph.inputs:
        for child in children:
            uses[child] += 1
    return uses


def without_names(graph: Graph, outputs: Sequence[int]) -> tuple[Graph, list[int]]:
    """Return the graph without the names that are one with what they name, and each node's place.

    The value of a call is one with its body. What others may be equal to keeps its name: a number,
    and a body that is used elsewhere too.
    """
    bodies, _ = named_bodies(graph, outputs)
    uses = _uses(graph, outputs)
    found = Graph(graph.table)
    places: list[int] = []
    for number, operation in enumerate(graph.operations):
        inputs = tuple([places[child] for child in graph.inputs[number]])
        body = bodies[number]
        named = body != number
        while graph.operations[body] == "result" and uses[body] == 1:
            [body] = graph.inputs[body]
        named = named and uses[body] == 1 and graph.operations[body] not in LEAVES
        if operation == "result" or named:
            places.append(inputs[0])
        else:
            places.append(found.node(operation, inputs, graph.args.get(number)))
    return found, places


def between(graph: Graph, node: int, ends: Container[int]) -> tuple[set[int], set[int]]:
    """Return what ``node`` rests on down to the nodes ``ends``, and which of these it meets.

    Linear in what is above them.
    """
    inside, met, stack = {node}, set(), [node]
    while stack:
        for child in graph.inputs[stack.pop()]:
            if child in ends:
                met.add(child)
            elif child not in inside:
                inside.add(child)
                stack.append(child)
    return inside, met


def above(graph: Graph, nodes: Iterable[int]) -> list[int]:
    """Return the nodes that rest on some of ``nodes``, ascending, without these."""
    reached = bytearray(len(graph))
    for node in nodes:
        reached[node] = 1
    found = []
    for number, inputs in enumerate(graph.inputs):
        if any(map(reached.__getitem__, inputs)):
            reached[number] = 1
            found.append(number)
    return found
