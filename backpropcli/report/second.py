"""Second derivatives of the whole expression at a point, by germs along lines through it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from mpmath import mp, mpf

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.germs.balls import DIGITS, Ball, agree, real
from backpropcli.calculus.forward import forward
from backpropcli.report.felt import ASIDE
from backpropcli.report.sides import Told, nearest
from backpropcli.report.turning import CLOSE
from backpropcli.report.whole import along, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.report.report import Report
    from backpropcli.report.sides import Whole

DIAGONALS = ((1, 1), (1, -1), (1, 2), (2, -1))
"""Directions in which mixed second derivatives are looked at; the first two give them."""
QUARTER = Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class Second:
    """One entry of the Hessian: a big float, or None and why.

    One by the same variable twice has ``sides`` where it is another one on the left and on the
    right. A mixed entry rests on second derivatives along six lines through the point, which agree
    with one quadratic function. It is shown along these lines and no more.
    """

    value: Any = None
    sure: bool = True
    reason: str = ""
    sides: dict[str, Any] | None = None


Seconds = dict[tuple[int, int], Second]


def times(found: Seconds, node: int, direction: Mapping[int, float]) -> Told:
    """Return the entry by ``node`` of the Hessian's product with a direction."""
    total, parts = mpf(0), {other: mpf(part) for other, part in direction.items() if part}
    with mp.workdps(DIGITS):
        for other, part in parts.items():
            pair = (node, other)
            one = found[pair if pair in found else pair[::-1]]
            if one.sides and len(parts) == 1:
                return {side: nearest(real(end) * part) for side, end in one.sides.items()}
            if one.value is None or not one.sure:
                return None
            total += one.value * part
    return nearest(total)


def iterated(
    point: Report, root: int, report: Report, direction: Mapping[int, float], name: str
) -> Told:
    """Return the derivative by a name of a ``report``: that along a direction, of node ``root``.

    None if it is not known, and both where it is another one on either side. There may be one,
    and another in the other order, where none is shown to be continuous.
    """
    if report.causes or any(kink.of_value for kink in report.kinks):
        return None
    if not _holds(point, root, report, direction, name):
        return None
    line = whole(point.graph, root, point.bindings, point.wrt[name], typed=point.as_typed)
    if line.derivative is None:
        return None
    found = report.wholes().get(name)
    if found is not None and found.kind == "kink" and found.sure:
        return {"left": nearest(found.left.slope), "right": nearest(found.right.slope)}
    return report.gradient[name] if found is None else found.derivative


def _holds(
    point: Report, root: int, report: Report, direction: Mapping[int, float], name: str
) -> bool:
    """Say whether a report is the whole's derivative along a direction, there and beside.

    At a kink its value is by the slopes that are chosen: those of x*abs(y) by y are, at all x.
    """
    parts = {node: Fraction(part) for node, part in direction.items()}
    at = point.bindings.get(name)
    if at is None:
        return False
    for step in (0.0, -ASIDE, ASIDE):
        moved = {**point.bindings, name: at + step * max(1.0, abs(at))}
        there = along(point.graph, root, moved, parts, typed=point.as_typed).derivative
        here = forward(report.graph, floats, moved)[report.top]
        if there is None or here is None or abs(there - here) > CLOSE * abs(there):
            return False
    return True


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
    side.
    """
    look = partial(along, graph, root, typed=typed)
    axes = {node: look(bindings, {node: 1}, curved=True) for node in nodes}
    found = {(node, node): _entry(axis) for node, axis in axes.items()}
    for place, one in enumerate(nodes):
        for other in nodes[place + 1 :]:
            lines = [axes[one], axes[other]]
            for a, b in DIAGONALS:
                if lines[-1].second is None:
                    break
                lines.append(look(bindings, {one: a, other: b}, curved=True))
            with mp.workdps(DIGITS):
                entry = _mixed(lines)
            ways = (one, other), (other, one)
            if entry.value is not None and not all(
                _goes_on(look, graph, bindings, *way) for way in ways
            ):
                entry = Second(reason="there are kinks beside the point")
            found[one, other] = entry
    return found


def _goes_on(
    look: Callable[..., Whole], graph: Graph, bindings: Mapping[str, Any], mover: int, other: int
) -> bool:
    """Say whether there is a derivative by ``mover`` too where ``other`` is a little off."""
    name = str(graph.args[other]) if graph.operations[other] == "variable" else ""
    if name not in bindings:
        return True
    at = bindings[name]
    moved = [{**bindings, name: at + step * max(1.0, abs(at))} for step in (-ASIDE, ASIDE)]
    return all(look(one, {mover: 1}).derivative is not None for one in moved)


def _entry(line: Whole) -> Second:
    if line.second is not None:
        return Second(line.second, line.sure)
    sides = {"left": line.left.second, "right": line.right.second}
    known = line.kind == "derivative" and line.sure and None not in sides.values()
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
    known = not isinstance(mixed, Ball) or abs(mixed.middle) > mixed.radius  # else it may be 0
    return Second(real(mixed), known and all(line.sure for line in lines))
