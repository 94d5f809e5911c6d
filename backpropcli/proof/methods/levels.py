"""The passes over a problem with so many digits, and differences of so large steps."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mp, mpc, mpf

from backpropcli.arithmetics.arrays.arrays import Arrays
from backpropcli.arithmetics.arrays.products import matmul
from backpropcli.arithmetics.balls.functions import SATURATES
from backpropcli.arithmetics.digits import LOST, analytic
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.proof.arrays.digits import DIGITS
from backpropcli.proof.arrays.integers import products
from backpropcli.proof.arrays.problem import Passes, take

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.graph.row import Row
    from backpropcli.proof.arrays.problem import Problem

    Value = Any

HALVINGS = 4
"""Steps of an extrapolation, each half of the one before."""
SPARE = mpf(10) ** 3
"""By how much rounding may be more than one unit of the largest number."""
ANALYTIC = Arrays(analytic, words={"matmul": matmul})


class Slope:
    """What a method finds at a level, what its rounding may be, and how ``steady`` steps leave it.

    That is how far the last two extrapolations are apart.
    """

    __slots__ = ("noise", "steady", "value")

    def __init__(self, value: Value, noise: Value, steady: Value = 0) -> None:
        self.value = value
        self.noise = noise
        self.steady = steady


class Complex(Passes):
    """Passes whose moved values have an imaginary part."""

    def __init__(self, passes: Passes) -> None:
        self.graph, self.problem, self.bindings = passes.graph, passes.problem, passes.bindings
        self.values, self.seeds = passes.values, passes.seeds

    def word(self, row: Row) -> Callable[..., Value]:
        """Return what an operation does. Raises LookupError, with its name, if not analytic."""
        try:
            return word(row, ANALYTIC)
        except LookupError:
            raise LookupError("a comparison" if row.infix else row.shown) from None

    def output(self, changed: Mapping[int, Value]) -> Value:
        """Return the sum of the outputs with their cotangents, where some values are changed."""
        values = {node: changed.get(node, self.values[node]) for node in self.seeds}
        return sum((np.sum(seed * values[node]) for node, seed in self.seeds.items()), mpf(0))


class Level:
    """The passes over a problem with so many digits, and differences of so large steps."""

    def __init__(self, problem: Problem, digits: int, step: Value) -> None:
        self.digits = digits
        self.step = step
        self.passes = Passes(problem)
        self.adjoints = self.passes.adjoints()

    @cached_property
    def beyond(self) -> bool:
        """Whether a value is not worked out, as it, or what it is made of, is too large."""
        graph, values = self.passes.graph, self.passes.values
        for node, operation in enumerate(graph.operations):
            if any(one is LOST for one in np.ravel(values[node])):
                return True
            inputs = [values[child] for child in graph.inputs[node]]
            each = np.broadcast_arrays(values[node], *inputs) if operation in SATURATES else []
            for out, first, *rest in zip(*map(np.ravel, each), strict=True):
                if mp.isinf(out) and first and all(map(mp.isfinite, [first, *rest])):
                    return True
        return False

    def reverse(self, node: int, direction: Value) -> Value:
        """Return the derivative along a direction by reverse mode."""
        return products(DIGITS.fit(self.adjoints[node], self.passes.values[node]), direction)[0]

    def noise(self, nodes: list[int]) -> Value:
        """Return what rounding may make of the largest number that slopes are of."""
        return SPARE * self.size(nodes) * mpf(10) ** -self.digits

    def forward(self, node: int, direction: Value) -> Slope:
        """Return the derivative along a direction by forward mode."""
        edges = linearize(self.passes.graph, DIGITS, self.passes.values, [node])
        if not all(_is_finite(partial) for _, _, partial in edges):
            take(self.passes.problem, edges)
        tangents = push(edges, DIGITS, {node: direction})
        total = mpf(0)
        for output, seed in self.passes.seeds.items():
            total += products(seed, DIGITS.fit(tangents[output], self.passes.values[output]))[0]
        return Slope(total, self.noise(self.passes.moving(node)))

    def size(self, nodes: list[int]) -> Value:
        """Return the largest number that differences are of."""
        largest = mpf(1) if not nodes else mpf(0)
        for node in nodes:
            value = self.passes.values[node]
            parts = value.ravel() if hasattr(value, "ravel") else [value]
            largest = max([largest, *[abs(part) for part in parts if mp.isfinite(part)]])
        return largest

    def sides(self, node: int, direction: Value, unit: Value) -> tuple[Slope, Slope, Slope]:
        """Return the slopes to the left, to the right, and of both sides, extrapolated."""
        nodes = self.passes.moving(node)
        lefts, rights = [], []
        for turn in range(HALVINGS):
            step = unit * self.step / 2**turn
            sides = self.passes.sides({node: direction}, step, nodes)
            lefts.append(sides.left)
            rights.append(sides.right)
        both = [(one + other) / 2 for one, other in zip(lefts, rights, strict=True)]
        noise = self.noise(nodes) / step
        parts = ((lefts, 1), (rights, 1), (both, 2))
        found = [extrapolated(slopes, power) for slopes, power in parts]
        before = [extrapolated(slopes[:-1], power) for slopes, power in parts]
        one, two, three = [
            Slope(last, noise, abs(last - less)) for last, less in zip(found, before, strict=True)
        ]
        return one, two, three

    def complex(self, node: int, direction: Value, unit: Value) -> Slope:
        """Return the slope by a complex step. Raises LookupError where that does not apply."""
        nodes = self.passes.moving(node)
        step = unit * mpf(10) ** (-self.digits // 2)
        moved = self.passes.values[node] + mpc(0, 1) * step * direction
        other = Complex(self.passes)
        total = other.output(other.moved({node: moved}, nodes))
        return Slope(mp.im(total) / step, mpf(0))


def extrapolated(slopes: list[Value], power: int) -> Value:
    """Return what slopes of halved steps tend to; their errors are powers of the step^power."""
    column = slopes
    for turn in range(1, len(slopes)):
        factor = 2 ** (power * turn)
        column = [(factor * after - before) / (factor - 1) for before, after in pairwise(column)]
    return column[-1]


def _is_finite(partial: Value) -> bool:
    return not isinstance(partial, mpf) or bool(mp.isfinite(partial))
