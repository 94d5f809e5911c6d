"""Hessians: as many Hessian-vector products as a star colouring of the pattern has colours."""

from __future__ import annotations

from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.modes.colouring import colour_columns, recover, recover_symmetric, star_colouring
from backpropcli.modes.curvature import definiteness, kind_of_point, stationary
from backpropcli.modes.gradient import ones, ready, report_of
from backpropcli.modes.jacobian import dependence
from backpropcli.modes.products import directional
from backpropcli.report.result import Claim, Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.calculus.lower import Lowered
    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program
    from backpropcli.report.report import Report

MOST_EIGENVALUES = 60
"""Rows up to which a Hessian's eigenvalues are found: their cost grows with the third power."""

ROUNDING = 1e-9
"""What part of itself two ways to one entry of a Hessian may differ by in floats."""


class Hessian:
    """The Hessian of one output: ``matrix`` has a row and a column a variable.

    ``pattern`` holds for each row the columns that can differ from 0, ``sweeps`` is the number of
    Hessian-vector products it took, ``reports`` has the report of each: a derivative of the output
    along the sum of the variables of one colour, which ``along`` has by name.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        title: str,
        point: Report,
        pattern: list[list[int]],
        rows: list[dict[int, float]],
        along: list[list[str]],
        reports: list[Report],
    ) -> None:
        self.title = title
        self.point = point
        self.wrt = point.wrt
        self.pattern = pattern
        self.along = along
        self.reports = reports
        self.sweeps = len(reports)
        count = len(point.wrt)
        self.matrix = [[row.get(column, 0.0) for column in range(count)] for row in rows]
        self._curvature: Curvature | None = None

    @property
    def curvature(self) -> Curvature:
        """What the matrix says of the point."""
        if self._curvature is None:
            self._curvature = Curvature(self)
        return self._curvature

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        curvature = self.curvature
        return {
            "gradient": list(self.point.gradient.values()),
            "hessian": self.matrix,
            "sweeps": self.sweeps,
            "pattern": self.pattern,
            "eigenvalues": curvature.eigenvalues,
            "definiteness": curvature.definite,
            "point": curvature.kind,
        }


class Curvature:
    """What the Hessian says of the point; ``definite`` is "" where that was not looked at.

    A Hessian need not be symmetric where a program's own rules are not the derivatives of anything.
    """

    def __init__(self, found: Hessian) -> None:
        report = found.point
        gradient = list(report.gradient.values())
        point = [report.values[node] for node in report.wrt.values()]
        self.stationary = stationary(gradient, found.matrix, point)
        self.definite, self.kind = "", ""
        self.eigenvalues: list[float] = []
        if not _symmetric(found.matrix):
            self.definite, self.kind = "not symmetric", "its rules are no gradient"
        elif len(gradient) <= MOST_EIGENVALUES:
            self.definite, self.eigenvalues = definiteness(found.matrix)
            self.kind = kind_of_point(self.definite, self.stationary)
        if any(one.kinks for one in (report, *found.reports)):
            self.kind = "a kink, where second derivatives do not decide"


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
                total = _sum(along)
                yield Claim(report, [f"d/d{name} of {total}" for name in self.variables])


def _sum(names: list[str]) -> str:
    """Return "d/dx + d/dz", which one Hessian-vector product has the derivatives of."""
    shown = [f"d/d{name}" for name in names[:3]]
    return " + ".join([*shown, "..."] if len(names) > len(shown) else shown)


def hessian(program: Program, bindings: Mapping[str, float], wrt: Sequence[str] = ()) -> Hessians:
    """Return the Hessian of each output at the point ``bindings``.

    ``wrt`` are the names by which to differentiate, all variables if empty. Raises BackpropError
    as ``gradient`` does.
    """
    lowered, asked = ready(program, bindings, wrt)
    point = report_of(lowered, bindings, asked, ones(lowered))
    pairs = zip(program.titles(), lowered.outputs, strict=True)
    return Hessians(point, [_one(lowered, *pair, bindings, asked) for pair in pairs])


def _one(
    lowered: Lowered, title: str, output: int, bindings: Mapping[str, float], asked: dict[str, int]
) -> Hessian:
    nodes, graph = list(asked.values()), lowered.graph
    pattern = interactions(graph, output, nodes)
    ruled = any(row.own and len(row.rules) > 2 for row in graph.table.values())  # noqa: PLR2004 (a body too)
    found = colour_columns(pattern, len(nodes)) if ruled else star_colouring(pattern)
    # A variable in no entry that can differ from 0 goes along, so that its zeros are proved too.
    colours = [max(colour, 0) for colour in found]
    along: list[list[str]] = [[] for _ in range(max(colours, default=-1) + 1)]
    for name, colour in zip(asked, colours, strict=True):
        along[colour].append(name)
    reports = []
    for names_along in along:  # each in a graph of its own: many together would all be run
        direction = {asked[name]: 1.0 for name in names_along}
        reports.append(directional(lowered, output, direction, bindings, asked))
    compressed = [[report.adjoints[node] or 0.0 for node in nodes] for report in reports]
    # The rules of a function of two arguments need not be the derivatives of anything.
    entries = (recover if ruled else recover_symmetric)(pattern, colours, compressed)
    point = report_of(lowered, bindings, asked, {output: 1.0})
    undefined = {at for at, slope in enumerate(point.gradient.values()) if slope != slope}  # noqa: PLR0124 (nan)
    for row, found_there in enumerate(entries):  # what has no first derivative has no second one
        for column in found_there:
            if row in undefined or column in undefined:
                found_there[column] = float("nan")
    return Hessian(title, point, pattern, entries, along, reports)


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
