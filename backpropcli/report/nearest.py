"""How far away the nearest kinks are: along each variable alone, and along the gradient.

A kink is looked for between points that lie ever further away. Between two where a branch is
another one it is bracketed, by bisection, and the two ends are proved to differ in exact balls. So
what is told is there; what lies between two points without a trace at both may be missed.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from operator import itemgetter

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.report.kinks import with_kinks
from backpropcli.report.taken import MOVES, USED, taken_nodes
from backpropcli.report.turns import Turn, apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lower import Lowered
    from backpropcli.report.report import Report

FIRST, LAST = -40, 20
"""The powers of 2, for a variable's size, between which points lie."""
FARTHEST = 1e6
"""How far, for the size of what moves, kinks are looked for: less than the last point is."""
EACH = 4
"""Points from one power of 2 to the next."""
HALVINGS = 80
MOST_VARIABLES = 50
MOST_NODES = 5_000
CLOSE = 1e-9
"""How far beside a kink, for its distance, its two sides are proved to be two."""
NEVER = float("inf")


class Nearest:
    """The nearest kink along a line through the point.

    ``along`` is what moves: a name, or "-gradient" for a step down the gradient and "+gradient" for
    one up. The kink is a ``step`` away, where the variable is ``at``; nan for the gradient. Without
    one ``label`` is "", and none is found ``within`` that far.
    """

    __slots__ = ("along", "at", "by", "label", "step", "when", "within")

    def __init__(self, along: str, within: float) -> None:
        self.along = along
        self.within = within
        self.label = self.by = self.when = ""
        self.step = self.at = float("nan")

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        found = bool(self.label)
        return {
            "along": self.along,
            "label": self.label if found else None,
            "by": self.by if found else None,
            "when": self.when if found else None,
            "step": self.step if found else None,
            "at": self.at if found and self.at == self.at else None,
            "within": self.within,
        }


def nearest_kinks(report: Report) -> list[Nearest]:
    """Return the nearest kink along each name that a kink may rest on, and along the gradient."""
    if report.arrays:
        from backpropcli.report.elements.numbers import along_elements  # noqa: PLC0415 (NumPy)

        found = along_elements(report)
        return nearest_in(*found, found[0].outputs) if found else []
    return nearest_in(report.lowered, report.bindings, report.gradient, [*report.seeds])


def nearest_in(
    lowered: Lowered,
    bindings: Mapping[str, float],
    gradient: Mapping[str, float],
    roots: list[int],
) -> list[Nearest]:
    """Return the nearest kinks of a program of numbers at a point; [] for one that is too large."""
    if lowered.diffs:  # as books write them: rules for floats have cases that are no kinks
        lowered, _ = lowered.book()
        roots = lowered.outputs
    if len(lowered.graph) > MOST_NODES:
        return []
    variables = lowered.graph.variables()
    names = [name for name in gradient if name in bindings and name in variables][:MOST_VARIABLES]
    search = Search(lowered, bindings, roots)
    found = []
    for name in names:
        size = max(1.0, abs(bindings[name]))
        one = Nearest(name, size * FARTHEST)
        sides = [(*search.along({name: sign}, size), sign) for sign in (1.0, -1.0)]
        step, turn, sign = min(sides, key=itemgetter(0))
        if turn is not None:
            _tell(one, sign * step, turn, search)
            one.at = bindings[name] + one.step
        found.append(one)
    parts = {name: gradient[name] for name in names if gradient[name]}
    if parts and all(map(isfinite, parts.values())):
        largest = max(map(abs, parts.values()))
        size = max(1.0, *[abs(bindings[name]) for name in names]) / largest
        for sign, along in ((-1.0, "-gradient"), (1.0, "+gradient")):
            one = Nearest(along, size * FARTHEST)
            direction = {name: sign * part for name, part in parts.items()}
            step, turn = search.along(direction, size)
            if turn is not None:
                _tell(one, step, turn, search)
            found.append(one)
    return found


def _tell(one: Nearest, step: float, turn: Turn, search: Search) -> None:
    one.step, one.when = step, turn.kink.when.text
    one.label, one.by = search.texts(turn)


