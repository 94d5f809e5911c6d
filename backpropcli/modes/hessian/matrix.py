"""The Hessian of one output: its matrix, what that says of the point, and what the whole has."""

from __future__ import annotations

from backpropcli.modes.hessian.curvature import Curvature
from backpropcli.modes.hvp import MOST_WHOLE
from backpropcli.report.kinks.kink import turning
from backpropcli.report.result import flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from backpropcli.report.report import Report
    from backpropcli.report.whole.second import Seconds
    from backpropcli.report.whole.sides import Told


class Hessian:
    """The Hessian of one output: ``matrix`` has a row and a column a variable.

    ``pattern`` holds for each row the columns that can differ from 0, ``sweeps`` is the number of
    Hessian-vector products it took, ``reports`` has the report of each: a derivative of the output
    along the sum of the variables of one colour, which ``along`` has by name. ``spread`` makes
    rows of entries of what those sweeps give. ``with_vectors`` says that eigenvectors are wanted.
    The variables' ``names`` are those of elements, of a program of arrays.
    """

    zero = 0.0
    """What stands for 0 at every point."""

    def __init__(  # noqa: PLR0913 (a record)
        self,
        title: str,
        point: Report,
        names: list[str],
        pattern: list[list[int]],
        spread: Callable[[list[list[Any]]], list[dict[int, Any]]],
        along: Sequence[list[str]] = (),
        reports: Sequence[Report] = (),
    ) -> None:
        self.title = title
        self.point = point
        self.names = names
        self.pattern = pattern
        self.spread = spread
        self.along = along
        self.reports = reports
        self.sweeps = len(reports) or len(self.names)
        nodes = list(point.wrt.values())
        rows = spread([[report.adjoints[node] or 0.0 for node in nodes] for report in reports])
        undefined = {at for at, slope in enumerate(self.gradient) if slope != slope}  # noqa: PLR0124 (nan)
        for row, entries in enumerate(rows):  # what has no first derivative has no second one
            for column in entries:
                if row in undefined or column in undefined:
                    entries[column] = float("nan")
        self.matrix = self._filled(rows)
        self.with_vectors = False
        self._curvature: Curvature | None = None
        self._whole: list[list[Told]] | None = None

    @property
    def gradient(self) -> list[float]:
        """The first derivatives, in the order of the names."""
        return flat(self.point.gradient.values())

    def assembled(self, products: list[list[Any]]) -> list[list[Any]]:
        """Return the matrix that the products with the sums ``along`` make."""
        return self._filled(self.spread(products))

    def _filled(self, rows: list[dict[int, Any]]) -> list[list[Any]]:
        """Return rows of entries as a matrix: what is left out is 0."""
        return [[row.get(column, self.zero) for column in range(len(self.names))] for row in rows]

    @property
    def curvature(self) -> Curvature:
        """What the matrix says of the point."""
        if self._curvature is None:
            self._curvature = Curvature(self.point, self.reports, self.matrix, self.assembled)
        return self._curvature

    def whole(self) -> list[list[Told]]:
        """Return the second derivatives that the whole has, where a kink or a gap is met.

        None stands for what is not shown, and what differs has its sides. Empty where no kink is
        met, or of too many variables.
        """
        if self._whole is None:
            self._whole = []
            met = any(one.kinks or one.causes for one in (self.point, *self.reports))
            few = len(self.names) <= MOST_WHOLE and not self.point.arrays
            if met and few and not self.point.held:
                self._whole = self._second()
        return self._whole

    def _seconds(self, nodes: Sequence[int]) -> Seconds:
        """Return the second derivatives of the whole by nodes."""
        from backpropcli.report.whole.second import second

        point = self.point
        return second(point.graph, point.top, point.bindings, nodes, typed=point.as_typed)

    def _second(self) -> list[list[Told]]:
        from backpropcli.report.iterated import iterated
        from backpropcli.report.whole.second import blurred, times

        nodes, point = list(self.point.wrt.values()), self.point
        found = self._seconds(nodes)
        rows = [[times(found, i, {j: 1.0}) for j in nodes] for i in nodes]
        for along, report in zip(self.along, self.reports, strict=True):
            if len(along) == 1:
                column = self.names.index(along[0])
                for row, name in enumerate(self.names):
                    direction = {nodes[column]: 1.0}
                    if rows[row][column] is None and not blurred(found, nodes[row], direction):
                        entry = iterated(point, point.top, report, direction, name)
                        rows[row][column] = entry if isinstance(entry, float) else None
        return rows

    def unshown(self) -> set[tuple[int, int]]:
        """Return the entries at a kink that the whole is not shown to have, by row and column.

        An entry that can differ from 0 is at one if its row or its column turns it.
        """
        if self.point.arrays:
            return set()  # its verdict is that of a derivative along a direction
        turned = turning(self.point.graph, self.point.kinks, self.point.wrt.values())
        pairs = {
            (row, column)
            for row, columns in enumerate(self.pattern)
            for column in columns
            if row in turned or column in turned
        }
        places = sorted({at for pair in pairs for at in pair})
        if not places or self.point.held:
            return set()
        if len(self.names) <= MOST_WHOLE:
            rows = self.whole()
            return {(row, column) for row, column in pairs if rows[row][column] is None}
        if len(places) > MOST_WHOLE:
            return pairs
        from backpropcli.report.whole.second import times

        nodes = list(self.point.wrt.values())
        found = self._seconds([nodes[at] for at in places])
        return {(i, j) for i, j in pairs if times(found, nodes[i], {nodes[j]: 1.0}) is None}

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        curvature = self.curvature
        vectors = {"eigenvectors": curvature.eigenvectors} if self.with_vectors else {}
        return {
            "gradient": self.gradient,
            "hessian": self.matrix,
            "whole_hessian": self.whole() or None,
            "sweeps": self.sweeps,
            "pattern": self.pattern,
            "eigenvalues": curvature.eigenvalues,
            **vectors,
            "definiteness": curvature.definite,
            "point": curvature.kind,
        }
