"""Points on the surface that equations describe: exact where they are rational, or else in digits.

Newton's method moves as few variables as there are equations, so that the others stay short.
Where that leads nowhere, all are moved to the nearest point of the surface first.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

from mpmath import mp, mpf
from mpmath.libmp import to_rational

from backpropcli.arithmetics import balls, digits, floats
from backpropcli.arithmetics.balls.ball import ball
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.forward import prepared
from backpropcli.graph.graph import Graph
from backpropcli.proof.copies import write
from backpropcli.proof.equality.solved import DIGITS, Solved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from backpropcli.proof.equality.points import Point

    Matrix = list[list[Any]]
    Numbers = Any
    """An arithmetic."""

LADDER = (30, 60, 120, 240, DIGITS + 40, DIGITS + 40)
"""Working digits of Newton's steps after those in floats: each step doubles what is right."""
SETTLED = mpf(10) ** -(DIGITS // 2 + 20)
"""How small the last step but one is, for its number's size or 1: the next error is its square."""
STEPS, CLOSE = 24, 1e-11
"""Newton's steps in floats, and the size of the last."""
DENOMINATOR, NEAR = 1000, 1e-6
"""The largest denominator of a rational root that is guessed, and how near floats are to it."""
MISSES = 8
"""Points in a row from which no step in rationals leads to the surface: more are not tried."""
LONGEST = 2000
"""Bits before or behind the point of a root: others are next to nothing, or beyond all."""
SHORT = 3
"""Digits of coordinates on the way to a surface."""
PIVOT = 1e-7
"""How small a pivot is, for its row, that counts as 0: one of rationals has to be 0."""


class Surface:
    """The surface where ``equations``, nodes of a ``graph``, hold; ``names`` are what may move.

    ``rank`` is how many variables the equations gave at most, so far.
    """

    def __init__(self, graph: Graph, equations: Sequence[int], names: Sequence[str]) -> None:
        self.graph = made = Graph()
        self.gaps = [
            made.node(
                "sub", tuple(write(graph, one, made, {}, stops=False) for one in graph.inputs[node])
            )
            for node in equations
        ]
        variables = made.variables()
        self.names = [name for name in variables if name in names]
        self.rank = self.misses = 0
        self._passes: dict[tuple[str, int], Callable[[Mapping[str, Any]], list[Any]]] = {}
        zero = made.node("number", (), 0.0)
        self.slopes = []
        for gap in self.gaps:
            found = adjoint_nodes(made, gap, [variables[name] for name in self.names])
            self.slopes.append([found.get(variables[name], zero) for name in self.names])

    def stepped(self, point: Point) -> Point | None:
        """Return where one step in rationals leads, if that is on the surface: it is linear.

        Where that has not been so for long, it is tried no longer.
        """
        if self.misses > MISSES:
            return None
        self.misses += 1
        gaps, slopes = self._at(point, balls)
        if not all(isinstance(one, Fraction) for row in (gaps, *slopes) for one in row):
            return None
        every = range(len(self.names))
        for columns in (every[::-1], every):
            steps = eliminated(slopes, gaps, columns)
            if self._is_exact(found := self._plus(point, steps)):
                self.rank = max(self.rank, len(steps))
                self.misses = 0
                return found
        return None

    def near(self, point: Point) -> Point | None:
        """Return a point of the surface near another one; None where none is found."""
        found = self._moved(point, range(len(self.names))[::-1])
        if found is None and (nearest := self._nearest(point)) is not None:
            _, slopes = self._at(nearest, floats)
            sizes = [sum(map(abs, column)) for column in zip(*slopes, strict=True)]
            steepest = sorted(range(len(sizes)), key=lambda column: -sizes[column])
            found = self._moved(nearest, steepest)
        return found

    def _is_exact(self, point: Point) -> bool:
        values = self._values(point, balls)
        return all(isinstance(values[gap], Fraction) and values[gap] == 0 for gap in self.gaps)

    def _moved(self, point: Point, columns: Sequence[int]) -> Point | None:
        """Return a point of the surface by Newton's method."""
        start = {name: float(value) for name, value in point.items()}
        found = self._newton(start, columns)
        if found is None:
            return None
        here, pivots = found
        self.rank = max(self.rank, len(pivots))
        names = [self.names[column] for column in pivots]
        guess = dict(point)
        for name in names:
            guess[name] = Fraction(here[name]).limit_denominator(DENOMINATOR)
        close = all(
            abs(guess[name] - here[name]) <= NEAR * max(1, abs(here[name])) for name in names
        )
        if close and self._is_exact(guess):
            return guess
        return self._in_digits(point, here, pivots)

    def _newton(
        self, here: dict[str, Any], columns: Sequence[int]
    ) -> tuple[dict[str, Any], list[int]] | None:
        """Return where Newton's steps in floats end, and what moved; None if nowhere."""
        for _ in range(STEPS):
            gaps, slopes = self._at(here, floats)
            steps = eliminated(slopes, gaps, columns)
            here = self._plus(here, steps)
            if not steps or not all(map(isfinite, here.values())):
                return None
            if self._size(steps, here) <= CLOSE:
                return here, [*steps]
        return None

    def _in_digits(
        self, point: Point, here: Mapping[str, Any], pivots: Sequence[int]
    ) -> Point | None:
        """Return a point whose ``pivots`` are solved for in many digits, from where floats end."""
        names = [self.names[column] for column in pivots]
        numbers = {name: mpf(here[name]) for name in names}
        size = mpf(0)
        for working in LADDER:
            before = size
            with mp.workdps(working):
                rest = {name: ball(value).middle for name, value in point.items()}
                gaps, slopes = self._at({**rest, **numbers}, digits)
                steps = eliminated(slopes, gaps, pivots)
                if len(steps) < len(pivots) or not all(map(mp.isfinite, steps.values())):
                    return None
                numbers = self._plus(numbers, steps)
                size = self._size(steps, numbers)
        if before > SETTLED or any(abs(mp.mag(one)) > LONGEST for one in numbers.values() if one):
            return None
        return {**point, **{name: Solved(*to_rational(numbers[name]._mpf_)) for name in names}}

    def _nearest(self, point: Point) -> Point | None:
        """Return short numbers near where least steps lead that move all variables."""
        here: dict[str, Any] = {name: float(value) for name, value in point.items()}
        for _ in range(STEPS):
            gaps, slopes = self._at(here, floats)
            squares = [
                [sum(a * b for a, b in zip(one, other, strict=True)) for other in slopes]
                for one in slopes
            ]
            shares = eliminated(squares, gaps, range(len(gaps)))
            steps = {
                at: sum(share * slopes[row][at] for row, share in shares.items())
                for at in range(len(self.names))
            }
            here = self._plus(here, steps)
            if not all(map(isfinite, here.values())):
                return None
            if self._size(steps, here) <= CLOSE:
                break
        return {
            name: Fraction(f"{here[name]:.{SHORT}g}") if name in self.names else value
            for name, value in point.items()
        }

    def _at(self, point: Mapping[str, Any], numbers: Numbers) -> tuple[list[Any], Matrix]:
        """Return by how much equations are missed, and the slopes of that."""
        values = self._values(point, numbers)
        gaps = [values[gap] for gap in self.gaps]
        return gaps, [[values[slope] for slope in slopes] for slopes in self.slopes]

    def _values(self, point: Mapping[str, Any], numbers: Any) -> list[Any]:  # noqa: ANN401 (as above)
        """Return the values of all nodes at a point, in digits of the precision at hand."""
        key = numbers.__name__, mp.prec
        if key not in self._passes:
            self._passes[key] = prepared(self.graph, numbers)
        return self._passes[key](point)

    def _size(self, steps: Mapping[int, Any], point: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Return the largest step, for its number's size or 1; 0 where nothing can move."""
        sizes = [abs(step) / max(1, abs(point[self.names[at]])) for at, step in steps.items()]
        return max(sizes, default=0)

    def _plus(self, point: Mapping[str, Any], steps: Mapping[int, Any]) -> dict[str, Any]:
        moved = {self.names[column]: step for column, step in steps.items()}
        return {name: value - moved.get(name, 0) for name, value in point.items()}


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
