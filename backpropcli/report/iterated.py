"""The derivative of a derivative that was taken, where the whole is known to have both."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.report.kinks.kink import aside, near
from backpropcli.report.whole.along import along, whole
from backpropcli.report.whole.sides import Told, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.report.report import Report


def iterated(
    point: Report, root: int, report: Report, direction: Mapping[int, float], name: str
) -> Told:
    """Return the derivative by a name of a ``report``: that along a direction, of node ``root``.

    None if it is not known, and both where it is another one on either side. There may be one,
    and another in the other order, where none is shown to be continuous.
    """
    if report.causes or any(kink.of_value for kink in report.kinks):
        return None
    if not _holds(point, root, report, direction, name):
        return None
    line = whole(point.graph, root, point.bindings, point.wrt[name], typed=point.as_typed)
    if line.derivative is None:
        return None
    found = report.wholes().get(name)
    if found is not None and found.kind == "kink" and found.sure:
        return {"left": nearest(found.left.slope), "right": nearest(found.right.slope)}
    return report.gradient[name] if found is None else found.derivative


def _holds(
    point: Report, root: int, report: Report, direction: Mapping[int, float], name: str
) -> bool:
    """Say whether a report is the whole's derivative along a direction, there and beside.

    At a kink its value is by the slopes that are chosen: those of x*abs(y) by y are, at all x.
    """
    parts = {node: Fraction(part) for node, part in direction.items()}
    if name not in point.bindings:
        return False
    for moved in (point.bindings, *aside(point.bindings, name)):
        there = along(point.graph, root, moved, parts, typed=point.as_typed).derivative
        here = forward(report.graph, floats, moved)[report.top]
        if not near(there, here):
            return False
    return True
