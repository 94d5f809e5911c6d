"""The kind of point that a Hessian tells of, by derivatives that are known to enough digits."""

from __future__ import annotations

from backpropcli.modes.curvature import (
    POINTS,
    definiteness,
    eigenvectors,
    kind_of_point,
    stationary,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.report.report import Report

    Assembled = Callable[[list[list[Any]]], list[list[Any]]]

LARGEST = 50_000
"""Nodes, of all derivatives together, up to which a point is classified."""
MOST_EIGENVALUES = 60
"""Rows up to which a Hessian's eigenvalues are found: their cost grows with the third power."""
SURE = {"positive definite", "negative definite", "indefinite"}
"""Kinds of matrices that rest on no eigenvalue being 0."""
ROUNDING = 1e-9
"""What part of itself two ways to one entry of a Hessian may differ by in floats."""


class Curvature:
    """What the Hessian says of the point; ``definite`` is "" where that was not looked at.

    It goes by the derivatives in many digits, not by the floats: ``products`` are the reports of
    Hessian-vector products, of which ``assembled`` makes the matrix. A Hessian need not be
    symmetric where a program's own rules are not the derivatives of anything.
    """

    def __init__(
        self,
        report: Report,
        products: list[Report],
        matrix: list[list[float]],
        assembled: Assembled,
    ) -> None:
        point = [report.values[node] for node in report.wrt.values()]
        self.stationary = False
        self.definite, self.kind = "", ""
        self.eigenvalues: list[float] = []
        self._matrix: list[list[float]] = []
        if any(one.kinks for one in (report, *products)):
            self.kind = "not classified: there is a kink here"
        elif not _symmetric(matrix):
            self.definite, self.kind = "not symmetric", "rules of the program are not derivatives"
        elif any(one.causes for one in (report, *products)):
            self.definite, self.kind = "unknown", POINTS["unknown"]
        elif len(point) <= MOST_EIGENVALUES:
            true = _true(report, products, assembled)
            if true is None:
                self.kind = "not classified: a derivative is not known to enough digits"
                return
            gradient, exact, typed = true
            self.stationary = stationary(gradient, exact, point)
            self.definite, self.eigenvalues = definiteness(exact)
            self.kind = kind_of_point(self.definite, self.stationary)
            if typed is not None and not _bears_out(typed, self.definite):
                self.definite, self.eigenvalues = "", []
                self.kind = "not classified: it depends on how the values are rounded to doubles"
            self._matrix = exact

    @property
    def eigenvectors(self) -> list[list[float]]:
        """A vector of length 1 for each eigenvalue; none where there are no eigenvalues."""
        return eigenvectors(self._matrix) if self.eigenvalues else []


def _true(
    point: Report, products: list[Report], assembled: Assembled
) -> tuple[list[float], list[list[float]], list[list[float | None]] | None] | None:
    """Return the gradient and the Hessian, each the double nearest to what it truly is.

    And the Hessian at the values as they were typed, if those are others; there None stands for an
    entry that is nearly 0, and not known to be. None where a derivative is not known to 45 digits.
    """
    from backpropcli.arithmetics.balls.ball import ball  # noqa: PLC0415 (mpmath: heavy)
    from backpropcli.report.numbers import sharp  # noqa: PLC0415 (with it)
    from backpropcli.report.truth import Point, as_typed  # noqa: PLC0415 (with it)

    if sum(len(report.graph) for report in products) > LARGEST:
        return None
    points = [Point(report) for report in (point, *products)]
    if not all(one.steady for one in points):
        return None
    exact = [[float(ball(one).middle) for one in each.derivatives()] for each in points]
    typed = [as_typed(report) for report in products]
    rows = [
        own
        if there is None
        else [float(ball(one).middle) if sharp(one) else None for one in there.numbers[1:]]
        for there, own in zip(typed, exact[1:], strict=True)
    ]
    others = None if all(one is None for one in typed) else assembled(rows)
    return exact[0], assembled(exact[1:]), others


def _bears_out(typed: list[list[float | None]], definite: str) -> bool:
    """Say whether a Hessian, of which None stands for what is nearly 0, is of a kind too.

    What is nearly 0 changes no eigenvalue that is not.
    """
    filled = [[one or 0.0 for one in row] for row in typed]
    surely = all(None not in row for row in typed) or definite in SURE
    return surely and definiteness(filled)[0] == definite


def _symmetric(matrix: list[list[float]]) -> bool:
    """Say whether a matrix is symmetric but for rounding, nan and inf included."""
    for row, entries in enumerate(matrix):
        for column in range(row):
            one, other = entries[column], matrix[column][row]
            if abs(one - other) > ROUNDING * max(abs(one), abs(other)):
                return False
    return True
