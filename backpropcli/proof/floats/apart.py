"""Two results in floats, element by element: how far they are apart beside what rounding explains.

The spread of Monte Carlo arithmetic says what it explains.
"""

from __future__ import annotations

from math import log10, sqrt
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.arrays.perturbed import PERTURBED
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph

    Value = Any
    Run = Callable[[Mapping[str, Value], Any], Sequence[Value]]
    """Returns results at values of variables, in an arithmetic."""

RUNS = 16
QUANTILE = 12.6
"""A number of 16 degrees of freedom (Student's t) is beyond so many deviations once in 1e9."""
UNIT = 2.0**-53
"""How far a double is rounded, of itself."""
BEYOND, UNCLEAR = 1000, 2.0
"""How many times what rounding explains two numbers are apart that differ; or nobody knows."""
OPEN = "in floats the two are neither equal nor clearly apart"
"""Why nothing is said of two results that are between what rounding explains and ``BEYOND``."""
ROUGH, BESIDE = 1e-3, 1e-6
"""How far numbers are moved that are to be at no kink, and to be beside a point."""
WHOLE = 1e16
"""From here on doubles are whole numbers."""


class Blurred:
    """Results at a point, each with what rounding ``explains`` of it."""

    def __init__(self, results: list[Value], explains: list[Value]) -> None:
        self.results = results
        self.explains = explains

    @classmethod
    @np.errstate(all="ignore")
    def at(
        cls,
        run: Run,
        values: Mapping[str, Value],
        deadline: float,
        unit: float = UNIT,
        tiny: float = 0.0,
    ) -> Blurred | None:
        """Return the results of a run with their spreads. None where time runs out.

        Numbers move by up to ``unit`` of themselves, and by up to ``tiny`` where that is more.
        """
        results = [np.asarray(one, float) for one in run(values, FLOATS)]
        spreads: list[Value] = [np.zeros(one.shape) for one in results]
        for seed in range(RUNS):
            if monotonic() > deadline:
                return None
            PERTURBED.begin(unit, tiny, seed)
            found = zip(spreads, results, run(values, PERTURBED), strict=True)
            spreads = [  # squares of small numbers are 0
                np.hypot(spread, np.asarray(other, float) - one) for spread, one, other in found
            ]
        explains = [
            QUANTILE / sqrt(RUNS) * spread + unit * np.abs(one)
            for spread, one in zip(spreads, results, strict=True)
        ]
        return cls(results, explains)

    def times(self, one: int, other: int, factor: float = 1.0) -> Value:
        """Return how many times what rounding explains a result is from another, times a factor."""
        gap = np.abs(self.results[one] - factor * self.results[other])
        blur = np.hypot(self.explains[one], factor * self.explains[other])
        with np.errstate(all="ignore"):
            times = np.where(np.isfinite(blur), gap / blur, UNCLEAR)
        return np.where(gap == 0, 0.0, times)


def both_passes(
    graph: Graph,
    values: Mapping[str, Value],
    wrt: Mapping[str, int],
    seeds: Mapping[int, Value],
    numbers: Any,  # noqa: ANN401 (an arithmetic of arrays)
) -> tuple[list[Value], dict[str, Value]]:
    """Return the values of all nodes, and the gradient by each name, in an arithmetic."""
    with np.errstate(all="ignore"):
        found: list[Value] = forward(graph, numbers, values)
        adjoints = pull(linearize(graph, numbers, found, wrt.values()), numbers, seeds)
        return found, {name: numbers.fit(adjoints[at], found[at]) for name, at in wrt.items()}


def doubles(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return values in double precision."""
    return {
        name: np.asarray(value, float) if np.shape(value) else float(value)
        for name, value in values.items()
    }


def moving(lowered: Lowered, by: Collection[int]) -> set[str]:
    """Return the variables that nodes ``by`` rest on: a kink by those is by one of these.

    Derivatives that a program holds of its own may be by any of its variables.
    """
    below, variables = lowered.graph.ancestors(by), lowered.graph.variables()
    return {name for name, node in variables.items() if below[node] or lowered.diffs}


def moved(
    values: Mapping[str, Value], held: Collection[str], size: float, seed: int
) -> dict[str, Value]:
    """Return values that are moved at random, but for those of names that are ``held``.

    Each number is: of thousands that are at a kink none may stay there. Numbers that are all next
    to nothing keep their scale, and very large ones have no decimals to round to.
    """
    random = np.random.default_rng(seed)
    places = round(-log10(size)) + 3
    found: dict[str, Value] = {}
    for name, value in values.items():
        step = random.uniform(-size, size, np.shape(value))
        step += np.copysign(size / 100, step)
        most = np.max(np.abs(value), initial=0.0)
        scale = most if 0 < most < size * size else 1.0
        near = value + step * (scale + np.abs(value))
        rounds = scale == 1 and most < WHOLE
        found[name] = value if name in held else (np.round(near, places) if rounds else near)[()]
    return found
