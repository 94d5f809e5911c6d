"""Points as people write them: exact where that is not long."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from backpropcli.arithmetics.arrays.titles import parted
from backpropcli.report.decimals import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from backpropcli.proof.equality.points import Point

LONGEST, MOST_DIGITS = 15, 30
"""Characters of a coordinate that is shown exactly: of a fraction, and of a decimal."""


def place(point: Point) -> str:
    """Return a point as people write it: "x = 2, y = 0.5"."""
    return ", ".join(f"{name} = {coordinate(value)}" for name, value in point.items())


def coordinate(value: Fraction) -> str:
    """Return a coordinate as people write it: exact where that is not long.

    Else it has all digits that a double has: beside a point with fewer all may be otherwise.
    """
    below = value.denominator
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    if below != 1:
        exact = str(value)
        return exact if len(exact) <= LONGEST else short(f"{float(value):.17g}")
    for digits in (LONGEST, 17):
        exact = f"{float(value):.{digits}g}"
        if Fraction(exact) == value:
            return short(exact)
    exact = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"  # 28 digits
    return (
        exact
        if Fraction(exact) == value and len(exact) <= MOST_DIGITS
        else short(repr(float(value)))
    )


def told(
    point: Mapping[str, Fraction], names: Iterable[str], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a point's coordinates as people write them, with those of arrays as nested lists.

    ``names`` are all variables, in order. Elements that nothing rests on are as ``given``, or 0.
    """
    arrays = {name.partition("[")[0] for name in point}
    found: dict[str, Any] = {}
    for name in names:
        base, place = parted(name)
        if base not in arrays:
            continue
        if not place:
            found[base] = coordinate(point[name])
            continue
        rows = found.setdefault(base, [])
        for at in place[:-1]:
            if at == len(rows):
                rows.append([])
            rows = rows[at]
        other = Fraction(repr(float(given[base][place]))) if base in given else Fraction(0)
        rows.append(coordinate(point.get(name, other)))
    return found
