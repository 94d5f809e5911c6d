"""Expressions held against each other at points.

Both are worked out at the same points in balls (``arithmetics/balls``). A difference is one
that balls keep apart at two precisions; what rounding could explain proves nothing.
"""

from __future__ import annotations

from itertools import chain, compress, count
from time import monotonic

import mpmath
from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import Ball
from backpropcli.arithmetics.balls.choices import truth
from backpropcli.calculus.forward import prepared
from backpropcli.calculus.linearize import linearize
from backpropcli.graph.operations import OPPOSITE
from backpropcli.language.unparse import brief
from backpropcli.proof.equality.choices import LONG
from backpropcli.proof.equality.differs import (
    CONVENTION,
    DOMAIN,
    VALUE,
    Differs,
    Gap,
    Tally,
    apart,
    is_blurred,
)
from backpropcli.proof.equality.solved import in_balls
from backpropcli.proof.equality.wholes import Derivative, Wholes
from backpropcli.report.digits.numbers import beyond
from backpropcli.report.run import SIGNED
from backpropcli.report.truth.hidden import at_kink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Point

ROUNDS = ((60, 120), (120, 360, 720))
"""Digits, more where fewer tell nothing; a difference is confirmed with the next ones."""
MOST = 480
"""Digits in which what may be 0 is told."""
ORDER = 2
"""The highest derivatives that are known of whole expressions."""
FEWEST = 4
"""Points that have to agree, where there are as many."""


def sampled(
    pairs: Pairs,
    everywhere: Iterable[Point],
    deadline: float | None = None,
    tally: Tally | None = None,
) -> Tally:
    """Compare expressions at points, up to the first that shows a difference in value.

    Points that take many digits come last, and need not be reached in time. A ``tally`` of other
    points takes in these too.
    """
    tally = Tally() if tally is None else tally
    kinds = {DOMAIN: tally.domains, CONVENTION: tally.conventions}
    todo, undecided = everywhere, []
    for precisions in ROUNDS:
        for point in todo:
            if deadline is not None and monotonic() > deadline:
                tally.late = precisions is ROUNDS[0]
                return tally
            tally.tried += precisions is ROUNDS[0]
            found = pairs.compare(point, precisions)
            if found is None:
                undecided.append(point)
            elif not isinstance(found, Differs):
                (tally.agreed if found else tally.void).append(point)
                tally.sharp += bool(found) and pairs.sharp
            elif found.kind == VALUE:
                tally.value = found
                return tally
            else:
                kinds[found.kind].append(found)
        todo, undecided = undecided, []
    tally.undecided += todo
    return tally


