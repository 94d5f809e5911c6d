"""The verdict on a Taylor series: the coefficients in many digits, against numerical derivatives.

The series in many digits goes by the derivative rules of the table. The referee knows none of
them: mpmath differentiates the value alone, numerically, with as many digits as the order needs.
"""

from __future__ import annotations

from math import factorial

from backpropcli.proof.findings.entries import Entry
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.proof.gradient.check import conclude, stopped, take_in
from backpropcli.proof.gradient.conventions import reason, unclear
from backpropcli.proof.worker import worked
from backpropcli.report.decimals import finite, number, unproved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.report.expansion import Expansion
    from backpropcli.report.kinks import KinkMet
    from backpropcli.report.report import Report

STEADY = 10
"""Digits in which numerical derivatives with more digits have to agree with themselves."""
SURE = 40
"""Digits in which the two have to agree; numerical derivatives have nearly all of theirs."""


class Series:
    """What is to be proved: coefficients by output, and the ``kinks`` that any rest on.

    ``wholes`` tells what each output is beside the point, in as many coefficients.
    """

    def __init__(
        self,
        report: Report,
        coefficients: dict[str, list[float]],
        kinks: Sequence[KinkMet],
        wholes: Callable[[], list[Expansion]],
    ) -> None:
        self.report = report
        self.coefficients = coefficients
        self.kinks = kinks
        self.wholes = wholes
        self.order = len(next(iter(coefficients.values()))) - 1
        self.finite = all(finite(part) for one in coefficients.values() for part in one)


def check_series(series: Series, timeout: float) -> Verdict:
    """Return the verdict on the coefficients of each output."""
    report = series.report
    entries = [
        Entry(f"{title}: h^{power}", value, f"h^{power} of {title}")
        for title, coefficients in series.coefficients.items()
        for power, value in enumerate(coefficients)
    ]
    verdict = Verdict(entries, 0)
    if report.causes or not series.finite:
        numbers = [number for one in series.coefficients.values() for number in one]
        verdict.findings.append(
            Finding("unproved" if any(map(unproved, numbers)) else "not finite")
        )
    why = worked(_proved, (series,), timeout, lambda news: take_in(verdict, news))
    if why:
        verdict.findings.append(stopped(why, timeout))
    agreeing = [entry.agree for entry in entries]
    conclude(report, verdict, shown=False)
    for entry, agree in zip(entries, agreeing, strict=True):
        entry.agree = agree
    verdict.referee = "mpmath"
    verdict.ways = ["by numerical derivatives"]
    return verdict


def _proved(series: Series) -> Iterator[dict[str, Any]]:
    """Yield what is found of each coefficient, output by output."""
    from mpmath import mp  # noqa: PLC0415 (heavy)

    from backpropcli.proof.gradient.calls import amiss, calls_of, held_rules  # noqa: PLC0415 (heavy)
    from backpropcli.proof.rules import sentence  # noqa: PLC0415 (heavy)
    from backpropcli.report.numbers import accuracy  # noqa: PLC0415 (heavy)

    report, kinks = series.report, series.kinks
    wrong = amiss(held_rules(calls_of(report)))
    yield {"findings": [Finding("rule", text=sentence(finding)) for finding in wrong]}
    yield {"rules": [finding.as_dict() for finding in wrong]}
    if wrong or report.causes or not series.finite:
        return  # the series goes by the rules
    wholes = series.wholes() if kinks else []
    if kinks and not wholes:
        yield {"findings": [unclear(kinks[0])]}
        return
    outputs, order = report.lowered.outputs, series.order
    ours, precision = _coefficients(report, order)
    if not ours:
        yield {"findings": [Finding("unsteady", digits=precision)]}
        return
    with mp.workdps(precision):
        for row, (output, title) in enumerate(zip(outputs, series.coefficients, strict=True)):
            if kinks:
                labels = [f"h^{power} of {title}" for power in range(order + 1)]
                apart = list(_beside(ours[row], wholes[row], labels, kinks[0]))
                yield {"findings": apart}
                if apart:
                    continue
            floats = series.coefficients[title]
            value, sides = _beside_point(report, output), (-1, 1) if kinks else (0,)
            for power, facts in _held(value, ours[row], sides):
                if "findings" in facts:
                    yield facts
                else:
                    facts["digits"] = accuracy(floats[power], ours[row][power])
                    yield {"entry": (row * (order + 1) + power, facts)}
        if not kinks:
            yield from _as_typed(report, order)


