"""Calls opened: a program in which the bodies of functions stand in place of their calls."""

from __future__ import annotations

from backpropcli.calculus.lower import Lowering, lower
from backpropcli.graph.graph import Graph
from backpropcli.language.program import NOWHERE, Program
from backpropcli.language.surface import CALL, DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.language.program import Function

ALL = "all"


def called(program: Program) -> set[str]:
    """Return the names of the functions that a program calls, "diff" included."""
    graph = program.graph
    names = {arg.name for at, arg in graph.args.items() if graph.operations[at] == CALL}  # type: ignore[attr-defined]
    return names | {DIFF} if DIFF in graph.operations else names


def opened(
    program: Program, names: Collection[str], shapes: Mapping[str, Shape] | None = None
) -> Program:
    """Return the program with the calls of the functions ``names`` written out.

    "all" writes out everything, and so does "diff", since a derivative is one of operations.
    ``shapes`` are those of the variables where they may be arrays.
    Raises SourceError where the graph grows too large.
    """
    if ALL in names or DIFF in names:
        return _flat(program, shapes)
    lowering = Lowering(None, book=False)
    lowering.take_in(program)
    while called(program) & {*names}:
        program = _inlined(program, names, lowering)
    return program


def _inlined(program: Program, names: Collection[str], lowering: Lowering) -> Program:
    """Return the program with one level of calls written out."""
    graph = Graph(program.graph.table)

    def make(operation: str, inputs: tuple[int, ...], arg: Any) -> int:  # noqa: ANN401
        if operation != CALL or arg.name not in names:
            return graph.node(operation, inputs, arg)
        function: Function = arg
        body = function.body
        given = dict(zip(function.parameters, inputs, strict=True))
        node = graph.write(body.graph, given)[body.root]
        return lowering.rows[function].node(graph, inputs, node) if function.rules else node

    places = graph.write(program.graph, node=make)
    return on_graph(program, graph, program.outputs, places, range(len(places)))


def _flat(program: Program, shapes: Mapping[str, Shape] | None) -> Program:
    """Return the program with all calls and derivatives written out."""
    lowered = lower(program, shapes)
    graph = Graph(lowered.graph.table)

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        return inputs[0] if operation == "result" else graph.node(operation, inputs, arg)

    places = graph.write(lowered.graph, node=make)
    owners = [lowered.surface.get(number, NOWHERE) for number in range(len(places))]
    return on_graph(program, graph, lowered.outputs, places, owners)


def on_graph(
    program: Program,
    graph: Graph,
    outputs: Sequence[int],
    places: Sequence[int],
    owners: Sequence[int],
) -> Program:
    """Return ``program`` on another graph, to which nodes, the ``outputs`` among them, have come.

    A node there has the text of the node of the program that owns what came to it first.
    """
    spans = [NOWHERE] * len(graph)
    for node, owner in zip(places, owners, strict=True):
        if spans[node] == NOWHERE:
            spans[node] = owner
    found = Program(
        graph,
        [places[output] for output in outputs],
        program.source,
        program.origin,
        [NOWHERE if at == NOWHERE else program.starts[at] for at in spans],
        [NOWHERE if at == NOWHERE else program.ends[at] for at in spans],
        program.unused,
    )
    found.written = program.written
    return found
