"""Named intermediates of whose gradient rounding leaves no digit right."""

from __future__ import annotations

from mpmath import mpf

from backpropcli.arithmetics.balls.ball import ball

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.report import Report
    from backpropcli.report.truth import Point

HALF = 0.5
"""A number that is off by more than this part of it has no digit right."""


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
