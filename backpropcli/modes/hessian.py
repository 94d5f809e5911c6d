"""Hessians: as many Hessian-vector products as a star colouring of the pattern has colours."""

from __future__ import annotations

from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.modes.colouring import colour_columns, recover, recover_symmetric, star_colouring
from backpropcli.modes.curvature import (
    POINTS,
    definiteness,
    eigenvectors,
    kind_of_point,
    stationary,
)
from backpropcli.modes.elements import written_out
from backpropcli.modes.gradient import ones, ready, report_of
from backpropcli.modes.jacobian import dependence
from backpropcli.modes.products import directional
from backpropcli.report.result import Claim, Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program
    from backpropcli.report.report import Report

MOST_WHOLE = 6
"""Variables up to which the whole's second derivatives are looked at: n^2 lines of germs."""
LARGEST = 50_000
"""Nodes, of all derivatives together, up to which a point is classified."""
MOST_EIGENVALUES = 60
"""Rows up to which a Hessian's eigenvalues are found: their cost grows with the third power."""

SURE = {"positive definite", "negative definite", "indefinite"}
"""Kinds of matrices that rest on no eigenvalue being 0."""
ROUNDING = 1e-9
"""What part of itself two ways to one entry of a Hessian may differ by in floats."""


class Hessian:
    """The Hessian of one output: ``matrix`` has a row and a column a variable.

    ``pattern`` holds for each row the columns that can differ from 0, ``sweeps`` is the number of
    Hessian-vector products it took, ``reports`` has the report of each: a derivative of the output
    along the sum of the variables of one colour, which ``along`` has by name. ``spread`` makes
    rows of entries of what those sweeps give. ``with_vectors`` says that eigenvectors are wanted.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        title: str,
        point: Report,
        pattern: list[list[int]],
        spread: Callable[[list[list[Any]]], list[dict[int, Any]]],
        along: list[list[str]],
        reports: list[Report],
    ) -> None:
        self.title = title
        self.point = point
        self.wrt = point.wrt
        self.pattern = pattern
        self.spread = spread
        self.along = along
        self.reports = reports
        self.sweeps = len(reports)
        nodes = list(self.wrt.values())
        rows = spread([[report.adjoints[node] or 0.0 for node in nodes] for report in reports])
        undefined = {at for at, slope in enumerate(point.gradient.values()) if slope != slope}  # noqa: PLR0124 (nan)
        for row, entries in enumerate(rows):  # what has no first derivative has no second one
            for column in entries:
                if row in undefined or column in undefined:
                    entries[column] = float("nan")
        self.matrix = self.filled(rows)
        self.with_vectors = False
        self._curvature: Curvature | None = None
        self._whole: list[list[float | None]] | None = None

    def filled(self, rows: list[dict[int, Any]]) -> list[list[Any]]:
        """Return rows of entries as a matrix: what is left out is 0."""
        return [[row.get(column, 0.0) for column in range(len(self.wrt))] for row in rows]

    @property
    def curvature(self) -> Curvature:
        """What the matrix says of the point."""
        if self._curvature is None:
            self._curvature = Curvature(self)
        return self._curvature

    def whole(self) -> list[list[float | None]]:
        """Return the second derivatives that the whole has, where a kink or a gap is met.

        None stands for what is not shown. Empty where no kink is met, or of too many variables.
        """
        if self._whole is None:
            self._whole = []
            met = any(one.kinks or one.causes for one in (self.point, *self.reports))
            if met and len(self.wrt) <= MOST_WHOLE:
                self._whole = self._second()
        return self._whole

    def _second(self) -> list[list[float | None]]:
        from backpropcli.report.second import second  # noqa: PLC0415 (heavy)
        from backpropcli.report.sides import nearest  # noqa: PLC0415 (heavy)

        nodes, point = list(self.wrt.values()), self.point
        found = second(point.graph, point.top, point.bindings, nodes)
        entries = {pair: nearest(one.value) if one.sure else None for pair, one in found.items()}
        return [
            [entries[pair if pair in entries else pair[::-1]] for pair in ((i, j) for j in nodes)]
            for i in nodes
        ]

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        curvature = self.curvature
        vectors = {"eigenvectors": curvature.eigenvectors} if self.with_vectors else {}
        return {
            "gradient": list(self.point.gradient.values()),
            "hessian": self.matrix,
            "whole_hessian": self.whole() or None,
            "sweeps": self.sweeps,
            "pattern": self.pattern,
            "eigenvalues": curvature.eigenvalues,
            **vectors,
            "definiteness": curvature.definite,
            "point": curvature.kind,
        }


class Curvature:
    """What the Hessian says of the point; ``definite`` is "" where that was not looked at.

    It goes by the derivatives in many digits, not by the floats. A Hessian need not be symmetric
    where a program's own rules are not the derivatives of anything.
    """

    def __init__(self, found: Hessian) -> None:
        report = found.point
        point = [report.values[node] for node in report.wrt.values()]
        self.stationary = False
        self.definite, self.kind = "", ""
        self.eigenvalues: list[float] = []
        self._matrix: list[list[float]] = []
        if any(one.kinks for one in (report, *found.reports)):
            self.kind = "not classified: there is a kink here"
        elif not _symmetric(found.matrix):
            self.definite, self.kind = "not symmetric", "rules of the program are not derivatives"
        elif any(one.causes for one in (report, *found.reports)):
            self.definite, self.kind = "unknown", POINTS["unknown"]
        elif len(point) <= MOST_EIGENVALUES:
            true = _true(found)
            if true is None:
                self.kind = "not classified: a derivative is not known to enough digits"
                return
            gradient, matrix, typed = true
            self.stationary = stationary(gradient, matrix, point)
            self.definite, self.eigenvalues = definiteness(matrix)
            self.kind = kind_of_point(self.definite, self.stationary)
            if typed is not None and not _bears_out(typed, self.definite):
                self.definite, self.eigenvalues = "", []
                self.kind = "not classified: it depends on how the values are rounded to doubles"
            self._matrix = matrix

    @property
    def eigenvectors(self) -> list[list[float]]:
        """A vector of length 1 for each eigenvalue; none where there are no eigenvalues."""
        return eigenvectors(self._matrix) if self.eigenvalues else []


def _true(
    found: Hessian,
) -> tuple[list[float], list[list[float]], list[list[float | None]] | None] | None:
    """Return the gradient and the Hessian, each the double nearest to what it truly is.

    And the Hessian at the values as they were typed, if those are others; there None stands for an
    entry that is nearly 0, and not known to be. None where a derivative is not known to 45 digits.
    """
    from backpropcli.arithmetics.balls.ball import ball  # noqa: PLC0415 (mpmath: heavy)
    from backpropcli.report.numbers import sharp  # noqa: PLC0415 (with it)
    from backpropcli.report.truth import Point, as_typed  # noqa: PLC0415 (with it)

    if sum(len(report.graph) for report in found.reports) > LARGEST:
        return None
    points = [Point(report) for report in (found.point, *found.reports)]
    if not all(point.steady for point in points):
        return None
    exact = [[float(ball(one).middle) for one in point.derivatives()] for point in points]
    typed = [as_typed(report) for report in found.reports]
    rows = [
        own
        if there is None
        else [float(ball(one).middle) if sharp(one) else None for one in there.numbers[1:]]
        for there, own in zip(typed, exact[1:], strict=True)
    ]
    others = None if all(one is None for one in typed) else found.filled(found.spread(rows))
    return exact[0], found.filled(found.spread(exact[1:])), others


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


class Hessians(Result):
    """The Hessian of ``each`` output.

    ``matrix``, ``gradient`` and ``curvature`` are those of the last output, which is the only one
    of most programs.
    """

    command = "hessian"

    def __init__(self, point: Report, each: list[Hessian]) -> None:
        super().__init__(point, point.wrt, [report for one in each for report in one.reports])
        self.each = each
        self.matrix = each[-1].matrix
        self.gradient = each[-1].point.gradient

    @property
    def curvature(self) -> Curvature:
        """The eigenvalues, what they say in words, and what kind of point it is."""
        return self.each[-1].curvature

    def as_dict(self) -> dict[str, object]:
        own = [one.as_dict() for one in self.each]
        if len(own) == 1:
            return {**super().as_dict(), **own[0]}
        return {**super().as_dict(), **{key: [one[key] for one in own] for key in own[0]}}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        several, names = len(self.each) > 1, self.variables
        for one in self.each:
            for name, row in zip(names, one.matrix, strict=True):
                for other, value in zip(names, row, strict=True):
                    yield [one.title, name, other] if several else [name, other], value

    def claims(self) -> Iterator[Claim]:
        for one in self.each:
            for along, report in zip(one.along, one.reports, strict=True):
                yield Claim(report, [_label(name, along) for name in self.variables])


def _label(name: str, along: list[str]) -> str:
    """Return "d2/dy2", "d2/dxdy", or "d/dy of d/dx + d/dz": a Hessian-vector product's entry."""
    if along == [name]:
        return f"d2/d{name}2"
    if len(along) == 1:
        return f"d2/d{name}d{along[0]}"
    shown = [f"d/d{one}" for one in along[:3]]
    return f"d/d{name} of " + " + ".join([*shown, "..."] if len(along) > len(shown) else shown)


