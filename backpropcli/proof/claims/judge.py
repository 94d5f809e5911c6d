"""The verdict on a claim: compared at points, small ones first, and proved where that can be."""

from __future__ import annotations

from time import monotonic

from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.proof.claims.given import (
    INFINITE,
    NO_POINT,
    NO_VALUE,
    AtPoint,
    is_proved,
    of_the_whole,
)
from backpropcli.proof.claims.looked import SHARE, at_kinks, points_for, reach, region
from backpropcli.proof.equality.deeper import deeper
from backpropcli.proof.equality.differs import Differs
from backpropcli.proof.equality.domain import Where
from backpropcli.proof.equality.pairs import sampled
from backpropcli.proof.equality.reaching import Reaching
from backpropcli.proof.equality.ties import beside
from backpropcli.proof.findings.answer import (
    EXCEPTIONS,
    HOLDS,
    OPEN,
    PROVED,
    WRONG,
    Answer,
    Diagnosis,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality.differs import Tally
    from backpropcli.proof.equality.pairs import Pairs
    from backpropcli.proof.equality.points import Point

FEWEST = 4
"""Points that have to agree."""
FEW = 0.1
"""Above this share of all points, those without a value of the claim may be no edge."""
MOST_EXCEPTIONS, MOST_KINKS, MOST_MET = 3, 8, 16
"""Exceptions that are told, kinks beside which is looked, and points for a diagnosis."""


def judged(posed: Posed, where: Where, deadline: float) -> Iterator[Answer]:
    """Yield what is found of a claim by the time ``deadline``, then proved, or what it looks like.

    The time is the monotonic clock's.
    """
    answer = Answer(posed.claim.target.title, posed.claim.text)
    alike = False
    met: list[Point] = []
    answer.notes += [NO_VALUE] if where.infinite and posed.varies else []
    if not posed.fits:
        answer.status, answer.reason = WRONG, misfit(posed.given, posed.shape)
    elif where.outside and not posed.varies:
        answer.reason = NO_POINT
    elif where.infinite and not posed.varies:
        answer.reason = INFINITE
    else:
        alike = _compare(answer, posed, where, deadline, met)
    yield answer
    if alike and is_proved(posed, deadline):
        answer.status, answer.reason = PROVED, ""
    if answer.status == WRONG:
        from backpropcli.proof.claims.diagnosis import diagnosed

        nothing = answer.at is not None and answer.at.true == "0" and len(posed.truths) == 1
        if answer.of_whole and posed.varies and _holds_elsewhere(posed, where, deadline):
            found: Diagnosis | None = Diagnosis("kink", EXCEPTIONS["kink"])
        elif nothing and not posed.varies:
            found = None
        else:
            found = diagnosed(posed, where, deadline, met=met)
        answer.diagnosis = [found] if found else []
        if found is None and answer.at is None:
            _at_data(answer, posed, where, deadline)
    elif answer.status != OPEN:
        from backpropcli.proof.claims.rounding import losing

        kinds = dict.fromkeys(one.kind for one in answer.exceptions)
        answer.diagnosis = [Diagnosis(kind, EXCEPTIONS[kind]) for kind in kinds]
        answer.diagnosis += losing(posed, where, deadline)
    yield answer


def _compare(answer: Answer, posed: Posed, where: Where, deadline: float, met: list[Point]) -> bool:
    """Compare at the point, and at others; say whether it is left to prove that both are equal.

    There is nothing to prove where a kink was met at which both differ, by what each chooses.
    Take in some points that are ``met``: where both differ, and others.
    """
    pairs = posed.compared()
    met += [where.point] if where.point else []
    if where.point is not None and AtPoint(answer, posed, pairs, where, deadline).is_all():
        return False
    conditions = posed.conditions(where)
    points = points_for(pairs, where, conditions)
    tally = sampled(pairs, points, monotonic() + (deadline - monotonic()) * SHARE)
    reaching = Reaching(posed.choices, conditions)
    missed = reach(tally, pairs, reaching, deadline)
    tally.value = tally.value or beside(pairs, tally.conventions[:MOST_KINKS], conditions, deadline)
    if tally.value is None and len(tally.domains) > FEW * (tally.agree + len(tally.domains)):
        tally.value = region(pairs, tally, where.spans, deadline)
    if tally.value is None:
        found = deeper(pairs, tally.agreed, deadline, posed.choices)
        if isinstance(found, Differs):
            tally.value = found
        else:
            missed = missed or found
    tally.value = tally.value or at_kinks(pairs, tally, where, deadline)
    met += [tally.value.point] if tally.value else []
    met += tally.agreed[:: 1 + len(tally.agreed) // MOST_MET]
    least = (where.count and min(FEWEST, where.count)) or FEWEST
    _take_in(answer, posed, pairs, tally, least if conditions.leave(pairs.names) else 1)
    alike = answer.status == HOLDS
    if alike and not tally.sharp:
        answer.status, answer.reason = OPEN, "both are 0, as far as hundreds of digits tell"
    elif alike and missed:
        answer.status, answer.reason = OPEN, missed
    return alike and not tally.conventions


def _holds_elsewhere(posed: Posed, where: Where, deadline: float) -> bool:
    """Say whether a claim holds but where the whole has another derivative than rules have."""
    pairs = posed.compared(wholes=False)
    tally = sampled(pairs, points_for(pairs, where, posed.conditions(where)), deadline)
    return not (tally.late or tally.value or tally.domains) and tally.agree >= FEWEST


def _take_in(answer: Answer, posed: Posed, pairs: Pairs, tally: Tally, least: int) -> None:
    """Let a comparison at many points say what it can: at ``least`` so many have to agree."""
    value = tally.value
    if value is not None:
        answer.status, answer.seen = WRONG, posed.seen("counterexample", value)
        answer.reason = ""
        answer.of_whole = False  # the formula of rules is right where another point refutes it
        if value.of_whole:
            of_the_whole(answer)
    if answer.status == WRONG:
        return
    kinks: dict[tuple[object, ...], Differs] = {}
    for one in tally.conventions:
        kinks.setdefault((*one.point.items(),), one)
    told = [posed.seen("edge", one) for one in tally.domains]
    told += [posed.seen("kink", one) for one in kinks.values()]
    answer.exceptions = told[:MOST_EXCEPTIONS]
    answer.points += tally.agree
    if answer.reason:
        return
    if tally.agree >= least:
        answer.status = HOLDS
    elif tally.late:
        answer.reason = "time ran out"
    elif tally.tried < least:
        few = f"only {tally.tried}" if tally.tried else "none"
        verb = "meet" if tally.tried > 1 else "meets"
        answer.reason = f"{few} of the points that were tried {verb} the assumptions"
    elif condition := pairs.open_condition(tally.undecided[0]) if tally.undecided else "":
        count = f"{len(tally.undecided)} of {tally.tried}"
        answer.reason = f"no digits tell whether {condition} at {count} points"
    else:
        few = "at none" if not tally.agree else f"at only {tally.agree}"
        answer.reason = (
            f"both have a value {few} of {tally.tried} points: --range says where to look"
        )


def _at_data(answer: Answer, posed: Posed, where: Where, deadline: float) -> None:
    """Let a claim that is wrong in general, in no known way, be open where the data are as given.

    The data are what has a value, and what no derivative is by.
    """
    names = {*posed.claim.target.names}
    data = {
        name: value
        for name, value in (where.point or {}).items()
        if name.partition("[")[0] not in names
    }
    if not data or not posed.fits:
        return
    pairs = posed.compared()
    there = Where(where.ranges, None, where.count, {**where.fixed, **data})
    points = points_for(pairs, there, posed.conditions(there))
    unlike = {tuple(point.values()): point for point in points}
    tally = sampled(pairs, unlike.values(), monotonic() + (deadline - monotonic()) / 2)
    if tally.value is None and not tally.domains and tally.agree >= FEWEST:
        whose = ", ".join(dict.fromkeys(name.partition("[")[0] for name in data))
        answer.status = OPEN
        answer.reason = f"it holds for {whose} as given, and not for all: --assume says what holds"


def misfit(given: Sequence[int], shape: Sequence[int]) -> str:
    """Return that a claim has another shape than the derivative."""
    return f"the claim {_shape(given)}, and the derivative {_shape(shape)}"


def _shape(shape: Sequence[int]) -> str:
    shape = tuple(shape)
    sizes = text(shape)
    if len(shape) > 1:
        return f"is {sizes}"
    return f"has {sizes} element{'' if shape == (1,) else 's'}" if shape else f"is {sizes}"
