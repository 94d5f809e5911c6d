"""The functions with rules that a program calls, and what is amiss with their rules there."""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.balls.ball import ball
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.proof.rules import DIFFERS, UNKNOWN, RuleFinding, calls_in, rule_as_function
from backpropcli.report.branches.nodes import taken_nodes
from backpropcli.report.truth.hidden import at_kink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from backpropcli.calculus.records import Own
    from backpropcli.graph.graph import Graph
    from backpropcli.report.report import Report
    from backpropcli.report.truth.point import Point

    Call = dict[str, Fraction]
    Calls = dict[Own, list[Call]]


def calls_of(report: Report, point: Point | None = None) -> Calls:
    """Return the functions with rules that are called, each with the arguments it is called with.

    The numbers are those of ``point``, and the calls in derivatives of the program are among them;
    without it they are the report's floats. Calls at what is not finite are left out, and functions
    of arrays, of which single elements are called where a program is written in numbers.
    """
    graphs: list[tuple[Graph, Sequence[Any]]] = [
        (report.graph, report.values if point is None else point.values)
    ]
    if point is not None:
        graphs += [(diff.graph, point.diff_values(diff)) for diff in report.lowered.diffs]
    found: dict[Own, dict[tuple[Fraction | None, ...], Call]] = {}
    for graph, values in {id(graph): (graph, values) for graph, values in graphs}.values():
        for row, each in calls_in(graph, values).items():
            if not row.of_numbers:
                continue
            calls = found.setdefault(row, {})
            for given in [tuple(map(_rational, arguments)) for arguments in each]:
                if None not in given:
                    calls[given] = dict(zip(row.function.parameters, given, strict=True))  # type: ignore[arg-type]
    return {row: [*calls.values()] for row, calls in found.items()}


def _rational(number: Any) -> Fraction | None:  # noqa: ANN401
    """Return a number as a fraction, the nearest double's if it is none; None if not finite."""
    if isinstance(number, Fraction):
        return number
    near = number if isinstance(number, float) else float(ball(number).middle)
    return Fraction(near) if near - near == 0 else None


def held_rules(
    calls: Calls, deadline: float | None = None, *, twice: bool = True
) -> list[RuleFinding]:
    """Hold rules against their bodies, as functions; return what is found of each.

    With ``twice`` the rules are differentiated, and their derivatives are held too.
    """
    return [
        finding
        for row, points in calls.items()
        for finding in rule_as_function(row, points, deadline, twice=twice)
    ]


def amiss(findings: Iterable[RuleFinding]) -> list[RuleFinding]:
    """Return the findings on rules that differ or are not known."""
    return [finding for finding in findings if finding.verdict in {DIFFERS, UNKNOWN}]


def kinked(calls: Calls, arithmetic: Any) -> Iterator[Own]:  # noqa: ANN401 (balls)
    """Yield the functions whose bodies are, or may be, at kinks where they are called."""
    for row, points in calls.items():
        if any(_at_kink(row, call, arithmetic) for call in points):
            yield row


def _at_kink(row: Own, call: Call, arithmetic: Any) -> bool:  # noqa: ANN401
    graph, root = row.body
    values = forward(graph, arithmetic, call, alike=True)
    moving = linearize(graph, None, (), graph.variables().values()).active
    reached = taken_nodes(graph, values, [root], arithmetic)
    return any(
        flag and graph.inputs[node] and at_kink(graph, node, values, moving, arithmetic)
        for node, flag in enumerate(reached)
    )
