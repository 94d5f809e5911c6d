"""Numbers of as many digits as are asked for, each digit proved by the radius of a ball.

They are at the numbers as they were typed: 0.1 is a tenth, and pi is pi.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import mpmath
from mpmath import libmp, mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import Ball, Undecided, around_zero
from backpropcli.calculus.coefficients import taylor_coefficients
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.report.decimals import rounded, spelled, wide
from backpropcli.report.digits.exact import typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph

    Known = tuple[str, int]

GUARD = 20
"""Digits beyond those asked for, at first."""
LEAST, FACTOR = 1000, 8
"""The precision at which proving ends: at least so many digits, and this many times the count."""
MARGIN = 4
"""Radii are estimates: so many of them have to leave a digit as it is."""
FAR = 40_000
"""Bits before or behind the point beyond which a number is not written out exactly."""
DOUBLE = 0
"""Stands for a count of digits: the nearest double is wanted."""


class Asked(NamedTuple):
    """What is wanted of a graph at a point: values of nodes, and derivatives of ``top`` by others.

    With an ``order`` it is the series of each of ``values`` in the first of ``wrt``.
    """

    graph: Graph
    bindings: Mapping[str, float]
    values: Sequence[int]
    top: int | None = None
    wrt: Sequence[int] = ()
    order: int | None = None

    def numbers(self) -> tuple[list[Number], list[Number]]:
        """Return the numbers that are wanted, and the values of all nodes. Raises Undecided."""
        graph = self.graph
        bindings = typed(self.bindings)
        if self.order is not None:
            given = taylor_coefficients(
                graph, self.values, bindings, self.wrt[0], self.order, balls
            )
            return [one for series in given for one in series], []
        tops = [] if self.top is None else [self.top]
        roots = [*self.values, *tops, *self.wrt]
        values = forward(graph, balls, bindings, alike=True, roots=roots)
        found = [values[node] for node in self.values]
        if self.top is not None and self.wrt:
            below = graph.ancestors(roots)
            nodes = [node for node, flag in enumerate(below) if flag]
            edges = linearize(graph, balls, values, self.wrt, nodes)
            adjoints = pull(edges, balls, {self.top: Fraction(1)})
            for node in self.wrt:
                adjoint = adjoints[node]
                found.append(Fraction(0) if adjoint is None else adjoint)
        return found, values


def precisions(count: int) -> Iterator[int]:
    """Yield the precisions to try for so many digits."""
    precision = count + GUARD
    while precision <= max(LEAST, FACTOR * count):
        yield precision
        precision *= 2


def proved(asked: Asked, count: int) -> Iterator[list[Known] | None]:
    """Yield, at one precision after the other, the text of each number and its proved digits.

    A count of ``DOUBLE`` asks for the nearest doubles. Ends where all digits are proved; None
    stands for what a choice leaves open. A number of which nothing is known has 0 digits: its text
    is "0" where it is near 0, and else "".
    """
    for precision in precisions(count or GUARD):
        with mp.workdps(precision):
            try:
                numbers, _ = asked.numbers()
            except Undecided:
                yield None
                continue
            found = [_known(number, count) for number in numbers]
        yield found
        if all(digits == count and text for text, digits in found):
            return


def _known(number: Number, count: int) -> Known:
    """Return the text of a number with as many of ``count`` digits as are proved."""
    text = text_of(number, count)
    digits = count
    while not text and digits > 1:
        digits = digits * 3 // 4
        text = text_of(number, digits)
    if text:
        return text, digits
    near = isinstance(number, Ball) and number.known and around_zero(number)
    return ("0" if near else ""), -1


def text_of(number: Number, count: int = DOUBLE) -> str:
    """Return a number rounded to ``count`` digits, or the nearest double as Python writes it.

    It is "" where that is not proved.
    """
    if isinstance(number, Ball):
        if not number.known:
            return ""
        if not mpmath.isfinite(number.middle):
            return repr(float(number.middle))
    ends = _ends(number)
    if count == DOUBLE:
        least, most = map(_double, ends)
        return repr(least + 0.0) if least == most else ""
    low, high = [_rounded(end, count) for end in ends]
    return spelled(low, count) if low == high else ""


def _ends(number: Number) -> list[Fraction | Decimal]:
    """Return the least and the largest that a number may be."""
    if isinstance(number, Fraction):
        return [number, number]
    with mp.extraprec(mp.prec):
        radius = MARGIN * number.radius
        return [_exactly(number.middle - radius), _exactly(number.middle + radius)]


def _exactly(number: object) -> Fraction | Decimal:
    """Return a number of mpmath's as a fraction; as a decimal where that would be too long."""
    sign, mantissa, exponent, _ = number._mpf_  # type: ignore[attr-defined]
    whole = -int(mantissa) if sign else int(mantissa)
    if abs(exponent) > FAR:
        return Decimal(libmp.to_str(number._mpf_, mp.dps))  # type: ignore[attr-defined]
    return Fraction(whole << exponent if exponent > 0 else whole, 1 << max(-exponent, 0))


def _rounded(number: Fraction | Decimal, count: int) -> Decimal:
    if isinstance(number, Decimal):
        return rounded(number, count)
    with wide(count):
        return Decimal(number.numerator) / Decimal(number.denominator)


def _double(number: Fraction | Decimal) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
