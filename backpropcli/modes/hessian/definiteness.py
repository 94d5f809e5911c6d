"""What the matrix of second derivatives says about a point: minimum, maximum, saddle or neither.

A matrix is a list of rows of floats, n by n and exactly symmetric. The theory is the second
derivative test: Nocedal and Wright, "Numerical Optimization", 2nd ed., theorems 2.2 to 2.4.
"""

from __future__ import annotations

from math import isfinite

from backpropcli.modes.hessian.eigenvalues import exact_rows, solution, spectrum
from backpropcli.report.decimals import UNKNOWN, Proved, brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.modes.hessian.eigenvalues import Singular

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
    rows = exact_rows(matrix)
    if rows is None:
        return "unknown", []
    values = spectrum(rows, singular)
    signs = [sign for _, sign in values]
    word = _word(signs.count(-1), signs.count(1), signs.count(0), len(signs))
    return word, [_float(value, sign) for value, sign in values]


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


def near_stationary(gradient: list[Any], matrix: list[list[Any]], point: list[float]) -> bool:
    """Return whether second derivatives alone place a stationary point next to ``point``.

    It is where Newton's step ends: by it no x_j may move by more than d_j = 1e-9·|x_j|. A
    coordinate that is exactly 0 has no scale of its own and takes d_j = 2^-52 times the largest
    |x_k|, or 2^-52 if all are 0. So every |g_i| <= sum over j of |H_ij|·d_j, which is asked first
    (Oettli and Prager, Numerische Mathematik 6 (1964), for g = H·x - b). The answer is the same in
    other units of the function and of each variable.
    """
    if not any(gradient):
        return True
    if not _finite([gradient, point]) or not _finite(matrix):
        return False
    size = max(map(abs, point)) or 1.0
    steps = [AGREE * (abs(x) / size) if x else EPSILON for x in point]
    scaled, slopes = [], []
    for slope, row in zip(gradient, matrix, strict=True):
        largest = max(map(abs, row))
        if not largest:
            return False
        # The divisions keep the products and their sum from overflowing.
        scaled.append([entry / largest * step for entry, step in zip(row, steps, strict=True)])
        slopes.append(slope / largest / size)
        if abs(slopes[-1]) > sum(map(abs, scaled[-1])):
            return False
    moves = solution(scaled, slopes)
    return moves is not None and all(abs(move) <= 1 for move in moves)


def kind_of_point(definite: str, is_stationary: bool | None, *, near: bool = False) -> str:  # noqa: FBT001 (as stationary says)
    """Return what a point is, for people.

    ``is_stationary`` is None where that is not known; the other answers are those of
    ``definiteness`` and ``near_stationary``.
    """
    if is_stationary is None:
        return "not classified: whether the gradient is 0 is not known"
    if not is_stationary:
        known = definite in {"positive definite", "negative definite", "indefinite"}
        more = f", but by second derivatives {POINTS[definite]} is near" if near and known else ""
        return f"not a stationary point: the gradient is not 0{more}"
    return POINTS.get(definite, "a stationary point, but second derivatives do not tell its kind")


def _finite(rows: list[list[float]]) -> bool:
    return all(isfinite(entry) for row in rows for entry in row)
