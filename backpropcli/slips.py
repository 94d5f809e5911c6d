"""The known name of which another is a slip."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


SHORT, LONG, LONGEST = 3, 8, 40
"""How many characters a name has that is taken for a slip of one letter, of two, and at most."""
SWAPPED, DROPPED, WRONG = 0.9, 0.95, 1.0
"""What a slip counts: letters change places more easily than one is taken for another."""


def closest(name: str, known: Iterable[str], slips: int | None = None) -> str:
    """Return the one that is known of which ``name`` is a slip, or "".

    A slip is another case, two letters that changed places, a letter too many, too few or wrong;
    in a long name, two of these, or as many as ``slips`` says. Digits are no slips: x3 is not meant
    for x2. A name that is as much like one as like another is meant for neither.
    """
    if len(name) > LONGEST:
        return ""
    if slips is None:
        slips = (len(name) >= SHORT) + (len(name) >= LONG)
    folded, digits, letters = name.lower(), _digits(name), {*name}
    least: float = slips
    found: list[str] = []
    for other in sorted({*known}):
        if other.lower() == folded:
            return other
        if (
            abs(len(other) - len(name)) > slips
            or len(letters ^ {*other}) > 2 * slips
            or _digits(other) != digits
        ):
            continue
        distance = _distance(name, other)
        if distance < least:
            least, found = distance, []
        if distance == least:
            found.append(other)
    return found[0] if len(found) == 1 else ""


def _digits(name: str) -> str:
    return "".join([char for char in name if char.isdecimal()])


def _distance(name: str, other: str) -> float:
    """Return how many slips lead from ``other`` to ``name``, weighed."""
    before: list[float] = []
    row = [DROPPED * count for count in range(len(other) + 1)]
    for i, char in enumerate(name):
        last, before, row = before, row, [DROPPED * (i + 1)]
        for j, wanted in enumerate(other):
            cost = min(
                before[j] + WRONG * (char != wanted), before[j + 1] + DROPPED, row[j] + DROPPED
            )
            if i and j and char == other[j - 1] and name[i - 1] == wanted:
                cost = min(cost, last[j - 1] + SWAPPED)
            row.append(cost)
    return row[-1]
