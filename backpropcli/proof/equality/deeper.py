"""Differences far below what is compared at first: looked for in many more digits, at few points.

Two numbers whose balls overlap at 60 digits are not known to be equal. On some sides of choices all
points have numbers far apart in size, where few digits tell little: exp(x) and
exp(x) + relu(x - 100) part where x is beyond 100, by 1 of 10^43.
"""

from __future__ import annotations

import re
from functools import cache
from time import monotonic

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import around_zero, ball
from backpropcli.arithmetics.tidy.tidy import tidied
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import TABLE
from backpropcli.proof.copies import write
from backpropcli.proof.equality.differs import VALUE, Differs
from backpropcli.proof.equality.solved import in_balls
from backpropcli.proof.zero import TimeUp, cancels, difference_of, limited
from backpropcli.report.digits.numbers import AGREE, LOG_2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.proof.equality.choices import Choices, Side
    from backpropcli.proof.equality.pairs import Pairs
    from backpropcli.proof.equality.points import Point

DIGITS = (300, 1000)
"""Digits that a difference may need; twice as many confirm it."""
MOST_DIGITS = 10_000
SPARE = 20
"""How many digits more are looked at than a difference that is known begins at."""
POINTS = 7
LARGEST = 2_000
"""Operations in pairs that are looked at in so many digits."""
PATIENCE, LONG_PATIENCE = 0.5, 2.0
"""Seconds that it may take, and those where there is a difference to be seen."""
ROUGH = 30
"""Digits in which sizes are found."""
ENOUGH = 40
"""Digits that points are compared in anyway, and show a difference of this size."""
PLAIN = {"exp", "exp2"}
"""What is an exponential itself, so that it has no terms of other sizes."""
WORD = re.compile(r"[a-z]\w*")


def deeper(
    pairs: Pairs, agreed: Sequence[Point], deadline: float, choices: Choices | None = None
) -> Differs | str:
    """Return a difference in value of pairs that agree at points as far as fewer digits tell.

    Where no digits tell whether pairs differ on some side of a choice, return why; "" for nothing.
    It is looked for until the time ``deadline``, at points spread over all, and at one on each side
    of ``choices``; not where algebra makes 0 of the difference.
    """
    if len(pairs.graph) > LARGEST or not pairs.names or _all_cancel(pairs, deadline):
        return ""
    step = -(-len(agreed) // POINTS) or 1
    few = agreed[step // 2 :: step]
    try:
        with limited(min(PATIENCE, deadline - monotonic())):
            wanted = sorted({*_wanted(pairs, few)})
        with limited(min(LONG_PATIENCE if wanted else PATIENCE, deadline - monotonic())):
            for digits in wanted or DIGITS:
                for point in few:
                    found = pairs.compare(point, (digits, 2 * digits))
                    if isinstance(found, Differs) and found.kind == VALUE:
                        return found
    except TimeUp:
        pass
    return _on_sides(pairs, agreed, deadline, choices) if choices is not None else ""


def _on_sides(
    pairs: Pairs, agreed: Sequence[Point], deadline: float, choices: Choices
) -> Differs | str:
    """Compare on sides whose points all have numbers far apart in size, in as many digits."""
    told = ""
    try:
        with limited(min(LONG_PATIENCE, deadline - monotonic())):
            for apart, point, side in scattered(pairs.graph, agreed, choices):
                told = choices.text(side)
                if apart > MOST_DIGITS:
                    return (
                        f"where {told}, numbers are more than {MOST_DIGITS:,} digits apart in "
                        "size, and a difference may lie below them"
                    )
                digits = max(int(apart) + SPARE, DIGITS[0])
                found = pairs.compare(point, (digits, 2 * digits))
                if isinstance(found, Differs) and found.kind == VALUE:
                    return found
    except TimeUp:
        if told:
            return f"time ran out in as many digits as it takes where {told}"
    return ""


def _all_cancel(pairs: Pairs, deadline: float) -> bool:
    """Say whether each difference is 0 once it is multiplied out, which takes little time."""
    distinct = {frozenset(pair[:2]): pair[:2] for pair in pairs.pairs if pair[0] != pair[1]}
    return all(
        cancels(*difference_of(pairs.graph, *pair), deadline - monotonic())
        for pair in distinct.values()
    )


def _wanted(pairs: Pairs, points: Sequence[Point]) -> Iterator[int]:
    """Yield how many digits differences need that are seen once like terms are joined.

    exp(x) and exp(x) + exp(x - 5000) differ by exp(x - 5000), which takes 2172 digits to see.
    """
    graph = Graph()
    differences = []
    for one, other, _ in pairs.pairs:
        sides = [write(pairs.graph, side, graph, {}, stops=False) for side in (one, other)]
        differences.append(graph.node("sub", (sides[0], sides[1])))
    tidy, places = tidied(graph, differences)
    for point in points[:1]:
        with mp.workdps(AGREE):
            values = forward(tidy, balls, in_balls(point))
            full = forward(pairs.graph, balls, in_balls(point))
            for place, (one, _, _) in zip(places, pairs.pairs, strict=True):
                least, most = ball(values[place]), abs(ball(full[one]).middle)
                if not (mp.isnormal(least.middle) and mp.isnormal(most)) or around_zero(least):
                    continue
                digits = int((mp.mag(most) - mp.mag(least.middle)) * LOG_2) + SPARE
                if DIGITS[-1] < digits <= MOST_DIGITS:
                    yield digits


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
