"""Linear equations in numbers of any kind."""

from __future__ import annotations

from fractions import Fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Matrix = list[list[Any]]

PIVOT = 1e-7
"""How small a pivot is, for its row, that counts as 0: one of rationals has to be 0."""


def eliminated(matrix: Matrix, right: Sequence[Any], columns: Iterable[int]) -> dict[int, Any]:
    """Return a solution of linear equations by column, in those of the ``columns`` that it takes.

    The first columns are taken first, and the others are 0; equations that follow from others are
    left out. Numbers may be of any kind.
    """
    rows = [[*row, number] for row, number in zip(matrix, right, strict=True)]
    sizes = [max((abs(one) for one in row), default=0) for row in matrix]
    free, pivots = [*range(len(rows))], {}
    for column in columns:
        if not free:
            break
        best = max(free, key=lambda row: abs(rows[row][column]))
        pivot = rows[best][column]
        if not abs(pivot) > (0 if isinstance(pivot, Fraction) else PIVOT * sizes[best]):
            continue
        free.remove(best)
        pivots[column] = best
        for at, row in enumerate(rows):
            if at != best and row[column] != 0:
                times = row[column] / pivot
                rows[at] = [one - times * two for one, two in zip(row, rows[best], strict=True)]
    return {column: rows[row][-1] / rows[row][column] for column, row in pivots.items()}
