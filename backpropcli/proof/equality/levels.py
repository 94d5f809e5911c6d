"""Points where the inputs of functions are at round numbers: a bump is felt there.

exp(-(x - 50.3)^2*100) is next to nothing but near x = 50.3, where few other points are.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import islice
from math import isfinite
from time import monotonic

from backpropcli.arithmetics import floats
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.forward import prepared
from backpropcli.errors import BackpropError
from backpropcli.proof.equality.points import POLYNOMIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.points import Point

    Values = Callable[[dict[str, float]], tuple[float, float]]

LEVELS = (-1.0, 1.0, 0.0, 2.0, -0.25)
STARTS, MOST_INPUTS, STEPS = 3, 24, 64
"""Points to start from, inputs that are looked at, and Newton's steps."""
CLOSE, LOOSE = 1e-9, 0.1
"""How near to its level an input is in the end, and with the short coordinate that is given."""
ALGEBRAIC = {"pow", "div", "sqrt"}
"""Functions that are felt everywhere."""
LARGEST = 2_000
"""Operations of a graph in which levels are looked for."""


def at_levels(
    graph: Graph, roots: Sequence[int], starts: Sequence[Point], deadline: float
) -> Iterator[Point]:
    """Yield points where inputs of functions below ``roots`` are at round numbers.

    One variable is moved by Newton's method, from each of a few ``starts``, until ``deadline``.
    """
    part, places = graph.part(roots)
    inputs = _inputs(part, [places[root] for root in roots])
    variables = part.variables()
    if len(part) > LARGEST or not variables or not starts:
        return
    step = max(1, len(starts) // STARTS)
    chosen = [*islice(starts[step // 2 :: step], STARTS)]
    seen = set[tuple[Fraction, ...]]()
    for node in inputs[:MOST_INPUTS]:
        for name, values_at in _slopes(part, node):
            for level in LEVELS:
                for start in chosen:
                    if monotonic() > deadline:
                        return
                    path = _Path(values_at, start, name)
                    place = path.to(level)
                    if place is not None:
                        point = start | {name: path.short(place, level)}
                        key = tuple(point.values())
                        if key not in seen:
                            seen.add(key)
                            yield point


def _inputs(graph: Graph, roots: Sequence[int]) -> list[int]:
    """Return what moves, and is no variable itself, and has a function of it: powers come last."""
    below = graph.ancestors(roots)
    moving = bytearray(len(graph))
    found: dict[int, bool] = {}
    for number, inputs in enumerate(graph.inputs):
        operation = graph.operations[number]
        moving[number] = operation == "variable" or any(moving[child] for child in inputs)
        if below[number] and inputs and operation not in POLYNOMIAL:
            algebraic = operation in ALGEBRAIC
            for child in inputs[1:] if operation == "div" else inputs:
                if moving[child] and graph.inputs[child]:
                    found[child] = found.get(child, True) and algebraic
    return sorted(found, key=lambda child: found[child])


def _slopes(part: Graph, node: int) -> Iterator[tuple[str, Values]]:
    """Yield each variable of a node, with what finds the node and its derivative at a point."""
    made, places = part.part([node])
    variables = made.variables()
    try:
        found = adjoint_nodes(made, places[node], [*variables.values()])
    except BackpropError:
        return
    run, top = prepared(made, floats), places[node]
    for name, variable in variables.items():
        if variable in found:
            yield name, partial(_pair, run, top, found[variable])


def _pair(
    run: Callable[[Mapping[str, float]], list[float]], top: int, slope: int, at: dict[str, float]
) -> tuple[float, float]:
    values = run(at)
    return values[top], values[slope]


class _Path:
    """The way along variable ``name`` from a point: ``values_at`` finds an input and its slope."""

    def __init__(self, values_at: Values, start: Point, name: str) -> None:
        self.values_at, self.name = values_at, name
        self.here = {one: float(value) for one, value in start.items()}

    def at(self, place: float) -> tuple[float, float]:
        """Return the input and its slope."""
        return self.values_at({**self.here, self.name: place})

    def to(self, level: float) -> float | None:
        """Return where the input is at a level, None where Newton's steps do not lead there."""
        place = self.here[self.name]
        for _ in range(STEPS):
            value, slope = self.at(place)
            if abs(value - level) <= CLOSE:
                return place
            if not (isfinite(value) and isfinite(slope)) or slope == 0:
                return None
            place -= (value - level) / slope
            if not isfinite(place):
                return None
        return place if abs(self.at(place)[0] - level) <= LOOSE else None

    def short(self, place: float, level: float) -> Fraction:
        """Return a short number near a place where the input is near its level."""
        for digits in range(1, 17):
            short = f"{place:.{digits}g}"
            if abs(self.at(float(short))[0] - level) <= LOOSE:
                return Fraction(short)
        return Fraction(place)
