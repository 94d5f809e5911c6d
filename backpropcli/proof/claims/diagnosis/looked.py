"""A wrong claim, and the points at which it is looked at."""

from __future__ import annotations

from collections import Counter
from math import log10
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.claims.numbers import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.claims.sample import Sample

    Value = Any

MOST_NODES = 80
"""Nodes that are looked at for a part that is missing, or turned round."""
LONGEST = 60
TELLING = 3
"""Digits that plain numbers and the derivative differ in, or more, tell what is missing."""


class Looked:
    """A claim on a derivative by the name ``by``, and the samples at which it is looked at.

    It is ``posed`` where the program is written out in numbers.
    """

    def __init__(
        self, lowered: Lowered, by: str, found: list[Sample], posed: Posed | None = None
    ) -> None:
        self.lowered = lowered
        self.by = by
        self.samples = found
        self.posed = posed
        self.name()

    def name(self) -> None:
        """Take in the names of nodes."""
        graph = self.lowered.graph
        self.names = {at: name for name, at in graph.named().items()}
        self.names |= {graph.inputs[at][0]: name for at, name in [*self.names.items()]}
        for at, operation in enumerate(graph.operations):
            if operation == "result":  # what a call, or a word, is written out as
                self.names.setdefault(graph.inputs[at][0], self.lowered.text(at, LONGEST))

    def fits(self, make: Callable[[Sample], Value]) -> bool:
        """Say whether the claim is what ``make`` says, in every sample."""
        made = ((one, make(one)) for one in self.samples)
        return all(other is not None and one.near(one.claimed, other) for one, other in made)

    def fits_after(self, mend: Callable[[Sample], Value]) -> bool:
        """Say whether what ``mend`` makes of the claim is the derivative, in every sample."""
        made = ((one, mend(one)) for one in self.samples)
        return all(other is not None and one.near(other, one.true) for one, other in made)

    def hides_terms(self) -> bool:
        """Say whether plain numbers differ in so few digits that any small number fits in there."""
        if self.posed is None or self.posed.varies:
            return False
        one, digits = self.samples[0], 0.0
        for node, gap in zip(self.posed.claims, np.ravel(one.claimed - one.true), strict=False):
            decimal = written(self.posed.problem.graph, node)
            exponent = decimal.as_tuple().exponent if decimal is not None else None
            if isinstance(exponent, int) and gap:
                digits += max(0.0, log10(abs(gap)) - exponent)
        return digits < TELLING

    def text(self, node: int) -> str:
        """Return a flat node as the user wrote it, or by its name."""
        if node in self.names:
            return self.names[node]
        if node < len(self.lowered.graph):
            return self.lowered.text(node, LONGEST)
        from backpropcli.language.unparse import brief

        return brief(self.samples[0].graph, node, LONGEST, lambda _: "")

    def edges(self, *, forks: bool = False) -> list[tuple[int, int]]:
        """Return the edges on the ways to the output, in any sample; of nodes used twice alone."""
        ends: dict[tuple[int, int], None] = {}
        below = self.samples[0].graph.ancestors([self.samples[0].of])
        for one in self.samples:
            ends |= dict.fromkeys((head, tail) for head, tail, _ in one.edges(one.by))
        found = [end for end in ends if below[end[0]]]
        uses = Counter(tail for _, tail in found)
        return [end for end in found if not forks or uses[end[1]] > 1][-MOST_NODES:]

    def all_through(self, node: int) -> bool:
        """Say whether every way from the output to the variable goes through a node."""
        heads = frozenset([node])
        return not any(np.any(one.without(heads)) for one in self.samples)

    def between(self) -> list[int]:
        """Return the nodes on the ways from the variable to the output, the output left out."""
        first = self.samples[0]
        active = first.edges(first.by).active
        below = first.graph.ancestors([first.of])
        plain = {"name", "result"}
        found = [
            at
            for at, flag in enumerate(active)
            if flag and below[at] and at not in {first.of, first.by}
            if first.graph.operations[at] not in plain or self.lowered.surface.get(at) is not None
        ]
        return found[-MOST_NODES:]
