"""What there is to prove of a program with arrays, and its passes in many digits."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mpmath import mpf

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.proof.arrays.digits import DIGITS
from backpropcli.proof.arrays.integers import exact, finite, moved, products
from backpropcli.proof.floats.places import PLACES
from backpropcli.report.branches.elements import felt_elements, keep_felt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.calculus.linearize import Edges
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row
    from backpropcli.report.report import Report

    Value = Any


WHOLE = {"floor", "ceil", "round", "trunc"}
"""Steps by whole numbers."""
HALF = mpf("0.5")
"""Beside a move by more than this there may be several of them."""


class Problem:
    """A graph, the values of its variables, the nodes ``wrt`` by name, and the outputs' cotangents.

    What is differentiated is the sum of the outputs with their cotangents. ``origins`` has the
    nodes of the program that the nodes stand for, where the graph is another one.
    """

    def __init__(
        self,
        graph: Graph,
        bindings: Mapping[str, Value],
        wrt: Mapping[str, int],
        seeds: Mapping[int, Value],
        origins: Sequence[int] | None = None,
    ) -> None:
        self.graph = graph
        self.origins = range(len(graph)) if origins is None else origins
        self.bindings = bindings
        self.wrt = wrt
        self.seeds = seeds

    @cached_property
    def exact(self) -> dict[str, Value]:
        """The bindings in mpmath's numbers: a double is one in any precision."""
        return {name: exact(value) for name, value in self.bindings.items()}

    @classmethod
    def of(cls, report: Report) -> Problem:
        """Return what a report claims."""
        return cls(report.graph, report.bindings, report.wrt, report.seeds)


class Passes:
    """The two passes over a problem in many digits, at mpmath's precision when they are made."""

    def __init__(self, problem: Problem) -> None:
        graph = self.graph = problem.graph
        self.problem = problem
        self.bindings = problem.exact
        self.seeds = {node: exact(seed) for node, seed in problem.seeds.items()}
        self.values: list[Value] = forward(graph, DIGITS, self.bindings)

    def adjoints(self) -> list[Value]:
        """Return the adjoint of each node, by our own rules; None where nothing arrives."""
        wrt = self.problem.wrt.values()
        edges = linearize(self.graph, DIGITS, self.values, wrt)
        found: list[Value] = DIGITS.in_shape(pull(edges, DIGITS, self.seeds), self.values)
        if all(found[node] is None or finite(found[node]) for node in wrt):
            return found
        take(self.problem, edges)
        again: list[Value] = DIGITS.in_shape(pull(edges, DIGITS, self.seeds), self.values)
        return again

    def arriving(self) -> list[Value]:
        """Return the adjoint of each node, whether it moves with what is asked for or not."""
        edges = linearize(self.graph, DIGITS, self.values, range(len(self.graph)))
        return DIGITS.in_shape(pull(edges, DIGITS, self.seeds), self.values)

    def sent(self, head: int, tail: int, adjoint: Value) -> Value:
        """Return what one node sends to another along the edges between them."""
        edges = linearize(self.graph, DIGITS, self.values, [tail], [head])
        found = pull(edges, DIGITS, {head: adjoint})
        return DIGITS.fit(found[tail], self.values[tail])

    def felt(self, number: int) -> list[int]:
        """Return the inputs of a node with which its value can move.

        Nothing moves through what stops the gradient, nor by the places of elements.
        """
        inputs, operation = self.graph.inputs[number], self.graph.operations[number]
        if not inputs or self.graph.row(number).stops:
            return []
        if operation in {"index", "put"}:
            return [*inputs[: 1 + (operation == "put")]]
        if operation == "classes" and len({np.ndim(self.values[one]) for one in inputs}) > 1:
            return []
        places = PLACES.get(operation, set())
        return [child for at, child in enumerate(inputs) if at not in places]

    def moving(self, *nodes: int) -> list[int]:
        """Return what moves with nodes, in order, of what the outputs rest on."""
        below = self.graph.ancestors([*self.seeds])
        flags = bytearray(len(self.graph))
        for node in nodes:
            flags[node] = 1
        found: list[int] = []
        for number in range(min(nodes) + 1, max(self.seeds) + 1):
            if (
                below[number]
                and not flags[number]
                and any(flags[child] for child in self.felt(number))
            ):
                flags[number] = 1
                found.append(number)
        return found

    @np.errstate(all="ignore")
    def moved(self, changed: Mapping[int, Value], nodes: Sequence[int]) -> dict[int, Value]:
        """Return values where those of some nodes are ``changed``, which moves ``nodes``."""
        graph, found = self.graph, dict(changed)
        for number in nodes:
            given = [
                found[child] if child in found else self.values[child]
                for child in graph.inputs[number]
            ]
            row = graph.row(number)
            static = {"arg": graph.args[number]} if row.static else {}
            found[number] = self.word(row)(*given, **static)
        return found

    def word(self, row: Row) -> Callable[..., Value]:
        """Return what an operation does."""
        return word(row, DIGITS)

    def sides(self, shifts: Mapping[int, Value], step: Value, nodes: Sequence[int]) -> Sides:
        """Return the slopes before and behind the point, where nodes have ``shifts`` a step.

        These shifts move ``nodes``.
        """
        each = {node: moved(self.values[node], shift, step) for node, shift in shifts.items()}
        before, behind = (
            self.moved({node: ends[side] for node, ends in each.items()}, nodes) for side in (0, 1)
        )
        here, left, right = (self.output(changed) for changed in ({}, before, behind))
        wide = any(self._strides(number, before, behind) for number in nodes)
        return Sides((here - left) / step, (right - here) / step, wide)

    def _strides(
        self, number: int, before: Mapping[int, Value], behind: Mapping[int, Value]
    ) -> bool:
        """Say whether an operation steps, and takes more than one from before to behind."""
        operation, [child, *by] = self.graph.operations[number], self.graph.inputs[number] or [0]
        if operation not in {*WHOLE, "mod", "fmod"}:
            return False
        left, right = (changed.get(child, self.values[child]) for changed in (before, behind))
        size = self.values[by[0]] if by else 1
        return any(np.ravel(abs(right - left) > abs(size) * HALF))

    def output(self, changed: Mapping[int, Value]) -> Value:
        """Return the sum of the outputs with their cotangents, where some values are changed."""
        total = exact(0)
        for node, seed in self.seeds.items():
            value = changed[node] if node in changed else self.values[node]
            total += products(seed, value)[0]
        return total


def take(problem: Problem, edges: Edges) -> None:
    """Leave out of edges the elements that no branch takes: nothing arrives there."""
    values = forward(problem.graph, FLOATS, problem.bindings)
    flags = felt_elements(problem.graph, values, problem.seeds, FLOATS)
    keep_felt(edges, flags)


class Sides(NamedTuple):
    """The slopes of differences to both sides of the point.

    They tell nothing where they are ``wide``: taken over several steps of floor, say.
    """

    left: Value
    right: Value
    wide: bool

    @property
    def slope(self) -> Value:
        """The central difference."""
        return (self.left + self.right) / 2
