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
    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.proof.claims.answer import Answer
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.domain import Where

DIGITS = 120
ROUNDED = 4
"""A decimal of so many digits, or more, is taken for a rounded one."""
MARGIN = 1000
"""How many times its radius a ball may be off."""


def numbers_agree(answer: Answer, posed: Posed, where: Where) -> bool:
    """Say whether each number claimed is the true one at the point, and tell how far."""
    graph = posed.problem.graph
    rounded = False
    with mp.workdps(DIGITS):
        point = {name: _number(name, where) for name in graph.variables()}
        values = forward(graph, balls, point)
        for true, claimed, _ in posed.pairs:
            if _same(values[true], values[claimed]):
                continue
            if not _rounds(posed, values[true], claimed):
                return False
            rounded = True
    answer.status, answer.points = HOLDS, 1
    answer.notes += ["it agrees in all digits that are given"] if rounded else []
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


def _rounds(posed: Posed, true: Number, node: int) -> bool:
    """Say whether a claimed decimal is the true one, rounded to its digits."""
    graph = posed.problem.graph
    if not graph.literal(node) or not finite(true):
        return False
    negative = graph.operations[node] == "neg"
    number = graph.args[graph.inputs[node][0] if negative else node]
    written = Decimal(repr(number).replace("_", ""))
    _, digits, exponent = written.as_tuple()
    if len(digits) < ROUNDED or not isinstance(exponent, int) or exponent >= 0:
        return False
    signed = mpf(str(-written if negative else written))
    return bool(abs(ball(true).middle - signed) <= mpf(10) ** exponent / 2)
