"""Sides of choices whose points all have numbers far apart in size, where few digits tell little.

exp(x) and exp(x) + relu(x - 100) part where x is beyond 100: by 1 of 10^43.
"""

from __future__ import annotations

import re
from functools import cache

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import ball
from backpropcli.calculus.forward import forward
from backpropcli.graph.operations import TABLE
from backpropcli.proof.equality.solved import in_balls
from backpropcli.report.digits.numbers import LOG_2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.choices import Choices, Side
    from backpropcli.proof.equality.points import Point

ROUGH = 30
"""Digits in which sizes are found."""
ENOUGH = 40
"""Digits that points are compared in anyway, and show a difference of this size."""
PLAIN = {"exp", "exp2"}
"""What is an exponential itself, so that it has no terms of other sizes."""
WORD = re.compile(r"[a-z]\w*")


def scattered(
    graph: Graph, points: Sequence[Point], choices: Choices
) -> Iterator[tuple[float, Point, Side]]:
    """Yield digits, a point that needs them, and a side that no point with fewer takes."""
    sizes = [(digits_of(graph, point), at) for at, point in enumerate(points)]
    plain = [points[at] for digits, at in sizes if digits <= ENOUGH]
    sides = choices.left(plain, choices.sides) if len(plain) < len(points) else []
    for digits, at in sorted(one for one in sizes if one[0] > ENOUGH) if sides else ():
        left = choices.left([points[at]], sides)
        taken = [side for side in sides if side not in left]
        if taken:
            yield digits, points[at], taken[0]
            sides = left


def digits_of(graph: Graph, point: Point) -> float:
    """Return how many digits the numbers at a point are apart in size, those of terms included.

    So softplus(500) has a term of exp(-500), and exp(-500) has none beside itself.
    """
    with mp.workdps(ROUGH):
        values = forward(graph, balls, in_balls(point))
        sizes = [0.0, *(one for one in map(_size, values) if one is not None)]
        within, powers = 0.0, _exponential()
        for number, operation in enumerate(graph.operations):
            if (power := powers.get(operation)) and operation not in PLAIN:
                for child in graph.inputs[number]:
                    within = max(within, _exponent(values[child], power))
    return float(max(sizes) - min(sizes)) + within


def _size(number: Number) -> float | None:
    middle = ball(number).middle
    return float(mp.mag(middle) * LOG_2) if mp.isnormal(middle) else None


def _exponent(number: Number, power: int) -> float:
    """Return how many digits the exponentials of a number's power and of its negative are apart."""
    middle = abs(ball(number).middle)
    return float(2 * middle**power / mp.log(10)) if mp.isfinite(middle) else 0.0


@cache
def _exponential() -> dict[str, int]:
    """Return the powers of which operations are exponentials: those of what they are written by."""
    found: dict[str, int] = {}
    before: dict[str, int] | None = None
    while found != before:
        before = {**found}
        for name, row in TABLE.items():
            words = WORD.findall(row.expand.text) if row.expand else ()
            power = max([row.exponential, *[found.get(word, 0) for word in words]])
            found |= {name: power} if power else {}
    return found
