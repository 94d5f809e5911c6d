"""Second derivatives of numbers by arrays: two sweeps over whole arrays for each column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.choice import given_to, numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.modes.hvp import directional, with_derivative

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.calculus.lower import Lowered
    from backpropcli.report.report import Report

    Array = np.ndarray[Any, Any]


ENOUGH = 6
"""Digits of a product, beside its terms, in which two ways to it have to agree."""


class Columns:
    """The Hessian of the one output of a program of arrays, by the nodes ``asked`` for, by name.

    The derivative along a direction is written once, with the direction as variables; each column
    is its gradient where one element of the direction is 1.
    """

    def __init__(
        self, lowered: Lowered, bindings: Mapping[str, Any], asked: dict[str, int]
    ) -> None:
        self.lowered = lowered
        self.bindings = bindings
        self.asked = asked
        self.shapes: list[Any] = lowered.shapes_at(asked.values())
        self.arrays = numbers_of(lowered.graph, bindings)

    def along(self, seed: int = 0) -> tuple[Report, Array]:
        """Return the derivative of the output along a random direction, and that: H v and v."""
        [output] = self.lowered.outputs
        parts = [np.random.default_rng(seed).normal(size=shape) for shape in self.shapes]
        direction = dict(zip(self.asked.values(), parts, strict=True))
        report = directional(self.lowered, output, direction, self.bindings, self.asked)
        return report, np.concatenate([part.ravel() for part in parts])

    def fits(self, matrix: list[list[float]], report: Report, direction: Array) -> bool:
        """Say whether a matrix times a direction is that gradient of a report, in enough digits."""
        given = np.array(matrix)
        there = np.concatenate([np.ravel(slope) for slope in report.gradient.values()])
        room = 10.0**-ENOUGH * (np.abs(given) @ np.abs(direction) + np.abs(there))
        return bool(np.all(np.abs(given @ direction - there) <= room))

    def entries(self, pattern: list[list[int]]) -> list[dict[int, float]] | None:
        """Return rows of the entries that can differ from 0; None where one is not finite."""
        matrix = self.matrix()
        if not np.isfinite(matrix).all():
            return None
        rows = zip(matrix, pattern, strict=True)
        return [{at: float(row[at]) for at in places} for row, places in rows]

    @np.errstate(all="ignore")
    def matrix(self) -> Array:
        """Return the Hessian: a row and a column an element, in row-major order; symmetric."""
        [output] = self.lowered.outputs
        nodes = [*self.asked.values()]
        every = dict(zip(nodes, map(np.ones, self.shapes), strict=True))
        made = with_derivative(self.lowered, output, every)
        given = given_to(self.arrays, self.bindings)
        zeros = {name: np.zeros(shape) for name, shape in zip(made.given, self.shapes, strict=True)}
        columns = []
        for name, zero in zeros.items():
            for place in np.ndindex(zero.shape):
                unit = zero.copy()
                unit[place] = 1.0
                values = forward(made.graph, self.arrays, given | zeros | {name: unit})
                edges = linearize(made.graph, self.arrays, values, nodes)
                found = pull(edges, self.arrays, {made.outputs[0]: 1.0})
                parts = [self.arrays.fit(found[node], values[node]) for node in nodes]
                columns.append(np.concatenate([np.ravel(part) for part in parts]))
        half = np.tril(np.array(columns))
        whole: Array = half + np.tril(half, -1).T
        return whole