class Search:
    """A program along lines through a point."""

    def __init__(self, lowered: Lowered, bindings: Mapping[str, float], roots: list[int]) -> None:
        self.lowered = lowered
        self.graph = lowered.graph
        self.bindings = dict.fromkeys(self.graph.variables(), 0.0) | dict(bindings)
        self.roots = roots
        self.nodes = self.graph.variables()

    def texts(self, turn: Turn) -> tuple[str, str]:
        """Return the text of what has the kink, and of its inputs."""
        inputs = dict.fromkeys(self.graph.inputs[turn.node])
        by = [self.lowered.text(child, 30) for child in inputs if not self.graph.literal(child)]
        return self.lowered.whose(turn.node, 30), ", ".join(by)

    def along(self, direction: Mapping[str, float], size: float) -> tuple[float, Turn | None]:
        """Return how far away the first kink that is found is, and which; (inf, None) for none."""
        active = linearize(self.graph, None, (), [self.nodes[name] for name in direction]).active
        turns = [*self._turns(active)]
        if not turns:
            return NEVER, None
        step, values = 0.0, self._values(direction, 0.0)
        here = {at for at, turn in enumerate(turns) if turn.met(self.graph, values)}
        sides = [self._sides(turn, values) for turn in turns]
        for power in range(EACH * (LAST - FIRST) + 1):
            before, step = step, size * 2.0 ** (FIRST + power / EACH)
            values = self._values(direction, step)
            was, sides = sides, [self._sides(turn, values) for turn in turns]
            found = sorted(
                (self._bracketed(turn, direction, before, step), at)
                for at, turn in enumerate(turns)
                if apart(turn, was[at], sides[at]) and not (at in here and not before)
            )
            for ends, at in found:
                if self._is_there(turns[at], direction, ends[1]):
                    return ends[1], turns[at]
        return NEVER, None

    def _turns(self, active: bytearray) -> Iterator[Turn]:
        """Yield the kinks that there may be on the way."""
        for node in with_kinks(self.graph):
            row, inputs = self.graph.row(node), self.graph.inputs[node]
            moving = {row.parameters[row.cell(at)] for at, one in enumerate(inputs) if active[one]}
            for kink in row.kinks:
                turning = [
                    name
                    for name, (left, right) in kink.slopes.items()
                    if name in moving and (kink.jump or left.text != right.text)
                ]
                if turning and not kink.alone:
                    yield Turn(node, row, kink)

    def _moved(self, direction: Mapping[str, Any], step: Any) -> dict[str, Any]:  # noqa: ANN401
        return {name: self.bindings[name] + step * part for name, part in direction.items()}

    def _values(self, direction: Mapping[str, float], step: float) -> list[Any]:
        return forward(self.graph, floats, {**self.bindings, **self._moved(direction, step)})

    def _sides(self, turn: Turn, values: Sequence[float]) -> tuple[float, ...]:
        found = turn.sides(self.graph, values, floats)
        return found if turn.values else tuple([float((one > 0) - (one < 0)) for one in found])

    def _bracketed(
        self, turn: Turn, direction: Mapping[str, float], low: float, high: float
    ) -> tuple[float, float]:
        """Return two steps next to each other between which the side changes."""
        first = self._sides(turn, self._values(direction, low))
        for _ in range(HALVINGS):
            middle = low + (high - low) / 2
            if middle in {low, high}:
                break
            if apart(turn, first, self._sides(turn, self._values(direction, middle))):
                high = middle
            else:
                low = middle
        return low, high

    def _is_there(self, turn: Turn, direction: Mapping[str, float], step: float) -> bool:
        """Say whether the side is surely another one beyond a step, and whether that is felt."""
        ends = [step * (1 - CLOSE), step * (1 + CLOSE)]
        each = [self._values(direction, end) for end in ends]
        if not any(turn.holds(self.graph, values) for values in each):
            return False
        least = USED if turn.kink.jump else MOVES
        if not any(taken_nodes(self.graph, one, self.roots)[turn.node] >= least for one in each):
            return False
        from backpropcli.report.truth import sides_of  # noqa: PLC0415 (heavy)

        exact = {name: Fraction(part) for name, part in direction.items()}
        points = [
            {
                name: Fraction(self.bindings[name]) + Fraction(end) * part
                for name, part in exact.items()
            }
            for end in ends
        ]
        return sides_of(self.graph, [{**self.bindings, **point} for point in points], turn)
