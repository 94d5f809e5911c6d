"""Whether a mended program is equal to the first, in exact arithmetic."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from backpropcli.arithmetics.matching.left import Mend
from backpropcli.arithmetics.matching.mends import CHOSEN
from backpropcli.graph.graph import Graph
from backpropcli.proof.equality.differs import Differs
from backpropcli.proof.equality.equal import Equal, equal
from backpropcli.proof.mends.limits import Limits
from backpropcli.proof.mends.measure import VALUE, Measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.proof.equality.equal import Unknown
    from backpropcli.proof.mends.mended import State, Step
    from backpropcli.report.run import Run

SAMPLING = 1.0
"""Seconds for two programs to be held against each other at sampled points."""
OF_CHOICES = {Mend(text).text for text in CHOSEN}


class Exact:
    """What mended programs are held to: the ``first`` one; ``run_of`` runs a test at its point."""

    def __init__(self, first: Measured, run_of: Callable[[str], Run]) -> None:
        self.first = first
        self.run_of = run_of
        self.limits: Limits | None = None

    def continues(self, state: State) -> bool:
        """Say whether a program that has a value where the first has none has the first's limit."""
        [value] = state.measured.truths[VALUE]
        if value is None or not self.first.has_no_value:
            return True
        if self.limits is None:
            self.limits = Limits(self.first.numbers)
        chosen = any(step.pattern in OF_CHOICES for step in state.steps)
        return self.limits.agree(value, chosen=chosen)

    def steps(self, state: State) -> list[Step]:
        """Return the steps, without conditions that change nothing; [] where programs differ.

        They are held against each other as functions, wherever the first has a value and, if that
        is not enough, the conditions hold. Where there is no time for that, the conditions stay.
        """
        one, other = self.first.numbers, state.measured.numbers
        graph = Graph(one.graph.table)
        left, right = graph.write(one.graph)[one.top], graph.write(other.graph)[other.top]
        found = self._held(graph, left, right)
        if isinstance(found, Equal):
            return [step._replace(condition="") for step in state.steps]
        if isinstance(found, Differs) and state.tests:
            for test in state.tests:
                written = Measured(self.run_of(test), []).numbers
                at = graph.write(written.graph)[written.top]
                left = graph.node("where", (at, left, graph.node("constant", (), "nan")))
            found = self._held(graph, left, right)
        known = None not in self.first.truths[VALUE]
        held = isinstance(found, Equal) or (not isinstance(found, Differs) and known)
        return state.steps if held else []

    def _held(self, graph: Graph, left: int, right: int) -> Equal | Differs | Unknown:
        return equal(graph, left, right, deadline=monotonic() + SAMPLING, symbolic=False)
