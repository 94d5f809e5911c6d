"""Calls opened: a program in which the bodies of functions stand in place of their calls."""

from __future__ import annotations

from backpropcli.calculus.lower import Lowering, lower
from backpropcli.graph.graph import Graph
from backpropcli.language.program import NOWHERE, Program
from backpropcli.language.surface import CALL, DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropcli.arithmetics.shapes import Shape
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
    surface, graph = program.graph, Graph(program.graph.table)
    places: list[int] = []
    spans: list[int] = []  # for each new node, the node of the program whose text it has
    for number, operation in enumerate(surface.operations):
        inputs = tuple([places[child] for child in surface.inputs[number]])
        arg = surface.args.get(number)
        if operation == CALL and arg.name in names:  # type: ignore[attr-defined]
            function: Function = arg  # type: ignore[assignment]
            body = function.body
            given = dict(zip(function.parameters, inputs, strict=True))
            node = graph.write(body.graph, given)[body.root]
            if function.rules:
                node = lowering.rows[function].node(graph, inputs, node)
        else:
            node = graph.node(operation, inputs, arg)
        places.append(node)
        spans += [NOWHERE] * (len(graph) - len(spans))
        if spans[node] == NOWHERE:
            spans[node] = number
    return _program(program, graph, [places[output] for output in program.outputs], spans)


def _flat(program: Program, shapes: Mapping[str, Shape] | None) -> Program:
    """Return the program with all calls and derivatives written out."""
    lowered = lower(program, shapes)
    graph = Graph(lowered.graph.table)
    places: list[int] = []
    spans: list[int] = []
    for number, operation in enumerate(lowered.graph.operations):
        inputs = tuple([places[child] for child in lowered.graph.inputs[number]])
        plain = operation == "result"
        node = inputs[0] if plain else graph.node(operation, inputs, lowered.graph.args.get(number))
        places.append(node)
        spans += [NOWHERE] * (len(graph) - len(spans))
        if spans[node] == NOWHERE:
            spans[node] = lowered.surface.get(number, NOWHERE)
    return _program(program, graph, [places[output] for output in lowered.outputs], spans)


def _program(program: Program, graph: Graph, outputs: list[int], spans: list[int]) -> Program:
    """Return ``program`` with another graph, whose nodes have the texts of nodes of the first."""
    found = Program(
        graph,
        outputs,
        program.source,
        program.origin,
        [NOWHERE if at == NOWHERE else program.starts[at] for at in spans],
        [NOWHERE if at == NOWHERE else program.ends[at] for at in spans],
        program.unused,
    )
    found.written = program.written
    found.warnings = program.warnings
    return found
