"""Derivatives of the whole expression, held against those that SymPy finds in its own way."""

from __future__ import annotations

from fractions import Fraction
from itertools import compress
from time import monotonic

from mpmath import mp, mpf

from backpropcli.arithmetics.balls.ball import ball
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.gradient.slopes import LONGER, Slopes
from backpropcli.report.digits.numbers import LOG_2, STEADY, same, sharp, shown, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.report.report import Report
    from backpropcli.report.truth.point import Point

LARGEST = 300
DEEPEST = 100
LARGEST_TREE = 3000


def is_small(report: Report) -> bool:
    """Say whether SymPy can take the whole expression.

    It recurses, and writes sharing out; and it does not know a program's own rules.
    """
    graph = report.graph
    keep = graph.ancestors([report.top])
    if sum(keep) > LARGEST:
        return False
    depths: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for number in compress(range(len(graph)), keep):
        inputs = graph.inputs[number]
        if inputs and graph.row(number).own:
            return False
        depths[number] = 1 + max((depths[child] for child in inputs), default=0)
        sizes[number] = 1 + sum(sizes[child] for child in inputs)
    return depths[report.top] <= DEEPEST and sizes[report.top] <= LARGEST_TREE


def held_whole(
    report: Report, point: Point, slopes: Slopes, felt: bytearray, limits: tuple[float, float]
) -> Iterator[dict[str, Any]]:
    """Hold the derivative of the whole expression by each name asked for against ours.

    Those that pass through a kink, which ``felt`` flags, are conventions. ``limits`` are when to
    stop with intermediate nodes, and how long they may take.
    """
    done = 0
    for index, (name, node) in enumerate(report.wrt.items()):
        if felt[node]:
            continue
        found, right = compared(point, slopes, node)
        done += right is not None
        facts = {"sympy": None if found is None else shown(found)}
        yield {"entry": (index, facts), "whole": done}
        if right is False:
            ours = told(point.adjoint(node))
            facts = {"label": report.label(name), "ours": ours, "sympy": shown(found)}
            yield {"findings": [Finding("whole", node, **facts)]}
            return
    stop = min(limits[0], monotonic() + limits[1])
    asked = {*report.wrt.values(), report.top}
    for number, adjoint in enumerate(point.adjoints):
        if adjoint is None or felt[number] or number in asked or monotonic() > stop:
            continue
        found, right = compared(point, slopes, number)
        if right is False:
            label = report.label(report.text(number, 40))
            facts = {"label": label, "ours": told(adjoint), "sympy": shown(found)}
            yield {"findings": [Finding("whole", number, **facts)]}
            return
        done += 1
        yield {"whole": done}


def compared(point: Point, slopes: Slopes, node: int) -> tuple[Any, bool | None]:
    """Return SymPy's derivative by ``node``, and whether it is ours; None where SymPy is silent.

    SymPy's form may cancel: where ours is small, it is asked for as many digits more.
    """
    ours = point.adjoint(node)
    middle = ball(ours).middle
    if not sharp(ours):
        return None, None
    small = int(-mp.log10(abs(middle))) if middle and abs(middle) < 1 else 0
    found, right, count = None, False, 0
    for more in dict.fromkeys([0, _longest(point)]):  # rounded to few digits, values may not cancel
        if not right:
            count = point.precision + small + more
            found = slopes.whole(node, count)
            right = found is not None and bool(same(middle, found, STEADY - 5))
    if found is None or (not right and small > LONGER[-1]):
        return None, None  # a part that cancels may be lost, in so many digits
    if not right and not middle:  # what SymPy cancels to is 0 only as far as there are digits
        finer = slopes.whole(node, 2 * count)
        if finer is not None and abs(finer) < abs(found) * mpf(10) ** -STEADY:
            return mpf(0), True
    return found, right


def _longest(point: Point) -> int:
    """Return how many digits the longest of the values has that are exact fractions."""
    exact = [value for value in point.values if isinstance(value, Fraction)]
    bits = [value.numerator.bit_length() + value.denominator.bit_length() for value in exact]
    return int(max(bits, default=0) * LOG_2)
