"""How much of the gradient comes along which path: magnitudes by node, and the largest paths.

A path's magnitude is the product of the gains along it. Their sum over all paths to a node is one
pull, and so is their number: no path is enumerated. Magnitudes are kept as powers of 2, which
neither overflow nor underflow.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from math import copysign, exp2, frexp, inf, isfinite, isnan, ldexp
from typing import TYPE_CHECKING, NamedTuple

from backpropcli.calculus.linearize import Edges
from backpropcli.calculus.sweeps import pull
from backpropcli.report.elements import shape_of
from backpropcli.report.reach import magnitudes
from backpropcli.report.reach.magnitudes import power

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.view import View


class Step(NamedTuple):
    """An edge from ``user`` by which something arrives, and the power of 2 of its gain.

    The gain is the magnitude of the local derivative; of an edge of arrays, the norm of what it
    passes on over the norm of what arrives above it. It is nan where that is not finite.
    """

    user: int
    edge: Edge
    gain: float


class Path(NamedTuple):
    """A path: its ``nodes`` from the output down, and its ``share`` of the magnitudes that arrive.

    ``power`` is the power of 2 of its magnitude. ``factors`` are the local derivatives along it and
    ``contribution`` their product, what it adds to the gradient; both are None where an edge is one
    of arrays.
    """

    nodes: list[int]
    power: float
    share: float
    factors: list[float] | None
    contribution: float | None

    def as_dict(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "share": self.share,
            "log2": self.power,
            "contribution": self.contribution,
            "nodes": self.nodes,
        }


class Paths:
    """The paths to every node of a view.

    ``sums`` are powers of 2 of the sum of the magnitudes of a node's paths (-inf for no path, nan
    for what is not finite), ``most`` those of its largest path, ``counts`` their number: a float,
    which is exact up to 2^53. ``steps`` are a node's last edges, the largest first.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        edges: list[tuple[int, int, float]] = []
        steps: list[list[Step]] = [[] for _ in view.values]
        for user, edge in view.carrying:
            step = Step(user, edge, self._gain(user, edge))
            edges.append((user, edge.input, step.gain))
            steps[edge.input].append(step)
        seeds = {node: magnitudes.seed(power(seed)) for node, seed in view.seeds.items()}
        adjoints = pull(Edges.of(len(view), edges), magnitudes, seeds)
        found = [one or magnitudes.NOTHING for one in adjoints]
        self.sums = [one.total for one in found]
        self.most = [one.most for one in found]
        self.counts = [one.paths for one in found]
        self.steps = [
            [] if isnan(total) else sorted(filter(self._leads, own), key=self._rank)
            for total, own in zip(self.sums, steps, strict=True)
        ]

    def _rank(self, step: Step) -> float:
        return -self._largest(step)

    def _leads(self, step: Step) -> bool:
        return step.gain != -inf and self.sums[step.user] != -inf

    def _largest(self, step: Step) -> float:
        return step.gain + self.most[step.user]

    def _gain(self, user: int, edge: Edge) -> float:
        view, partial = self.view, edge.partial
        if not edge.flow and edge.taken and is_plain(view, user, edge):
            return power(partial)
        passed, arrived = power(edge.contribution), power(view.adjoints[user])
        return -inf if -inf in {passed, arrived} else passed - arrived

    def way(self, node: int) -> list[int]:
        """Return the nodes of the largest path to a node, from the output down."""
        found = [node]
        while self.steps[node]:
            node = self.steps[node][0].user
            found.append(node)
        return found[::-1]

    def largest(self, node: int, most: int) -> list[Path]:
        """Return at most ``most`` of the paths to a node, the largest first.

        The largest is known from each node on. Any other leaves one that was found before at some
        node, and is the largest from there: so the candidates in the heap are few. (Lawler, "A
        procedure for computing the k best solutions", Management Science 18, 1972.)
        """
        if not isfinite(self.sums[node]):
            return []
        order = count()
        heap: list[tuple[float, int, Any, int]] = [(-self.most[node], next(order), None, node)]
        found: list[Path] = []
        while heap and len(found) < most:
            _, _, below, at = heappop(heap)
            gains = sum([step.gain for step in linked(below)])
            while self.steps[at]:
                first, *others = self.steps[at]
                for other in others:
                    rank = -(gains + self._largest(other))
                    heappush(heap, (rank, next(order), (other, below), other.user))
                below, at, gains = (first, below), first.user, gains + first.gain
            found.append(self._path(node, below, at))
        return found

    def _path(self, node: int, below: Any, top: int) -> Path:  # noqa: ANN401 (linked steps)
        steps = linked(below)
        nodes = [*[step.user for step in steps], node]
        total = self.most[top]
        for step in steps:
            total += step.gain
        plain = all(is_plain(self.view, step.user, step.edge) for step in steps)
        factors = [float(step.edge.partial) for step in steps] if plain else None
        contribution = None if factors is None else product(factors)
        share = min(1.0, exp2(total - self.sums[node]))
        return Path(nodes, total, share, factors, contribution)


def linked(below: Any) -> list[Step]:  # noqa: ANN401 (linked steps)
    """Return steps that are linked each to the one below it."""
    found = []
    while below is not None:
        step, below = below
        found.append(step)
    return found


def is_plain(view: View, user: int, edge: Edge) -> bool:
    """Say whether an edge multiplies each element by one and the same number."""
    if edge.partial is None or shape_of(edge.partial):
        return False
    return shape_of(view.values[user]) == shape_of(view.values[edge.input])


def product(factors: Sequence[float]) -> float:
    """Return a product that neither overflows nor underflows on the way."""
    found, exponent = 1.0, 0
    for factor in factors:
        found, more = frexp(found * factor)
        exponent += more
    try:
        return ldexp(found, exponent)
    except OverflowError:
        return copysign(inf, found)
