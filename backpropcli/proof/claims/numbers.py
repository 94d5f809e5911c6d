"""Plain numbers that are claimed of the point: exact, or rounded to the digits that are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from mpmath import mp, mpf

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import ball, finite
from backpropcli.calculus.bindings.typed import Typed
from backpropcli.calculus.forward import forward
from backpropcli.proof.claims.answer import HOLDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.proof.claims.answer import Answer
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.domain import Where

DIGITS = 120
ROUNDED = 4
"""A decimal of so many digits, or more, is taken for a rounded one."""
OF_DOUBLES = 15
"""A decimal of so many digits, or more, is taken for a double that was worked out in doubles."""
PATIENCE = 1.0
"""Seconds to find out what rounding explains."""
MARGIN = 1000
"""How many times its radius a ball may be off."""


def numbers_agree(answer: Answer, posed: Posed, where: Where) -> bool:
    """Say whether each number claimed is the true one at the point, and tell how far."""
    graph = posed.problem.graph
    decimals = [_written(posed, claimed) for _, claimed, _ in posed.pairs]
    rounded = doubles = False
    with mp.workdps(DIGITS):
        point = {name: _number(name, where) for name in graph.variables()}
        values = forward(graph, balls, point)
        for at, (true, claimed, _) in enumerate(posed.pairs):
            written = decimals[at]
            if _same(values[true], values[claimed]):
                continue
            if written is None or not finite(values[true]):
                return False
            gap = abs(ball(values[true]).middle - mpf(str(written)))
            if gap <= max(_half([written]), _half(decimals)):
                rounded = True
            elif len(written.as_tuple().digits) >= OF_DOUBLES and gap <= _explained(posed, at):
                doubles = True
            else:
                return False
    answer.status, answer.points = HOLDS, 1
    if doubles:
        answer.notes.append("it agrees as far as rounding in float64 explains")
    elif rounded:
        answer.notes.append("it agrees in all digits that are given")
    return True


def _number(name: str, where: Where) -> Number:
    """Return a coordinate as it was typed."""
    typed = where.typed.get(name)
    if isinstance(typed, Typed):
        number: Number = forward(typed.graph, balls, {})[typed.root]
        return number
    assert where.point is not None  # noqa: S101 (for mypy: numbers are of a point)
    return where.point[name]


def _same(true: Number, claimed: Number) -> bool:
    if isinstance(true, Fraction) and isinstance(claimed, Fraction):
        return true == claimed
    if not (finite(true) and finite(claimed)):
        return False
    one, other = ball(true), ball(claimed)
    blur = one.radius + other.radius
    return bool(abs(one.middle - other.middle) <= MARGIN * blur)


def _written(posed: Posed, node: int) -> Decimal | None:
    """Return a claimed number as it is written; None for what is no literal."""
    graph = posed.problem.graph
    if not graph.literal(node):
        return None
    negative = graph.operations[node] == "neg"
    number = graph.args[graph.inputs[node][0] if negative else node]
    written = Decimal(repr(number).replace("_", ""))
    return -written if negative else written


def _half(decimals: list[Decimal | None]) -> mpf:
    """Return half a unit of the last place that any of the numbers has; 0 if they are short ones.

    A printer leaves out zeros at the end.
    """
    every = [one.as_tuple() for one in decimals if one is not None]
    last = min((one.exponent for one in every if isinstance(one.exponent, int)), default=0)
    most = max((len(one.digits) for one in every), default=0)
    return mpf(10) ** last / 2 if last < 0 and most >= ROUNDED else mpf(0)


def _explained(posed: Posed, pair: int) -> float:
    """Return how far rounding in doubles explains that a derivative is off."""
    from time import monotonic  # noqa: PLC0415 (seldom)

    from backpropcli.proof.arrays.apart import Blurred, doubles  # noqa: PLC0415 (NumPy)
    from backpropcli.proof.claims.diagnosis.samples import Sample  # noqa: PLC0415

    lowered, claim = posed.problem.lowered, posed.claim
    if len(claim.target.by) > 1:
        return 0.0

    def run(values: Mapping[str, Any], numbers: Any) -> list[Any]:  # noqa: ANN401 (an arithmetic)
        return [Sample.first(lowered, claim, values, numbers).true]

    found = Blurred.at(run, doubles(posed.problem.bindings), monotonic() + PATIENCE)
    return 0.0 if found is None else float(found.explains[0].flat[pair])
