"""Whether an operation hands on what is infinite or no number: atan(1/x) has a value at 0."""

from __future__ import annotations

from functools import cache
from math import inf, isfinite, nan

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.tidy.terms import Number
    from backpropcli.graph.row import Row

INFINITE, NO_NUMBER = 1, 2
"""What an input may be; both together are 3."""
BOTH = INFINITE | NO_NUMBER
PROBES = {INFINITE: (inf, -inf), NO_NUMBER: (nan,)}
OTHERS = (0.5, -2.0)
"""What the other inputs are."""


@cache
def handed_on(row: Row, place: int, count: int) -> int:
    """Return what an operation on ``count`` inputs has no finite value of, whatever else it has.

    Operations on whole arrays are taken to hand on all.
    """
    if row.own:  # its value is that of its body, the last input
        return BOTH if place == count - 1 else 0
    if row.whole or row.static or row.derived:
        return BOTH
    if row.name == "where":
        return 0
    of = word(row, floats)
    return sum(
        kind
        for kind, probes in PROBES.items()
        if not any(
            isfinite(of(*[probe if at == place else other for at in range(count)]))
            for probe in probes
            for other in OTHERS
        )
    )


def in_power(exponent: Number, felt: int) -> int:
    """Return the same of the base of a power whose exponent is a number; ``felt`` is of the power.

    A root of what is infinite may be one of -inf, which is no number.
    """
    if exponent.denominator != 1 and felt & NO_NUMBER:
        return BOTH
    return felt & (BOTH if exponent > 0 else NO_NUMBER * (exponent != 0))
