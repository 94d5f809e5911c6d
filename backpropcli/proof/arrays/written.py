"""What there is to prove of a program with arrays: that of the same program, written in numbers."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays.elements import titled
from backpropcli.arithmetics.nodes import Nodes
from backpropcli.calculus.elements import in_numbers, numbered
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.report.report import Report
from backpropcli.report.result import Claim


def element_by_element(report: Report) -> Claim:
    """Return the claim that a report of arrays makes, element by element.

    Its derivatives are those that were found with arrays; what they are held against knows of
    numbers alone.
    """
    found = in_numbers(report.lowered, report.bindings)
    program = found.program
    wrt: dict[str, int] = {}
    results: list[float] = []
    for name, node in report.wrt.items():
        pairs = zip(numbered(report.gradient[name]), found.places[node], strict=True)
        for (place, slope), at in pairs:
            wrt[titled(name, place)] = at
            results.append(slope)
    program.outputs = [_summed(found.program.graph, found.places, report)]
    program.written = []
    program.starts = program.ends = [-1] * len(program.graph)
    values = forward(program.graph, floats, found.bindings)
    [output] = program.outputs
    one = Report(lower(program), found.bindings, wrt, values, {output: 1.0})
    return Claim(one, [f"d/d{title}" for title in wrt], results)


def _summed(graph: Graph, places: list[list[int]], report: Report) -> int:
    """Return the node of the outputs' sum with their cotangents: the one output of most."""
    nodes = Nodes(graph)
    total = None
    for node, seed in report.seeds.items():
        pairs = zip(places[node], numbered(seed), strict=True)
        for at, (_, weight) in pairs:
            term = at if weight == 1 else nodes.build("mul", (nodes.number(weight), at))
            total = term if total is None else graph.node("add", (total, term))
    assert total is not None  # noqa: S101 (for mypy: there is an output)
    return total


TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph
