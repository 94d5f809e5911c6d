"""Each local partial derivative held against SymPy's of that one operation."""

from __future__ import annotations

from functools import reduce
from itertools import groupby
from operator import itemgetter

from mpmath import isinf, mpf

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import Ball, ball, is_zero
from backpropcli.proof.findings.finding import Finding
from backpropcli.report.digits.numbers import AGREE, length, same
from backpropcli.report.truth.hidden import at_kink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.calculus.linearize import Edges
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.gradient.slopes import Slopes

MARGIN = 1000
"""How many times what rounding explains two numbers may be apart."""


def held(
    slopes: Slopes, graph: Graph, values: list[Number], edges: Edges, reached: bytearray
) -> Iterator[Finding | int]:
    """Yield what is amiss with the edges of the nodes ``reached``; else the node that is right.

    A slope by an input that is at a kink, and functions with rules of their own, are right as they
    are: there a slope is a convention, or is what the rule says.
    """
    active = edges.active
    for head, ways in groupby(edges, key=itemgetter(0)):
        if not reached[head]:
            continue
        if not graph.row(head).own:
            turning = at_kink(graph, head, values, active, slopes.point.arithmetic)
            plain = [way for way in ways if way[1] not in turning]
            yield from _amiss(slopes, graph, values, head, plain)
        yield head


def _amiss(
    slopes: Slopes,
    graph: Graph,
    values: list[Number],
    head: int,
    ways: Iterable[tuple[int, int, Number]],
) -> Iterator[Finding]:
    """Yield what is amiss with the edges of one node."""
    for ours, indexes in _slopes(graph, head, ways):
        if infinite(ours):
            continue
        found = _theirs(slopes, graph, values, head, indexes)
        if found is None or not agree(ours, found):
            more = length(ball(ours).middle)
            found = _theirs(slopes, graph, values, head, indexes, careful=more)
        if found is not None and agree(ours, found):
            continue
        if is_zero(ours) and all(slopes.vanishes(graph, values, head, at) for at in indexes):
            continue
        if found is None:
            yield Finding("no value", head)
        else:
            yield Finding("partial", head, ours=str(ball(ours).middle), sympy=str(found))


def _slopes(
    graph: Graph, head: int, ways: Iterable[tuple[int, int, Number]]
) -> list[tuple[Number, list[int]]]:
    """Return slopes of one node, and the positions of the inputs by which they are.

    A node that an operation takes several times is one input where SymPy may have another way to
    the same slope: max(x, x) is x, however its slope is shared, and so is where(c, x, x). Of max
    and min it is one symbol, at the first of the positions.
    """
    every: dict[int, list[int]] = {}
    for index, child in enumerate(graph.inputs[head]):
        every.setdefault(child, []).append(index)
    partials: dict[int, list[Number]] = {}
    for _, tail, partial in ways:
        partials.setdefault(tail, []).append(partial)
    pairs: list[tuple[Number, list[int]]] = []
    for tail, of_tail in partials.items():
        indexes = every[tail]
        if graph.row(head).variadic:
            pairs.append((reduce(balls.add, of_tail), indexes[:1]))
        elif len(of_tail) < len(indexes):
            pairs.append((reduce(balls.add, of_tail), indexes))
        else:
            pairs += [(one, [at]) for one, at in zip(of_tail, indexes, strict=True)]
    return pairs


def _theirs(  # noqa: PLR0913 (an edge of a node at a point)
    slopes: Slopes,
    graph: Graph,
    values: list[Number],
    head: int,
    indexes: Iterable[int],
    *,
    careful: int | None = None,
) -> Any:  # noqa: ANN401 (SymPy has no types)
    """Return the sum of SymPy's derivatives by some inputs; None where one has no value.

    They are ``careful`` with as many digits more.
    """
    total = mpf(0)
    for index in indexes:
        found = slopes.local(graph, values, head, index, careful=careful)
        if found is None:
            return None
        total += found
    return total


def infinite(number: Number) -> bool:
    """Say whether a partial is known to be infinite: SymPy has no value for one."""
    return isinstance(number, Ball) and number.known and bool(isinf(number.middle))


def agree(ours: Number, found: object) -> bool:
    """Say whether a number of ours agrees with SymPy's in 40 digits, or in all that are known."""
    one = ball(ours)
    if not one.known:
        return False
    other = mpf(found)
    if same(one.middle, other, AGREE):
        return True
    return bool(abs(one.middle - other) <= MARGIN * one.radius)
