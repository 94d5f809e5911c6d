"""The value and the derivatives at the numbers as they were typed."""

from __future__ import annotations

from math import isnan

from mpmath import mpf

from backpropcli.arithmetics.balls.ball import UNKNOWN, ZERO, ball, finite, is_nan
from backpropcli.proof.gradient.branches import typed_kink, typed_kinks, typed_pole
from backpropcli.proof.zero import zeros_at
from backpropcli.report.digits.numbers import UNPROVED_ZERO, told
from backpropcli.report.digits.proved import Asked
from backpropcli.report.truth.point import as_typed

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


def told_as_typed(
    report: Report, point: Point, turning: dict[int, set[int]]
) -> Iterator[dict[str, Any]]:
    """Tell what there is at the numbers as typed, and prove what zeros it can.

    ``turning`` has the inputs by which each node is at a kink in exact arithmetic.
    """
    there = as_typed(report)
    pole = None if there is None else typed_pole(report, there)
    if there is None:
        yield from _told(report, [point.value, *point.derivatives()], "truth")
    elif pole is None:
        yield from _at_kinks(report, there, [*typed_kinks(report, turning, there, point)])
    else:
        yield {"typed_pole": (pole, f"{report.text(pole, 40)} has no finite value")}


def typed_alone(report: Report) -> Iterator[dict[str, Any]]:
    """Tell what there is at the numbers as typed, where doubles have no value, or no slope."""
    there = as_typed(report)
    if there is None:
        return
    value = there.numbers[0]
    if finite(value):
        met = {kink.node: {kink.input} for kink in report.kinks}
        yield from _at_kinks(report, there, [*typed_kinks(report, met, there)])
    elif ball(value).known and isnan(report.value) and not is_nan(value):
        pole = typed_pole(report, there)
        if pole is not None:
            yield {"typed_pole": (pole, f"{report.text(pole, 40)} has no finite value")}


def _at_kinks(report: Report, there: AsTyped, kinks: list[int]) -> Iterator[dict[str, Any]]:
    """Tell what there is as typed: no slope that is a convention at what may have a kink there."""
    graph = report.graph
    reached = {at for at, one in enumerate(there.adjoints) if one is not None and one != ZERO}
    jumps = {at for at in kinks if any(kink.jump for kink in graph.row(at).kinks)}
    felt = graph.ancestors([at for at in kinks if at in reached or at in jumps])
    value, *slopes = there.numbers
    for index, node in enumerate(report.wrt.values()):
        if felt[node] and finite(slopes[index]):
            slopes[index] = UNKNOWN
    yield from _told(report, [value, *slopes], "typed")
    yield {"typed_kink": typed_kink(report, kinks, there)}


def _told(report: Report, numbers: list[Number], key: str) -> Iterator[dict[str, Any]]:
    """Tell numbers, the value first, by this ``key``: of the truth at doubles the zeros alone."""
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
    if key == "typed" or "0" in texts:
        yield {f"value_{key}": texts[0]}
        for index, text in enumerate(texts[1:]):
            yield {"entry": (index, {key: text})}


def _underflowed(number: Number) -> bool:
    """Say whether a number is smaller than what cancellation leaves: an exponential, and no 0."""
    one = ball(number)
    return bool(abs(one.middle) + one.radius < LEAST_NOISE)
