"""The first cause of a value or a gradient that is not finite."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input
from backpropcli.report.kinks import taken_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.row import Row
    from backpropcli.report.report import Report
INFINITY = float("inf")


class Cause:
    """The first cause of what is not finite: the pass it is in, the node, and why."""

    __slots__ = ("input", "node", "phase", "reason")

    def __init__(self, phase: str, node: int, child: int | None, reason: str) -> None:
        self.phase = phase
        self.node = node
        self.input = child
        self.reason = reason


def finite(value: float) -> bool:
    """Say whether ``value`` is neither infinite nor nan."""
    return -INFINITY < value < INFINITY


def forward_cause(report: Report) -> Cause | None:
    """Return the first node in use whose value is not finite though its inputs are, if any.

    An infinite input can give a finite value; what matters is the part that the output uses.
    """
    graph = report.graph
    taken = taken_nodes(graph, report.values, list(report.seeds))
    for number, value in enumerate(report.values):
        inputs = graph.inputs[number]
        if finite(value) or not taken[number]:
            continue
        given = [report.values[child] for child in inputs]
        if not inputs and number not in report.lowered.surface:
            continue  # a bound in a rule
        if not inputs:
            what = "variable" if graph.operations[number] == "variable" else "constant"
            return Cause("forward", number, None, f"this {what} is {value!r}")
        row = graph.row(number)
        if all(map(finite, given)):
            return Cause("forward", number, None, _why(row, given, value))
        if value != value and not any(item != item for item in given):  # noqa: PLR0124 (nan)
            return Cause("forward", number, None, _indeterminate(row, given))
    return None


def _why(row: Row, given: list[float], value: float) -> str:
    """Say why ``row`` has a value that is not finite at finite inputs."""
    if row.domain is not None and not row.variadic:
        [inside] = by_input(row, [row.domain], floats)(value, *given)
        if not inside:
            at = ", ".join(
                f"{name} = {item:.6g}" for name, item in zip(row.parameters, given, strict=True)
            )
            return f"{row.signature} exists only where {row.domain.text}; here {at}"
    if row.name == "div":
        return "0/0 has no value" if value != value else "division by zero"  # noqa: PLR0124
    if value != value:  # noqa: PLR0124
        return f"{row.signature} has no value here"
    if row.overflows and (row.name != "pow" or given[0] != 0):
        return "overflow: larger than the largest double, about 1.8e308"
    return f"{row.signature} grows without bound here"


def _indeterminate(row: Row, given: list[float]) -> str:
    """Say why ``row`` makes nan from infinite inputs."""
    shown = [repr(item) for item in given]
    if row.infix and len(shown) == 2:  # noqa: PLR2004
        return f"{shown[0]} {row.infix} {shown[1]} has no value"
    return f"{row.name}({', '.join(shown)}) has no value"


def backward_cause(report: Report) -> Cause | None:
    """Return the first edge, from the output down, whose contribution is not finite.

    Where all contributions are finite it is the first sum that is not.
    """
    for number in range(report.top, -1, -1):
        adjoint = report.adjoints[number]
        if adjoint is None:
            continue
        if not finite(adjoint):
            return Cause("backward", number, None, "the contributions that meet here overflow")
        for edge in report.edges(number):
            if edge.contribution is not None and not finite(edge.contribution):
                return Cause("backward", number, edge.input, _edge(report, number, edge.partial))
    return None


def tangent_cause(report: Report) -> list[Cause]:
    """Return the first node whose tangent is not finite though its inputs' are, if any."""
    for number, tangent in enumerate(report.adjoints):
        if tangent is None or finite(tangent):
            continue
        for edge in report.edges(number):
            if edge.contribution is not None and not finite(edge.contribution):
                given = report.adjoints[edge.input]
                if given is not None and finite(given):
                    return [Cause("forward", number, None, _slope(report, number, edge.partial))]
    return []


def _slope(report: Report, number: int, partial: float | None) -> str:
    """Say why a tangent through node ``number`` is not finite."""
    text = report.text(number, 40)
    if partial is None or finite(partial):
        return "the tangents that meet here overflow"
    if partial != partial:  # noqa: PLR0124 (nan)
        return f"the derivative of {text} does not exist here"
    return f"the slope of {text} is infinite here"


def _edge(report: Report, number: int, partial: float | None) -> str:
    """Say why a contribution along an edge of node ``number`` is not finite."""
    text = report.text(number, 40)
    adjoint = report.adjoints[number]
    if partial is not None and finite(partial):
        return f"the product {adjoint!r} * {partial!r} overflows"
    if partial is not None and partial != partial:  # noqa: PLR0124 (nan)
        given = report.graph.inputs[number]
        if any(report.values[child] != report.values[child] for child in given):
            return f"the slope of {text} depends on a value that is nan"
        if report.values[number] != report.values[number]:
            return f"{text} has no value here, so it has no derivative"
        return f"the derivative of {text} does not exist here"
    if adjoint == 0:
        return f"0 * inf: nothing is asked of {text}, and its slope is infinite"
    return f"the slope of {text} is infinite here"