class Pairs:
    """Expressions held against each other, two by two, in a graph that has nothing else.

    Each pair is (one, other, inside): they are compared wherever the first, and node ``inside``,
    are finite, and all nodes of ``where`` are true. The ``arithmetic`` is one of balls. Kinks of a
    pair are those ``by`` the nodes that it is a derivative by, by all variables if left out: where
    what else there is is at an edge, the program says what is right. With ``wholes`` the first is
    the derivative of ``inside``: where that has one at a kink it is held to that, and not to what
    rules have there.
    """

    arithmetic: Any = balls

    def __init__(
        self,
        graph: Graph,
        pairs: Sequence[tuple[int, int, int]],
        where: Sequence[int] = (),
        by: Sequence[Sequence[int]] | None = None,
        *,
        wholes: bool = False,
    ) -> None:
        self.graph, renamed = graph.part([*chain.from_iterable(pairs), *where])
        self.pairs = [(renamed[one], renamed[other], renamed[at]) for one, other, at in pairs]
        self.where = [renamed[node] for node in where]
        variables = self.graph.variables()
        self.names = [*variables]
        self.variables = tuple(variables.values())
        self.by = [self.variables] * len(pairs)
        if by is not None:
            self.by = [tuple([renamed[node] for node in each if renamed[node] >= 0]) for each in by]
        self._moves: dict[tuple[int, ...], bytearray] = {}
        self._passes: dict[tuple[str, int], Callable[[Mapping[str, Any]], list[Number]]] = {}
        self.sharp = False
        """Whether the last two that were found equal are so in digits."""
        told: list[Derivative | None] = []
        if wholes and by is not None:
            paths = [tuple([renamed[node] for node in each]) for each in by]
            told = [
                Derivative(inside, path, one) if len(path) <= ORDER and min(path) >= 0 else None
                for (one, _, inside), path in zip(self.pairs, paths, strict=True)
            ]
        self.wholes = Wholes(self.graph, told, self._moving)

    def _values(self, point: Point) -> list[Number]:
        """Return the values of all nodes at a point, in digits of the precision at hand."""
        key = self.arithmetic.__name__, mp.prec
        if key not in self._passes:
            self._passes[key] = prepared(self.graph, self.arithmetic)
        return self._passes[key](in_balls(point))

    def compare(self, point: Point, precisions: tuple[int, ...]) -> Differs | bool | None:
        """Return how a pair differs at a point, or True if all agree there.

        It is False outside of what is compared, and None where no precision tells.
        """
        before: dict[int, Gap] = {}
        left_out: set[int] = set()
        for precision in precisions:
            with mp.workdps(precision):
                values = self._values(point)
                if any(truth(values[node]) is False for node in self.where):
                    return False
                gaps: dict[int, Gap] = {}
                found: list[Differs] = []
                known = self.wholes.at(point, values, self.arithmetic)
                for at, (one, other, inside) in enumerate(self.pairs):
                    if at in left_out:
                        continue
                    true = known.get(at, values[one])
                    if beyond(true) or beyond(values[inside]):
                        left_out.add(at)
                        continue
                    gap = gaps[at] = Gap(true, values[other])
                    within = values[inside]
                    if isinstance(within, Ball) and not within.known:
                        gap.agrees = gap.apart = gap.nothing = False  # nor whether it is inside
                    if at in before and gap.confirms(before[at]):
                        found.append(self._differs(at, gap, values, point, known.get(at)))
                if found:
                    return next((one for one in found if one.kind == VALUE), found[0])
                if all(gap.agrees or gap.nothing for gap in gaps.values()):
                    self.sharp = any(gap.agrees for gap in gaps.values())
                    return bool(gaps)
                before = gaps
        return None

    def open_condition(self, point: Point) -> str:
        """Return the first condition that no precision decides at a point; "" for none."""
        with mp.workdps(ROUNDS[-1][-1]):
            values = self._values(point)
        for node, operation in enumerate(self.graph.operations):
            if operation in OPPOSITE and truth(values[node]) is None:
                return brief(self.graph, node, LONG, lambda _: "")
        return ""

    def _differs(
        self, at: int, gap: Gap, values: list[Number], point: Point, whole: Number | None
    ) -> Differs:
        one, other, inside = self.pairs[at]
        kind = VALUE if mpmath.isfinite(gap.size) else DOMAIN
        if kind == VALUE and whole is None and self._at_kink([one, inside], values, self.by[at]):
            kind = CONVENTION
        digits = mp.dps
        if is_blurred(values[one]) or is_blurred(values[other]):
            digits = MOST
        with mp.workdps(digits):
            if digits == MOST:
                values = self._values(point)
            true = values[one] if whole is None else whole
            found = Differs(point, *apart(true, values[other]), kind, at)
        found.of_whole = whole is not None
        return found

    def wholes_at(self, point: Point) -> dict[int, Number]:
        """Return the derivatives that wholes have by number of the pair, where this is a kink."""
        with mp.workdps(ROUNDS[0][0]):
            values = self._values(point)
            return self.wholes.at(point, values, self.arithmetic)

    def turn(self, point: Point) -> bool:
        """Say whether a point is, or may be, a kink of what is differentiated."""
        with mp.workdps(ROUNDS[0][0]):
            values = self._values(point)
        by = tuple(dict.fromkeys(chain.from_iterable(self.by)))
        return self._at_kink([inside for _, _, inside in self.pairs], values, by)

    def _at_kink(self, roots: list[int], values: list[Number], by: tuple[int, ...]) -> bool:
        """Say whether nodes are, or may be, at a kink by others."""
        graph, taken = self.graph, self.graph.ancestors(roots)
        moving = self._moving(by)
        for number in compress(count(), taken):
            if graph.inputs[number]:
                signed = self._is_signed(number, values)
                moves = self._moving(self.variables) if signed else moving
                if at_kink(graph, number, values, moves, self.arithmetic):
                    return True
        return False

    def _moving(self, by: tuple[int, ...]) -> bytearray:
        """Return what moves with some nodes."""
        if by not in self._moves:
            self._moves[by] = linearize(self.graph, None, (), by).active
        return self._moves[by]

    def _is_signed(self, number: int, values: list[Number]) -> bool:
        """Say whether a node turns on a zero that was computed.

        Such a zero has a sign in floats, and none here; that of a variable is no -0.
        """
        graph = self.graph
        return graph.operations[number] in SIGNED and any(
            graph.inputs[child] and truth(values[child]) is not True
            for child in graph.inputs[number]
        )
