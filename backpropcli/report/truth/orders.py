"""What an order or a place at a point decides of a program of arrays that is written in numbers.

Equal elements are compared there. What is left is rounding that puts elements in another order, and
places that jump.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from mpmath import mp

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.balls.ball import Undecided, ball, is_nan
from backpropcli.arithmetics.balls.choices import order
from backpropcli.calculus.elements import built
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.graph.graph import Graph
from backpropcli.report.digits.exact import DOUBLES, exact
from backpropcli.report.digits.numbers import AGREE, PRECISIONS, same, sharp
from backpropcli.report.kinks.met import met

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.calculus.elements import Numbers

    Pair = tuple[int, int]

MOST = 12
"""Pairs of elements that are tried the other way round."""
POINTS = 3
GOES_BY = {
    *("sort", "unsorted", "in_order", "argmax", "argmin"),
    *("index", "put", "gather", "scattered", "one_hot", "classes"),
}
"""Operations that go by the order of elements, or take elements by their places."""
NEAR = Fraction(1, 10**6)
"""How far off the points are at which outputs are compared, for the size of each number."""


def jumps(numbers: Numbers) -> int | None:
    """Return the node of arrays that goes by an order or a place that jumps here, or None."""
    if numbers.fixed:
        return _by(numbers, min(numbers.fixed))
    if not numbers.placed:
        return None
    graph = numbers.program.graph
    values = forward(graph, floats, numbers.bindings)
    active = linearize(graph, None, (), [*graph.variables().values()]).active
    kinks = [kink.node for kink in met(graph, values, active) if kink.jump]
    for place in numbers.placed:
        below = graph.ancestors([place])
        if any(below[node] for node in kinks):
            return _by(numbers, place)
    return None


def decided(numbers: Numbers) -> tuple[str, int] | None:
    """Return what decides an order or a place, and the node of arrays that goes by it; or None.

    It is a jump of it ("kink"), or rounding: where exact numbers are equal ("missed"), or in
    another order ("rounded"), or where it is not known ("undecided").
    """
    compared, placed = numbers.compared, numbers.placed
    jump = jumps(numbers)
    if jump is not None:
        return "kink", jump
    if not compared and not placed:
        return None
    roots = sorted({*placed, *(node for pair in compared for node in pair)})
    values = _values(numbers, roots)
    if values is None:
        return "undecided", _by(numbers, roots[0])
    for node, place in placed.items():
        if order(values[node], Fraction(place)):
            return "rounded", _by(numbers, node)
    signs = {pair: order(values[pair[0]], values[pair[1]]) for pair in compared}
    loose = [pair for pair, sign in compared.items() if sign != signs[pair]]
    if not _matters(numbers, loose):
        return None
    kinds = {_kind(signs[pair]): pair for pair in reversed(loose)}
    kind = next(one for one in ("rounded", "missed", "undecided") if one in kinds)
    return kind, _by(numbers, kinds[kind][0])


def _kind(there: int | None) -> str:
    """Return what an order is that is another one in exact arithmetic, where it is ``there``."""
    return "undecided" if there is None else "rounded" if there else "missed"


def _by(numbers: Numbers, node: int) -> int:
    """Return the node of arrays that goes by the order, or the place, of an element."""
    graph = numbers.lowered.graph
    for number, inputs in enumerate(graph.inputs):
        goes = inputs and graph.operations[number] in GOES_BY
        if goes and any(node in numbers.places[child] for child in inputs):
            return number
    return numbers.lowered.outputs[0]


def _values(numbers: Numbers, roots: Sequence[int]) -> dict[int, Number] | None:
    """Return what nodes truly are; None where a choice is not decided."""
    bindings = {name: exact(value) for name, value in numbers.bindings.items()}
    for precision in PRECISIONS[:3]:
        with mp.workdps(precision):
            try:
                found = forward(numbers.program.graph, DOUBLES, bindings, alike=True, roots=roots)
            except Undecided:
                continue
            return {node: found[node] for node in roots}
    return None


def _matters(numbers: Numbers, pairs: Sequence[Pair]) -> bool:
    """Say whether the outputs are others where elements of a pair stand the other way round."""
    if not pairs or len(pairs) > MOST:
        return bool(pairs)
    graph = Graph()

    def outputs(*before: Pair) -> list[int]:
        places = built(numbers.lowered, numbers.of, graph, before)[1]
        return [node for output in numbers.lowered.outputs for node in places[output]]

    usual = outputs()
    gaps = {
        gap
        for one, other in pairs
        for way in ((one, other), (other, one))
        for gap in zip(usual, outputs(way), strict=True)
        if gap[0] != gap[1]
    }
    return not _same(graph, numbers.bindings, gaps)


def _same(graph: Graph, bindings: Mapping[str, float], pairs: Iterable[Pair]) -> bool:
    """Say whether nodes are the same functions, as they are at random points near by."""
    random = np.random.default_rng(0)
    roots = sorted({node for pair in pairs for node in pair})
    for _ in range(POINTS if roots else 0):
        point = {name: _beside(value, random) for name, value in bindings.items()}
        with mp.workdps(PRECISIONS[0]):
            try:
                values = forward(graph, DOUBLES, point, alike=True, roots=roots)
            except Undecided:
                return False
            for one, other in pairs:
                first, second = values[one], values[other]
                if is_nan(first) or not (sharp(first) and sharp(second)):
                    return False
                if not same(ball(first).middle, ball(second).middle, AGREE):
                    return False
    return True


def _beside(value: float, random: np.random.Generator) -> Number:
    number = exact(value)
    if not isinstance(number, Fraction):
        return number
    return number + NEAR * (abs(number) or 1) * Fraction(int(random.integers(1, 1000)), 1000)
