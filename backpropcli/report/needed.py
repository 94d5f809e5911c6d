"""Which nodes of the surface graph are shown: those that the outputs are made of."""

from __future__ import annotations

from backpropcli.language.surface import DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program


def needed(
    program: Program,
    lowered: Lowered,
    bodies: Sequence[int],
    hidden: Sequence[int],
    closed: Container[int] = (),
) -> tuple[bytearray, dict[int, list[int]]]:
    """Return one flag a node of the surface graph: 1 where the outputs are made of it.

    And, by the nodes of derivatives, the nodes that they are made of. Of what is ``closed`` the
    parts are not shown.
    """
    surface, places = program.graph, lowered.places
    heads = {places[at]: at for at in range(len(surface) - 1, -1, -1) if not hidden[at]}
    flags = bytearray(len(surface))
    derivatives = {}
    for output in program.outputs:
        flags[output] = 1
    for number in range(len(surface) - 1, -1, -1):
        if flags[number]:
            body = bodies[number]
            parts: Sequence[int] = surface.inputs[body]
            if surface.operations[body] == DIFF:
                parts = derivatives[body] = _made_of(lowered.graph, places[body], heads, number)
            for part in parts if body not in closed else ():
                flags[part] = 1
    return flags, derivatives


def _made_of(graph: Graph, place: int, heads: Mapping[int, int], limit: int) -> list[int]:
    """Return the nodes that a derivative's nodes stand on, without literals.

    They are nodes of the surface graph below ``limit``; ``heads`` has them by their places.
    """
    inputs, operations = graph.inputs, graph.operations
    found, seen, stack = set(), {place}, [place]
    while stack:
        for child in inputs[stack.pop()]:
            if child in seen:
                continue
            seen.add(child)
            if heads.get(child, limit) >= limit:
                stack.append(child)
            elif operations[child] not in {"number", "constant"}:
                found.add(heads[child])
    return sorted(found)
