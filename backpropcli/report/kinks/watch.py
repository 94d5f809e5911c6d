"""Looks for kinks of arrays while their values are worked out, and are still there."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.adjoints import bound, instance
from backpropcli.arithmetics.arrays.blocks import LARGE, blocks
from backpropcli.arithmetics.rules import by_input
from backpropcli.calculus.forward import forward
from backpropcli.report.kinked import moved, with_kinks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.cells import Kink, Rule
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Value = Any


class Watch:
    """Looks for kinks while values are worked out: whether any may be ``met``.

    ``checks`` map a node with kinks to what its value and inputs are shown to.
    """

    def __init__(self, lowered: Lowered, active: bytearray, arrays: Any) -> None:  # noqa: ANN401
        self.graph, self.arrays = lowered.graph, arrays
        self.met = bool(lowered.diffs)
        self.checks: dict[int, Callable[[Value, Sequence[Value]], None]] = {}
        for number in with_kinks(self.graph):
            kinks = [*of_active(self.graph, number, active)]
            if kinks:
                self.checks[number] = partial(self._look, number, kinks)

    def _look(self, number: int, kinks: list[Kink], out: Value, given: Sequence[Value]) -> None:
        row, arg = self.graph.row(number), self.graph.args.get(number, ())
        for kink in kinks:
            if self.met:
                return
            if row.whole:
                self.met = bool(np.any(by_whole(row, kink.when, out, given, arg, self.arrays)))
            else:
                condition = by_input(row, [kink.when], self.arrays)
                self.met = anywhere(condition, [out, *given])


def of_active(graph: Graph, number: int, active: bytearray) -> Iterator[Kink]:
    """Yield the kinks of a node by inputs that move."""
    row = graph.row(number)
    names = moved(row, graph.inputs[number], active)
    yield from (kink for kink in row.kinks if kink.by(names))


def anywhere(condition: Callable[..., Sequence[Value]], given: list[Value]) -> bool:
    """Return whether a condition may hold: a large array is looked at block by block."""
    shape = np.shape(given[0])
    if prod(shape) < LARGE:
        return any(np.any(met) for met in condition(*given))
    return any(np.any(met) for _, parts in blocks(shape, given) for met in condition(*parts))


def by_whole(  # noqa: PLR0913 (an operation at a point)
    row: Row,
    rule: Rule,
    out: Value,
    given: Sequence[Value],
    arg: Any,  # noqa: ANN401
    arrays: Any,  # noqa: ANN401
) -> Value:
    """Return what a rule of an operation on whole arrays says."""
    text, root = instance(row, rule, len(given), dict(zip(row.static, arg, strict=True)))
    return forward(text, arrays, bound(out, out, given))[root]
