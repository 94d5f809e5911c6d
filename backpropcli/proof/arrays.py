"""What there is to prove of a program with arrays: that of the same program, written in numbers."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays.elements import titled
from backpropcli.calculus.elements import numbered, scalars
from backpropcli.calculus.forward import forward
from backpropcli.report.report import Report
from backpropcli.report.result import Claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def in_numbers(report: Report) -> Claim:
    """Return the claim that a report of arrays makes, element by element.

    Its derivatives are those that were found with arrays; what they are held against knows of
    numbers alone.
    """
    found = scalars(report.lowered, report.bindings, report.top)
    graph = found.lowered.graph
    wrt: dict[str, int] = {}
    results: list[float] = []
    for name, node in report.wrt.items():
        for (place, slope), at in zip(
            numbered(report.gradient[name]), found.places[node], strict=True
        ):
            wrt[titled(name, place)] = at
            results.append(slope)
    values = forward(graph, floats, found.bindings)
    [output] = found.lowered.outputs
    one = Report(found.lowered, found.bindings, wrt, values, {output: 1.0})
    return Claim(one, [f"d/d{title}" for title in wrt], results)