def _as_typed(report: Report, order: int) -> Iterator[dict[str, Any]]:
    """Tell the coefficients at the numbers as typed, or what has no finite value there."""
    from backpropcli.arithmetics.balls.ball import Undecided  # noqa: PLC0415 (heavy)
    from backpropcli.proof.equality.gap import is_blurred  # noqa: PLC0415 (heavy)
    from backpropcli.proof.gradient.branches import typed_pole  # noqa: PLC0415 (heavy)
    from backpropcli.proof.gradient.prove import ZEROS  # noqa: PLC0415 (heavy)
    from backpropcli.proof.zero import zeros_at  # noqa: PLC0415 (heavy)
    from backpropcli.report.numbers import told  # noqa: PLC0415 (heavy)
    from backpropcli.report.proved import Asked  # noqa: PLC0415 (heavy)
    from backpropcli.report.truth import as_typed  # noqa: PLC0415 (heavy)

    there = as_typed(report)
    pole = None if there is None else typed_pole(report, there)
    if pole is not None:
        yield {"typed_pole": (pole, f"{report.text(pole, 40)} has no finite value")}
    if there is None or pole is not None:
        return
    outputs, wrt = report.lowered.outputs, [*report.wrt.values()]
    asked = Asked(report.graph, report.bindings, outputs, None, wrt, order)
    try:
        numbers, _ = asked.numbers()
    except Undecided:
        return
    texts = [told(number) for number in numbers]
    near = [is_blurred(number) and not text for number, text in zip(numbers, texts, strict=True)]
    zeros = zeros_at(asked, ZEROS, near)
    for at, (text, zero) in enumerate(zip(texts, zeros, strict=True)):
        yield {"entry": (at, {"typed": "0" if zero else text})}


def _coefficients(report: Report, order: int) -> tuple[list[list[Number]], int]:
    """Return the series of each output, and the digits that it takes for these to be known.

    It is empty where no number of digits is enough.
    """
    from mpmath import mp  # noqa: PLC0415 (heavy)

    from backpropcli.arithmetics.balls.ball import Undecided  # noqa: PLC0415 (heavy)
    from backpropcli.calculus.step import taylor_coefficients  # noqa: PLC0415 (with it)
    from backpropcli.report.numbers import PRECISIONS, told  # noqa: PLC0415 (heavy)
    from backpropcli.report.truth import base_of  # noqa: PLC0415 (heavy)

    [node], outputs = report.wrt.values(), report.lowered.outputs
    for precision in PRECISIONS:
        with mp.workdps(precision):
            arithmetic, given = base_of(report)
            try:
                found = taylor_coefficients(report.graph, outputs, given, node, order, arithmetic)
            except Undecided:
                continue
            if all(told(one) for series in found for one in series):
                return found, precision
    return [], precision


def _beside_point(report: Report, output: int) -> Callable[[Any], Any]:
    """Return an output as a function of a step, in as many digits as are asked for."""
    from types import SimpleNamespace  # noqa: PLC0415 (with what follows)

    from backpropcli.arithmetics import digits  # noqa: PLC0415 (heavy)
    from backpropcli.arithmetics.balls.ball import ball  # noqa: PLC0415 (heavy)
    from backpropcli.calculus.forward import forward  # noqa: PLC0415 (with it)
    from backpropcli.calculus.step import step  # noqa: PLC0415 (with it)
    from backpropcli.report.truth import base_of  # noqa: PLC0415 (heavy)

    [node], graph = report.wrt.values(), report.graph
    arithmetic, _ = base_of(report)
    literals: Any = SimpleNamespace(**vars(digits))
    literals.double = lambda value: ball(arithmetic.double(value)).middle
    held = [at for at, name in enumerate(graph.operations) if name == "sg"]

    def value(move: Any) -> Any:  # noqa: ANN401
        _, given = base_of(report)
        here = forward(graph, arithmetic, given, alike=True, roots=[node, *held])
        moved = {at: ball(here[at]).middle for at in held}
        moved[node] = ball(here[node]).middle + move
        numbers = {name: ball(number).middle for name, number in given.items()}
        return step(graph, literals, numbers, moved, [output])[output]

    return value


