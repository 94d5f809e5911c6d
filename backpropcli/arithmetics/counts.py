"""How many operations tangents take, with no numbers: ``push`` counts them for all variables.

A factor that is the number 1 is no operation. The opposite of a term is taken away from another:
only where it is alone does it take an operation. What the function computes already takes none.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    Slope = tuple[float | None, int, float]
    """The number that a local derivative is; its operations, each done once; those on paper."""

__all__ = ["Tangents", "add", "mul"]


class Tangents(NamedTuple):
    """A node's tangents, one for each variable, which is a bit of whole numbers.

    ``moves`` has those that the node moves with, ``ones`` those by which its tangent is the number
    1, ``opposite`` those by which it still has to be negated. ``own`` are the operations done at
    the node, ``slopes`` those of its local derivatives, ``below`` all that the expression of its
    tangents holds besides, which shares nothing.
    """

    moves: int
    ones: int
    opposite: int = 0
    own: int = 0
    slopes: int = 0
    below: float = 0.0

    @property
    def sweeps(self) -> int:
        """The operations that the sweeps do at this node."""
        return self.own + self.opposite.bit_count() + self.slopes

    @property
    def tree(self) -> float:
        """The operations of the tangents as expressions that share nothing."""
        return self.own + self.opposite.bit_count() + self.below


def add(one: Tangents, other: Tangents) -> Tangents:
    """Return the sum of what arrives by two ways: an operation for each variable of both."""
    return Tangents(
        one.moves | other.moves,
        one.ones & ~other.moves | other.ones & ~one.moves,
        one.opposite & ~other.moves | other.opposite & ~one.moves,
        one.own + other.own + (one.moves & other.moves).bit_count(),
        one.slopes + other.slopes,
        one.below + other.below,
    )


def mul(one: Tangents, slope: Slope) -> Tangents:
    """Return what goes along an edge."""
    number, operations, written = slope
    moves, times = one.moves, one.moves & ~one.ones
    if number == 1:
        return Tangents(moves, one.ones, below=one.tree)
    if number == -1:
        return Tangents(moves, 0, times, below=one.tree)
    if number is not None:
        return Tangents(moves, 0, own=times.bit_count(), below=one.tree)
    count = moves.bit_count()
    below = one.tree + count * written
    return Tangents(moves, 0, 0, times.bit_count(), count * operations, below)
