"""How many digits of a program's value and gradient are right at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpmath import isfinite, mp

from backpropcli.arithmetics.balls.ball import ZERO, ball
from backpropcli.calculus.bindings import is_finite
from backpropcli.graph.cells import late
from backpropcli.report.digits.numbers import AGREE, LOG_2, NEAREST, accuracy, beyond, same, sharp
from backpropcli.report.kinks.met import met
from backpropcli.report.truth.hidden import true_slopes
from backpropcli.report.truth.point import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.report.run import Run

    Digits = dict[str, float | None]

VALUE = ""
"""What the value is called beside the names of the derivatives."""
ENOUGH = 15.0
"""Digits that a double always has: what it has more is luck."""
PATIENCE = 1.0
"""Seconds after which no more digits are tried: a gamma function of 960 takes ten."""
IN_VAIN = 0.2
"""The same for a mend whose own value is not finite in floats, so that it hardly is one."""
GAIN, LOSS = 1.0, 0.5
"""Digits that a mend has to win somewhere, and that it may lose elsewhere."""


class Measured:
    """A run, its numbers one by one, and what they truly are.

    ``results`` are the value and the derivatives, by what they belong to: VALUE, or a name asked
    for; of arrays all elements. ``truths`` has as many, None where none is known. ``most`` are the
    digits that a number has at most. The run that is ``given`` is to be mended.
    """

    def __init__(self, run: Run, wrt: Iterable[str], *, given: bool = False) -> None:
        self.run = run
        self.given = given
        self.wrt = [*wrt]
        self.most = run.format.bits * LOG_2 if run.format else NEAREST
        gradient = {name: run.gradient.get(name, 0.0) for name in self.wrt}
        self.results = {VALUE: _flat(run.value)}
        self.results |= {name: _flat(slope) for name, slope in gradient.items()}

    @late
    def numbers(self) -> Run:
        """Return the run written out in numbers."""
        if not self.run.arrays:
            return self.run
        from backpropcli.proof.arrays.numbers import in_elements

        with self.run.arithmetic.silence():
            return in_elements(self.run)

    @property
    def broken(self) -> int:
        """How many nodes have a value that is not finite."""
        return sum(not is_finite(value) for value in self.run.values)

    @late
    def point(self) -> Point:
        """Return the passes in balls."""
        finite = any(map(is_finite, self.results[VALUE]))
        return Point(self.numbers, PATIENCE if finite or self.given else IN_VAIN)

    @late
    def truths(self) -> dict[str, list[Number | None]]:
        """Return what the results truly are."""
        known = _known(self.point)
        found, at = {VALUE: known[:1]}, 1
        for name in self.wrt:
            size = len(self.results[name])
            gone = name not in self.run.wrt
            found[name] = [ZERO] * size if gone else known[at : at + size]
            at += 0 if gone else size
        return found

    @property
    def has_no_value(self) -> bool:
        """Whether it is known that there is none: a pole, or a point out of the domain."""
        if self.point.undecided:
            return False
        return beyond(self.point.value)

    def digits(self, truths: Mapping[str, list[Number | None]]) -> Digits:
        """Return how many digits of the results are right, the fewest of an array's elements."""
        found = {label: _fewest(results, truths[label]) for label, results in self.results.items()}
        return {
            label: None if count is None else min(count, self.most)
            for label, count in found.items()
        }

    def node_digits(self, node: int) -> float | None:
        """Return how many digits of a node's value are right, in a program of numbers."""
        if self.point.undecided:
            return None
        truth = self.point.values[self.run.lowered.places[node]]
        value = self.run.values[self.run.lowered.places[node]]
        with mp.workdps(self.point.precision):
            return None if truth is None or not sharp(truth) else _accuracy(float(value), truth)


def _flat(value: Any) -> list[float]:  # noqa: ANN401 (a number, or an array)
    return [float(value)] if isinstance(value, float) else [float(one) for one in value.ravel()]


def _known(point: Point) -> list[Number | None]:
    """Return the value and the derivatives, as far as they are known."""
    if point.undecided:
        return [None, *[None for _ in point.run.wrt]]
    with mp.workdps(point.precision):
        return [
            number
            if number is not None and sharp(number) and isfinite(ball(number).middle)
            else None
            for number in (point.value, *true_slopes(point.run, point))
        ]


def _accuracy(result: float, truth: Number) -> float | None:
    """Return how many digits are right: infinity has none of a number that is too large."""
    return accuracy(result, truth) if isfinite(result) else 0.0


def _fewest(results: list[float], truths: list[Number | None]) -> float | None:
    found = [
        digits
        for result, truth in zip(results, truths, strict=len(results) == len(truths))
        if truth is not None and (digits := _accuracy(result, truth)) is not None
    ]
    return min(found, default=None)


def agree(
    before: Mapping[str, list[Number | None]], after: Mapping[str, list[Number | None]]
) -> bool:
    """Say whether truths are the same wherever the first are known, and known there."""
    for label, truths in before.items():
        others = after[label] or [None] * len(truths)
        for one, other in zip(truths, others, strict=True):
            if one is None:
                continue
            if other is None or not same(ball(one).middle, ball(other).middle, AGREE):
                return False
    return True


def better(after: Digits, before: Digits) -> bool:
    """Say whether one has more digits right somewhere, and nowhere fewer."""
    gains = not_worse(after, before)
    return gains and any(
        _count(after[label]) - _count(digits) >= GAIN for label, digits in before.items()
    )


def not_worse(after: Digits, before: Digits) -> bool:
    """Say whether one has nowhere fewer digits right."""
    return all(_count(after[label]) >= _count(digits) - LOSS for label, digits in before.items())


def hides(after: Measured, digits: Digits, before: Measured) -> bool:
    """Say whether a number that is seen not to be finite becomes one without a right digit."""
    return any(
        _count(digits[label]) < GAIN and all(map(isfinite, results))
        for label, results in after.results.items()
        if not all(map(isfinite, before.results[label]))
    )


def _count(digits: float | None) -> float:
    return ENOUGH if digits is None else min(digits, ENOUGH)


def rank(digits: Digits) -> tuple[float, float]:
    """Return what is larger where more is right: by the worst number, then by all."""
    counts = [_count(one) for one in digits.values()]
    return round(min(counts)), round(sum(counts))


def full(digits: Digits, most: float) -> bool:
    """Say whether nothing is lost of numbers that have ``most`` digits."""
    return all(_count(one) >= min(most, ENOUGH) - LOSS for one in digits.values())


def truths_of(before: Measured, after: Measured) -> dict[str, list[Number | None]]:
    """Return what is true: by the first, and by the second where the first has no value.

    What the second has at a kink is a convention, and no truth.
    """
    run = after.numbers
    kinked = any(met(run.graph, run.values, run.active))
    return {
        label: [
            other if one is None and not (kinked and label != VALUE) else one
            for one, other in zip(
                truths or [None] * len(after.truths[label]),
                after.truths[label] or [None] * len(truths),
                strict=True,
            )
        ]
        for label, truths in before.truths.items()
    }
