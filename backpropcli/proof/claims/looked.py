"""The points at which a claim is looked at: small ones, sides of choices, kinks, and edges."""

from __future__ import annotations

from time import monotonic

from backpropcli.proof.claims.given import stepped
from backpropcli.proof.equality.differs import VALUE, Differs
from backpropcli.proof.equality.meeting import meeting
from backpropcli.proof.equality.pairs import sampled
from backpropcli.proof.equality.points import points
from backpropcli.proof.equality.ties import compare
from backpropcli.proof.findings.finding import CHOSEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.equality.conditions import Conditions
    from backpropcli.proof.equality.differs import Tally
    from backpropcli.proof.equality.domain import Where
    from backpropcli.proof.equality.pairs import Pairs
    from backpropcli.proof.equality.points import Point, Ranges
    from backpropcli.proof.equality.reaching import Reaching

SHARE = 0.6
"""How much of the time points may take; the rest is for a proof."""
FIRST, MOST_WORK = 40, 30_000
"""Points with small numbers, all of which are looked at; and operations at all points together,
above which the others are thinned."""


def reach(tally: Tally, pairs: Pairs, reaching: Reaching, deadline: float) -> str:
    """Compare at points on sides of choices that none has taken yet; return why one is missed."""
    if tally.value is not None:
        return ""
    end = monotonic() + (0 if tally.late else (deadline - monotonic()) * SHARE)
    sampled(pairs, reaching.more(tally.agreed, end), end, tally)
    choices, kinks = reaching.choices, [one.point for one in tally.conventions]
    left = choices.left(tally.agreed, reaching.sides, loosely=True)
    others = choices.left(kinks, left)
    turning = [side for side in left if side not in others]
    reaching.sides = [side for side in reaching.sides if side not in turning]
    missed = reaching.missed(tally.agreed, tally.void, look=True)
    if missed or not turning:
        return missed
    return f"the side where {choices.text(turning[0])} is met at kinks alone, {CHOSEN}"


def at_kinks(pairs: Pairs, tally: Tally, where: Where, deadline: float) -> Differs | None:
    """Return a difference from what the whole has at a kink that few points meet."""
    end = monotonic() + (0 if tally.late else (deadline - monotonic()) / 2)
    for point in meeting(pairs.graph, pairs.wholes.kinks, tally.reached, where.spans, end):
        found = compare(pairs, point)
        if isinstance(found, Differs) and found.of_whole and found.kind == VALUE:
            return found
    return None


def points_for(pairs: Pairs, where: Where, conditions: Conditions) -> list[Point]:
    """Return the points to compare a claim at."""
    found = points(pairs.graph, pairs.names, where.ranges)
    own = {name: value for name, value in where.fixed.items() if name in pairs.names}
    met = [*conditions.some([point | own for point in found] if own else found)]
    if where.count:
        return met[: where.count]
    step = 1 + len(met) * len(pairs.graph) // MOST_WORK
    return met[:FIRST] + met[FIRST::step]


def region(pairs: Pairs, tally: Tally, ranges: Ranges, deadline: float) -> Differs | None:
    """Return a point without a value of the claim that has others beside it; None for edges."""
    end = monotonic() + (deadline - monotonic()) * SHARE
    compared = 0
    for one in tally.domains:
        near = sampled(pairs, [stepped(one.point, ranges)], end)
        if near.value or near.domains:
            return one
        compared += near.agree
    return None if compared else tally.domains[0]
