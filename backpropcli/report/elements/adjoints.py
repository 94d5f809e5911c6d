"""The adjoints of a program with arrays: all of them only when they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.report.elements.felt import felt_elements, keep_felt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.calculus.linearize import Edges
    from backpropcli.report.run import Run

    Value = Any


class Adjoints(Sequence["Value | None"]):
    """The adjoint of every node, in its shape; None where nothing arrives.

    Those of the names come from a sweep that keeps no others; the rest from one more, if need be.
    At an element that no branch takes nothing arrives: what is not finite there is no matter, and
    ``flags`` say which elements are felt.
    """

    def __init__(self, run: Run, edges: Edges) -> None:
        self.graph, self.numbers, self.values = run.graph, run.arithmetic, run.values
        self.seeds, self.wrt = run.seeds, [*run.wrt.values()]
        self.flags: list[Any] | None = None
        self._all: list[Value | None] | None = None
        found = pull(edges, self.numbers, self.seeds, self.wrt)
        asked = self.numbers.in_shape(
            [found[node] for node in self.wrt], [self.values[node] for node in self.wrt]
        )
        self._asked = dict(zip(self.wrt, asked, strict=True))
        if not all(one is None or np.isfinite(one).all() for one in asked):
            self.flags = felt_elements(self.graph, self.values, self.seeds, self.numbers)
            self._asked = {}

    def all(self) -> list[Value | None]:
        """Return the adjoints of all nodes."""
        if self._all is None:
            edges = linearize(self.graph, self.numbers, self.values, self.wrt)
            if self.flags is not None:
                keep_felt(edges, self.flags)
            self._all = self.numbers.in_shape(pull(edges, self.numbers, self.seeds), self.values)
        return self._all

    def __len__(self) -> int:
        return len(self.graph)

    def __getitem__(self, number: Any) -> Any:  # noqa: ANN401 (a node, as of a list)
        return self._asked[number] if number in self._asked else self.all()[number]

    def __iter__(self) -> Iterator[Value | None]:
        return iter(self.all())
