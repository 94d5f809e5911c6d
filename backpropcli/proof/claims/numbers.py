"""Plain numbers that are claimed of the point: exact, or rounded to the digits that are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite

from mpmath import isinf, mp, mpf

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import ball, finite, is_zero
from backpropcli.calculus.bindings.typed import Typed
from backpropcli.calculus.forward import forward
from backpropcli.proof.equality.differs import is_blurred
from backpropcli.proof.equality.pairs import MOST
from backpropcli.proof.findings.answer import HOLDS
from backpropcli.report.digits.numbers import beyond
from backpropcli.report.digits.proved import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality.domain import Where
    from backpropcli.proof.findings.answer import Answer

DIGITS = 120
ROUNDED = 4
"""A decimal of so many digits, or more, is taken for a rounded one."""
OF_DOUBLES = 15
"""A decimal of so many digits, or more, is taken for a double that was worked out in doubles."""
MOST_OF_DOUBLES = 17
"""A decimal of more digits is a double only if it is one exactly, or rounded to so many digits."""
LISTS = {"neg", "array"}
"""Operations that a list of numbers has."""
PATIENCE = 1.0
"""Seconds to find out what rounding explains."""
ULPS = 2
"""Halves of an ulp by which results move, and elementary functions may be off."""
MARGIN = 1000
"""How many times its radius a ball may be off."""


class Numbers:
    """Plain numbers beside the true ones at the point: the pairs that are not found to be the same.

    ``apart`` are pairs that may be compared, ``zero`` those of which no digit tells the true one
    from 0, and ``void`` those of which the first is known to have no finite value: it has ``poles``
    where it is infinite, and nan may be at a kink. Those in ``wrong`` are beside the derivative
    that the whole has at a kink: the number, and what is claimed. The others are the same, some
    ``rounded``, or off as ``doubles`` are.
    """

    def __init__(self) -> None:
        self.apart: list[int] = []
        self.zero: list[int] = []
        self.void: list[int] = []
        self.wrong: dict[int, tuple[Number, Number]] = {}
        self.poles = self.rounded = self.doubles = False

    @property
    def exact(self) -> bool:
        """Whether numbers are the same as they are written."""
        return not (self.rounded or self.doubles)

    def agree(self, answer: Answer) -> None:
        """Let an answer say that all numbers are the same, and how far."""
        answer.status, answer.points, answer.alone = HOLDS, 1, True
        if self.doubles:
            answer.notes.append("it agrees as far as rounding in float64 explains")
        elif self.rounded:
            answer.notes.append("it agrees in all digits that are given")


def numbers_at(posed: Posed, where: Where, known: Mapping[int, Number]) -> Numbers:
    """Hold each number claimed against the true one at the point.

    At a kink that is what the whole has, where it is ``known``, by number of the pair.
    """
    graph = posed.problem.graph
    decimals = [written(graph, claimed) for _, claimed, _ in posed.pairs]
    found = Numbers()
    own: tuple[list[float], list[float]] | None = None
    digits, values = _values(posed, where)
    with mp.workdps(digits):
        there: list[Number] = []
        for at, (true, claimed, inside) in enumerate(posed.pairs):
            number = decimals[at]
            if at in known:
                if not _is_printed(known[at], values[claimed], number, decimals):
                    found.wrong[at] = known[at], values[claimed]
                continue
            found.zero += [at] if is_zero(values[true]) or is_blurred(values[true]) else []
            if beyond(values[true]) or beyond(values[inside]):
                found.void.append(at)
                found.poles |= beyond(values[inside]) or bool(isinf(ball(values[true]).middle))
                continue
            if _same(values[true], values[claimed]) and finite(values[inside]):
                continue
            if number is None or not (finite(values[true]) and finite(values[inside])):
                found.apart.append(at)
                continue
            there = there or forward(graph, balls, _doubles(posed))
            truths = values[true], there[true]
            gaps = [abs(ball(one).middle - mpf(str(number))) for one in truths]
            printed = any(_is_text(number, text_of(one)) for one in truths)
            finer = not _may_be_double(number)
            near = min(gaps) if finer else gaps[0]
            if printed or near <= max(_half([number]), _half(decimals)):
                # A large whole number has digits that its double has not.
                by_double = printed and min(gaps) > mpf(10) ** number.as_tuple().exponent / 2
                found.doubles |= by_double
                found.rounded |= not by_double
                continue
            if finer:
                found.apart.append(at)
                continue
            own = own or _in_doubles(posed)
            long = len(number.as_tuple().digits) >= OF_DOUBLES
            if min(gaps) > own[1][at] or not (long or _is_text(number, repr(own[0][at]))):
                found.apart.append(at)
            else:
                found.doubles = True
    return found


def _values(posed: Posed, where: Where) -> tuple[int, list[Number]]:
    """Return all values, and their digits: more than usual where a true number may be 0."""
    graph = posed.problem.graph
    for digits in (DIGITS, MOST):
        with mp.workdps(digits):
            point = {name: _number(name, where) for name in graph.variables()}
            values: list[Number] = forward(graph, balls, point)
        if not any(is_blurred(values[true]) for true in posed.truths):
            break
    return digits, values


def _is_printed(
    true: Number, claimed: Number, number: Decimal | None, every: list[Decimal | None]
) -> bool:
    """Say whether a claimed number is the true one, or that in the digits that are written."""
    if _same(true, claimed) or number is None:
        return _same(true, claimed)
    gap = abs(ball(true).middle - mpf(str(number)))
    return _is_text(number, text_of(true)) or bool(gap <= max(_half([number]), _half(every)))


def _number(name: str, where: Where) -> Number:
    """Return a coordinate as it was typed."""
    typed = where.typed.get(name)
    if isinstance(typed, Typed):
        number: Number = forward(typed.graph, balls, {})[typed.root]
        return number
    assert where.point is not None  # noqa: S101 (for mypy: numbers are of a point)
    return where.point[name]


def _doubles(posed: Posed) -> dict[str, Fraction]:
    """Return the doubles that floats start from."""
    from backpropcli.proof.claims.sample import elements

    found = elements(posed.problem.graph, posed.problem.bindings)
    return {name: Fraction(value) for name, value in found.items()}


def _same(true: Number, claimed: Number) -> bool:
    if isinstance(true, Fraction) and isinstance(claimed, Fraction):
        return true == claimed
    if not (finite(true) and finite(claimed)):
        return False
    one, other = ball(true), ball(claimed)
    blur = one.radius + other.radius
    return bool(abs(one.middle - other.middle) <= MARGIN * blur)


def written(graph: Graph, node: int) -> Decimal | None:
    """Return a claimed number as it is written; None for what is no literal."""
    if not graph.literal(node):
        return None
    negative = graph.operations[node] == "neg"
    number = graph.args[graph.inputs[node][0] if negative else node]
    found = Decimal(repr(number).replace("_", ""))
    return -found if negative else found


def rounded_to(graph: Graph, root: int) -> float:
    """Return how far rounded numbers, of which a claim is a list, may be off; 0 for exact ones."""
    below = [node for node, flag in enumerate(graph.ancestors([root])) if flag]
    if any(graph.inputs[node] and graph.operations[node] not in LISTS for node in below):
        return 0.0
    return float(_half([written(graph, node) for node in below]))


def _half(decimals: list[Decimal | None]) -> mpf:
    """Return half a unit of the last place that any of the numbers has; 0 if they are short ones.

    A printer leaves out zeros at the end.
    """
    every = [one.as_tuple() for one in decimals if one is not None]
    last = min((one.exponent for one in every if isinstance(one.exponent, int)), default=0)
    most = max((len(one.digits) for one in every), default=0)
    return mpf(10) ** last / 2 if last < 0 and most >= ROUNDED else mpf(0)


def _may_be_double(written: Decimal) -> bool:
    """Say whether a decimal may be what is printed of a double."""
    digits = len(written.as_tuple().digits)
    if digits <= MOST_OF_DOUBLES:
        return True
    number = float(written)
    return isfinite(number) and Decimal(f"{number:.{digits - 1}e}") == written


def _is_text(written: Decimal, text: str) -> bool:
    """Say whether a decimal is the shortest text of a double, however it is written."""
    return bool(text) and Decimal(text) == written


def _in_doubles(posed: Posed) -> tuple[list[float], list[float]]:
    """Return the derivatives in doubles, and how far rounding explains that each is off."""
    from time import monotonic

    from backpropcli.proof.claims.sample import Sample, elements
    from backpropcli.proof.floats.apart import UNIT, Blurred, doubles

    problem, claim = posed.problem, posed.claim

    def run(values: Mapping[str, Any], numbers: Any) -> list[Any]:  # noqa: ANN401 (an arithmetic)
        if len(claim.target.by) == 1:
            return [Sample.first(problem.lowered, claim, values, numbers).true]
        found = forward(problem.graph, numbers, elements(problem.graph, values))
        return [[float(found[node]) for node in posed.truths]]

    end = monotonic() + PATIENCE
    found = Blurred.at(run, doubles(problem.bindings), end, ULPS * UNIT)
    if found is None:
        nothing = [0.0] * len(posed.truths)
        return nothing, nothing
    return found.results[0].ravel().tolist(), found.explains[0].ravel().tolist()
