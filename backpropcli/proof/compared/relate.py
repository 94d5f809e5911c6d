"""Whether functions in pairs are equal: at points, at kinks from nearby, and proved.

All is compared at the same points, the small ones first.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from math import inf, isfinite
from time import monotonic
from typing import NamedTuple

from mpmath import mp

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.balls.ball import ball, finite
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.proof.compared.answer import DIFFERS, EDGE, KINK, OPEN, SAME, At
from backpropcli.proof.equality.conditions import Conditions
from backpropcli.proof.equality.deeper import deeper
from backpropcli.proof.equality.differs import DOMAIN, VALUE, Differs, apart
from backpropcli.proof.equality.pairs import FEWEST, Pairs, sampled
from backpropcli.proof.equality.points import drawn, points
from backpropcli.proof.equality.reaching import Reaching
from backpropcli.proof.equality.solved import in_balls
from backpropcli.proof.equality.ties import TIED, beside, compare, nearby, persists, tied

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.compared.posed import Both
    from backpropcli.proof.equality.domain import Where
    from backpropcli.proof.equality.points import Point

    Pair = tuple[int, int]

FEW = 0.1
"""Above this share of all points, those where only one has a value are no edge."""
MOST_EXCEPTIONS = 3
MOST_KINKS = 24
"""Points at kinks that are looked at from nearby."""
DIGITS = 60
"""Working digits."""
ENOUGH = 24
"""Points under conditions below which more are drawn."""


@dataclass(slots=True)
class Held:
    """What a comparison of pairs comes to: a ``status``, and at how many ``points`` they agree.

    ``seen`` is the first difference. ``kinks`` and ``edges`` are points where they differ by a
    convention, or one has no value, and that is so nowhere else. Time ran out if it is ``late``.
    """

    points: int
    late: bool
    status: str = OPEN
    seen: Differs | None = None
    kinks: Sequence[Differs] = ()
    edges: Sequence[Differs] = ()


class Alone(NamedTuple):
    """Where one of two values alone is finite: the ``points``, and which has one there.

    They are ``wide`` where that is no exception: at many points, and beside one of them.
    ``given`` is the one that was given, if it is one.
    """

    points: list[tuple[Point, int]]
    wide: bool
    given: tuple[Point, int] | None


class Relations:
    """Compares pairs of nodes of two programs at the same points.

    Which side of a choice none of these takes is ``missed``, in a sentence.
    """

    def __init__(self, both: Both, where: Where) -> None:
        self.both = both
        self.outputs = values_of(both.graph, both.values)
        graph = both.graph
        slopes = [node for sides in both.slopes.values() for side in sides for node in side]
        part = graph.part([both.inside, *slopes, *both.conditions])[0]
        names = [*part.variables()]
        self.conditions = Conditions(graph, both.conditions, where.spans)
        simple = [point | where.fixed for point in points(part, names, where.ranges)]
        met = [*self.conditions.some(simple)]
        if len(met) < ENOUGH and both.conditions:
            more = [point | where.fixed for point in drawn(names, where.ranges)]
            met += islice(self.conditions.some(more), ENOUGH)
        every = -(-len(met) // where.count) if where.count else 1
        self.points = met[:: max(every, 1)]
        self.missed = ""
        self.least = FEWEST if names else 1
        self.given = where.point and {name: where.point[name] for name in names}
        if self.given is not None and self.given not in self.points:
            self.points.append(self.given)

    def reach(self, deadline: float) -> None:
        """Look for points on sides of choices that none takes, and note what is ``missed``."""
        choices = self.both.choices
        if not choices.sides:
            return
        reaching = Reaching(choices, self.conditions)
        lively, void = self._lively(self.points)
        more = reaching.more(lively, deadline)
        self.points += more
        others = self._lively(more)
        self.missed = reaching.missed([*lively, *others[0]], [*void, *others[1]], look=True)

    def _lively(self, points: Sequence[Point]) -> tuple[list[Point], list[Point]]:
        """Return the points where both have values, and those where one has none."""
        found: tuple[list[Point], list[Point]] = [], []
        for point in points:
            found[not all(self._have(point))].append(point)
        return found

    def held(self, pairs: Sequence[Pair], deadline: float) -> Held:
        """Compare pairs at all points; both ways, so that either may lack a value."""
        compared = self.pairs(pairs)
        tally = sampled(compared, self.points, deadline)
        open_ones = 0
        for point in tally.undecided:
            tie = tied(compared, point) if monotonic() < deadline else None
            tally.agreed += [point] if tie is True else []
            open_ones += tie is None
            tally.conventions += [tie] if isinstance(tie, Differs) else []
        held = Held(tally.agree, tally.late)
        seen = tally.value or beside(
            compared, tally.conventions[:MOST_KINKS], self.conditions, deadline
        )
        found = seen or deeper(compared, tally.agreed, deadline, self.both.choices)
        if isinstance(found, Differs):
            held.status, held.seen = DIFFERS, _unturned(found)
            return held
        self.missed = self.missed or found
        held.kinks = [_unturned(one) for one in tally.conventions][:MOST_EXCEPTIONS]
        domains = [one for one in tally.domains if not self._same_in_floats(one.point)]
        held.edges = [_unturned(one) for one in domains][:MOST_EXCEPTIONS]
        many = len(domains) > FEW * (tally.agree + len(tally.domains))
        if many and (wide := beside(compared, domains, self.conditions, deadline)):
            held.status, held.seen = DIFFERS, _unturned(wide)
        elif tally.agree >= max(self.least, open_ones):
            held.status = SAME
        return held

    def _same_in_floats(self, point: Point) -> bool:
        """Say whether floats have the same gradients at a point where balls have no slope.

        So it is inside of what is smooth, as norm(x) is in norm(x)^2 at 0.
        """
        graph = self.both.graph
        values = forward(graph, floats, {name: float(value) for name, value in point.items()})
        wrt = [node for name in self.both.wrt for node in self.both.names[name]]
        found = []
        for root in self.both.values:
            below = [at for at, flag in enumerate(graph.ancestors([root])) if flag]
            adjoints = pull(linearize(graph, floats, values, wrt, below), floats, {root: 1.0})
            found.append([values[root], *(adjoints[node] or 0.0 for node in wrt)])
        return found[0] == found[1] and all(isfinite(one) for one in found[0])

    def alone(self, deadline: float) -> Alone:
        """Return where only one of the two values is finite."""
        points, both = [], 0
        for point in self.points:
            if monotonic() > deadline:
                break
            have = self._have(point)
            both += all(have)
            if any(have) and not all(have):
                points.append((point, have.index(True)))
        wide = len(points) > FEW * (both + len(points)) and any(
            not all(self._have(near))
            for point, _ in points
            for near in self.conditions.beside(nearby(point), point)
        )
        return Alone(points, wide, next((one for one in points if one[0] == self.given), None))

    def _have(self, point: Point) -> list[bool]:
        """Return which of the two values are finite; none if that is not known."""
        here = self.outputs(point)
        known = all(ball(value).known for value in here)
        return [known and finite(value) for value in here]

    def told(self, point: Point, pair: Pair) -> tuple[str, str]:
        """Return both numbers of a pair at a point, as decimals."""
        return apart(*values_of(self.both.graph, pair)(point))

    def pairs(self, pairs: Sequence[Pair], *, anywhere: bool = False) -> Pairs:
        """Return pairs to compare where both values are finite, each both ways.

        With ``anywhere`` that is outside of the conditions too.
        """
        both = self.both
        every = [
            (*each, both.inside) for one, other in pairs for each in ((one, other), (other, one))
        ]
        by = None if both.by is None else [both.by] * len(every)
        return Pairs(both.graph, every, () if anywhere else both.conditions, by)

    def at(self, pairs: Sequence[Pair], point: Point) -> At:
        """Return how pairs compare at one point."""
        if all(one == other for one, other in pairs):
            return At(SAME)
        compared = self.pairs(pairs, anywhere=True)
        found = compare(compared, point)
        if found is True:
            seen = deeper(compared, [point], inf)
            found = seen if isinstance(seen, Differs) else True
        if not isinstance(found, Differs):
            return At(SAME if found else OPEN)
        if found.kind == DOMAIN:
            return At(EDGE, found.pair // 2)
        real = found.kind == VALUE or persists(compared, point, self.conditions)
        return At(DIFFERS if real else KINK, found.pair // 2)


def values_of(graph: Graph, nodes: Sequence[int]) -> Callable[[Point], list[Number]]:
    """Return what finds the values of some nodes at a point, in balls."""
    part, places = graph.part(nodes)

    def values_at(point: Point) -> list[Number]:
        with mp.workdps(DIGITS):
            values = forward(part, TIED, in_balls(point))
        return [values[places[node]] for node in nodes]

    return values_at


def _unturned(differs: Differs) -> Differs:
    """Return a difference with the first program's number first: each pair is there both ways."""
    differs.pair, turned = divmod(differs.pair, 2)
    if turned:
        differs.left, differs.right = differs.right, differs.left
    return differs
