"""Points at which expressions are held against each other: short decimals, the simplest first.

They depend on nothing but the variables and the literals of the graph: the same at each run.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import compress, count, pairwise
from math import inf, log10
from random import Random

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backpropcli.graph.graph import Graph

    Point = dict[str, Fraction]
    Ranges = Mapping[str, tuple[Fraction, Fraction]]

SMALL = [Fraction(n) for n in (0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, 5, 6, 7, 10, -10, 0.25, 1.5)]
CHOOSES = {"lt", "le", "gt", "ge", "eq", "ne", "max", "min", "clip", "where", "floor", "mod"}
"""Operations that turn at what they compare."""
MOST_LITERALS, MOST_NEAR = 24, 160
"""Literals that get points near them, and such points."""
BESIDE = Fraction(1, 10**9)
"""How near to a literal, as a part of it, a point just beside it is."""
FAR = 10**30
"""Literals up to this get points near them."""
POLYNOMIAL = CHOOSES | {"add", "sub", "mul", "neg", "abs", "sign", "relu", "and", "or", "not"}
POLYNOMIAL |= {"name", "result", "sg", "quiet", "void", "sum"}
"""Operations that leave a number the scale that it has."""
EXTREME, FARTHEST = 9, 320
"""Powers of 10 beyond which a number asks for points of its scale, and up to which there are some.
"""
MOST_DRAWN = 1000
"""Points that are drawn where conditions leave few of the others, at most."""
RANDOM = 48
"""Random points: a quarter each of fractions, moderate, positive, and of all sizes."""
EXTREMES = [Fraction(n) for n in (700, -700, 10**6, -(10**6), 10**20, -(10**20))]
EXTREMES += [Fraction(1, 10**9), Fraction(-1, 10**9), Fraction(1, 10**20)]


def points(graph: Graph, names: list[str], ranges: Ranges) -> list[Point]:
    """Return the points to sample a graph at, each once; those in the ``ranges`` alone.

    Small whole numbers and simple fractions come first, then what is around the literals, where
    choices turn, then random ones. Without variables there is one point.
    """
    if not names:
        return [{}]
    chooser = Random(" ".join(names))  # noqa: S311 (the same points at each run)
    drawn = [
        *_together(names, SMALL),
        *_near(names, list(around(*literals(graph))), chooser),
        *_within(names, ranges, chooser),
        *_random(names, chooser),
        *_together(names, EXTREMES),
        *_near(names, [*scales(graph)], Random(" ".join(names))),  # noqa: S311
    ]
    found = {tuple(point.values()): point for point in drawn if is_within(point, ranges)}
    return list(found.values())


def literals(graph: Graph) -> tuple[list[Fraction], list[Fraction]]:
    """Return the literals of a graph that are compared, and the others."""
    compared: set[int] = set()
    for operation, inputs in zip(graph.operations, graph.inputs, strict=True):
        if operation in CHOOSES:
            compared.update(inputs)
    compared.update(
        graph.inputs[number][0] for number in [*compared] if graph.operations[number] == "neg"
    )
    found: dict[Fraction, bool] = {}
    for number, leaf in graph.args.items():
        if isinstance(leaf, float) and abs(leaf) < FAR:
            value = Fraction(repr(leaf))
            found[value] = found.get(value, False) or number in compared
    turns = sorted(value for value, turn in found.items() if turn)
    others = sorted(value for value, turn in found.items() if not turn)
    return turns[:MOST_LITERALS], others[:MOST_LITERALS]


def scales(graph: Graph) -> Iterator[Fraction]:
    """Yield where numbers of a graph that are very large, or very small, make a product near 1.

    Such a number is 1e300 in tanh(1e300*x), or 10^300, in which no variable is; or the product of
    all of them. It may be that of a square.
    """
    varies: list[bool] = []
    plain: list[bool] = []
    for operation, inputs in zip(graph.operations, graph.inputs, strict=True):
        varies.append(operation == "variable" or any(varies[child] for child in inputs))
        known = operation in LEAVES or operation in TABLE
        plain.append(known and all(plain[child] for child in inputs))
    constants = [
        child
        for node in _within_functions(graph)
        for child in graph.inputs[node]
        if varies[node] and plain[child] and not varies[child]
    ]
    part, places = graph.part(constants)
    values = forward(part, floats, {})
    found = [abs(values[places[node]]) for node in constants]
    powers = [log10(value) for value in found if 0 < value < inf]
    powers = [power for power in powers if abs(power) > EXTREME][:MOST_LITERALS]
    every = [*powers, sum(powers)] if len(powers) > 1 else powers
    for size in dict.fromkeys(every):
        for power in (-size, -size / 2, size, size / 2):
            if abs(power) < FARTHEST:
                yield from (place := Fraction(10) ** round(power), -place)


def _within_functions(graph: Graph) -> Iterator[int]:
    """Yield the nodes that functions are of which are no polynomials, nor choices of some."""
    inside = bytearray(len(graph))
    for node in range(len(graph) - 1, -1, -1):
        operation, inputs = graph.operations[node], graph.inputs[node]
        curved = bool(inputs) and operation not in POLYNOMIAL
        for at, child in enumerate(inputs):
            inside[child] |= inside[node] or (curved and not (operation == "div" and at == 0))
    return compress(count(), inside)


def around(turns: list[Fraction], others: list[Fraction]) -> Iterator[Fraction]:
    """Yield what lies at, near, beyond and between the numbers ``turns``, and at the others."""
    for turn in turns:
        beside = (turn or 1) * BESIDE
        yield from (turn, turn - 1, turn + 1, 2 * turn, -turn, -2 * turn)
        yield from (turn + Fraction(1, 4), turn - Fraction(1, 4), turn - beside, turn + beside)
    for low, high in pairwise(sorted({*turns, *(-turn for turn in turns)})):
        yield (low + high) / 2
    for other in others:
        yield from (other, -other, 2 * other)


def _together(names: list[str], values: Sequence[Fraction]) -> Iterator[Point]:
    """Yield points of ``values``: all variables have the same; and each has another one."""
    count = len(values)
    for start, value in enumerate(values):
        yield dict.fromkeys(names, value)
        yield {name: values[(start + index) % count] for index, name in enumerate(names)}


def _near(names: list[str], values: list[Fraction], chooser: Random) -> Iterator[Point]:
    """Yield points with one variable at each of ``values``, the others at small numbers; and all.

    Where there are too many for that, the variables take turns.
    """
    values = list(dict.fromkeys(values))
    every = len(names) * len(values) <= MOST_NEAR
    for index, value in enumerate(values):
        for name in names if every else [names[index % len(names)]]:
            point = {other: chooser.choice(SMALL) for other in names}
            yield point | {name: value}
        yield dict.fromkeys(names, value)


def _within(names: list[str], ranges: Ranges, chooser: Random) -> Iterator[Point]:
    """Yield points within the ranges that are given, their ends and middles included."""
    domain = {name: ends for name in names if (ends := span(ranges, name))}
    if not domain:
        return
    for tenths in [0, 10, 5, *(chooser.randrange(11) for _ in range(RANDOM))]:
        point = {name: chooser.choice(SMALL) for name in names}
        for name, (low, high) in domain.items():
            share = Fraction(tenths if len(domain) == 1 else chooser.randrange(11), 10)
            point[name] = low + (high - low) * share
        yield point


def _random(names: list[str], chooser: Random) -> Iterator[Point]:
    """Yield random points: fractions, moderate numbers, positive ones, and all sizes."""
    draws: list[Callable[[], float]] = [
        lambda: chooser.uniform(0, 1),
        lambda: chooser.uniform(-4, 4),
        lambda: float(10 ** chooser.uniform(-3, 3)),
        lambda: chooser.choice([1, -1]) * float(10 ** chooser.uniform(-3, 3)),
    ]
    for index in range(RANDOM):
        draw = draws[index % len(draws)]
        yield {name: Fraction(Decimal(f"{draw():.4g}")) for name in names}


def drawn(names: list[str], ranges: Ranges) -> Iterator[Point]:
    """Yield more points of moderate size, for conditions that few points meet."""
    chooser = Random(" ".join(names))  # noqa: S311 (the same points at each run)
    for turn in range(MOST_DRAWN):
        size = (1, 3)[turn % 2]
        plain = Fraction(-size), Fraction(size)
        ends = {name: span(ranges, name) or plain for name in names}
        yield {
            name: low + (high - low) * Fraction(chooser.randrange(1, 200), 200)
            for name, (low, high) in ends.items()
        }


def span(ranges: Ranges, name: str) -> tuple[Fraction, Fraction] | None:
    """Return the range of a variable, or of the array that it is an element of, if it has one."""
    return ranges.get(name) or ranges.get(name.partition("[")[0])


def is_within(point: Point, ranges: Ranges) -> bool:
    """Say whether a point is within the ranges."""
    for name, value in point.items() if ranges else ():
        low, high = span(ranges, name) or (value, value)
        if not low <= value <= high:
            return False
    return True
