"""Whether a mended program is equal to the first, in exact arithmetic.

Where the first has no value at the point, a mend that has one has to be what it tends to.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from backpropcli.arithmetics.balls.ball import ball
from backpropcli.arithmetics.germs.balls import DIGITS, real
from backpropcli.arithmetics.matching.left import Mend
from backpropcli.arithmetics.matching.mends import CHOSEN
from backpropcli.graph.cells import late
from backpropcli.graph.graph import Graph
from backpropcli.proof.equality.differs import Differs
from backpropcli.proof.equality.equal import Equal, equal
from backpropcli.proof.mends.measure import VALUE, Measured
from backpropcli.report.digits.numbers import AGREE, same
from backpropcli.report.whole.along import along

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.proof.equality.equal import Unknown
    from backpropcli.proof.mends.mended import State, Step
    from backpropcli.report.run import Run
    from backpropcli.report.whole.sides import Side

SAMPLING = 1.0
"""Seconds for two programs to be held against each other at sampled points."""
FEW = 4
"""Variables that are moved one by one, besides all together, to find limits."""
OF_CHOICES = {Mend(text).text for text in CHOSEN}


class Exact:
    """What mended programs are held to: the ``first`` one; ``run_of`` runs a test at its point."""

    def __init__(self, first: Measured, run_of: Callable[[str], Run]) -> None:
        self.first = first
        self.run_of = run_of

    @late
    def limits(self) -> Limits:
        """Return what the first program tends to."""
        return Limits(self.first.numbers)

    def continues(self, state: State) -> bool:
        """Say whether a program that has a value where the first has none has the first's limit."""
        [value] = state.measured.truths[VALUE]
        if value is None or not self.first.has_no_value:
            return True
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


class Limits:
    """What the program of a run tends to on lines through its point, as far as germs tell."""

    def __init__(self, run: Run) -> None:
        self.sides = [*_sides(run)]

    def agree(self, value: Number, *, chosen: bool) -> bool:
        """Say whether the value of a mend continues the program.

        All limits have to be it, and one at least. Where it is ``chosen``, as what a condition is
        multiplied by, that of one side is enough, and none is needed.
        """
        limits = [side.limit for side in self.sides if side.kind == "value"]
        held = [same(real(limit), ball(value).middle, AGREE) for limit in limits]
        if chosen:
            return any(held) or not held
        grows = any(side.kind == "infinite" for side in self.sides)
        return all(held) and bool(held) and not grows


def _sides(run: Run) -> Iterator[Side]:
    """Yield both sides of each line: along a variable alone, and along all at once."""
    below = run.graph.ancestors([run.top])
    nodes = [node for node in run.graph.variables().values() if below[node]]
    steps = [(-1) ** at * (at + 1) for at in range(len(nodes))]
    lines = [{node: 1} for node in nodes[:FEW]]
    if len(nodes) > 1:
        lines += [
            dict(zip(nodes, map(abs, steps), strict=True)),
            dict(zip(nodes, steps, strict=True)),
        ]
    for line in lines:
        found = along(run.graph, run.top, run.bindings, line, counts=(DIGITS,))
        yield from (found.left, found.right)
