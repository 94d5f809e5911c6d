"""Second derivatives of the whole expression at a point, by germs along lines through it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial

from mpmath import mp, mpf

from backpropcli.arithmetics.germs.balls import DIGITS, RELATIVE, Ball, agree, real
from backpropcli.report.kinks.kink import aside
from backpropcli.report.whole.along import COUNTS, MANY, along
from backpropcli.report.whole.sides import Told, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.report.whole.sides import Whole

DIAGONALS = ((1, 1), (1, -1), (1, 2), (2, -1))
"""Directions in which mixed second derivatives are looked at; the first two give them."""
QUARTER = Fraction(1, 4)
LOST = mpf(10) ** -12
"""What is left of a sum, beside its terms, has digits that are right down to this part."""


@dataclass(frozen=True, slots=True)
class Second:
    """One entry of the Hessian: a big float, or None and why.

    One by the same variable twice has ``sides`` where it is another one on the left and on the
    right. A mixed entry rests on second derivatives along six lines through the point, which agree
    with one quadratic function. It is shown along these lines and no more. It is ``sure`` where
    its digits are known: one that may be 0 but for what rounding has lost is not.
    """

    value: Any = None
    sure: bool = True
    reason: str = ""
    sides: dict[str, Any] | None = None

    @property
    def blurred(self) -> bool:
        """Whether more digits may tell it."""
        return self.value is not None and not self.sure


Seconds = dict[tuple[int, int], Second]


def times(found: Seconds, node: int, direction: Mapping[int, float]) -> Told:
    """Return the entry by ``node`` of the Hessian's product with a direction."""
    total, size = mpf(0), mpf(0)
    parts = {other: mpf(part) for other, part in direction.items() if part}
    with mp.workdps(DIGITS):
        for other, part in parts.items():
            one = _pair(found, node, other)
            if one.sides and len(parts) == 1:
                return {side: nearest(real(end) * part) for side, end in one.sides.items()}
            if one.value is None or not one.sure:
                return None
            total, size = total + one.value * part, size + abs(one.value * part)
    return nearest(total) if not total or abs(total) > LOST * size else None


def blurred(found: Seconds, node: int, direction: Mapping[int, float]) -> bool:
    """Say whether digits leave an entry open that the Hessian's product with a direction has."""
    return any(_pair(found, node, other).blurred for other, part in direction.items() if part)


def _pair(found: Seconds, one: int, other: int) -> Second:
    return found[(one, other) if (one, other) in found else (other, one)]


def second(
    graph: Graph,
    root: int,
    bindings: Mapping[str, Any],
    nodes: Sequence[int],
    *,
    typed: bool = False,
) -> Seconds:
    """Return the second derivatives by ``nodes``; (i, j) stands for (j, i) too, i before j.

    A mixed one is told only where second-order smoothness is shown along both axes and along
    ``DIAGONALS``, all agree as those of a quadratic function do, and the first derivatives are
    there beside the point too. Runs germs along some 4 n^2 lines for n nodes, each from either
    side; and again in more digits where what cancels has left none.
    """
    look = partial(along, graph, root, typed=typed)
    found: Seconds = {}
    for count in COUNTS:
        line = cache(partial(_line, look, bindings, (MANY,) if count == MANY else COUNTS))
        for place, one in enumerate(nodes):
            for other in nodes[place:]:
                if (one, other) not in found or found[one, other].blurred:
                    with mp.workdps(count):
                        found[one, other] = _at(line, one, other)
    for (one, other), entry in found.items():
        ways = [(one, other), (other, one)] if one != other and entry.value is not None else []
        if not all(_goes_on(look, graph, bindings, *way) for way in ways):
            found[one, other] = Second(reason="there are kinks beside the point")
    return found


def _line(
    look: Callable[..., Whole],
    bindings: Mapping[str, Any],
    counts: Sequence[int],
    direction: tuple[tuple[int, int], ...],
) -> Whole:
    return look(bindings, dict(direction), curved=True, counts=counts)


def _at(line: Callable[[tuple[tuple[int, int], ...]], Whole], one: int, other: int) -> Second:
    """Return the entry by two nodes, which may be one, by what the whole has along lines."""
    if one == other:
        return _entry(line(((one, 1),)))
    lines = [line(((one, 1),)), line(((other, 1),))]
    for a, b in DIAGONALS:
        if lines[-1].second is None:
            break
        lines.append(line(((one, a), (other, b))))
    return _mixed(lines)


def _goes_on(
    look: Callable[..., Whole], graph: Graph, bindings: Mapping[str, Any], mover: int, other: int
) -> bool:
    """Say whether there is a derivative by ``mover`` too where ``other`` is a little off."""
    name = str(graph.args[other]) if graph.operations[other] == "variable" else ""
    if name not in bindings:
        return True
    points = aside(bindings, name)
    return all(look(point, {mover: 1}).derivative is not None for point in points)


def _entry(line: Whole) -> Second:
    if line.second is not None:
        return Second(line.second, line.sure and _is_known(line.right.second))
    sides = {"left": line.left.second, "right": line.right.second}
    known = line.kind == "derivative" and line.sure and None not in sides.values()
    known = known and all(map(_is_known, sides.values()))
    reason = line.reason or f"no second derivative is shown ({line.kind})"
    return Second(reason=reason, sides=sides if known else None)


def _mixed(lines: list[Whole]) -> Second:
    """Return the mixed second derivative by those along two axes and the diagonals."""
    for line in lines:
        if line.second is None:
            return Second(reason=_entry(line).reason)
    slopes = [line.right.slope for line in lines]
    seconds = [line.right.second for line in lines]
    mixed = (seconds[2] - seconds[3]) * QUARTER
    checks = []
    for place, (a, b) in enumerate(DIAGONALS, 2):
        curvature = a * a * seconds[0] + 2 * a * b * mixed + b * b * seconds[1]
        checks.append(agree(slopes[place], a * slopes[0] + b * slopes[1]))
        checks.append(agree(seconds[place], curvature))
    if not all(equal for equal, _ in checks):
        return Second(reason="the derivatives along lines are not those of a smooth function")
    return Second(real(mixed), _is_known(mixed) and all(line.sure for line in lines))


def _is_known(number: Any) -> bool:  # noqa: ANN401 (a number of germs)
    """Say whether a number is exact, or known to more digits than a double has."""
    return not isinstance(number, Ball) or number.radius < abs(number.middle) * RELATIVE
