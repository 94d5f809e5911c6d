"""Claims on programs that take elements by computed places: written out anew at each point.

What is written out holds at its own point alone.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from backpropcli.proof.claims.diagnosis import diagnosed
from backpropcli.proof.claims.judge import judged
from backpropcli.proof.claims.posed import Problem
from backpropcli.proof.equality.domain import point_of
from backpropcli.proof.equality.pairs import sampled
from backpropcli.proof.equality.points import is_within
from backpropcli.proof.findings.answer import HOLDS, WRONG, Answer
from backpropcli.proof.floats.drawn import drawn
from backpropcli.proof.floats.reached import Reached, choices_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.language.claims.records import Claim
    from backpropcli.proof.equality.domain import Where

COUNT, FEWEST = 24, 4
"""Points that are tried, and that have to agree."""


def judged_anew(problem: Problem, claim: Claim, where: Where, deadline: float) -> Iterator[Answer]:
    """Yield what is found of a claim by the time ``deadline``, and then what it looks like."""
    answer = Answer(claim.target.title, claim.text)
    given = where.point is not None
    here = problem.posed(claim)
    if not here.fits or (not here.varies and (given or where.outside or where.infinite)):
        yield from judged(here, where, deadline)  # of the point alone
        return
    held = {name.partition("[")[0] for name in where.fixed}
    roots = [problem.lowered.places[node] for node in (claim.target.of, claim.node)]
    assumed = bool(problem.conditions)
    reached = Reached(choices_of(problem.lowered, roots), where.ranges, held, assumed=assumed)
    first = drawn(problem.lowered.graph, problem.bindings, where.ranges, held, COUNT)
    for at, values in enumerate(reached.points(first, deadline)):
        fresh = Problem(problem.claimed, problem.lowered, values)
        posed = fresh.posed(claim)
        point = point_of(values, [*fresh.graph.variables()])
        if point is None or monotonic() > deadline:
            break
        if not is_within(point, where.spans):
            continue
        pairs = posed.compared()
        tally = sampled(pairs, [{name: point[name] for name in pairs.names}], deadline)
        differs = tally.value or next(iter(tally.domains), None)
        if differs is not None:
            kind = "point" if given and at == 0 else "counterexample"
            answer.status, answer.seen = WRONG, posed.seen(kind, differs)
            yield answer
            found = diagnosed(posed, where, deadline, met=[point])
            answer.diagnosis = [found] if found else []
            yield answer
            return
        answer.exceptions += [posed.seen("kink", one) for one in tally.conventions[:1]]
        answer.points += tally.agree
        if tally.agree:
            reached.take(values)
    if answer.points >= FEWEST and reached.missed:
        answer.reason = reached.missed
    elif answer.points >= FEWEST:
        answer.status = HOLDS
    else:
        answer.reason = "too few points could be compared"
    yield answer
