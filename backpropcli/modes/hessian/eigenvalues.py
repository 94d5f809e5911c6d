"""Eigenvalues of a symmetric matrix, each with its sign, and eigenvectors.

A matrix is a list of rows of numbers, n by n and exactly symmetric.
"""

from __future__ import annotations

from math import lcm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Singular = Callable[[list[int]], bool]

DIGITS = 50
"""The working precision: the eigenvalues are right to all digits of a float unless the smallest
is below 10^-30 of the largest."""
PRECISIONS = (DIGITS, 100, 200, 400, 800)
"""Digits in which an eigenvalue is told from 0, where fewer do not."""


def eigenvectors(matrix: list[list[float]]) -> list[list[float]]:
    """Return an eigenvector of length 1 for each eigenvalue, in their order.

    The largest component of each is positive.
    """
    from mpmath import mp  # heavy, and only for Hessians

    pairs = []
    with mp.workdps(DIGITS):
        for block in _blocks(matrix):
            values, vectors = mp.eigsy(mp.matrix([[matrix[i][j] for j in block] for i in block]))
            for at, value in enumerate(values):
                parts = dict(zip(block, vectors[:, at], strict=True))
                sign = mp.sign(max(parts.values(), key=abs))
                pairs.append((value, [float(sign * parts.get(i, 0)) for i in range(len(matrix))]))
    return [vector for _, vector in sorted(pairs, key=lambda pair: pair[0])]


def solution(matrix: list[list[Any]], side: list[Any]) -> list[Any] | None:
    """Return the solution x of A·x = b, in mpmath's numbers; None of a singular matrix."""
    from mpmath import mp  # heavy, and only for Hessians

    with mp.workdps(DIGITS):
        try:
            return list(mp.lu_solve(mp.matrix(matrix), mp.matrix(side)))
        except ZeroDivisionError:
            return None


def exact_rows(matrix: Sequence[Sequence[Any]]) -> list[list[Any]] | None:
    """Return a matrix with its floats as fractions; None if not all entries are finite."""
    from backpropcli.arithmetics.balls.ball import ZERO, Ball, finite
    from backpropcli.report.digits.exact import exact

    def entry(number: Any) -> Any:  # noqa: ANN401
        if isinstance(number, int | float):
            return exact(number)
        known = isinstance(number, Ball) and not (number.middle or number.radius)
        return ZERO if known else number

    rows = [[entry(number) for number in row] for row in matrix]
    return rows if all(finite(number) for row in rows for number in row) else None


def spectrum(
    rows: Sequence[Sequence[Any]], singular: Singular | None = None
) -> list[tuple[Any, int | None]]:
    """Return the eigenvalues in mpmath's numbers, the least first, each with its sign.

    They are found block by block, by Householder's tridiagonal form and the QL algorithm. A
    symmetric change of the matrix moves no eigenvalue by more than its norm (Weyl's theorem: Golub
    and Van Loan, "Matrix Computations", 4th ed., theorem 8.1.5; Demmel, "Applied Numerical Linear
    Algebra", theorem 5.1). So one that is farther from 0 than what is not known of the entries has
    its sign. If as many are nearer as the rank leaves, they are 0; else their sign is None.
    (``fp.eigsy`` of mpmath 1.3 lacks a function and fails.)
    """
    from mpmath import mp, mpf  # heavy, and only for Hessians

    found: list[tuple[Any, int | None]] = []
    for block in _blocks(rows):
        part = [[rows[i][j] for j in block] for i in block]
        zeros: int | None = None
        for digits in PRECISIONS:
            with mp.workdps(digits):
                values, blur = _values(part)
            near = sum(abs(value) <= blur for value in values)
            if near and zeros is None:
                zeros = _zeros(part, block, near, singular)
            if not near or zeros in {None, near}:
                break
        for value in values:
            if abs(value) > blur:
                found.append((value, 1 if value > 0 else -1))
            else:
                found.append((mpf(0), 0 if zeros == near else None))
    return sorted(found, key=lambda pair: pair[0])


def _values(part: list[list[Any]]) -> tuple[list[Any], Any]:
    """Return the eigenvalues of a block, and how far they may be off."""
    from mpmath import mp, mpf  # heavy, and only for Hessians

    from backpropcli.arithmetics.balls.ball import ball

    entries = [[ball(entry) for entry in row] for row in part]
    radius = mp.sqrt(sum(entry.radius**2 for row in entries for entry in row))
    if len(part) == 1:
        return [entries[0][0].middle], radius
    matrix = mp.matrix([[entry.middle for entry in row] for row in entries])
    values = list(mp.eigsy(matrix, eigvals_only=True))
    return values, radius + len(part) * mpf(10) ** (2 - mp.dps) * max(map(abs, values))


def _zeros(
    part: list[list[Any]], block: list[int], near: int, singular: Singular | None
) -> int | None:
    """Return how many eigenvalues of a block are 0; None where that is not known."""
    from fractions import Fraction

    if all(isinstance(entry, Fraction) for row in part for entry in row):
        return len(part) - _rank(part)
    return 1 if near == 1 and singular is not None and singular(block) else None


def _rank(part: list[list[Any]]) -> int:
    """Return the rank of a matrix of fractions, by Bareiss' elimination in whole numbers.

    Bareiss, Mathematics of Computation 22 (1968): all divisions come out even.
    """
    scale = lcm(*[entry.denominator for row in part for entry in row])
    rows = [[int(entry * scale) for entry in row] for row in part]
    rank, before = 0, 1
    for column in range(len(part)):
        at = next((row for row in range(rank, len(rows)) if rows[row][column]), None)
        if at is None:
            continue
        rows[rank], rows[at] = rows[at], rows[rank]
        pivot = rows[rank][column]
        for row in rows[rank + 1 :]:
            factor = row[column]
            row[:] = [
                (pivot * one - factor * other) // before
                for one, other in zip(row, rows[rank], strict=True)
            ]
        rank, before = rank + 1, pivot
    return rank


def _blocks(matrix: Sequence[Sequence[Any]]) -> list[list[int]]:
    """Return the indices in groups that no entry connects: a separable function has many."""
    free = dict.fromkeys(range(len(matrix)))
    groups = []
    while free:
        group = [free.popitem()[0]]
        for i in group:  # it grows as it is read
            row = matrix[i]
            linked = [j for j in free if row[j] != 0]
            for j in linked:
                del free[j]
            group += linked
        groups.append(sorted(group))
    return groups
