"""What rounding loses on the way: digits of nodes' values, the gradients of intermediates."""

from __future__ import annotations

from mpmath import mpf

from backpropcli.arithmetics.balls.ball import ball
from backpropcli.proof.findings.entries import FULL, Step
from backpropcli.report.digits.numbers import accuracy, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.report import Report
    from backpropcli.report.truth.point import Point

HALF = 0.5
"""A number that is off by more than this part of it has no digit right."""
MOST, LARGEST, LONG = 100, 2_000, 30
"""Steps that are told, nodes of a graph that is looked at, and characters of a step's text."""


def steps(report: Report, point: Point) -> list[Step]:
    """Return the values of nodes that are shown, but for the result, with a digit that is wrong."""
    if len(report.graph) > LARGEST:
        return []
    found: list[Step] = []
    view = report.view
    for number, place in enumerate(view.places):
        if not view.inputs[number] or place == report.top or point.values[place] is None:
            continue
        value, truth = report.values[place], point.values[place]
        digits = accuracy(value, truth)
        if digits is not None and digits < FULL:
            found.append(Step(view.text(number, LONG), value, told(truth), digits, place))
    return sorted(found, key=lambda step: step.digits)[:MOST]


def lost(report: Report, point: Point) -> list[str]:
    """Return the user's names for what has a gradient without a right digit.

    Those asked for are not among them: they are told with their true values.
    """
    asked = {*report.wrt.values()}
    names = {node: name for name, node in report.lowered.names.items() if node not in asked}
    return [name for node, name in names.items() if _is_lost(report.adjoints[node], point, node)]


def _is_lost(adjoint: float | None, point: Point, node: int) -> bool:
    """Say whether an adjoint is surely wrong in its first digit."""
    if not adjoint or adjoint - adjoint != 0 or point.adjoints[node] is None:
        return False
    truth = ball(point.adjoint(node))
    if not truth.known:
        return False
    error = abs(mpf(adjoint) - truth.middle) - truth.radius
    return bool(error > HALF * max(abs(adjoint), abs(truth.middle)))
