"""Differences far below what is compared at first: looked for in many more digits, at few points.

Two numbers whose balls overlap at 60 digits are not known to be equal.
"""

from __future__ import annotations

from time import monotonic

from backpropcli.proof.pairs import VALUE, Differs
from backpropcli.proof.zero import TimeUp, limited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.proof.pairs import Pairs
    from backpropcli.proof.points import Point

DIGITS = ((300, 600), (1000, 2000))
"""Digits, and those that confirm a difference."""
POINTS = 7
LARGEST = 2_000
"""Operations in pairs that are looked at in so many digits."""
PATIENCE = 0.5
"""Seconds that it may take."""


def deeper(pairs: Pairs, agreed: Sequence[Point], deadline: float) -> Differs | None:
    """Return a difference in value of pairs that agree at points as far as fewer digits tell.

    It is looked for until the time ``deadline``, at points spread over all.
    """
    if len(pairs.graph) > LARGEST or not pairs.names:
        return None
    step = -(-len(agreed) // POINTS) or 1
    try:
        with limited(min(PATIENCE, deadline - monotonic())):
            for digits in DIGITS:
                for point in agreed[step // 2 :: step]:
                    found = pairs.compare(point, digits)
                    if isinstance(found, Differs) and found.kind == VALUE:
                        return found
    except TimeUp:
        pass
    return None
