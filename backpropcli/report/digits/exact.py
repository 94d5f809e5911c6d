"""The exact numbers of a point, its doubles or what was typed for them; what nodes are there."""

from __future__ import annotations

from fractions import Fraction
from time import thread_time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import INF, NAN, Ball, ball
from backpropcli.calculus.bindings import Typed
from backpropcli.calculus.forward import forward
from backpropcli.report.digits.numbers import PRECISIONS, sharp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph

GROWTH = 8
"""How much longer a pass takes with twice the digits, at most: Bernoulli numbers are the worst."""
PATIENCE = 2.0
"""Seconds that a sentence on a node may take, at most."""


def exact(value: float | Fraction) -> Number:
    """Return a double exactly."""
    if value - value == 0:
        return Fraction(value)
    if value != value:  # noqa: PLR0124 (nan)
        return NAN
    return INF if value > 0 else Ball(-INF.middle, INF.radius)


DOUBLES: Any = SimpleNamespace(
    __name__="balls at doubles",
    WORDS=balls.WORDS,
    INFIX=balls.INFIX,
    constant=balls.constant,
    double=exact,
    add=balls.add,
    mul=balls.mul,
)
"""The arithmetic of balls in which a literal of a program is the double that it was read as."""


def is_rounded(number: float) -> bool:
    """Say whether a finite number is another one as it was typed than as a double."""
    if number - number != 0:
        return False
    if isinstance(number, Typed):
        return bool(forward(number.graph, balls, {})[number.root] != Fraction(number))
    return Fraction(repr(number)) != Fraction(number)


def typed(bindings: Mapping[str, float]) -> dict[str, Number]:
    """Return the numbers that were typed for values, by name; expressions may share a graph."""
    found: dict[str, Number] = {}
    graphs: dict[int, list[Number]] = {}
    for name, value in bindings.items():
        if isinstance(value, Typed):
            key = id(value.graph)
            if key not in graphs:
                graphs[key] = forward(value.graph, balls, {})
            found[name] = graphs[key][value.root]
        else:
            found[name] = exact(value) if value - value != 0 else Fraction(repr(value))
    return found


def precisions(patience: float) -> Iterator[int]:
    """Yield one precision after the other, as long as a pass may fit in ``patience`` seconds.

    It is the time that the passes take themselves, so a busy machine knows no fewer digits.
    """
    began = thread_time()
    deadline = began + patience
    for precision in PRECISIONS:
        before, began = began, thread_time()
        if began + GROWTH * (began - before) > deadline:
            return
        yield precision


def base_at(bindings: Mapping[str, float], *, as_typed: bool) -> tuple[Any, dict[str, Number]]:
    """Return an arithmetic of balls and what is bound in it: doubles, or what was typed."""
    if as_typed:
        return balls, typed(bindings)
    return DOUBLES, {name: exact(value) for name, value in bindings.items()}


def values_at(
    graph: Graph, point: Mapping[str, float], nodes: Sequence[int], *, as_typed: bool = False
) -> list[Any]:
    """Return what nodes truly are at the doubles of the point; None where that is not known.

    They are mpmath's numbers, inf at a pole and nan outside of the domain; with ``as_typed`` at the
    numbers as they were typed. What is 0 as far as digits tell, and not exactly, is not known.
    """
    found: list[Any] = [None] * len(nodes)
    for precision in precisions(PATIENCE):
        with mp.workdps(precision):
            arithmetic, bindings = base_at(point, as_typed=as_typed)
            values = forward(graph, arithmetic, bindings, alike=True, roots=nodes)
            numbers = [ball(values[node]) for node in nodes]
            found = [None if one.radius and not sharp(one) else one.middle for one in numbers]
            if None not in found:
                break
    return found
