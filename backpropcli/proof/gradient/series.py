"""The verdict on a Taylor series: the coefficients in many digits, against numerical derivatives.

The series in many digits goes by the derivative rules of the table. The referee knows none of
them: mpmath differentiates the value alone, numerically, with as many digits as the order needs.
"""

from __future__ import annotations

from math import factorial
from types import SimpleNamespace

from mpmath import isfinite, mp, mpf, taylor

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.balls.ball import Undecided, ball
from backpropcli.calculus.coefficients import taylor_coefficients
from backpropcli.calculus.forward import forward
from backpropcli.proof.equality.differs import is_blurred
from backpropcli.proof.findings.entries import Entry
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.proof.gradient.branches import typed_pole
from backpropcli.proof.gradient.calls import amiss, calls_of, held_rules
from backpropcli.proof.gradient.check import conclude, stopped, take_in
from backpropcli.proof.gradient.conventions import reason, unclear
from backpropcli.proof.gradient.typed import ZEROS
from backpropcli.proof.rules import sentence
from backpropcli.proof.worker import worked
from backpropcli.proof.zero import zeros_at
from backpropcli.report.decimals import finite, number, unproved
from backpropcli.report.digits.numbers import PRECISIONS, accuracy, same, shown, told
from backpropcli.report.digits.proved import Asked
from backpropcli.report.kinks.kink import CLOSE
from backpropcli.report.truth.point import as_typed, base_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.whole.expansion import Expansion

STEADY = 10
"""Digits in which numerical derivatives with more digits have to agree with themselves."""
SURE = 40
"""Digits in which the two have to agree; numerical derivatives have nearly all of theirs."""


def check_series(
    report: Report,
    series: Mapping[str, list[float]],
    kinks: Sequence[KinkMet],
    wholes: Callable[[], list[Expansion]],
    timeout: float,
) -> Verdict:
    """Return the verdict on a ``series``: coefficients by output.

    ``kinks`` are those that any rest on, and ``wholes`` tells what each output is beside the point,
    in as many coefficients.
    """
    entries = [
        Entry(f"{title}: h^{power}", value, f"h^{power} of {title}")
        for title, coefficients in series.items()
        for power, value in enumerate(coefficients)
    ]
    verdict = Verdict(entries, 0)
    if report.causes or not all(finite(one.result) for one in entries):
        found = "unproved" if any(unproved(one.result) for one in entries) else "not finite"
        verdict.findings.append(Finding(found))
    work = (report, series, kinks, wholes, not verdict.findings)
    if why := worked(_proved, work, timeout, lambda news: take_in(verdict, news)):
        verdict.findings.append(stopped(why, timeout))
    agreeing = [entry.agree for entry in entries]
    conclude(report, verdict, shown=False)
    for entry, agree in zip(entries, agreeing, strict=True):
        entry.agree = agree
    verdict.referee = "mpmath"
    verdict.ways = ["by numerical derivatives"]
    return verdict


def _proved(
    report: Report,
    series: Mapping[str, list[float]],
    kinks: Sequence[KinkMet],
    wholes_of: Callable[[], list[Expansion]],
    is_finite: bool,  # noqa: FBT001 (handed on by position)
) -> Iterator[dict[str, Any]]:
    """Yield what is found of each coefficient, output by output."""
    wrong = amiss(held_rules(calls_of(report)))
    yield {"findings": [Finding("rule", text=sentence(finding)) for finding in wrong]}
    yield {"rules": [finding.as_dict() for finding in wrong]}
    if wrong or not is_finite:
        return  # the series goes by the rules
    wholes = wholes_of() if kinks else []
    if kinks and not wholes:
        yield {"findings": [unclear(kinks[0])]}
        return
    outputs, order = report.lowered.outputs, len(next(iter(series.values()))) - 1
    ours, precision = _coefficients(report, order)
    if not ours:
        yield {"findings": [Finding("unsteady", digits=precision)]}
        return
    with mp.workdps(precision):
        for row, (output, title) in enumerate(zip(outputs, series, strict=True)):
            if kinks:
                labels = [f"h^{power} of {title}" for power in range(order + 1)]
                apart = list(_beside(ours[row], wholes[row], labels, kinks[0]))
                yield {"findings": apart}
                if apart:
                    continue
            floats = series[title]
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
        return forward(graph, literals, numbers, roots=[output], given=moved)[output]

    return value


def _beside(
    ours: list[Number], whole: Expansion, labels: list[str], kink: KinkMet
) -> Iterator[Finding]:
    """Yield which coefficients are not those of the whole at a kink, or are two, one a side."""
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
    with mp.workdps(2 * mp.dps):
        again = (
            taylor(value, 0, power, direction=way)[power] for way in {side, side or -1, side or 1}
        )
        return all(same(one, found, STEADY) for one in again)
