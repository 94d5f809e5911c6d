"""What the matrix of second derivatives says about a point: minimum, maximum, saddle or neither.

A matrix is a list of rows of floats, n by n and exactly symmetric. The theory is the second
derivative test: Nocedal and Wright, "Numerical Optimization", 2nd ed., theorems 2.2 to 2.4.
"""

from __future__ import annotations

from math import isfinite, lcm

from backpropcli.report.decimals import UNKNOWN, Proved, brief

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

EPSILON = 2.0**-52
AGREE = 1e-9
"""How closely a point's coordinates must agree with a stationary point's."""

POINTS = {
    "positive definite": "a strict local minimum",
    "negative definite": "a strict local maximum",
    "indefinite": "a saddle point",
    "unknown": "not classified: a second derivative is not finite",
    "undecided": "not classified",
}


def eigenvalues(matrix: list[list[float]]) -> list[float]:
    """Return the eigenvalues of a symmetric matrix, the least first; [] if not all is finite.

    They are those of exactly the floats given. An eigenvalue beyond the range of floats is an
    infinity or 0.
    """
    rows = _exact(matrix)
    return [] if rows is None else [float(value) for value, _ in _spectrum(rows)]


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


def definiteness(
    matrix: Sequence[Sequence[Any]], singular: Singular | None = None
) -> tuple[str, list[float]]:
    """Return what the signs of the eigenvalues say in words, and the eigenvalues.

    The entries are floats, fractions or balls. The words are "positive definite", "negative
    definite", "positive semidefinite", "negative semidefinite", "indefinite", "zero"; "unknown"
    (with no eigenvalues) if not all entries are finite; and "undecided" where an eigenvalue may be
    0, and nothing proves or disproves it. ``singular`` says of a block, by its rows, whether its
    determinant is proved to be 0.
    """
    rows = _exact(matrix)
    if rows is None:
        return "unknown", []
    spectrum = _spectrum(rows, singular)
    signs = [sign for _, sign in spectrum]
    word = _word(signs.count(-1), signs.count(1), signs.count(0), len(signs))
    return word, [_float(value, sign) for value, sign in spectrum]


def _exact(matrix: Sequence[Sequence[Any]]) -> list[list[Any]] | None:
    """Return a matrix with its floats as fractions; None if not all entries are finite."""
    from backpropcli.arithmetics.balls.ball import ZERO, Ball, finite  # noqa: PLC0415 (heavy)
    from backpropcli.report.truth import exact  # noqa: PLC0415 (with it)

    def entry(number: Any) -> Any:  # noqa: ANN401
        if isinstance(number, int | float):
            return exact(number)
        known = isinstance(number, Ball) and not (number.middle or number.radius)
        return ZERO if known else number

    rows = [[entry(number) for number in row] for row in matrix]
    return rows if all(finite(number) for row in rows for number in row) else None


def _float(value: Any, sign: int | None) -> float:  # noqa: ANN401 (mpmath has no types)
    """Return an eigenvalue as a float; as text where that says too little."""
    found = float(value)
    if sign is None:
        return Proved.of(UNKNOWN)
    return Proved.of(brief(value)) if sign and not found else found


def _word(below: int, above: int, zero: int, count: int) -> str:
    """Return what so many eigenvalues of each sign are called."""
    if below and above:
        return "indefinite"
    if below + above + zero < count:
        return "undecided"
    if not below and not above:
        return "zero"
    sign = "negative" if below else "positive"
    return f"{sign} {'semidefinite' if zero else 'definite'}"


def stationary(gradient: list[float], matrix: list[list[float]], point: list[float]) -> bool:
    """Return whether the gradient is 0 as far as the ``point`` can say, which is of n floats.

    An exact 0 is. Otherwise let d_j = 1e-9·|x_j|: if every |g_i| <= sum over j of |H_ij|·d_j, then
    the gradient is what second derivatives that are off by 1e-9 of themselves make of a stationary
    point's; the criterion is that of Oettli and Prager, Numerische Mathematik 6 (1964), for
    g = H·x - b. It is the same in other units of the function and of each variable. A coordinate
    that is exactly 0 has no scale of its own and takes d_j = 2^-52 times the largest |x_k|, or
    2^-52 if all are 0. A gradient or matrix that is not finite is not that of a stationary point.
    """
    if not any(gradient):
        return True
    if not _finite([gradient, point]) or not _finite(matrix):
        return False
    size = max(map(abs, point)) or 1.0
    steps = [AGREE * (abs(x) / size) if x else EPSILON for x in point]
    for slope, row in zip(gradient, matrix, strict=True):
        if slope:
            largest = max(map(abs, row))
            if not largest:
                return False
            # The divisions keep the products and their sum from overflowing.
            reach = sum(abs(entry) / largest * step for entry, step in zip(row, steps, strict=True))
            if abs(slope) / largest / size > reach:
                return False
    return True


def kind_of_point(definite: str, is_stationary: bool) -> str:  # noqa: FBT001 (as stationary says)
    """Return what a point is, for people, from the answers of ``definiteness``, ``stationary``."""
    if not is_stationary:
        return "not a stationary point: the gradient is not 0"
    return POINTS.get(definite, "a stationary point, but second derivatives do not tell its kind")


def _finite(rows: list[list[float]]) -> bool:
    return all(isfinite(entry) for row in rows for entry in row)


def _spectrum(
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

    from backpropcli.arithmetics.balls.ball import ball  # noqa: PLC0415 (with it)

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
    from fractions import Fraction  # noqa: PLC0415 (heavy, and only for Hessians)

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
