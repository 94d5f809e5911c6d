"""Lines through a point, and the first kink that is met on one."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite, ulp
from typing import TYPE_CHECKING

from mpmath import mp

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.balls.ball import ZERO
from backpropcli.arithmetics.balls.choices import order
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.walks import above
from backpropcli.report.branches.nodes import MOVES, USED, taken_nodes
from backpropcli.report.digits.exact import DOUBLES, exact
from backpropcli.report.digits.numbers import PRECISIONS
from backpropcli.report.kinked import moved, with_kinks
from backpropcli.report.lines.turns import Turn, apart

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.calculus.lowered import Lowered

FIRST, LAST = -40, 20
"""The powers of 2, for a variable's size, between which points lie."""
EACH = 4
"""Points from one power of 2 to the next."""
HALVINGS = 1200
"""A double has some 1,075 exponents below 1, and then 53 bits."""
CLOSE = 1e-9
"""How far beside a kink, for its distance, its two sides are proved to be two; a variable's
rounding may be more."""
NEVER = float("inf")


class Search:
    """A program along lines through a point: ``here`` has the values there."""

    def __init__(self, lowered: Lowered, bindings: Mapping[str, float], roots: list[int]) -> None:
        self.lowered = lowered
        self.graph = lowered.graph
        self.nodes = self.graph.variables()
        self.bindings = dict.fromkeys(self.nodes, 0.0) | dict(bindings)
        self.roots = roots
        self.here = forward(self.graph, floats, self.bindings)
        operations = {*self.graph.operations} - {*LEAVES}
        self.words = {name: word(self.graph.table[name], floats) for name in operations}
        self.turns = [*self._turns()]
        self.looked = 0

    def texts(self, turn: Turn) -> tuple[str, str]:
        """Return the text of what has the kink, and of its inputs."""
        inputs = dict.fromkeys(self.graph.inputs[turn.node])
        by = [self.lowered.text(child, 30) for child in inputs if not self.graph.literal(child)]
        what = self.lowered.order_of(turn.node) or self.lowered.turning(turn.node)
        return what, ", ".join(by)

    def along(self, direction: Mapping[str, float], size: float) -> tuple[float, Turn | None]:
        """Return how far away the first kink that is found is, and which; (inf, None) for none."""
        line = Line(self, direction)
        self.looked += len(line.turns)
        if not line.turns:
            return NEVER, None
        step, values = 0.0, line.values(0.0)
        here = {at for at, turn in enumerate(line.turns) if turn.met(self.graph, values)}
        sides = [line.sides(turn, values) for turn in line.turns]
        for power in range(EACH * (LAST - FIRST) + 1):
            before, step = step, size * 2.0 ** (FIRST + power / EACH)
            values = line.values(step)
            was, sides = sides, [line.sides(turn, values) for turn in line.turns]
            found = sorted(
                (line.bracketed(turn, before, step), at)
                for at, turn in enumerate(line.turns)
                if was[at] != sides[at]
                and apart(turn, was[at], sides[at])
                and not (at in here and not before)
            )
            for ends, at in found:
                if line.is_there(line.turns[at], ends[1]):
                    return ends[1], line.turns[at]
        return NEVER, None

    def _turns(self) -> Iterator[Turn]:
        """Yield the kinks that there may be."""
        for node in with_kinks(self.graph):
            row = self.graph.row(node)
            yield from (Turn(node, row, kink) for kink in row.kinks if not kink.alone)


class Line:
    """A line through the point: ``turns`` are the kinks that there may be on it.

    ``above`` are the nodes that move, and ``needed`` those of them that the kinks rest on.
    """

    def __init__(self, search: Search, direction: Mapping[str, float]) -> None:
        self.search = search
        self.graph = search.graph
        self.direction = direction
        moving = [search.nodes[name] for name in direction]
        active = linearize(self.graph, None, (), moving).active
        self.above = above(self.graph, moving)
        reached = {*moving, *self.above}
        self.turns = [
            turn
            for turn in search.turns
            if turn.kink.by(moved(turn.row, self.graph.inputs[turn.node], active))
            and self._may_turn(turn, reached)
        ]
        below = self.graph.ancestors([turn.node for turn in self.turns])
        self.needed = [node for node in self.above if below[node]]

    def _may_turn(self, turn: Turn, reached: Container[int]) -> bool:
        """Say whether a kink may be met: no difference that has to be 0 stays what it is."""
        if turn.values:
            return True
        known = turn.row.parameters, self.graph.inputs[turn.node]
        nodes = dict(zip(*known, strict=True)) | {"out": turn.node}
        return not any(
            side and not any(nodes[name] in reached for name in names)
            for side, names in zip(self.sides(turn, self.search.here), turn.names(), strict=True)
        )

    def values(self, step: float, nodes: Sequence[int] | None = None) -> list[Any]:
        """Return the values of all nodes: of those that move only ``nodes``, or those needed."""
        search, inputs, operations = self.search, self.graph.inputs, self.graph.operations
        values, words = [*search.here], search.words
        for name, part in self.direction.items():
            values[search.nodes[name]] = search.bindings[name] + step * part
        for node in self.needed if nodes is None else nodes:
            values[node] = words[operations[node]](*[values[child] for child in inputs[node]])
        return values

    def sides(self, turn: Turn, values: Sequence[float]) -> tuple[float, ...]:
        """Return on which side of a kink values are."""
        found = turn.sides(self.graph, values, floats)
        return found if turn.values else tuple([(one > 0) - (one < 0) for one in found])

    def bracketed(self, turn: Turn, low: float, high: float) -> tuple[float, float]:
        """Return two steps next to each other between which the side changes."""
        first = self.sides(turn, self.values(low))
        for _ in range(HALVINGS):
            middle = low + (high - low) / 2
            if middle in {low, high}:
                break
            if apart(turn, first, self.sides(turn, self.values(middle))):
                high = middle
            else:
                low = middle
        return low, high

    def is_there(self, turn: Turn, step: float) -> bool:
        """Say whether the side is surely another one beyond a step, and whether that is felt."""
        graph, search = self.graph, self.search
        parts = [(search.bindings[name], part) for name, part in self.direction.items() if part]
        rounded = max(4 * ulp(value) / abs(part) for value, part in parts)
        beside = max(step * CLOSE, rounded)
        ends = [step - beside, step + beside]
        if not all(map(isfinite, ends)):
            return False
        each = [self.values(end, self.above) for end in ends]
        if not any(turn.holds(graph, values) for values in each):
            return False
        least = USED if turn.kink.jump else MOVES
        if not any(taken_nodes(graph, one, search.roots)[turn.node] >= least for one in each):
            return False
        points = [
            {
                name: exact(Fraction(search.bindings[name]) + Fraction(end) * Fraction(part))
                for name, part in self.direction.items()
            }
            for end in ends
        ]
        return self._are_two_sides(turn, points)

    def _are_two_sides(self, turn: Turn, points: Sequence[dict[str, Number]]) -> bool:
        """Say whether two points surely lie on two sides of a kink, in exact balls."""
        known: dict[str, Number] = {
            name: exact(value) for name, value in self.search.bindings.items()
        }
        with mp.workdps(PRECISIONS[0]):
            sides = [
                turn.sides(
                    self.graph, forward(self.graph, DOUBLES, known | point, alike=True), DOUBLES
                )
                for point in points
            ]
            for one, other in zip(*sides, strict=True):
                if turn.values:
                    if order(one, other) not in {None, 0}:
                        return True
                    continue
                signs = order(one, ZERO), order(other, ZERO)
                if None not in signs and signs[0] != signs[1] and 0 not in signs:
                    return True
        return False
