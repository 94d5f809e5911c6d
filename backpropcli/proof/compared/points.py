"""More points: moderate ones, where conditions leave few of those that all comparisons have."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from backpropcli.proof.equality.ranges import span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.proof.equality.points import Point

    Ranges = Mapping[str, tuple[Fraction, Fraction]]

MOST_DRAWN = 1000
"""Points that are drawn, at most."""


def drawn(names: list[str], ranges: Ranges) -> Iterator[Point]:
    """Yield more points of moderate size, for conditions that few points meet."""
    chooser = Random(" ".join(names))  # noqa: S311 (the same points at each run)
    for turn in range(MOST_DRAWN):
        size = (1, 3)[turn % 2]
        ends: Ranges = {
            name: span(ranges, name) or (Fraction(-size), Fraction(size)) for name in names
        }
        yield {
            name: low + (high - low) * Fraction(chooser.randrange(1, 200), 200)
            for name, (low, high) in ends.items()
        }
