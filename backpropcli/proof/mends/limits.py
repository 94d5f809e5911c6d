"""What a program tends to at a point where it has no value: a mend that has one has to be that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backpropcli.arithmetics.balls.ball import ball
from backpropcli.arithmetics.germs.balls import DIGITS, real
from backpropcli.report.digits.numbers import AGREE, same
from backpropcli.report.whole.along import along

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.report.run import Run
    from backpropcli.report.whole.sides import Side

FEW = 4
"""Variables that are moved one by one, besides all together."""


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
