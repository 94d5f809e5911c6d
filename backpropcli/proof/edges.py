"""Each local partial derivative held against SymPy's of that one operation."""

from __future__ import annotations

from mpmath import isinf, mpf

from backpropcli.arithmetics.balls.ball import Ball, ball, truth
from backpropcli.arithmetics.rules import by_input
from backpropcli.proof.findings import Finding
from backpropcli.report.kinks import COMPARISONS, settled
from backpropcli.report.numbers import AGREE, same
from backpropcli.report.truth import DOUBLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.calculus.linearize import Edges
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.slopes import Slopes

MARGIN = 1000
"""How many times what rounding explains two numbers may be apart."""


def held(  # noqa: C901 (one walk over the edges)
    slopes: Slopes, graph: Graph, values: list[Number], edges: Edges, reached: bytearray
) -> Iterator[Finding | int]:
    """Yield what is amiss with the edges of the nodes ``reached``; else the node that is right.

    Nodes at kinks and functions with rules of their own are right as they are: there a slope is a
    convention, or is what the rule says.
    """
    position, last = 0, -1
    for head, tail, partial in zip(edges.heads, edges.tails, edges.partials, strict=True):
        if not reached[head]:
            continue
        if head != last:
            if last >= 0:
                yield last
            position, last = 0, head
            skipped = graph.row(head).own or at_kink(graph, head, values, edges.active)
        if skipped or infinite(partial):
            continue
        index = graph.inputs[head].index(tail, position)
        position = index + 1
        try:
            found = slopes.local(graph, values, head, index)
            if found is not None and not agree(partial, found):
                found = slopes.local(graph, values, head, index, careful=True)
        except LookupError as error:
            yield Finding("no definition", head, text=str(error))
            continue
        if found is None:
            yield Finding("no value", head)
        elif not agree(partial, found):
            yield Finding("partial", head, ours=str(ball(partial).middle), sympy=str(found))
    if last >= 0:
        yield last


def infinite(number: Number) -> bool:
    """Say whether a partial is known to be infinite: SymPy has no value for one."""
    return isinstance(number, Ball) and bool(isinf(number.middle))


def agree(ours: Number, found: object) -> bool:
    """Say whether a number of ours agrees with SymPy's in 40 digits, or in all that are known."""
    one = ball(ours)
    if not one.known:
        return False
    other = mpf(found)
    if same(one.middle, other, AGREE):
        return True
    return bool(abs(one.middle - other) <= MARGIN * one.radius)


def at_kink(graph: Graph, number: int, values: list[Number], moving: bytearray) -> bool:
    """Say whether the values are, or may be, at a kink of a node by an input that moves."""
    row, inputs = graph.row(number), graph.inputs[number]
    if not row.kinks or not any(moving[child] for child in inputs):
        return False
    if row.name in COMPARISONS and settled(graph, number, values):
        return False
    given = [values[number], *[values[child] for child in inputs]]
    for kink in row.kinks:
        met = by_input(row, [kink.when], DOUBLES)(*given)
        if row.variadic:
            tied = {at for at, flag in zip(inputs, met, strict=True) if _maybe(flag)}
            if len(tied) > 1 and any(moving[at] for at in tied):
                return True
        elif _maybe(met[0]) and any(
            moving[at] and name in kink.slopes
            for at, name in zip(inputs, row.parameters, strict=True)
        ):
            return True
    return False


def _maybe(flag: Number) -> bool:
    return truth(flag) is not False if isinstance(flag, Ball) else bool(flag)
