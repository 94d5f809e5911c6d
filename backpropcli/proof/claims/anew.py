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
from backpropcli.proof.claims.posed import Problem
from backpropcli.proof.claims.samples import Sample
from backpropcli.proof.domain import point_of
from backpropcli.proof.equality import CONVENTION, Pairs, sampled
from backpropcli.proof.points import around, literals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.calculus.lower import Lowered
    from backpropcli.graph.graph import Graph
    from backpropcli.language.claims import Claim
    from backpropcli.proof.domain import Where

    Value = Any

COUNT, FEWEST = 24, 4
SHARE, LEAST = 0.5, 1e-3
"""How many elements are near literals; and the least of those that are to be above 0."""
AGREE, APART = 1e-9, 1e-6
"""How near two floats are, for the size of the largest, to agree; and how far, to differ."""


def judged_anew(problem: Problem, claim: Claim, where: Where, deadline: float) -> Answer:
    """Return what is found of a claim on a program that goes by the order of elements."""
    answer = Answer(claim.target.title, claim.text)
    given = where.point is not None
    for at, values in enumerate(_values(problem.lowered.graph, problem.bindings, where, COUNT)):
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
            answer.status, answer.seen = WRONG, posed.seen(kind, differs)
            found = diagnosed(posed, where)
            answer.diagnosis = [found] if found else []
            return answer
        answer.exceptions += [
            posed.seen("kink", one) for one in tally.conventions if one.kind == CONVENTION
        ][:1]
        answer.points += tally.agree
        below = fresh.graph.ancestors(posed.claims)
        if given and not any(below[node] for node in fresh.graph.variables().values()):
            answer.status = HOLDS if answer.points else answer.status
            break  # plain numbers are claimed of the point
    if answer.status == HOLDS:
        return answer
    if answer.points >= FEWEST:
        answer.status = HOLDS
    else:
        answer.reason = "too few points could be compared"
    return answer


def _values(
    graph: Graph, given: Mapping[str, Value], where: Where, count: int
) -> Iterator[dict[str, Value]]:
    """Yield values for all variables: those at hand, and others, also around the literals."""
    random = np.random.default_rng(0)
    yield dict(given)
    turns = np.array([float(one) for one in around(*literals(graph))] or [0.0, 1.0])
    held = {one.partition("[")[0] for one in where.fixed}
    for turn in range(count):
        found = {}
        for name, value in given.items():
            shape = np.shape(value)
            low, high = map(float, where.ranges.get(name, (-3, 3)))
            drawn = np.round(random.uniform(low, high, shape), 3)
            if name not in where.ranges:
                near = random.choice(turns, shape) + np.round(random.normal(0, 0.1, shape), 3)
                drawn = np.where(random.random(shape) < SHARE, near, drawn)
                drawn = np.abs(drawn) + LEAST if turn % 2 else drawn
            found[name] = value if name in held else drawn if shape else float(drawn)
        yield found


def judged_in_floats(
    lowered: Lowered,
    claim: Claim,
    where: Where,
    given: Mapping[str, Value],
    conditions: Sequence[int] = (),
) -> Answer:
    """Return what is found of a claim on large arrays: at points, in floats."""
    answer = Answer(claim.target.title, claim.text)
    worst = 0.0
    if len(claim.target.by) > 1:
        answer.reason = "the arrays are too large for a second derivative"
        return answer
    for at, values in enumerate(_values(lowered.graph, given, where, 2 * FEWEST)):
        one = Sample(lowered, claim, values)
        if not all(np.all(one.values[lowered.places[node]]) for node in conditions):
            continue
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
            kind = "point" if where.point is not None and at == 0 else "random"
            answer.status = WRONG
            answer.seen = Seen(kind, {}, told[0], told[1], name if place else "")
            return answer
        answer.points += 1
    answer.status = HOLDS if answer.points >= FEWEST and worst < AGREE else OPEN
    if answer.status == HOLDS:
        answer.notes.append("the arrays are large: both sides are compared in floats, to 9 digits")
    elif answer.points < FEWEST:
        answer.reason = f"both have a value at only {answer.points} of the points that were tried"
    else:
        answer.reason = "in floats the two are neither equal nor clearly apart"
    return answer
