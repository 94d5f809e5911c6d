"""Loss scaling: the reverse pass seeded with a factor, which its gradients are divided by.

So mixed-precision training keeps small gradients from underflow (Micikevicius et al., "Mixed
precision training", ICLR 2018).
"""

from __future__ import annotations

from math import frexp

from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.errors import BackpropError
from backpropcli.report.report import Report
from backpropcli.report.scaling import Scaling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AUTO = 0.0
"""Stands for the largest scale that works."""


def scaled(report: Report, scale: float = AUTO) -> Report:
    """Return a report whose reverse pass is scaled, and which powers of two work.

    ``AUTO`` takes the largest of them. Raises BackpropError for a report in doubles, and for a
    scale that is not above 0 or is none of the format.
    """
    kind = report.format
    if kind is None:
        raise BackpropError(
            "a loss is scaled for a short format, and this run is in doubles",
            "add --dtype float16, for instance",
        )
    if scale != AUTO and not (0 < scale <= kind.largest and kind.rounded(scale) == scale):
        raise BackpropError(
            f"the loss scale {scale:g} is no {kind.name}",
            f"give a power of two from {kind.least:g} to {kind.largest:g}",
        )
    sweep = _Sweep(report)
    low, high = sweep.range()
    factor = scale or (2.0**high if high is not None else 1.0)
    found = Report(
        report.lowered,
        report.point,
        report.wrt,
        report.values,
        {report.top: factor},
        warnings=report.warnings,
    )
    found.gradient = {name: slope / factor for name, slope in found.gradient.items()}
    lost = 0 if high is None else sweep.reached(high) - sweep.reached(frexp(factor)[1] - 1)
    plain = 0 if high is None else sweep.reached(high) - sweep.reached(0)
    found.scaling = Scaling(factor, low, high, max(0, lost), max(0, plain))
    return found


class _Sweep:
    """Reverse passes over one run, seeded with powers of two."""

    def __init__(self, report: Report) -> None:
        self.report = report
        kind = report.format
        assert kind is not None  # noqa: S101 (for mypy)
        self.least, self.most = kind.exponent, frexp(kind.largest)[1] - 1
        self.known: dict[int, tuple[bool, int]] = {}

    def at(self, power: int) -> tuple[bool, int]:
        """Return whether all adjoints are finite, and how many gradients are not 0."""
        if power not in self.known:
            report, numbers = self.report, self.report.arithmetic
            edges = linearize(report.graph, numbers, report.values, report.wrt.values())
            found = pull(edges, numbers, {report.top: 2.0**power})
            if report.arrays:
                found = numbers.in_shape(found, report.values)
            asked = [found[node] for node in report.wrt.values() if found[node] is not None]
            finite = all(one - one == 0 for value in found for one in _each(value))
            nonzero = sum(one != 0 for value in asked for one in _each(value))
            self.known[power] = finite, nonzero
        return self.known[power]

    def reached(self, power: int) -> int:
        """Return how many gradients are not 0."""
        return self.at(power)[1]

    def range(self) -> tuple[int | None, int | None]:
        """Return the least and the largest power that works; None for none."""
        if not self.at(self.least)[0]:
            return None, None
        high = _last(self.least, self.most, lambda power: self.at(power)[0])
        best = self.reached(high)
        low = -_last(-high, -self.least, lambda power: self.reached(-power) >= best)
        return low, high


def _last(first: int, last: int, holds: Any) -> int:  # noqa: ANN401 (a function of a power)
    """Return the last whole number up to which something holds, as it does at ``first``."""
    while first < last:
        middle = (first + last + 1) // 2
        first, last = (middle, last) if holds(middle) else (first, middle - 1)
    return first


def _each(value: Any) -> list[float]:  # noqa: ANN401 (a number, an array, or None)
    if value is None:
        return []
    found: list[float] = [value] if isinstance(value, float) else value.ravel().tolist()
    return found
