"""The value and the derivatives at the numbers as they were typed."""

from __future__ import annotations

from mpmath import mpf

from backpropcli.arithmetics.balls.ball import ball
from backpropcli.proof.zero import zeros_at
from backpropcli.report.digits.numbers import UNPROVED_ZERO, told
from backpropcli.report.digits.proved import Asked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.report.report import Report
    from backpropcli.report.truth.point import AsTyped, Point

LEAST_NOISE = mpf(10) ** -10_000
"""What is left of doubles that cancel at the highest precision is larger than this."""
ZEROS = 2.0
"""Seconds for SymPy to prove zeros."""


def told_as_typed(report: Report, point: Point, found: AsTyped | None) -> Iterator[dict[str, Any]]:
    """Tell the value and the derivatives at the numbers as typed; and prove what zeros it can."""
    numbers = found.numbers if found is not None else [point.value, *point.derivatives()]
    texts = [told(number) for number in numbers]
    asked = [
        text == UNPROVED_ZERO and not _underflowed(number)
        for text, number in zip(texts, numbers, strict=True)
    ]
    if any(asked):
        top, wrt = report.top, [*report.wrt.values()]
        wanted = Asked(report.graph, report.bindings, [top], top, wrt)
        for index, proved in enumerate(zeros_at(wanted, ZEROS, asked)):
            if proved:
                texts[index] = "0"
    key = "truth" if found is None else "typed"
    if found is not None or "0" in texts:
        yield {f"value_{key}": texts[0]}
        for index, text in enumerate(texts[1:]):
            yield {"entry": (index, {key: text})}


def _underflowed(number: Number) -> bool:
    """Say whether a number is smaller than what cancellation leaves: an exponential, and no 0."""
    one = ball(number)
    return bool(abs(one.middle) + one.radius < LEAST_NOISE)