def _beside(
    ours: list[Number], whole: Expansion, labels: list[str], kink: KinkMet
) -> Iterator[Finding]:
    """Yield which coefficients are not those of the whole at a kink, or are two, one a side."""
    from backpropcli.arithmetics.balls.ball import ball  # noqa: PLC0415 (heavy)
    from backpropcli.report.turning import CLOSE  # noqa: PLC0415 (with what follows)

    if whole.continued:
        yield unclear(kink)
        return
    for number_of, there, label in zip(ours, whole.coefficients, labels, strict=True):
        one = ball(number_of).middle
        if isinstance(there, float):
            if abs(one - there) > CLOSE * abs(there):
                facts: dict[str, Any] = {"ours": number(float(one)), "whole": number(there)}
                facts |= {"text": reason(kink), "that": "the whole expression has"}
                yield Finding("chain rule", None, label=label, **facts)
        elif there is None or None in there.values():
            ends = kink.ends and kink.pole is None
            yield Finding("no differences") if ends else unclear(kink)
            return
        else:
            sides: dict[str, Any] = {side: number(slope or 0.0) for side, slope in there.items()}
            yield Finding("sides", None, label=label, **sides)
            return  # what follows are no derivatives


def _held(
    value: Callable[[Any], Any], ours: list[Number], sides: tuple[int, ...]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what numerical derivatives from one side, or across (0), say of each coefficient."""
    from mpmath import isfinite, mpf, taylor  # noqa: PLC0415 (heavy)

    from backpropcli.arithmetics.balls.ball import ball  # noqa: PLC0415 (heavy)
    from backpropcli.report.numbers import same, shown, told  # noqa: PLC0415 (heavy)

    middles = [ball(one).middle for one in ours]
    for side in sides:
        referee = taylor(value, 0, len(ours) - 1, direction=side)
        if not all(map(isfinite, referee)):
            yield 0, {"findings": [Finding("no differences")]}
            return
        scale = max(abs(number) for number in referee) or mpf(1)
        for power, (one, other) in enumerate(zip(middles, referee, strict=True)):
            close = same(one, other, SURE) or abs(one - other) <= scale * mpf(10) ** -SURE
            if not close and not _settles(value, power, side, other):
                yield power, {"findings": [Finding("rough")]}
                return
            yield (
                power,
                {"truth": told(ours[power]), "sympy": shown(mpf(other)), "agree": bool(close)},
            )
            if not close:
                parts = [shown(part * factorial(power), 20) for part in (one, other)]
                text = f"the derivative of order {power} is {parts[0]}, and {parts[1]} numerically"
                yield power, {"findings": [Finding("series", text=text)]}


def _settles(value: Callable[[Any], Any], power: int, side: int, found: Any) -> bool:  # noqa: ANN401 (a big float)
    """Say whether numerical derivatives with more digits find the same coefficient.

    Across a kink they find the mean of its two sides: both have to agree, too.
    """
    from mpmath import mp, taylor  # noqa: PLC0415 (heavy)

    from backpropcli.report.numbers import same  # noqa: PLC0415 (heavy)

    with mp.workdps(2 * mp.dps):
        again = (
            taylor(value, 0, power, direction=way)[power] for way in {side, side or -1, side or 1}
        )
        return all(same(one, found, STEADY) for one in again)
