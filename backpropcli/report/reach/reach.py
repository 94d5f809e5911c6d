"""How the gradient reaches each variable: by which paths, how large, and what is in its way.

All of it comes from the edges that are shown, and from the operations of the flat graph.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf, isfinite, isnan, log2
from typing import TYPE_CHECKING, NamedTuple

from backpropcli.report.elements import shape_of
from backpropcli.report.reach.cuts import cuts_of
from backpropcli.report.reach.magnitudes import added, power
from backpropcli.report.reach.paths import Paths
from backpropcli.report.reach.units import units_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.report.reach.paths import Path
    from backpropcli.report.report import Report

FALL = log2(1e6)
"""The power of 2 by which a gradient is smaller, or larger, than the output's where that is told.

And by which contributions cancel.
"""
SMALLEST = -1022
"""Doubles below this power of 2 lose digits."""
LARGEST_PATHS = 3
MOST_STEPS = 200_000
"""Edges of all paths together beyond which no more are looked for."""
VANISHING, EXPLODING = "vanishing", "exploding"


class Reached(NamedTuple):
    """A name, the number of ``paths`` to it, and the ``largest`` of them; ``why`` there is none."""

    name: str
    node: int | None
    paths: float
    largest: list[Path]
    why: str

    def as_dict(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "name": self.name,
            "node": self.node,
            "paths": self.paths,
            "largest": [path.as_dict() for path in self.largest],
        }


class Chain(NamedTuple):
    """A way down which magnitudes fall, or grow, a million times: VANISHING or EXPLODING.

    ``nodes`` are those of the largest path to a node, from the last one with the output's
    magnitude. ``powers`` are powers of 2 of magnitudes relative to the output's: of the path alone;
    or, ``over_all``, of all paths, where it takes many to grow so. ``names`` are all for which it
    is so, ``places`` the number of such nodes.
    """

    kind: str
    names: list[str]
    places: int
    over_all: bool
    nodes: list[int]
    powers: list[float]

    @property
    def factors(self) -> list[float]:
        """Powers of 2 of the factors from each node to the next."""
        return [after - before for before, after in pairwise(self.powers)]

    @property
    def largest(self) -> int:
        """Which of the factors makes most of it."""
        factors, sign = self.factors, 1 if self.kind == EXPLODING else -1
        return max(range(len(factors)), key=lambda at: sign * factors[at])

    def as_dict(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "kind": self.kind,
            "names": self.names,
            "count": self.places,
            "over_all": self.over_all,
            "nodes": self.nodes,
            "log2": self.powers,
        }


class Cancelled(NamedTuple):
    """A node where ``terms`` that arrive add up to 0, or next to it: ``left``; None for arrays."""

    node: int
    terms: list[float] | None
    left: float | None


class Reach:
    """How the gradient of a report reaches each name.

    ``powers`` are powers of 2 of the nodes' adjoints (of their norms): -inf for 0, nan for what is
    not finite, None where nothing arrives. Where doubles are too small for them they are those of
    the sums over paths. ``data`` are the variables that are not asked for.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.view = view = report.view
        self.paths = Paths(view)
        self.powers = [
            None if one is None else least if least < SMALLEST else power(one)
            for one, least in zip(view.adjoints, self.paths.sums, strict=True)
        ]
        self.variables = [*self._reached()]
        self.cancelled = [
            found for node in range(len(view) - 1, -1, -1) if (found := self._cancelled(node))
        ]
        chains = [self._chain(VANISHING, -1), self._chain(EXPLODING, 1)]
        self.chains = [chain for chain in chains if chain is not None]
        self.units = units_of(report)
        self.cuts = cuts_of(report)
        asked = report.wrt.keys()
        self.data = [name for name in report.program.variables if name not in asked]

    def _reached(self) -> Iterator[Reached]:
        steps = 0
        for name, place in self.report.wrt.items():
            node, why = self.view.at(place), self.report.flow.status(place)
            if node is None:
                yield Reached(name, node, 0.0, [], why)
                continue
            largest = self.paths.largest(node, LARGEST_PATHS) if steps < MOST_STEPS else []
            steps += sum([len(path.nodes) for path in largest])
            yield Reached(name, node, self.paths.counts[node], largest, why)

    def _cancelled(self, node: int) -> Cancelled | None:
        """Return what cancels at a node, if it does: next to nothing is left of finite terms."""
        left: Any = self.view.adjoints[node]
        if left is None or len(self.view.arrivals[node]) < 2:  # noqa: PLR2004 (a sum)
            return None
        terms = self.view.terms(node)
        powers = [one for one in map(power, terms) if one != -inf]
        if len(powers) < 2 or any(map(isnan, powers)):  # noqa: PLR2004
            return None
        remains = power(left)
        if not remains <= added(powers) - FALL:
            return None
        if shape_of(left):
            return Cancelled(node, None, None)
        told = [float(term) for term in terms if float(term)]
        return Cancelled(node, told, float(left))

    def _chain(self, kind: str, sign: int) -> Chain | None:
        """Return the chain down which magnitudes fall (or grow) most, if they do so enough.

        What paths bring, before anything cancels, is what vanishes; and nothing explodes of which
        only little is left.
        """
        sums, most, top = self.paths.sums, self.paths.most, self.paths.sums[self.view.top]
        if not isfinite(top):
            return None

        def so(node: int | None) -> bool:
            if node is None or not isfinite(sums[node]) or sign * (sums[node] - top) < FALL:
                return False
            left = self.powers[node]
            return sign < 0 or left is None or not left - top < FALL

        nodes = [node for node in range(len(sums)) if so(node)]
        if not nodes:
            return None
        named = {one.node: one.name for one in self.variables if so(one.node)}
        last = max([*filter(named.get, nodes)] or nodes, key=lambda node: sign * most[node])
        over_all = sign * (most[last] - top) < FALL
        powers = sums if over_all else most
        way = self.paths.way(last)
        start = max(at for at, node in enumerate(way) if sign * (powers[node] - top) <= 0)
        way, names = way[start:], [*named.values()]
        down = [powers[node] - top for node in way]
        return Chain(kind, names, len(nodes), over_all, way, down)

    def as_dict(self) -> dict[str, object]:
        """Return plain data: numbers, dicts and texts, as JSON has them."""
        return {
            "log2": self.powers,
            "variables": [one.as_dict() for one in self.variables],
            "chains": [one.as_dict() for one in self.chains],
            "cancelled": [one._asdict() for one in self.cancelled],
            "units": [one.as_dict() for one in self.units],
            "cuts": [one.as_dict() for one in self.cuts],
            "data": self.data,
        }
