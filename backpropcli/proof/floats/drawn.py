"""Values for the variables of a program with arrays: those at hand, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.equality.points import around, literals, scales
from backpropcli.proof.floats.apart import ROUGH, moved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Ranges

    Value = Any

SHARE, LEAST = 0.5, 1e-3
"""How many elements are near literals; and the least of those that are to be above 0."""

NUMBER = 0.7
"""The value of a number that has none, where a program with arrays needs some."""


def drawn(
    graph: Graph, given: Mapping[str, Value], ranges: Ranges, held: Collection[str], count: int
) -> Iterator[dict[str, Value]]:
    """Yield values for all variables: those at hand, and others, also around the literals.

    Those that are ``held`` stay. The last ones have the scales that numbers ask for.
    """
    random = np.random.default_rng(0)
    yield dict(given)
    turns = np.array([float(one) for one in around(*literals(graph))] or [0.0, 1.0])
    for turn in range(count):
        found = {}
        for name, value in given.items():
            shape = np.shape(value)
            low, high = map(float, ranges.get(name, (-3, 3)))
            drawn = np.round(random.uniform(low, high, shape), 3)
            if name not in ranges:
                near = random.choice(turns, shape) + np.round(random.normal(0, 0.1, shape), 3)
                drawn = np.where(random.random(shape) < SHARE, near, drawn)
                drawn = np.abs(drawn) + LEAST if turn % 2 else drawn
            found[name] = value if name in held else drawn if shape else float(drawn)
        yield found
    for scale in map(float, scales(graph)):
        if scale > 0:
            free = given.keys() - {*ranges, *held}
            yield {**found, **{name: found[name] * scale for name in free}}


def rough(
    graph: Graph, given: Mapping[str, Value], ranges: Ranges, held: Collection[str], count: int
) -> Iterator[dict[str, Value]]:
    """Yield the values at hand, and others, which are moved until they are at no kink."""
    for at, values in enumerate(drawn(graph, given, ranges, held, count)):
        yield moved(values, {*held, *ranges}, ROUGH, at) if at else values
