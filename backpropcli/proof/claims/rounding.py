"""Digits that a right claim loses in floats, where our own derivative keeps them."""

from __future__ import annotations

from time import monotonic

from mpmath import mp

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.language.unparse import brief
from backpropcli.proof.equality.points import points
from backpropcli.proof.findings.answer import Diagnosis
from backpropcli.report.digits.exact import DOUBLES, exact
from backpropcli.report.digits.numbers import accuracy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality.domain import Where

DIGITS = 150
LOST, KEPT = 8, 12
"""Fewer right digits than the first are told, where we have as many as the second."""
MOST_POINTS, MOST_NODES = 40, 3000
TINY, HUGE = 1e-12, 1e12
"""Coordinates beyond these are no points that people compute at."""
LONG = 40
MOST_NAMES = 4
"""Coordinates of a point that are told."""


def losing(posed: Posed, where: Where, deadline: float) -> list[Diagnosis]:
    """Return where a claim loses digits: at the point that was given, or else at some other.

    It is looked for until the time ``deadline``.
    """
    graph = posed.problem.graph
    if len(graph) > MOST_NODES:
        return []
    names = [*graph.variables()]
    if where.point is not None:
        points = [{name: float(where.point[name]) for name in names}]
    else:
        points = _usual(posed, where, names)
    part, places = graph.part(posed.claims)
    claims = [places[node] for node in posed.claims]
    for point in points[:MOST_POINTS]:
        if monotonic() > deadline:
            break
        found = _at(posed, part, claims, point, given=where.point is not None)
        if found is not None:
            return [found]
    return []


def _usual(posed: Posed, where: Where, names: list[str]) -> list[dict[str, float]]:
    """Return points that people may compute at, those with small and large numbers first."""
    graph = posed.problem.graph
    drawn = [
        {name: float(value) for name, value in point.items()}
        for point in posed.conditions(where).some(points(graph, names, where.ranges))
    ]
    usual = [
        point
        for point in drawn
        if all(value == 0 or TINY < abs(value) < HUGE for value in point.values())
    ]
    return sorted(usual, key=_spread, reverse=True)


def _spread(point: dict[str, float]) -> float:
    """Return how far a point is from ordinary numbers."""
    from math import log10

    return max((abs(log10(abs(one))) for one in point.values() if one), default=0.0)


def _at(
    posed: Posed, part: Graph, claims: list[int], point: dict[str, float], *, given: bool
) -> Diagnosis | None:
    """Return what a claim loses at a point, where that is a lot and we lose little.

    The ``claims`` are nodes of a ``part`` that has nothing else.
    """
    values = forward(part, floats, point)
    with mp.workdps(DIGITS):
        truths = forward(part, DOUBLES, {name: exact(value) for name, value in point.items()})
        worst: tuple[float, int] | None = None
        for pair, node in enumerate(claims):
            digits = accuracy(values[node], truths[node])
            if digits is not None and digits < LOST and truths[node] != 0:
                worst = min(worst, (digits, pair)) if worst else (digits, pair)
        if worst is None:
            return None
        digits, pair = worst
        ours = accuracy(_own(posed, pair, point), truths[claims[pair]])
        if ours is None or (ours < KEPT and not given):
            return None
        where = _first(part, claims[pair], values, truths)
    at = "the point" if given else _place(point)
    if len(point) > MOST_NAMES:
        at = "some point"
    kept = "no digit" if digits < 1 else f"{int(digits)} digit{'' if int(digits) == 1 else 's'}"
    text = f"in floats the claim keeps {kept} at {at}, and backprop {int(ours) or 'none either'}"
    if 1 <= ours < KEPT:
        text = f"in floats the claim keeps {kept} at {at}, and backprop only {int(ours)}"
    told = f"{text}: {where} loses them" if where else text
    return Diagnosis("digits", told, digits=int(digits), where=where, point=dict(point))


def _place(point: dict[str, float]) -> str:
    """Return a point as people write it, in all digits: another one may lose none."""
    return ", ".join(f"{name} = {repr(value).removesuffix('.0')}" for name, value in point.items())


def _own(posed: Posed, pair: int, point: dict[str, float]) -> float:
    """Return the derivative that floats give by our rules; nan where it is no first one."""
    problem, target = posed.problem, posed.claim.target
    values = forward(problem.graph, floats, point)
    if len(target.by) > 1:
        return float(values[posed.truths[pair]])
    by = problem.elements(target.by[0])
    node = by[pair % len(by)]
    edges = linearize(problem.graph, floats, values, [node])
    found = pull(edges, floats, {posed.inside[pair]: 1.0})[node]
    return 0.0 if found is None else float(found)


def _first(graph: Graph, root: int, values: list[float], truths: list[Any]) -> str:
    """Return the first operation in a claim that loses digits which its inputs have."""
    for node, below in enumerate(graph.ancestors([root])):
        if not below or not graph.inputs[node]:
            continue
        digits = accuracy(values[node], truths[node])
        if digits is None or digits >= LOST:
            continue
        inputs = [accuracy(values[child], truths[child]) for child in graph.inputs[node]]
        if all(one is not None and one >= KEPT for one in inputs):
            return brief(graph, node, LONG, lambda _: "")
    return ""
