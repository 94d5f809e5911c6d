"""Where operations on numbers are at a kink, by inputs that move."""

from __future__ import annotations

from math import isinf

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input, parsed, weights
from backpropcli.report.kinked import moved, with_kinks
from backpropcli.report.kinks.kink import KinkMet, answers_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from backpropcli.graph.cells import Kink
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

COMPARISONS = {"lt", "le", "gt", "ge", "eq", "ne"}
EXTREMES = {"max", "min"}


def met(graph: Graph, values: Sequence[float], moving: bytearray) -> Iterator[KinkMet]:
    """Yield the kinks of a graph's nodes by the inputs that move."""
    for number in with_kinks(graph):
        inputs = graph.inputs[number]
        if not any(moving[child] for child in inputs):
            continue
        row = graph.row(number)
        given = [values[number], *[values[child] for child in inputs]]
        if row.name in COMPARISONS and (given[1] != given[2] or settled(graph, number, values)):
            continue
        for kink in row.kinks:
            yield from _one(graph, row, kink, number, given, moving)


def tells(row: Row) -> bool:
    """Say whether two infinities make a kink of an operation: they tie, as far as floats know.

    Of other operations what overflows is at no kink: that floor(inf) is inf says nothing.
    """
    return row.variadic or row.name in COMPARISONS


def _one(  # noqa: PLR0913 (a kink of a node, at a point)
    graph: Graph,
    row: Row,
    kink: Kink,
    number: int,
    given: list[float],
    moving: bytearray,
) -> Iterator[KinkMet]:
    inputs = graph.inputs[number]
    turning = kink.by(moved(row, inputs, moving))
    flags = by_input(row, [kink.when], floats)(*given)
    if row.variadic:
        tied = [child for child, at in zip(inputs, flags, strict=True) if at]
        if len({*tied} if row.shares else tied) < 2:  # noqa: PLR2004
            return  # all that tie are one node: no kink where they share the slope
    elif not flags[0]:
        return
    chosen: Sequence[float | None] = ()
    for index, child in enumerate(inputs):
        name = row.parameters[row.cell(index)]
        if name not in turning or not moving[child] or (row.variadic and not flags[index]):
            continue
        if isinf(given[index + 1]) and not tells(row):
            continue
        if not chosen:
            chosen = weights(row, tuple(range(len(inputs))), floats)(*given)
        left, right = (_at(row, slope, given, index) for slope in kink.slopes[name])
        answers = {
            peer: _at(row, rule, given, index) + 0.0 if rule else None
            for peer, rule in answers_of(kink, name)
        }
        sides = (left, right, chosen[index] or 0.0)
        at = given[index + 1] + 0.0
        found = KinkMet.of(row, kink, name, (number, child), sides, at=at, answers=answers)
        twice = inputs.count(child) > 1 and not row.variadic
        found.together |= _together(graph, row, kink, inputs, index) if kink.jump else twice
        yield found


def _together(graph: Graph, row: Row, kink: Kink, inputs: tuple[int, ...], index: int) -> bool:
    """Say whether a jump that is met by several inputs is so by one, as others move with it."""
    rule, root = parsed(row, kink.when)
    if rule.operations[root] != "and":
        return False
    variables, mine = graph.variables().values(), graph.ancestors([inputs[index]])
    others = graph.ancestors([child for at, child in enumerate(inputs) if at != index])
    return any(mine[node] and others[node] for node in variables)


def _at(row: Row, rule: Any, given: list[float], index: int) -> float:  # noqa: ANN401 (a Rule)
    found = by_input(row, [rule], floats)(*given)
    return float(found[index if row.variadic else 0])


def settled(graph: Graph, number: int, values: Sequence[Any]) -> bool:
    """Say whether the answer of a comparison stays what it is around a point where both are equal.

    It does if both are one node; or if it is asked whether an input of max or min is the result,
    as their rules do, and this one alone is.
    """
    one, other = graph.inputs[number]
    if one == other:
        return True
    for extreme, choice in ((one, other), (other, one)):
        if graph.operations[extreme] in EXTREMES and choice in graph.inputs[extreme]:
            most, tied = values[extreme], set()
            for at in graph.inputs[extreme]:
                if values[at] == most:
                    tied.add(at)
                    if len(tied) > 1:
                        return False
            return len(tied) == 1
    return False
