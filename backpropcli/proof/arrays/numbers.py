"""The report of the same program in numbers, by each element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.calculus.bindings.written import as_given
from backpropcli.calculus.elements import in_numbers, numbered
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.report.report import Report

if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph
    from backpropcli.report.run import Run


def in_elements(report: Run) -> Report:
    """Return the report of the same program in numbers, by each element of what is asked for.

    Its gradient is the one that was found with arrays; all else knows of numbers alone.
    """
    found = in_numbers(report.lowered, report.bindings)
    program = found.program
    wrt: dict[str, int] = {}
    results: dict[str, float] = {}
    for name, node in report.wrt.items():
        pairs = zip(numbered(report.gradient[name]), found.places[node], strict=True)
        for (place, slope), at in pairs:
            title = titled(name, place)
            wrt[title], results[title] = at, slope
    program.outputs = [_summed(program.graph, found.places, report)]
    program.written = []
    program.starts = program.ends = [-1] * len(program.graph)
    values = forward(program.graph, floats, found.bindings)
    [output] = program.outputs
    typed, _ = as_given(report.point, report.bindings)
    point = {name: typed.get(name, value) for name, value in found.bindings.items()}
    one = Report(lower(program), point, wrt, values, {output: 1.0})
    one.gradient, one.form = results, report.form
    if isinstance(report.value, float):
        one.value = report.value  # how accurate it is, is asked of what is shown
    return one


def _summed(graph: Graph, places: list[list[int]], report: Run) -> int:
    """Return the node of the outputs' sum with their cotangents: the one output of most."""
    nodes = Nodes(graph)
    total = None
    for node, seed in report.seeds.items():
        value = report.values[node]
        pairs = zip(places[node], numbered(np.broadcast_to(seed, np.shape(value))), strict=True)
        for at, (_, weight) in pairs:
            term = at if weight == 1 else nodes.build("mul", (nodes.number(weight), at))
            total = term if total is None else graph.node("add", (total, term))
    assert total is not None  # noqa: S101 (for mypy: there is an output)
    return total
