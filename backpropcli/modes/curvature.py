"""What the matrix of second derivatives says about a point: minimum, maximum, saddle or neither.

A matrix is a list of rows of floats, n by n and exactly symmetric. The theory is the second
derivative test: Nocedal and Wright, "Numerical Optimization", 2nd ed., theorems 2.2 to 2.4.
"""

from __future__ import annotations

from math import isfinite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DIGITS = 50
"""The working precision: the eigenvalues are right to all digits of a float unless the smallest
is below 10^-30 of the largest."""

EPSILON = 2.0**-52
AGREE = 1e-9
"""How closely a point's coordinates must agree with a stationary point's."""

POINTS = {
    "positive definite": "a strict local minimum",
    "negative definite": "a strict local maximum",
    "indefinite": "a saddle point",
    "unknown": "not classified: a second derivative is not finite",
}


def eigenvalues(matrix: list[list[float]]) -> list[float]:
    """Return the eigenvalues of a symmetric matrix, the least first; [] if not all is finite.

    They are those of exactly the floats given. An eigenvalue beyond the range of floats is an
    infinity or 0.
    """
    return [float(value) for value in _spectrum(matrix)]


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


def definiteness(matrix: list[list[float]]) -> tuple[str, list[float]]:
    """Return what the signs of the eigenvalues say in words, and the eigenvalues.

    The words are "positive definite", "negative definite", "positive semidefinite", "negative
    semidefinite", "indefinite", "zero", and "unknown" (with no eigenvalues) if not all entries are
    finite. The entries are rounded, and a symmetric change of the matrix moves no eigenvalue by
    more than its norm (Weyl's theorem: Golub and Van Loan, "Matrix Computations", 4th ed., theorem
    8.1.5; Demmel, "Applied Numerical Linear Algebra", theorem 5.1). So an eigenvalue counts as 0
    up to n·2^-52 times the largest one's absolute value.
    """
    if not _finite(matrix):
        return "unknown", []
    spectrum = _spectrum(matrix)
    found = [float(value) for value in spectrum]
    limit = len(matrix) * EPSILON * max(map(abs, spectrum), default=0)
    below = sum(value < -limit for value in spectrum)
    above = sum(value > limit for value in spectrum)
    if not below and not above:
        return "zero", found
    if below and above:
        return "indefinite", found
    sign = "negative" if below else "positive"
    return f"{sign} {'definite' if below + above == len(spectrum) else 'semidefinite'}", found


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


def _spectrum(matrix: list[list[float]]) -> list[Any]:
    """Return the eigenvalues in mpmath's numbers, the least first; [] if not all is finite.

    They are found block by block, by Householder's tridiagonal form and the QL algorithm; what is
    within the error of that is exactly 0. (``fp.eigsy`` of mpmath 1.3 lacks a function and fails.)
    """
    if not _finite(matrix):
        return []
    from mpmath import mp, mpf  # heavy, and only for Hessians

    found = []
    with mp.workdps(DIGITS):
        for block in _blocks(matrix):
            if len(block) == 1:
                found.append(mpf(matrix[block[0]][block[0]]))
                continue
            part = mp.matrix([[matrix[i][j] for j in block] for i in block])
            values = list(mp.eigsy(part, eigvals_only=True))
            noise = len(block) * mpf(10) ** (2 - DIGITS) * max(map(abs, values))
            found += [value if abs(value) > noise else mpf(0) for value in values]
    return sorted(found)


def _blocks(matrix: list[list[float]]) -> list[list[int]]:
    """Return the indices in groups that no entry connects: a separable function has many."""
    free = dict.fromkeys(range(len(matrix)))
    groups = []
    while free:
        group = [free.popitem()[0]]
        for i in group:  # it grows as it is read
            row = matrix[i]
            linked = [j for j in free if row[j]]
            for j in linked:
                del free[j]
            group += linked
        groups.append(sorted(group))
    return groups
