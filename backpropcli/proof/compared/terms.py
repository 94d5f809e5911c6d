"""The factor between two gradients, and the constant between two values.

Each is found at one point, as an expression of what does not move, and then compared everywhere.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain

from mpmath import mp
from mpmath.libmp import to_rational

from backpropcli.arithmetics.balls.ball import ZERO, around_zero, ball, finite
from backpropcli.arithmetics.balls.choices import order, truth
from backpropcli.language.unparse import unparse
from backpropcli.proof.compared.answer import SAME
from backpropcli.proof.compared.relate import DIGITS, FEW, values_of
from backpropcli.proof.equality.coordinates import coordinate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.compared.relate import Pair, Relations
    from backpropcli.proof.equality.points import Point

    Factor = tuple[int, int, bool]

TRIED = 40
"""Points at which a factor or a constant is looked for."""
PLAIN = 4
"""Nodes of an expression that is short as it is."""
LONGEST = 60
"""Characters of a number that is written out."""
SMALL = 10**6
"""A fraction of larger numbers is written as a decimal."""


def factor(relations: Relations, pairs: Sequence[Pair], deadline: float) -> Factor | None:
    """Return the node of the factor that makes the first sides of the second ones, and its sign.

    The sign is 1 or -1, or 0 where it has both; and whether it is 0 at some points.
    """
    graph = relations.both.graph
    base = _base(relations, pairs)
    if base is None:
        return None
    point, at = base
    number = _number(relations, pairs[at], point)
    if number is not None:
        node = relations.both.number(number)
        times = [(one, graph.node("mul", (other, node))) for one, other in pairs]
        if relations.held(times, deadline).status == SAME:
            return node, 1 if number > 0 else -1, False
    for given in _settings(relations, point):
        above, below = relations.both.fixed(pairs[at], given)
        crossed = [
            (graph.node("mul", (one, below)), graph.node("mul", (other, above)))
            for one, other in pairs
        ]
        if relations.held(crossed, deadline).status == SAME:
            node = graph.node("div", (above, below))
            sign = _sign(relations, node)
            return None if sign is None else (_short(relations, node, deadline), *sign)
    return None


def _short(relations: Relations, node: int, deadline: float) -> int:
    """Return a variable, its square or an inverse that is equal to a factor, if one is."""
    graph = relations.both.graph
    part = graph.part([node])[0]
    if len(part) <= PLAIN:
        return node
    one, two = (graph.node("number", (), float(number)) for number in (1, 2))
    for name in part.variables():
        place = graph.variables()[name]
        square = graph.node("pow", (place, two))
        inverses = [graph.node("div", (one, each)) for each in (place, square)]
        for form in (place, square, *inverses):
            if relations.held([(node, form)], deadline).status == SAME:
                return form
    return node


def _base(relations: Relations, pairs: Sequence[Pair]) -> tuple[Point, int] | None:
    """Return a point where both sides of a pair are known not to be 0, and which pair."""
    values_at = values_of(relations.both.graph, [node for pair in pairs for node in pair])
    for point in relations.points[:TRIED]:
        flags = [finite(value) and truth(value) is True for value in values_at(point)]
        for at, both in enumerate(zip(flags[::2], flags[1::2], strict=True)):
            if all(both):
                return point, at
    return None


def _number(relations: Relations, pair: Pair, point: Point) -> Fraction | None:
    """Return the short fraction that one side is times the other at a point; None for none."""
    one, other = values_of(relations.both.graph, pair)(point)
    with mp.workdps(DIGITS):
        middle = ball(one).middle / ball(other).middle
        number = Fraction(*to_rational(middle._mpf_)).limit_denominator(SMALL)
        gap = ball(one - other * number)
    return number if around_zero(gap) else None


def _settings(relations: Relations, point: Point) -> list[Point]:
    """Return a point, and as much of it as moves: the rest may stay in an expression."""
    names = relations.both.moved()
    return [point, {name: value for name, value in point.items() if name in names}]


def _sign(relations: Relations, node: int) -> tuple[int, bool] | None:
    """Return the sign of a node at the points, and whether it is 0 at one.

    It is None where the node has no value at many.
    """
    values = chain.from_iterable(map(values_of(relations.both.graph, [node]), relations.points))
    signs = [order(value, ZERO) if finite(value) else None for value in values]
    if signs.count(None) > FEW * len(signs):
        return None
    return (1 in signs) - (-1 in signs), 0 in signs


def constant(relations: Relations, pair: Pair, deadline: float) -> int | None:
    """Return the node of what the first has over the second, if it rests on nothing that moves."""
    graph, (one, other) = relations.both.graph, pair
    difference = graph.node("sub", pair)
    values_at = values_of(graph, [difference])
    for point in relations.points[:TRIED]:
        if all(map(finite, values_at(point))):
            for given in _settings(relations, point):
                [gap] = relations.both.fixed([difference], given)
                apart = graph.node("add", (other, gap))
                if relations.held([(one, apart)], deadline).status == SAME:
                    return gap
            return None
    return None


def written(graph: Graph, node: int) -> Iterator[tuple[str, bool]]:
    """Yield texts of a term, each shorter than the last, and whether it is a number."""
    part, places = graph.part([node])
    root = places[node]
    [number] = [None] if part.variables() else values_of(part, [root])({})
    text = _text(part, root, number)
    yield text, number is not None
    if number is None or "≈" in text:
        from backpropcli.proof.simplify import search

        for form in search(part, root):
            if not isinstance(form, str):
                yield _text(*form, number), number is not None


def _text(graph: Graph, node: int, number: Number | None) -> str:
    """Return a term as text: a number, an expression, or both."""
    if isinstance(number, Fraction) and number.denominator < SMALL:
        return coordinate(number)
    text = unparse(graph, node)
    if number is None or graph.literal(node):
        return text
    decimal = f"{float(ball(number).middle):.6g}"
    return f"{text} ≈ {decimal}" if len(text) <= LONGEST else f"≈ {decimal}"
