"""Claims on large arrays: both sides are compared in floats, element by element."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.proof.arrays.smaller import smaller
from backpropcli.proof.claims.diagnosis import OF_ANY_SIZE, ONCE, TWICE, axes, diagnosed, looked_at
from backpropcli.proof.claims.diagnosis.looked import Looked
from backpropcli.proof.claims.given import NO_POINT, NO_VALUE
from backpropcli.proof.claims.judge import misfit
from backpropcli.proof.claims.posed import Problem
from backpropcli.proof.claims.sides import Sides
from backpropcli.proof.equality.domain import Where, point_of
from backpropcli.proof.findings.answer import HOLDS, OPEN, WRONG, Answer
from backpropcli.proof.findings.finding import AT_KINK
from backpropcli.proof.floats.apart import BEYOND, doubles
from backpropcli.proof.floats.apart import OPEN as UNCLEAR
from backpropcli.proof.floats.drawn import rough
from backpropcli.proof.floats.places import holders
from backpropcli.proof.floats.reached import Reached, choices_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.claims.records import Claim
    from backpropcli.proof.claims.sample import Sample
    from backpropcli.proof.claims.setting import Setting
    from backpropcli.proof.findings.answer import Diagnosis

    Value = Any

COUNT, FEWEST, MORE = 8, 4, 2
"""Points that are tried besides the one given, that have to agree, and for a diagnosis."""
TOO_LATE = "time ran out: the arrays are large"


class Large:
    """A program with claims, with large arrays; or one of which numbers know less than arrays.

    ``why`` says which.
    """

    def __init__(self, lowered: Lowered, where: Where, setting: Setting, why: str) -> None:
        self.claimed = setting.claimed
        self.why = why
        self.lowered = lowered
        self.where = where
        self.setting = setting
        self.held = holders(lowered.graph, setting.values) | setting.sizes.keys()
        ranges = ((setting.point.get(name), *ends) for name, ends in where.ranges.items())
        where.outside = any(
            given is not None and not (low <= np.min(given) and np.max(given) <= high)
            for given, low, high in ranges
        )

    def judged(self, claim: Claim, deadline: float) -> Iterator[Answer]:
        """Yield what is found of a claim by the time ``deadline``, and then what it looks like."""
        answer = Answer(claim.target.title, claim.text)
        sides = Sides(self.lowered, claim, self.held, deadline)
        if not sides.fit:
            answer.status, answer.reason = WRONG, misfit(sides.given, sides.shape)
        elif self.where.outside and not sides.varies:
            answer.reason = NO_POINT
            yield answer
            return
        roots = [self.lowered.places[node] for node in (claim.target.of, claim.node)]
        assumed = bool(self.claimed.conditions)
        reached = Reached(
            choices_of(self.lowered, roots), self.where.ranges, self.held, assumed=assumed
        )
        samples = self._samples(sides, reached)
        alone = self.where.point is not None and not sides.varies
        compare = self._at_point if alone else self._compare
        looked = compare(answer, sides, samples) if sides.fit else []
        if answer.status == HOLDS and reached.missed and not alone:
            answer.status, answer.reason, answer.notes = OPEN, reached.missed, []
        yield answer
        if answer.status == WRONG:
            found = None
            if sides.fit or len(claim.target.by) == 1:
                looked += [one for _, one in islice(samples, MORE)]
                ways = ONCE if len(claim.target.by) == 1 else TWICE
                seen = Looked(self.lowered, claim.target.names[-1], looked)
                found = looked_at(seen, ways if sides.fit else (axes.axes, *ways), deadline)
            if found is None and len(claim.target.by) > 1:
                found = self._smaller(claim, deadline)
            answer.diagnosis = [found] if found else []
            yield answer

    def _smaller(self, claim: Claim, deadline: float) -> Diagnosis | None:
        """Return what the claim looks like with smaller arrays, of which all elements are told."""
        small = smaller(self.lowered, self.setting.values, self.setting.sizes)
        if small is None:
            return None
        problem = Problem(self.claimed, *small)
        names = problem.graph.variables()
        fixed = [name for name in names if name.partition("[")[0] in self.held]
        where = Where(self.where.ranges, None, 0, point_of(small[1], fixed) or {})
        found = diagnosed(problem.posed(claim), where, deadline, OF_ANY_SIZE)
        if found is not None:
            sizes = ", ".join(
                f"{name} {text(np.shape(value))}"
                for name, value in small[1].items()
                if np.shape(value)
            )
            found.text += f" (found with smaller arrays: {sizes})"
        return found

    def _compare(
        self, answer: Answer, sides: Sides, samples: Iterator[tuple[str, Sample]]
    ) -> list[Sample]:
        """Compare both sides, up to the first point where they differ; return what was compared."""
        unclear, least, compared = False, FEWEST, []
        for kind, one in samples:
            times = sides.times(one)
            if times is not None and (times > BEYOND).any():
                near = sides.times(sides.sample(sides.ahead(one)))
                beside = None if near is None else np.minimum(times, near)
                if kind == "point" and beside is not None and not (beside > BEYOND).any():
                    answer.at, answer.reason = sides.seen("point", one, times), AT_KINK
                times = beside
            if times is None:
                answer.reason, least = TOO_LATE, 1
                break
            compared.append(one)
            if (times > BEYOND).any():
                answer.status, answer.seen = WRONG, sides.seen(kind, one, times)
                answer.at, answer.reason = None, ""
                return compared
            if kind == "point" and (flags := sides.conventions(one)).any():
                answer.at, answer.reason = sides.seen("point", one, flags), AT_KINK
            unclear = unclear or bool((times > 1).any())
            answer.points += 1
        if answer.points < least:
            few = f"both have a value at only {answer.points} of the points that were tried"
            answer.reason = answer.reason or few
        elif unclear:
            answer.reason = answer.reason or UNCLEAR
        elif not answer.reason or least == 1:
            answer.status, answer.reason = HOLDS, ""
            answer.notes.append(f"{self.why}: {sides.agree}")
        return compared

    def _at_point(
        self, answer: Answer, sides: Sides, samples: Iterator[tuple[str, Sample]]
    ) -> list[Sample]:
        """Judge plain numbers, which are claimed of the point alone; return what was compared."""
        kind, one = next(samples, ("", None))
        if one is None or kind != "point":
            answer.reason = NO_VALUE
            return []
        times = sides.times(one)
        if times is None:
            answer.reason = TOO_LATE
            return []
        times = np.where(np.abs(one.claimed - one.true) <= sides.slack, 0.0, times)
        wrong = times > BEYOND
        turning = sides.turning(one) if wrong.any() else wrong
        if (wrong & ~turning).any():
            answer.status = WRONG
            answer.at = sides.seen("point", one, np.where(turning, 0.0, times))
        elif wrong.any():
            answer.at, answer.reason = sides.seen("point", one, times), AT_KINK
        elif (times > 1).any():
            answer.reason = UNCLEAR
        else:
            answer.status, answer.points, answer.alone = HOLDS, 1, True
            answer.notes.append(f"{self.why}: {sides.agree}")
        return [one]

    def _samples(self, sides: Sides, reached: Reached) -> Iterator[tuple[str, Sample]]:
        """Yield both sides where they are finite and the conditions hold, and what point it is."""
        ranges, given, places = self.where.ranges, doubles(self.setting.values), self.lowered.places
        first = rough(self.lowered.graph, given, ranges, self.held, COUNT)
        for at, values in enumerate(reached.points(first, sides.deadline)):
            if self.where.outside and at == 0:
                continue
            one = sides.sample(sides.at(values, at))
            holds = all(np.all(one.values[places[node]]) for node in self.claimed.conditions)
            if holds and np.isfinite(one.claimed).all() and np.isfinite(one.true).all():
                reached.take(values)
                yield "point" if self.where.point is not None and at == 0 else "random", one
