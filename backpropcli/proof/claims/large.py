"""Claims on large arrays: both sides are compared in floats, element by element."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.perturbed import PERTURBED
from backpropcli.calculus.elements import element
from backpropcli.proof.against.explained import QUANTILE, RUNS
from backpropcli.proof.claims.answer import HOLDS, WRONG, Answer, Seen
from backpropcli.proof.claims.diagnosis.samples import Sample
from backpropcli.proof.claims.drawn import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.calculus.lower import Lowered
    from backpropcli.language.claims import Claim
    from backpropcli.proof.domain import Where

    Value = Any

COUNT, FEWEST = 8, 4
"""Points that are tried besides the one given, and that have to agree."""
BEYOND = 1000
"""How many times what rounding explains two numbers are apart that differ."""
UNIT = 2.0**-53
"""How far a double is rounded, of itself."""


class Large:
    """A program with large arrays at the values ``given``, under ``conditions``, flat nodes."""

    def __init__(
        self,
        lowered: Lowered,
        where: Where,
        given: Mapping[str, Value],
        conditions: Sequence[int],
    ) -> None:
        self.lowered = lowered
        self.where = where
        self.given = given
        self.conditions = conditions

    def judged(self, claim: Claim, deadline: float) -> Answer:
        """Return what is found of a claim by the time ``deadline``."""
        answer = Answer(claim.target.title, claim.text)
        if len(claim.target.by) > 1:
            answer.reason = "the arrays are too large for a second derivative"
            return answer
        unclear, least = False, FEWEST
        for kind, one in self._samples(claim):
            if one.claimed.shape not in {(), one.true.shape}:
                answer.status, answer.reason = WRONG, "its shape is not the derivative's"
                return answer
            times = self._times(claim, one, deadline)
            if times is None:
                answer.reason, least = "time ran out: the arrays are large", 1
                break
            if (times > BEYOND).any():
                answer.status, answer.seen = WRONG, _seen(kind, claim, one, times)
                return answer
            unclear = unclear or bool((times > 1).any())
            answer.points += 1
        if answer.points < least:
            few = f"both have a value at only {answer.points} of the points that were tried"
            answer.reason = answer.reason or few
        elif unclear:
            answer.reason = "in floats the two are neither equal nor clearly apart"
        else:
            answer.status, answer.reason = HOLDS, ""
            answer.notes.append(
                "the arrays are large: they agree in floats, as far as rounding explains"
            )
        return answer

    def _samples(self, claim: Claim) -> Iterator[tuple[str, Sample]]:
        """Yield both sides where they are finite and the conditions hold, and what point it is."""
        graph, places = self.lowered.graph, self.lowered.places
        for at, values in enumerate(drawn(graph, self.given, self.where, COUNT)):
            one = Sample.first(self.lowered, claim, values)
            holds = all(np.all(one.values[places[node]]) for node in self.conditions)
            if holds and np.isfinite(one.claimed).all() and np.isfinite(one.true).all():
                yield "point" if self.where.point is not None and at == 0 else "random", one

    def _times(self, claim: Claim, one: Sample, deadline: float) -> Value | None:
        """Return how many times what rounding explains both sides are apart, by element.

        The spread of Monte Carlo arithmetic says what it explains. None where time runs out.
        """
        gaps = np.abs(one.claimed - one.true)
        if not gaps.any():
            return gaps
        squares = np.zeros(gaps.shape)
        for seed in range(RUNS):
            if monotonic() > deadline:
                return None
            PERTURBED.begin(UNIT, 0.0, seed)
            moved = Sample.first(self.lowered, claim, one.bindings, PERTURBED)
            squares += (moved.claimed - one.claimed) ** 2 + (moved.true - one.true) ** 2
        sizes = np.maximum(np.abs(one.claimed), np.abs(one.true))
        with np.errstate(all="ignore"):
            times = gaps / (QUANTILE * np.sqrt(squares / RUNS) + UNIT * sizes)
        return np.where(np.isnan(times), 0.0, times)


def _seen(kind: str, claim: Claim, one: Sample, times: Value) -> Seen:
    """Return the element that is farthest from what rounding explains."""
    place = tuple(map(int, np.unravel_index(np.argmax(times), times.shape)))
    both = (np.broadcast_to(side, times.shape)[place] for side in (one.claimed, one.true))
    claimed, true = (repr(float(number)) for number in both)
    return Seen(kind, {}, claimed, true, element(claim.target.title, place) if place else "")
