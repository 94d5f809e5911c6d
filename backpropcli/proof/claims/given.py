"""A claim at the point that is given: plain numbers are claimed of it, and of no other."""

from __future__ import annotations

from fractions import Fraction
from itertools import compress, count

from backpropcli.proof.claims.numbers import numbers_at
from backpropcli.proof.equality.differs import CONVENTION, VALUE, Differs, apart
from backpropcli.proof.equality.pairs import sampled
from backpropcli.proof.equality.points import span
from backpropcli.proof.findings.answer import PROVED, WRONG
from backpropcli.proof.findings.finding import AT_KINK, OF_THE_WHOLE, SENTENCES
from backpropcli.proof.zero import all_proved
from backpropcli.report.run import SIGNED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality.differs import Tally
    from backpropcli.proof.equality.domain import Where
    from backpropcli.proof.equality.pairs import Pairs
    from backpropcli.proof.equality.points import Point, Ranges
    from backpropcli.proof.findings.answer import Answer

TURNS = {*SIGNED, "acot"}
"""Operations that tell -0 from 0."""
PATIENCE = 2.0
"""Seconds for SymPy's proof of one pair, at most."""
NO_POINT = "a number is claimed of the point, which is outside of what is assumed"
INFINITE = "a number is claimed of the point, and a value of it is not finite"
NO_VALUE = "at the point that is given there is no value to compare"
HOLE = "the claim has no value at the point; beside it both are equal"


class AtPoint:
    """A claim at the ``point`` that is given: its ``answer`` takes in what is found there."""

    def __init__(
        self, answer: Answer, posed: Posed, pairs: Pairs, where: Where, deadline: float
    ) -> None:
        assert where.point is not None  # noqa: S101 (for mypy: it is given)
        self.answer, self.posed, self.pairs = answer, posed, pairs
        self.where, self.deadline = where, deadline
        names = {*pairs.names}
        self.point = {name: at for name, at in where.point.items() if name in names}

    def is_all(self) -> bool:
        """Compare there; say whether that is all, as for plain numbers."""
        answer, posed = self.answer, self.posed
        if self._turns_on_zero():
            answer.reason = SENTENCES["signed zero"]()
            return not posed.varies
        if not posed.varies:
            self._settle_numbers()
            others = not (posed.problem.placed or posed.problem.varies(posed.truths))
            return answer.status != WRONG or not others
        tally = self._compare()
        answer.points = tally.agree
        if answer.at is not None and tally.domains and self._is_hole():
            answer.reason = HOLE
        if answer.at is None and not (tally.agree or tally.undecided or tally.late):
            answer.notes.append(NO_VALUE)
        return False

    def _is_hole(self) -> bool:
        """Say whether a claim without a value at the point is right beside it."""
        near = [stepped(self.point, self.where.spans, sign) for sign in (1, -1)]
        found = sampled(self.pairs, near, self.deadline)
        return found.agree > 0 and found.value is None

    def _settle_numbers(self) -> None:
        """Judge plain numbers, which are claimed of the point, and of no other."""
        answer, posed = self.answer, self.posed
        known = self.pairs.wholes_at(self.point)
        numbers = numbers_at(posed, self.where, known)
        if known:
            of_the_whole(answer)
        if numbers.wrong:
            (at, sides), *_ = numbers.wrong.items()
            answer.status = WRONG
            answer.at = posed.seen("point", Differs(self.point, *apart(*sides), VALUE, at))
            return
        if numbers.apart:
            tally = self._compare(numbers.apart)
            if answer.at is not None:
                at = (tally.value or [*tally.domains, *tally.conventions][0]).pair
                answer.at.true = "0" if at in numbers.zero else answer.at.true
                return
            if not tally.agree:
                undecided = SENTENCES["undecided"]() if tally.undecided else NO_VALUE
                answer.reason = "time ran out" if tally.late else undecided
                return
        if numbers.void:
            kink = not numbers.poles and posed.compared(numbers.void).turn(self.point)
            answer.reason = AT_KINK if kink else NO_VALUE
            return
        numbers.agree(answer)
        exact = numbers.exact and not posed.problem.placed
        if exact and not posed.problem.varies(posed.truths) and is_proved(posed, self.deadline):
            answer.status = PROVED

    def _compare(self, which: Sequence[int] | None = None) -> Tally:
        """Compare pairs, all or some by number."""
        answer = self.answer
        pairs = self.pairs if which is None else self.posed.compared(which)
        point = {name: self.point[name] for name in pairs.names}
        tally = sampled(pairs, [point], self.deadline)
        differs = tally.value or next(iter((*tally.domains, *tally.conventions)), None)
        if differs is not None:
            differs.pair = differs.pair if which is None else which[differs.pair]
            answer.at = self.posed.seen("point", differs)
            if differs.of_whole:
                of_the_whole(answer)
            if differs.kind == CONVENTION:
                answer.reason = AT_KINK
            else:
                answer.status = WRONG
        return tally

    def _turns_on_zero(self) -> bool:
        """Say whether the point has a -0 that the value may turn on: exact numbers have none."""
        graph = self.posed.problem.graph
        below = graph.ancestors([*self.posed.inside, *self.posed.claims])
        return self.where.has_negative_zero and any(
            graph.operations[node] in TURNS for node in compress(count(), below)
        )


def stepped(point: Point, ranges: Ranges, sign: int = 1) -> Point:
    """Return a point near another: an edge has values beside it, and a region has none.

    What has one value keeps it, as sizes do.
    """
    found = {}
    for at, (name, value) in enumerate(point.items(), 1):
        step = Fraction(at * at % 97 - 48, 10_007) * sign
        low, high = span(ranges, name) or (value - 1, value + 1)
        moved = value + step if low <= value + step <= high else value - step
        found[name] = value if low == high else moved
    return found


def of_the_whole(answer: Answer) -> None:
    """Let an answer say that it is of what the whole has at a kink of a part."""
    answer.of_whole = True
    if OF_THE_WHOLE not in answer.notes:
        answer.notes.append(OF_THE_WHOLE)


def is_proved(posed: Posed, deadline: float) -> bool:
    """Say whether SymPy proves that a claim is what it is of, by the time ``deadline``."""
    pairs = [(one, other) for one, other, _ in posed.pairs]
    return all_proved(posed.problem.graph, pairs, deadline, PATIENCE)
