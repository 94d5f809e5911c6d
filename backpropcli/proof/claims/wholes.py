"""What whole expressions have at a kink: it decides on plain numbers that are claimed there."""

from __future__ import annotations

from mpmath import isfinite, mpf

from backpropcli.arithmetics.balls.ball import Ball
from backpropcli.arithmetics.germs.balls import real
from backpropcli.report.run import SIGNED
from backpropcli.report.whole.along import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality.domain import Where

MOST = 50
"""Derivatives for which the whole is looked at."""
BLUR = mpf(10) ** -40
"""What part of a slope is not known."""


def wholes_at(posed: Posed, where: Where) -> dict[int, Ball]:
    """Return the derivatives of the wholes by number of the pair, where the point is a kink.

    Those that are not known, or are none, are left out. Numbers of many digits have no zero with a
    sign: of what may turn on one nothing is said.
    """
    point, problem = where.point, posed.problem
    below = problem.graph.ancestors(posed.inside)
    signed = any(problem.graph.operations[at] in SIGNED for at, flag in enumerate(below) if flag)
    if posed.by is None or point is None or signed or not posed.compared().turn(point):
        return {}
    found: dict[int, Ball] = {}
    for at, (inside, by) in enumerate(zip(posed.inside[:MOST], posed.by, strict=False)):
        if len(by) > 1:
            continue
        one = whole(problem.graph, inside, point, by[0])
        if one.kind == "derivative" and one.sure and isfinite(slope := real(one.slope)):
            found[at] = Ball(slope, abs(slope) * BLUR)
    return found
