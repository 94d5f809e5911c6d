"""What names have below the line; and names that nothing else has."""

from __future__ import annotations

from backpropcli.errors import did_you_mean
from backpropcli.graph.operations import CONSTANTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
DIGITS = {ord(char): str(digit) for digit, char in enumerate(SUBSCRIPTS)}
"""What makes subscripts digits, by ``str.translate``."""
DEGREES = {"deg", "degree", "degrees"}
"""What people write behind an angle that is not in radians."""


def hint_for(name: str, known: Collection[str], listed: str) -> str:
    """Return the hint for a name that is no variable: what it is, or what may be meant by it."""
    if name in CONSTANTS:
        return f"{name} is a constant; with a value it is a variable: {name}=..."
    return did_you_mean(name, known, listed if known else "it has no variables")


class Names:
    """Hands out names that are not taken, each once."""

    __slots__ = ("_counts", "taken")

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self._counts: dict[str, int] = {}

    def fresh(self, *wanted: str) -> str:
        """Return the first of ``wanted`` that is free, else the last one with a number: L_2."""
        for name in wanted:
            if name not in self.taken:
                self.taken.add(name)
                return name
        return self.numbered(f"{wanted[-1]}_", 2)

    def intermediate(self) -> str:
        """Return the next free name for a result on the way: z1, z2, ... in every view and text."""
        return self.numbered("z")

    def numbered(self, head: str, first: int = 1) -> str:
        """Return the next free one of z1, z2, ... for the head z."""
        count = self._counts.get(head, first)
        while f"{head}{count}" in self.taken:
            count += 1
        self._counts[head] = count + 1
        self.taken.add(f"{head}{count}")
        return f"{head}{count}"
