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


def is_settled(answer: Answer, posed: Posed, pairs: Pairs, where: Where, deadline: float) -> bool:
    """Compare at the point that is given; say whether that is all, as for plain numbers."""
    if _turns_on_zero(posed, where):
        answer.reason = SENTENCES["signed zero"]()
        return not posed.varies
    if not posed.varies:
        _settle_numbers(answer, posed, where, deadline)
        others = not (posed.problem.placed or posed.problem.varies(posed.truths))
        return answer.status != WRONG or not others
    assert where.point is not None  # noqa: S101 (for mypy: it is given)
    tally = _at_point(answer, posed, pairs, where.point, deadline)
    answer.points = tally.agree
    if answer.at is not None and tally.domains and _is_hole(pairs, where, deadline):
        answer.reason = HOLE
    if answer.at is None and not (tally.agree or tally.undecided or tally.late):
        answer.notes.append(NO_VALUE)
    return False


def _is_hole(pairs: Pairs, where: Where, deadline: float) -> bool:
    """Say whether a claim without a value at the point is right beside it."""
    point = {name: value for name, value in (where.point or {}).items() if name in pairs.names}
    near = [stepped(point, where.spans), stepped(point, where.spans, -1)]
    found = sampled(pairs, near, deadline)
    return found.agree > 0 and found.value is None


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


def _settle_numbers(answer: Answer, posed: Posed, where: Where, deadline: float) -> None:
    """Judge plain numbers, which are claimed of the point that is given, and of no other."""
    assert where.point is not None  # noqa: S101 (for mypy: it is given)
    known = posed.compared().wholes_at(where.point)
    numbers = numbers_at(posed, where, known)
    if known:
        of_the_whole(answer)
    if numbers.wrong:
        (at, sides), *_ = numbers.wrong.items()
        answer.status, point = WRONG, {name: where.point[name] for name in posed.compared().names}
        answer.at = posed.seen("point", Differs(point, *apart(*sides), VALUE, at))
        return
    if numbers.apart:
        tally = _at_point(
            answer, posed, posed.compared(numbers.apart), where.point, deadline, numbers.apart
        )
        if answer.at is not None:
            at = (tally.value or [*tally.domains, *tally.conventions][0]).pair
            answer.at.true = "0" if at in numbers.zero else answer.at.true
            return
        if not tally.agree:
            undecided = SENTENCES["undecided"]() if tally.undecided else NO_VALUE
            answer.reason = "time ran out" if tally.late else undecided
            return
    if numbers.void:
        kink = not numbers.poles and posed.compared(numbers.void).turn(where.point)
        answer.reason = AT_KINK if kink else NO_VALUE
        return
    numbers.agree(answer)
    exact = numbers.exact and not posed.problem.placed
    if exact and not posed.problem.varies(posed.truths) and is_proved(posed, deadline):
        answer.status = PROVED


def _at_point(  # noqa: PLR0913 (what is compared, and where)
    answer: Answer,
    posed: Posed,
    pairs: Pairs,
    point: Point,
    deadline: float,
    which: Sequence[int] | None = None,
) -> Tally:
    """Compare pairs at the point that was given, those ``which`` by number."""
    tally = sampled(pairs, [{name: point[name] for name in pairs.names}], deadline)
    differs = tally.value or next(iter((*tally.domains, *tally.conventions)), None)
    if differs is not None:
        differs.pair = differs.pair if which is None else which[differs.pair]
        answer.at = posed.seen("point", differs)
        if differs.of_whole:
            of_the_whole(answer)
        if differs.kind == CONVENTION:
            answer.reason = AT_KINK
        else:
            answer.status = WRONG
    return tally


def of_the_whole(answer: Answer) -> None:
    """Let an answer say that it is of what the whole has at a kink of a part."""
    answer.of_whole = True
    if OF_THE_WHOLE not in answer.notes:
        answer.notes.append(OF_THE_WHOLE)


def _turns_on_zero(posed: Posed, where: Where) -> bool:
    """Say whether the point has a -0 that the value may turn on: exact numbers have none."""
    graph = posed.problem.graph
    below = graph.ancestors([*posed.inside, *posed.claims])
    return where.has_negative_zero and any(
        graph.operations[node] in TURNS for node in compress(count(), below)
    )


def is_proved(posed: Posed, deadline: float) -> bool:
    """Say whether SymPy proves that a claim is what it is of, by the time ``deadline``."""
    pairs = [(one, other) for one, other, _ in posed.pairs]
    return all_proved(posed.problem.graph, pairs, deadline, PATIENCE)