def hessian(
    program: Program,
    bindings: Mapping[str, float],
    wrt: Sequence[str] = (),
    *,
    eigenvectors: bool = False,
) -> Hessians:
    """Return the Hessian of each output at the point ``bindings``.

    ``wrt`` are the names by which to differentiate, all variables if empty; with ``eigenvectors``
    the plain data has them too. Raises BackpropError as ``gradient`` does.
    """
    numbers = written_out(program, bindings, wrt)
    if numbers is not None:
        found = hessian(numbers.program, numbers.bindings, numbers.wrt, eigenvectors=eigenvectors)
        return numbers.told(found)
    lowered, asked = ready(program, bindings, wrt)
    point = report_of(lowered, bindings, asked, ones(lowered))
    each = []
    for title, output in zip(program.titles(), lowered.outputs, strict=True):
        seeds = {output: 1.0}
        here = point if point.seeds == seeds else report_of(lowered, bindings, asked, seeds)
        each.append(_one(here, title, output))
        each[-1].with_vectors = eigenvectors
    return Hessians(point, each)


def _one(point: Report, title: str, output: int) -> Hessian:
    lowered, bindings, asked = point.lowered, point.bindings, point.wrt
    nodes, graph = list(asked.values()), lowered.graph
    pattern = interactions(graph, output, nodes)
    ruled = any(row.own and len(row.rules) > 2 for row in graph.table.values())  # noqa: PLR2004 (a body too)
    found = colour_columns(pattern, len(nodes)) if ruled else star_colouring(pattern)
    # A variable in no entry that can differ from 0 goes along, so that its zeros are proved too.
    colours = [max(colour, 0) for colour in found]
    while True:
        along: list[list[str]] = [[] for _ in range(max(colours, default=-1) + 1)]
        for name, colour in zip(asked, colours, strict=True):
            along[colour].append(name)
        reports = []
        for names_along in along:  # each in a graph of its own: many together would all be run
            direction = {asked[name]: 1.0 for name in names_along}
            reports.append(directional(lowered, output, direction, bindings, asked))
        if len(along) == len(nodes) or not any(report.causes for report in reports):
            break
        colours = list(range(len(nodes)))  # what is not finite would hide what it is added to

    def spread(compressed: list[list[Any]]) -> list[dict[int, Any]]:
        # The rules of a function of two arguments need not be the derivatives of anything.
        if ruled:
            return recover(pattern, colours, compressed)
        rows = recover_symmetric(pattern, colours, compressed)
        if len(along) == len(nodes):  # each variable has a sweep of its own
            for row, entries in enumerate(rows):
                for column, one in entries.items():
                    ways = compressed[colours[row]][column], compressed[colours[column]][row]
                    wrong = (way for way in ways if way is not None and way - way != 0)
                    entries[column] = next(wrong, one)
        return rows

    return Hessian(title, point, pattern, spread, along, reports)


def interactions(graph: Graph, output: int, nodes: list[int]) -> list[list[int]]:
    """Return for each of ``nodes`` the positions of those that its derivative moves with.

    Read off the graph of the gradient; symmetric, and it may hold entries that are 0.
    """
    made = graph.copy()
    adjoints = adjoint_nodes(made, output, nodes)
    slopes = [adjoints.get(node) for node in nodes]
    roots = [slope for slope in slopes if slope is not None]
    found = iter(dependence(made, roots, nodes))
    rows = [[] if slope is None else next(found) for slope in slopes]
    both = [set(row) for row in rows]
    for row, columns in enumerate(rows):
        for column in columns:
            both[column].add(row)
    return [sorted(row) for row in both]
