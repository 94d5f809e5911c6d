"""How many bits of each node's value and adjoint are right, and which nodes lose theirs."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite, log2, ulp
from sys import float_info
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from backpropcli.report.flow.flow import Flow
    from backpropcli.report.run import Run
    from backpropcli.report.view import View

    Truth = Callable[[int], tuple[Any, Any]]

DOUBLE = 53
"""The bits of a double."""
KINDS = ("overflows", "is inf", "is nan", "underflows to 0", "is 0", "loses digits")
"""What becomes of a number, the worst first: it is inf, or 0, where the format would hold the true
one."""


class Loss(NamedTuple):
    """What a node loses: its value or its adjoint (``what``), how (``kind``), and bits left."""

    node: int
    what: str
    kind: str
    bits: float


class Bits:
    """The right bits of the ``values`` and ``adjoints`` of all nodes that are shown.

    ``of`` so many that the format holds, which has numbers from ``least`` to ``largest``; ``known``
    says whether anything is, and ``most`` how many elements that is so for, where there are more.
    None stands for what is not known; of an array it is the worst element. ``losses`` are the nodes
    that overflow, underflow or round to 0, or have lost half of their bits, the worst first.
    """

    def __init__(self, view: View, twin: Flow | None) -> None:
        run = view.run
        self.of = run.format.bits if run.format else DOUBLE
        self.largest = run.format.largest if run.format else float_info.max
        self.least = run.format.least if run.format else ulp(0.0)
        if twin is not None:
            truth: Truth | None = _of_twin(twin)
        else:
            truth = _of_elements(run) if run.arrays else _of_numbers(run)
        self.values: list[float | None] = []
        self.adjoints: list[float | None] = []
        self.losses: list[Loss] = []
        self.known, self.most = truth is not None, ""
        if truth is None:
            from backpropcli.report.written import too_large

            self.most = too_large(run)
            self.values = self.adjoints = [None] * len(view)
            return
        scale = run.seeds[run.top]
        for node, place in enumerate(view.places):
            value, adjoint = truth(place)
            given = view.adjoints[node]
            self.values.append(self._right(node, "value", view.values[node], value))
            own = None if given is None else given / scale
            self.adjoints.append(self._right(node, "gradient", own, adjoint))
        self.losses.sort(
            key=lambda one: (one.bits, KINDS.index(one.kind), one.what != "value", one.node)
        )

    def _right(self, node: int, what: str, result: Any, truth: Any) -> float | None:  # noqa: ANN401
        """Return the right bits of a number, or of the worst element; keep what is lost."""
        if result is None or truth is None:
            return None
        worst: tuple[float, str] | None = None
        for here, (there, off) in zip(_each(result), truth, strict=True):
            found = self._judged(here, there, off)
            if found is not None and (worst is None or found[0] < worst[0]):
                worst = found
        if worst is None:
            return None
        bits, kind = worst
        if bits < self.of / 2:
            self.losses.append(Loss(node, what, kind, bits))
        return bits

    def _judged(self, here: float, there: Any, off: Any) -> tuple[float, str] | None:  # noqa: ANN401 (numbers of many digits)
        """Return the right bits of a number, and what became of it; None where that is not known.

        The truth is within ``off`` of ``there``.
        """
        if isinstance(there, Fraction):  # one may be larger than any double
            from mpmath import mpf

            there = mpf(there.numerator) / there.denominator
        if there - there != 0 or off != off:  # noqa: PLR0124 (nan)
            return None
        if not isfinite(here):
            beyond = "overflows" if abs(there) > self.largest else "is inf"
            return 0.0, beyond if here == here else "is nan"  # noqa: PLR0124 (nan)
        gap = abs(there - here) + off
        if not gap:
            return float(self.of), ""
        if abs(there) <= off:
            return None
        if here == 0:
            return 0.0, "underflows to 0" if abs(there) < self.least else "is 0"
        off_by = max(float(gap / abs(there)), 2.0**-self.of)  # it may be too small for a double
        return max(0.0, -log2(off_by)), "loses digits"


def _each(value: Any) -> Sequence[float]:  # noqa: ANN401 (a number, or an array)
    return [value] if isinstance(value, float) else value.ravel().tolist()


def _of_numbers(run: Run) -> Truth:
    """Return what has the true value and adjoint of a node, each with how far it may be off."""
    from fractions import Fraction

    from backpropcli.arithmetics.balls.ball import ball
    from backpropcli.report.truth.point import Point

    point = Point(run)

    def told(number: Any) -> Any:  # noqa: ANN401
        if isinstance(number, Fraction):
            return [(number, 0)]
        if number is None or not number.known:
            return None
        one = ball(number)
        return [(one.middle, one.radius)]

    def found(place: int) -> tuple[Any, Any]:
        if point.undecided or not point.values:
            return None, None
        return told(point.values[place]), told(point.adjoints[place])

    return found


def _of_elements(run: Run) -> Truth | None:
    """Return the same of elements, by the program written out in numbers; None if too large.

    There an element can stand for several, as in x and x.T, and has the adjoint of all: only that
    of a name asked for is known.
    """
    from backpropcli.report.written import all_elements

    found = all_elements(run)
    if found is None:
        return None
    one, places = found
    truth, asked = _of_numbers(one), {*run.wrt.values()}

    def each(node: int, of: int) -> Any:  # noqa: ANN401
        parts = [truth(place)[of] for place in places[node]]
        return None if None in parts else [number for part in parts for number in part]

    return lambda node: (each(node, 0), each(node, 1) if node in asked else None)


def _of_twin(twin: Flow) -> Truth:
    """Return the same of elements, by the passes in doubles."""

    def told(value: Any) -> Any:  # noqa: ANN401
        return None if value is None else [(one, 0.0) for one in _each(value)]

    return lambda place: (told(twin.run.values[place]), told(twin.adjoints[place]))
