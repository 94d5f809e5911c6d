"""The verdict on a claim: compared at points, small ones first, and proved where that can be."""

from __future__ import annotations

from fractions import Fraction
from time import monotonic

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import Ball
from backpropcli.arithmetics.sizes import text
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.calculus.forward import forward
from backpropcli.proof.claims.answer import HOLDS, OPEN, PROVED, WRONG, Answer, Seen
from backpropcli.proof.domain import Conditions, within
from backpropcli.proof.equality import CONVENTION, Differs, Pairs, sampled
from backpropcli.proof.points import coordinate
from backpropcli.proof.zero import proved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality import Tally
    from backpropcli.proof.points import Point

    Ranges = Mapping[str, tuple[Fraction, Fraction]]

FEWEST = 4
"""Points that have to agree."""
FEW = 0.1
"""Above this share of all points, those without a value of the claim are no edge."""
MOST_EXCEPTIONS = 3
DEEP = 60
"""Working digits for numbers as they were typed."""
SHARE = 0.6
"""How much of the time points may take; the rest is for a proof."""


class Where:
    """Where claims are compared: ``ranges`` by name; the ``point`` given, if there is one.

    ``count`` is how many points are to be tried, 0 for as many as there are.
    """

    __slots__ = ("count", "point", "ranges")

    def __init__(self, ranges: Ranges, point: Point | None = None, count: int = 0) -> None:
        self.ranges = ranges
        self.point = point
        self.count = count


def judged(posed: Posed, where: Where, deadline: float) -> Answer:
    """Return what is found of a claim by the time ``deadline`` of the monotonic clock."""
    answer = _compared(posed, where, deadline)
    if answer.status == WRONG:
        from backpropcli.proof.claims.diagnosis import diagnosed  # noqa: PLC0415 (NumPy)

        found = diagnosed(posed, where)
        answer.diagnosis = [found] if found else []
    return answer


def _compared(posed: Posed, where: Where, deadline: float) -> Answer:
    answer = Answer(posed.claim.target.title, posed.claim.text)
    problem = posed.problem
    if not posed.fits:
        given, shape = (text(one) for one in (posed.given, posed.shape))
        answer.status, answer.reason = WRONG, f"its shape is {given}, and the derivative's {shape}"
        return answer
    pairs = Pairs(problem.graph, posed.pairs, problem.conditions)
    if where.point is not None:
        _at_point(answer, posed, pairs, where.point, deadline)
    if answer.status == WRONG:
        return answer
    points = _points(posed, pairs, where)
    tally = sampled(pairs, points, monotonic() + (deadline - monotonic()) * SHARE)
    _take_in(answer, posed, tally)
    if answer.status == HOLDS and _is_proved(posed, deadline):
        answer.status = PROVED
    return answer


def _points(posed: Posed, pairs: Pairs, where: Where) -> list[Point]:
    """Return the points to compare a claim at."""
    found = within(pairs.graph, pairs.names, where.ranges)
    fixed = {name for name in pairs.names if name.partition("[")[0] in where.ranges}
    conditions = Conditions(posed.problem.graph, posed.problem.conditions, fixed)
    met = [*conditions.met(found)]
    return met[: where.count] if where.count else met


def _at_point(answer: Answer, posed: Posed, pairs: Pairs, point: Point, deadline: float) -> None:
    """Compare at the point that was given."""
    at = {name: point[name] for name in pairs.names}
    tally = sampled(pairs, [at], deadline)
    differs = tally.value or next(iter((*tally.domains, *tally.conventions)), None)
    if differs is not None:
        answer.at = _seen("point", posed, differs)
        if differs.kind == CONVENTION:
            answer.reason = "the point is a kink, where a slope is a convention"
            return
        answer.status, answer.seen = WRONG, answer.at
    elif tally.agree:
        answer.points = 1


def _take_in(answer: Answer, posed: Posed, tally: Tally) -> None:
    """Let a comparison at many points say what it can."""
    if tally.value is not None:
        answer.status, answer.seen = WRONG, _seen("counterexample", posed, tally.value)
        return
    decided = tally.agree + len(tally.domains)
    if tally.domains and len(tally.domains) > FEW * decided:
        answer.status, answer.seen = WRONG, _seen("counterexample", posed, tally.domains[0])
        return
    told = [_seen("edge", posed, one) for one in tally.domains]
    told += [_seen("kink", posed, one) for one in tally.conventions]
    answer.exceptions = told[:MOST_EXCEPTIONS]
    answer.points += tally.agree
    if answer.reason:
        return
    if tally.agree >= FEWEST or (not _vary(posed) and tally.agree):
        answer.status = HOLDS
    else:
        late = "time ran out" if tally.late else "too few points have a value: --range says where"
        answer.status, answer.reason = OPEN, late


def _vary(posed: Posed) -> bool:
    """Say whether a claim, or what is true, rests on variables."""
    graph = posed.problem.graph
    below = graph.ancestors([*posed.truths, *posed.claims])
    return any(below[node] for node in graph.variables().values())


def _seen(kind: str, posed: Posed, differs: Differs) -> Seen:
    place = posed.place(differs.pair)
    point = gathered({name: coordinate(value) for name, value in differs.point.items()})
    element = _element(posed.claim.target.title, place) if place else ""
    return Seen(kind, point, differs.right, differs.left, element)


def gathered(point: Mapping[str, str]) -> dict[str, Any]:
    """Return a point's coordinates with the elements of an array as nested lists."""
    found: dict[str, Any] = {}
    for name, number in point.items():
        base, _, place = name.partition("[")
        if not place:
            found[base] = number
            continue
        *outer, last = map(int, place[:-1].split(","))
        rows = found.setdefault(base, [])
        for at in outer:
            if at == len(rows):
                rows.append([])
            rows = rows[at]
        assert last == len(rows)  # noqa: S101 (elements come in row-major order)
        rows.append(number)
    return found


def _element(title: str, place: tuple[int, ...]) -> str:
    from backpropcli.calculus.elements import element  # noqa: PLC0415 (NumPy: only with arrays)

    return element(title, place)


def _is_proved(posed: Posed, deadline: float) -> bool:
    """Say whether each pair is proved equal in time."""
    graph = posed.problem.graph
    distinct = list(dict.fromkeys((one, other) for one, other, _ in posed.pairs if one != other))
    for at, (one, other) in enumerate(distinct):
        left = (deadline - monotonic()) / (len(distinct) - at)
        if left <= 0 or not proved(graph, one, other, left):
            return False
    return True


def point_of(bindings: Mapping[str, Any], names: Sequence[str]) -> Point | None:
    """Return the point that values give, in exact numbers; None where one has none.

    An element of an array has the name of a variable, x[0]. What was typed is taken as typed.
    """
    found: dict[str, Any] = {}
    for name in names:
        base, _, place = name.partition("[")
        if base not in bindings:
            return None
        value = bindings[base]
        if place:
            value = float(value[tuple(map(int, place[:-1].split(",")))])
        number = _exact(value)
        if number is None:
            return None
        found[name] = number
    return found


def _exact(value: float) -> Fraction | None:
    """Return a value as it was typed; None for what is not finite."""
    if value - value != 0:
        return None
    if isinstance(value, Typed):
        with mp.workdps(DEEP):
            number = forward(value.graph, balls, {})[value.root]
        if isinstance(number, Fraction):
            return number
        assert isinstance(number, Ball)  # noqa: S101 (for mypy)
        return Fraction(str(mp.nstr(number.middle, DEEP)))
    typed = value.text if isinstance(value, Spelled) else repr(float(value))
    return Fraction(typed.replace("_", ""))
