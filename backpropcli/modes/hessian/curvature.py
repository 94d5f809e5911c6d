"""The kind of point that a Hessian tells of, by derivatives that are known to enough digits."""

from __future__ import annotations

from functools import partial

from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.modes.hessian.definiteness import (
    POINTS,
    definiteness,
    kind_of_point,
    near_stationary,
)
from backpropcli.modes.hessian.eigenvalues import eigenvectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.report.report import Report

    Assembled = Callable[[list[list[Any]]], list[list[Any]]]

LARGEST = 50_000
"""Nodes, of all derivatives together, up to which a point is classified."""
MOST_EIGENVALUES = 60
"""Rows up to which a Hessian's eigenvalues are found: their cost grows with the third power."""
LARGE = "the program is too large for derivatives in many digits"
MAPPED = "a rule that maps an adjoint has no derivatives in many digits"
MOST_SINGULAR, MOST_NODES = 3, 200
"""Rows of a determinant, and nodes of a program, for which it is looked for by algebra."""
ROUNDING = 1e-9
"""What part of itself two ways to one entry of a Hessian may differ by in floats."""


class Curvature:
    """What the Hessian says of the point; ``definite`` is "" where that was not looked at.

    It goes by the derivatives in many digits at the values as typed, not by the floats:
    ``products`` are the reports of Hessian-vector products, of which ``assembled`` makes the
    matrix. A Hessian need not be symmetric where a program's own rules are not the derivatives of
    anything.
    """

    def __init__(
        self,
        report: Report,
        products: Sequence[Report],
        matrix: list[list[float]],
        assembled: Assembled,
    ) -> None:
        point = [report.values[node] for node in report.wrt.values()]
        self.stationary = False
        self.definite, self.kind = "", ""
        self.eigenvalues: list[float] = []
        self._matrix: list[list[float]] = []
        kinks = [kink for one in (report, *products) for kink in one.kinks]
        if kinks or report.held:
            pole = kinks and all(kink.pole is not None for kink in kinks)
            what = "a part has no finite value" if pole else "a part has a kink"
            self.kind = f"not classified: {what} here"
        elif not _symmetric(matrix):
            self.definite, self.kind = "not symmetric", "rules of the program are not derivatives"
        elif any(one.causes for one in (report, *products)):
            self.definite, self.kind = "unknown", POINTS["unknown"]
        elif report.arrays:
            self.kind = f"not classified: {MAPPED if report.lowered.mapped else LARGE}"
        elif len(point) <= MOST_EIGENVALUES:
            true = _true(report, products, assembled)
            if isinstance(true, str):
                self.kind = f"not classified: {true}"
                return
            from backpropcli.arithmetics.balls.ball import ball

            gradients, exact, typed = true
            self._matrix = [[float(entry) for entry in row] for row in exact]
            still = _stationary(gradients)
            self.stationary = still is True
            self.definite, self.eigenvalues = definiteness(typed, partial(_singular, report))
            slopes = [ball(slope).middle for slope in gradients[0]]
            near = still is False and near_stationary(slopes, exact, point)
            self.kind = kind_of_point(self.definite, still, near=near)

    @property
    def eigenvectors(self) -> list[list[float]]:
        """A vector of length 1 for each eigenvalue; none where there are no eigenvalues."""
        return eigenvectors(self._matrix) if self.eigenvalues else []


def _true(
    point: Report, products: Sequence[Report], assembled: Assembled
) -> tuple[list[list[Number]], list[list[Any]], list[list[Number]]] | str:
    """Return the gradient at the doubles and as typed, and the Hessian as big floats and in balls.

    Doubles may underflow. The balls of the Hessian are those at the values as they were typed. Why
    not, where a derivative is not known to 45 digits, or as near to 0 as is told of one, or
    rounding hides a kink.
    """
    from backpropcli.arithmetics.balls.ball import ball, finite
    from backpropcli.report.digits.numbers import sharp, told
    from backpropcli.report.truth.hidden import hidden_kinks
    from backpropcli.report.truth.point import Point, as_typed

    unknown = "a derivative is not known to enough digits"
    if sum(len(report.graph) for report in products) > LARGEST:
        return unknown
    reports = [point, *products]
    points = [Point(report) for report in reports]
    if any(one.undecided for one in points):
        return unknown
    exact = [each.derivatives() for each in points]
    typed = [as_typed(report) for report in reports]
    others = [own if there is None else there.numbers[1:]
              for there, own in zip(typed, exact, strict=True)]  # fmt: skip
    for number in [number for each in (*exact, *others) for number in each]:
        if not finite(number) or not (sharp(number) or told(number)):
            return unknown
    if hidden_kinks(point, points[0]):
        return "a part has a kink here in exact arithmetic"
    middles = [[ball(one).middle for one in each] for each in exact[1:]]
    return [exact[0], others[0]], assembled(middles), assembled(others[1:])


def _stationary(gradients: list[list[Number]]) -> bool | None:
    """Return whether a gradient is 0 at the doubles or as typed, where each is exactly that.

    It is not if some part of both is known to be another number; else that is not known.
    """
    from backpropcli.arithmetics.balls.ball import around_zero, ball, is_zero

    if any(all(map(is_zero, slopes)) for slopes in gradients):
        return True
    moving = [any(not around_zero(ball(one)) for one in slopes) for slopes in gradients]
    return False if all(moving) else None


def _singular(point: Report, block: list[int]) -> bool:
    """Say whether a block of the Hessian is singular everywhere, as its determinant cancels."""
    from backpropcli.arithmetics.nodes.nodes import Nodes
    from backpropcli.arithmetics.tidy.tidy import tidied

    if len(block) > MOST_SINGULAR or len(point.graph) > MOST_NODES:
        return False
    graph, wrt = point.graph.copy(), [*point.wrt.values()]
    nodes, zero = [wrt[at] for at in block], graph.node("number", (), 0.0)
    slopes = adjoint_nodes(graph, point.top, nodes)
    rows = []
    for node in nodes:
        second = adjoint_nodes(graph, slopes.get(node, zero), nodes)
        rows.append([second.get(other, zero) for other in nodes])
    tidy, [place] = tidied(graph, [_determinant(graph, rows)])
    return Nodes(tidy).literal(place) == 0


def _determinant(graph: Graph, rows: list[list[int]]) -> int:
    """Return the node of a determinant, by its first row."""
    if len(rows) == 1:
        return rows[0][0]
    found = graph.node("number", (), 0.0)
    for column, entry in enumerate(rows[0]):
        minor = [row[:column] + row[column + 1 :] for row in rows[1:]]
        term = graph.node("mul", (entry, _determinant(graph, minor)))
        found = graph.node("sub" if column % 2 else "add", (found, term))
    return found


def _symmetric(matrix: list[list[float]]) -> bool:
    """Say whether a matrix is symmetric but for rounding, nan and inf included."""
    for row, entries in enumerate(matrix):
        for column in range(row):
            one, other = entries[column], matrix[column][row]
            if abs(one - other) > ROUNDING * max(abs(one), abs(other)):
                return False
    return True
