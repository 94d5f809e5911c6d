"""Our own passes in many digits, at a precision that is raised until the digits are known.

They are run in balls, which know how far they are right, at the very doubles that the floats
started from, or at the numbers as they were typed where that is what is told: so what is printed is
true, and a zero is exact or told as one that is not proved.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import compress, count
from math import inf
from typing import Any, NamedTuple

from mpmath import mp

from backpropcli.arithmetics.balls.ball import UNKNOWN, ZERO, Undecided
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import Edges, linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.report.digits.exact import base_at, is_rounded, precisions
from backpropcli.report.digits.numbers import beyond, sharp
from backpropcli.report.moving.nodes import moving_along

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.calculus.records import Diff
    from backpropcli.graph.graph import Graph
    from backpropcli.report.run import Run

UNUSED = Fraction(1, 2)
"""For a variable that only stands in what was differentiated away: it changes nothing."""


class AsTyped(NamedTuple):
    """What is true at the numbers as they were typed: the value, and the derivatives asked for.

    ``values`` are those of all nodes, ``active`` flags the nodes that move, and ``adjoints`` are
    none where a choice is open.
    """

    numbers: list[Number]
    values: list[Number]
    active: bytearray
    adjoints: Sequence[Number | None] = ()


def as_typed(run: Run) -> AsTyped | None:
    """Return the value and the derivatives asked for, at the numbers as they were typed.

    A value such as 1/3 or pi is the expression itself, and a decimal is a decimal. None where that
    is the same as what the run tells of; what a choice leaves open is not known.
    """
    if run.as_typed:
        return None
    literals = [arg for arg in run.graph.args.values() if isinstance(arg, float)]
    numbers = [*run.bindings.values(), *literals]
    if not any(is_rounded(number) for number in numbers):
        return None
    point = Point(run, typed=True)
    if point.undecided:
        active = linearize(run.graph, None, (), run.wrt.values()).active
        value = point.value if point.values else UNKNOWN
        return AsTyped([value, *[UNKNOWN] * len(run.wrt)], point.values, active)
    found = [point.value, *point.derivatives()]
    return AsTyped(found, point.values, point.moving, point.adjoints)


def base_of(run: Run) -> tuple[Any, dict[str, Number]]:
    """Return the arithmetic of balls that reads literals as a run does, and its numbers in it."""
    return base_at(run.bindings, as_typed=run.as_typed)


class Point:
    """The passes of a run in balls, over what it rests on: at its doubles, or as it was ``typed``.

    ``arithmetic`` is the one that reads literals so. ``steady`` says whether the value and all
    derivatives asked for are known to 45 digits; ``undecided`` whether a choice could not be made.
    More digits are tried where they may be there within ``patience`` seconds, and not for a number
    that is known to be infinite, or none.
    """

    def __init__(self, run: Run, patience: float = inf, *, typed: bool = False) -> None:
        self.run = run
        self.graph = run.graph
        self.typed = typed or run.as_typed
        self.arithmetic, self.bindings = base_at(run.bindings, as_typed=self.typed)
        diffs = [diff for diff in run.lowered.diffs if diff.graph is self.graph]
        self.roots = [run.top, *run.wrt.values()]
        self.roots += [
            node for diff in diffs for node in (diff.of, diff.node, *diff.seeds.values())
        ]
        self.nodes = list(compress(count(), self.graph.ancestors(self.roots)))
        self.steady = False
        self.undecided = True
        self.values: list[Number] = []
        self.adjoints: list[Number | None] = []
        self.edges = Edges(0)
        self.inside: dict[tuple[object, ...], list[Number]] = {}
        for precision in precisions(patience):
            self.precision = precision
            with mp.workdps(precision):
                try:
                    self._run()
                except Undecided:
                    continue
                self.undecided = False
                asked = self.value, *self.derivatives()
                self.steady = all(sharp(number) for number in asked)
                if all(sharp(number) or beyond(number) for number in asked):
                    break

    def _run(self) -> None:
        run = self.run
        _, self.bindings = base_at(run.bindings, as_typed=self.typed)
        self.values = self._forward(self.graph, self.bindings, self.roots)
        self.edges = self.linearized(self.graph, self.values, run.wrt.values())
        self.adjoints = pull(self.edges, self.arithmetic, {run.top: Fraction(1)})

    def _forward(
        self, graph: Graph, given: Mapping[str, Number], roots: Sequence[int] | None = None
    ) -> list[Number]:
        return forward(graph, self.arithmetic, given, alike=True, roots=roots)

    @property
    def value(self) -> Number:
        """The value of what is differentiated."""
        return self.values[self.run.top]

    @cached_property
    def moving(self) -> bytearray:
        """Return a flag a node: 1 where it moves, and does not stay as w*t does where t is 0."""
        return moving_along(self.graph, self.edges, self.run.wrt.values())

    def derivatives(self) -> list[Number]:
        """Return the derivatives by the names asked for."""
        return [self.adjoint(node) for node in self.run.wrt.values()]

    def adjoint(self, node: int) -> Number:
        """Return the derivative by a node: an exact 0 where nothing arrives."""
        adjoint = self.adjoints[node]
        return ZERO if adjoint is None else adjoint

    def linearized(self, graph: Graph, values: list[Number], wrt: Collection[int]) -> Edges:
        """Return the edges of a graph. Raises Undecided."""
        nodes = self.nodes if graph is self.graph else None
        return linearize(graph, self.arithmetic, values, wrt, nodes)

    def diff_values(self, diff: Diff) -> list[Number]:
        """Return the values, at the point, of the graph that a derivative was made in."""
        if diff.graph is self.graph:
            return self.values
        key = (id(diff.graph), *diff.given.items())
        found = self.inside.get(key)
        if found is None:
            given: dict[str, Number] = {n: self.values[at] for n, at in diff.given.items()}
            known: dict[str, Number] = dict.fromkeys(diff.graph.variables(), UNUSED)
            known |= given or self.bindings
            found = self.inside[key] = self._forward(diff.graph, known)
        return found
