"""A program at a point as books write it: rules for floats have cases that are no kinks."""

from __future__ import annotations

from math import isfinite

from backpropcli.calculus.linearize import linearize
from backpropcli.report.kinks.kink import turning
from backpropcli.report.kinks.met import met

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.run import Run


class Book:
    """A program at a point as books write it: its ``values``, and what is ``active`` by ``wrt``.

    It is that of a run, which is written so itself unless it holds derivatives; or another
    ``lowered`` one of the same variables and outputs. ``flags`` are the run's own.
    """

    def __init__(self, run: Run, lowered: Lowered | None = None) -> None:
        lowered = lowered or run.lowered
        self.lowered, places = lowered.book()
        graph = self.lowered.graph
        own = self.lowered is run.lowered
        known = dict.fromkeys(graph.variables(), 0.0) | run.bindings
        self.values: list[Any] = run.values if own else run.at_point(graph, known)
        self.flags = run.flags if own else None
        self.names = {name: places[node] for name, node in run.wrt.items() if places[node] >= 0}
        self.wrt = [*self.names.values()]
        self.active = run.active if own else linearize(graph, None, (), self.wrt).active
        there = dict(zip(lowered.outputs, self.lowered.outputs, strict=True))
        self.roots = [there[root] for root in run.seeds]

    def names_above(self, kinks: Iterable[KinkMet]) -> list[str]:
        """Return the names asked for that kinks turn by."""
        places = turning(self.lowered.graph, kinks, self.names.values())
        return [[*self.names][place] for place in places]


def is_smooth(run: Run, lowered: Lowered) -> bool:
    """Say whether no operation of a program meets a kink or a pole at the point of a run."""
    book = Book(run, lowered)
    return all(map(isfinite, book.values)) and not any(
        met(book.lowered.graph, book.values, book.active)
    )
