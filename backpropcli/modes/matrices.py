"""Jacobians and Hessians of programs of arrays, by sweeps over whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.choice import given_to, numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull, push
from backpropcli.errors import BackpropError
from backpropcli.modes.derived import directional, with_derivative
from backpropcli.report.branches.elements import felt_elements, keep_felt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from backpropcli.calculus.linearize import Edges
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.modes.jvp import Jvp
    from backpropcli.report.report import Report

    Array = np.ndarray[Any, Any]
    Value = Any

ENOUGH = 6
"""Digits of a product, beside its terms, in which two ways to it have to agree."""
SEED = 0
"""For the direction along which a matrix is checked."""
MOST_ENTRIES = 1_000_000
"""How many entries a matrix of derivatives may have."""


class Sweeps:
    """A program of arrays, to be differentiated by the nodes ``asked`` for, by name.

    A matrix that was found is checked along a random direction.
    """

    def __init__(
        self, lowered: Lowered, bindings: Mapping[str, Any], asked: dict[str, int]
    ) -> None:
        self.lowered = lowered
        self.bindings = bindings
        self.asked = asked
        self.nodes = [*asked.values()]
        self.shapes: list[Any] = lowered.shapes_at(self.nodes)
        self.arrays = numbers_of(lowered.graph, bindings)

    def fits(self, matrix: list[list[float]], direction: Array, there: Array) -> bool:
        """Say whether a matrix times a direction is what is ``there``, in enough digits."""
        given, rounding = np.array(matrix), getattr(self.arrays, "format", None)
        digits = ENOUGH if rounding is None else min(ENOUGH, rounding.digits / 2)
        room = 10.0**-digits * (np.abs(given) @ np.abs(direction) + np.abs(there))
        return bool(np.all(np.abs(given @ direction - there) <= room))

    def _direction(self) -> dict[int, Value]:
        random = np.random.default_rng(SEED)
        parts = [random.normal(size=shape) for shape in self.shapes]
        return dict(zip(self.nodes, parts, strict=True))


class Columns(Sweeps):
    """The Hessian of the one output: a gradient of its derivative along each element.

    The derivative along a direction is written once, with the direction as variables; each column
    is its gradient where one element of the direction is 1.
    """

    def along(self) -> tuple[Report, Array, Array]:
        """Return what is found along a random direction, the direction, and the product with it."""
        direction, [output] = self._direction(), self.lowered.outputs
        report = directional(self.lowered, output, direction, self.bindings, self.asked)
        return report, _joined(direction.values()), _joined(report.gradient.values())

    def entries(self, pattern: list[list[int]]) -> list[dict[int, float]] | None:
        """Return rows of the entries that can differ from 0; None where one is not finite."""
        matrix = np.array([found for _, found in self._columns()])
        if not np.isfinite(matrix).all():
            return None
        rows = zip(_symmetric(matrix), pattern, strict=True)
        return [{at: row[at] for at in places} for row, places in rows]

    def rows(self) -> list[dict[int, float]]:
        """Return rows of all entries.

        Nothing comes from an element that no branch takes: a column that is not finite is worked
        out once more, with what is felt.
        """
        [output] = self.lowered.outputs
        columns = []
        for unit, found in self._columns():
            if not np.isfinite(found).all():
                report = directional(self.lowered, output, unit, self.bindings, self.asked)
                found = _joined(report.gradient.values())  # noqa: PLW2901 (the same, better)
            columns.append(found)
        return [dict(enumerate(row)) for row in _symmetric(np.array(columns))]

    def _columns(self) -> Iterator[tuple[dict[int, Value], Array]]:
        """Yield each column, with the direction that it is along."""
        [output] = self.lowered.outputs
        every = dict(zip(self.nodes, map(np.ones, self.shapes), strict=True))
        made = with_derivative(self.lowered, output, every)
        given = given_to(self.arrays, self.bindings)
        zeros = {name: np.zeros(shape) for name, shape in zip(made.given, self.shapes, strict=True)}
        for node, name in zip(self.nodes, made.given, strict=True):
            for unit in _units(zeros[name].shape):
                with np.errstate(all="ignore"):
                    point = given | given_to(self.arrays, zeros | {name: unit})
                    values = forward(made.graph, self.arrays, point)
                    edges = linearize(made.graph, self.arrays, values, self.nodes)
                    found = pull(edges, self.arrays, {made.outputs[0]: 1.0})
                    parts = [self.arrays.fit(found[at], values[at]) for at in self.nodes]
                yield {node: unit}, _joined(parts)


class Slopes(Sweeps):
    """The Jacobian of all outputs: a row by each sweep back, or a column by each one forward.

    ``product`` finds what the outputs do along a direction by names.
    """

    def __init__(
        self,
        lowered: Lowered,
        bindings: Mapping[str, Any],
        asked: dict[str, int],
        product: Callable[[dict[str, Value]], Jvp],
    ) -> None:
        super().__init__(lowered, bindings, asked)
        self.product = product

    def along(self) -> tuple[Jvp, Array, Array]:
        """Return what is found along a random direction, the direction, and the product with it."""
        direction = self._direction()
        found = self.product(dict(zip(self.asked, direction.values(), strict=True)))
        return found, _joined(direction.values()), np.array(found.products)

    @np.errstate(all="ignore")
    def matrix(self, mode: str) -> Array:
        """Return the matrix: a row an element of an output, a column an element of a variable."""
        given = given_to(self.arrays, self.bindings)
        values = forward(self.lowered.graph, self.arrays, given)
        edges = linearize(self.lowered.graph, self.arrays, values, self.nodes)
        sweep = self._back if mode == "reverse" else self._ahead
        found = sweep(edges, values)
        if not np.isfinite(found).all():
            graph, outputs = self.lowered.graph, self.lowered.outputs
            keep_felt(edges, felt_elements(graph, values, outputs, self.arrays))
            found = sweep(edges, values)
        return found if mode == "reverse" else found.T

    def _back(self, edges: Edges, values: list[Value]) -> Array:
        rows = []
        for output in self.lowered.outputs:
            for unit in _units(np.shape(values[output])):
                found = pull(edges, self.arrays, self._given({output: unit}))
                rows.append(_joined(self.arrays.fit(found[at], values[at]) for at in self.nodes))
        return np.array(rows)

    def _ahead(self, edges: Edges, values: list[Value]) -> Array:
        columns = []
        for node, shape in zip(self.nodes, self.shapes, strict=True):
            for unit in _units(shape):
                found = push(edges, self.arrays, self._given({node: unit}))
                parts = [self.arrays.fit(found[at], values[at]) for at in self.lowered.outputs]
                columns.append(_joined(parts))
        return np.array(columns)

    def _given(self, seeds: dict[int, Value]) -> dict[int, Value]:
        """Return seeds as numbers of the arithmetic."""
        rounded = hasattr(self.arrays, "format")
        return self.arrays.given(seeds) if rounded else seeds


def _symmetric(matrix: Array) -> list[list[float]]:
    """Return a symmetric matrix by its lower half: rounding parts the two."""
    half = np.tril(matrix)
    found: list[list[float]] = (half + np.tril(half, -1).T).tolist()
    return found


def _units(shape: tuple[int, ...]) -> Iterator[Array]:
    """Yield arrays with one element that is 1, for each place; the others are 0."""
    for place in np.ndindex(shape):
        unit = np.zeros(shape)
        unit[place] = 1.0
        yield unit


def _joined(parts: Iterable[Value]) -> Array:
    """Return all elements of some arrays, in row-major order."""
    return np.concatenate([np.ravel(part) for part in parts])


def sizes_at(lowered: Lowered, nodes: Iterable[int]) -> list[int]:
    """Return how many elements the nodes have."""
    shapes: list[Any] = lowered.shapes_at(nodes)
    return [int(np.prod(shape)) for shape in shapes]


def fitting(entries: int, what: str, hint: str) -> None:
    """Raise BackpropError for a matrix that has too many entries."""
    if entries > MOST_ENTRIES:
        raise BackpropError(f"{what} has {entries:,} entries, more than {MOST_ENTRIES:,}", hint)
