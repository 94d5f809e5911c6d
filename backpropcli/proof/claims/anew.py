"""Claims on programs that are written out in numbers anew at each point, or not at all.

Where something goes by the order of elements, what is written out holds at its own point alone.
Where arrays are too large, both sides are compared in floats.
"""

from __future__ import annotations

from itertools import product
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.claims.answer import HOLDS, OPEN, WRONG, Answer, Seen
from backpropcli.proof.claims.diagnosis import diagnosed
from backpropcli.proof.claims.points import point_of, seen
from backpropcli.proof.claims.posed import Problem
from backpropcli.proof.claims.samples import Sample
from backpropcli.proof.equality import CONVENTION, Pairs, sampled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.calculus.lower import Lowered
    from backpropcli.language.claims import Claim
    from backpropcli.proof.claims.judge import Where

    Value = Any

COUNT, FEWEST = 12, 4
AGREE, APART = 1e-9, 1e-6
"""How near two floats are, for the size of the largest, to agree; and how far, to differ."""


def judged_anew(problem: Problem, claim: Claim, where: Where, deadline: float) -> Answer:
    """Return what is found of a claim on a program that goes by the order of elements."""
    answer = Answer(claim.target.title, claim.text)
    given = where.point is not None
    for at, values in enumerate(_values(problem.bindings, where)):
        fresh = Problem(problem.claimed, problem.lowered, values)
        posed = fresh.posed(claim)
        point = point_of(values, [*fresh.graph.variables()])
        if not posed.fits or point is None or monotonic() > deadline:
            break
        pairs = Pairs(fresh.graph, posed.pairs, fresh.conditions)
        tally = sampled(pairs, [{name: point[name] for name in pairs.names}], deadline)
        differs = tally.value or next(iter(tally.domains), None)
        if differs is not None:
            kind = "point" if given and at == 0 else "counterexample"
            answer.status, answer.seen = WRONG, seen(kind, posed, differs)
            found = diagnosed(posed, where)
            answer.diagnosis = [found] if found else []
            return answer
        answer.exceptions += [
            seen("kink", posed, one) for one in tally.conventions if one.kind == CONVENTION
        ][:1]
        answer.points += tally.agree
    if answer.points >= FEWEST:
        answer.status = HOLDS
    else:
        answer.reason = "too few points could be compared"
    return answer


def _values(given: Mapping[str, Value], where: Where) -> Iterator[dict[str, Value]]:
    """Yield values for all variables: those at hand, and others."""
    random = np.random.default_rng(0)
    yield dict(given)
    for _ in range(COUNT):
        found = {}
        for name, value in given.items():
            low, high = map(float, where.ranges.get(name, (-2, 2)))
            drawn = np.round(random.uniform(low, high, np.shape(value)), 3)
            held = any(one.partition("[")[0] == name for one in where.fixed)
            found[name] = value if held else drawn if np.shape(value) else float(drawn)
        yield found


def judged_in_floats(
    lowered: Lowered, claim: Claim, where: Where, given: Mapping[str, Value]
) -> Answer:
    """Return what is found of a claim on large arrays: at points, in floats."""
    answer = Answer(claim.target.title, claim.text)
    worst = 0.0
    if len(claim.target.by) > 1:
        answer.reason = "the arrays are too large for a second derivative"
        return answer
    for at, values in enumerate(_values(given, where)):
        if at > FEWEST:
            break
        one = Sample(lowered, claim, values)
        claimed, true = one.claimed, one.true
        if claimed.shape not in {(), true.shape}:
            answer.status, answer.reason = WRONG, "its shape is not the derivative's"
            return answer
        if not (np.isfinite(claimed).all() and np.isfinite(true).all()):
            continue
        size = max(float(np.abs(claimed).max()), float(np.abs(true).max()))
        gaps = np.abs(claimed - true)
        gap = float(gaps.max()) / size if size else 0.0
        worst = max(worst, gap)
        if gap > APART:
            place = next(one for one in product(*map(range, true.shape)) if gaps[one] == gaps.max())
            both = (np.broadcast_to(each, true.shape)[place] for each in (claimed, true))
            told = [repr(float(number)) for number in both]
            name = f"{claim.target.title}[{','.join(map(str, place))}]"
            kind = "point" if where.point is not None and at == 0 else "counterexample"
            answer.status = WRONG
            answer.seen = Seen(kind, {}, told[0], told[1], name if place else "")
            return answer
        answer.points += 1
    answer.status = HOLDS if answer.points >= FEWEST and worst < AGREE else OPEN
    if answer.status == HOLDS:
        answer.notes.append("the arrays are large: both sides are compared in floats, to 9 digits")
    else:
        answer.reason = "in floats the two are neither equal nor clearly apart"
    return answer
