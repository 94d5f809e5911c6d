"""The verdict on a Taylor series: the coefficients in many digits, against numerical derivatives.

The series in many digits goes by the derivative rules of the table. The referee knows none of
them: mpmath differentiates the value alone, numerically, with as many digits as the order needs.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

from backpropcli.proof.check import conclude, stopped, take_in
from backpropcli.proof.conventions import reason, unclear
from backpropcli.proof.findings import Finding
from backpropcli.proof.verdict import Entry, Verdict
from backpropcli.proof.worker import worked
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from backpropcli.report.expansion import Expansion
    from backpropcli.report.kinks import KinkMet
    from backpropcli.report.report import Report

DIGITS = (60, 240, 960)
"""With more where fewer show a difference."""
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
        self.finite = all(part - part == 0 for one in coefficients.values() for part in one)


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
        verdict.findings.append(Finding("not finite"))
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
    from backpropcli.proof.calls import calls_of, held_rules  # noqa: PLC0415 (heavy)
    from backpropcli.proof.rules import sentence  # noqa: PLC0415 (heavy)

    report, kinks = series.report, series.kinks
    amiss = held_rules(calls_of(report))
    yield {"findings": [Finding("rule", text=sentence(finding)) for finding in amiss]}
    yield {"rules": [finding.as_dict() for finding in amiss]}
    if amiss or report.causes or not series.finite:
        return  # the series goes by the rules
    wholes = series.wholes() if kinks else []
    if kinks and not wholes:
        yield {"findings": [unclear(kinks[0])]}
        return
    for precision in DIGITS:  # what differs has to differ in more digits, too
        news = [*_at(series, wholes, precision)]
        findings = [one for facts in news for one in facts.get("findings", ())]
        if not any(one.kind in {"series", "rough"} for one in findings):
            break
    yield from news


def _at(series: Series, wholes: list[Expansion], precision: int) -> Iterator[dict[str, Any]]:
    """Yield what is found of each coefficient with so many digits, output by output."""
    from mpmath import mp, mpf  # noqa: PLC0415 (heavy)

    from backpropcli.arithmetics import digits  # noqa: PLC0415 (heavy)
    from backpropcli.calculus.forward import forward  # noqa: PLC0415 (with it)
    from backpropcli.calculus.step import step, taylor_coefficients  # noqa: PLC0415 (with it)
    from backpropcli.report.numbers import accuracy  # noqa: PLC0415 (heavy)

    report, kinks = series.report, series.kinks
    [node] = report.wrt.values()
    graph, outputs = report.graph, report.lowered.outputs
    order = series.order
    with mp.workdps(precision):
        bindings = {name: mpf(value) for name, value in report.bindings.items()}
        ours = taylor_coefficients(graph, outputs, bindings, node, order, digits)
        here = forward(graph, digits, bindings)
        start = mpf(here[node])
        held = {at: here[at] for at, name in enumerate(graph.operations) if name == "sg"}
        for row, (output, title) in enumerate(zip(outputs, series.coefficients, strict=True)):

            def value(x: Any, output: int = output) -> Any:  # noqa: ANN401
                return step(graph, digits, bindings, held | {node: x}, [output])[output]

            if kinks:
                labels = [f"h^{power} of {title}" for power in range(order + 1)]
                # As typed it is another point than that of the doubles, at which ours are.
                at_it = series.coefficients[title] if report.as_typed else ours[row]
                apart = list(_beside(at_it, wholes[row], labels, kinks[0]))
                yield {"findings": apart}
                if apart:
                    continue
            floats = series.coefficients[title]
            for power, facts in _held(value, start, ours[row], sides=(-1, 1) if kinks else (0,)):
                if "findings" in facts:
                    yield facts
                else:
                    facts["digits"] = accuracy(floats[power], Fraction(*_ratio(ours[row][power])))
                    yield {"entry": (row * (order + 1) + power, facts)}


def _beside(
    ours: Sequence[Any], whole: Expansion, labels: list[str], kink: KinkMet
) -> Iterator[Finding]:
    """Yield which coefficients are not those of the whole at a kink, or are two, one a side."""
    from backpropcli.report.turning import CLOSE  # noqa: PLC0415 (with what follows)

    if whole.continued:
        yield unclear(kink)
        return
    for one, there, label in zip(ours, whole.coefficients, labels, strict=True):
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
    value: Callable[[Any], Any],
    start: Any,  # noqa: ANN401 (a big float)
    ours: list[Any],
    sides: tuple[int, ...],
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what numerical derivatives from one side, or across (0), say of each coefficient."""
    from mpmath import isfinite, mpf, taylor  # noqa: PLC0415 (heavy)

    from backpropcli.report.numbers import same, shown  # noqa: PLC0415 (heavy)

    for side in sides:
        referee = taylor(value, start, len(ours) - 1, direction=side)
        if not all(map(isfinite, referee)):
            yield 0, {"findings": [Finding("no differences")]}
            return
        scale = max(abs(number) for number in referee) or mpf(1)
        for power, (one, other) in enumerate(zip(ours, referee, strict=True)):
            close = same(one, other, SURE) or abs(one - other) <= scale * mpf(10) ** -SURE
            if not close and not _settles(value, start, power, side, other):
                yield power, {"findings": [Finding("rough")]}
                return
            yield (
                power,
                {"truth": shown(mpf(one)), "sympy": shown(mpf(other)), "agree": bool(close)},
            )
            if not close:
                parts = [shown(part * factorial(power), 20) for part in (one, other)]
                text = f"the derivative of order {power} is {parts[0]}, and {parts[1]} numerically"
                yield power, {"findings": [Finding("series", text=text)]}


def _settles(
    value: Callable[[Any], Any],
    start: Any,  # noqa: ANN401 (a big float)
    power: int,
    side: int,
    found: Any,  # noqa: ANN401 (a big float)
) -> bool:
    """Say whether numerical derivatives with more digits find the same coefficient."""
    from mpmath import mp, taylor  # noqa: PLC0415 (heavy)

    from backpropcli.report.numbers import same  # noqa: PLC0415 (heavy)

    with mp.workdps(2 * mp.dps):
        return bool(same(taylor(value, start, power, direction=side)[power], found, STEADY))


def _ratio(number: Any) -> tuple[int, int]:  # noqa: ANN401
    """Return a number of mpmath's exactly."""
    from mpmath import mpf  # noqa: PLC0415 (heavy)

    sign, mantissa, exponent, _ = mpf(number)._mpf_
    whole = -int(mantissa) if sign else int(mantissa)
    return (whole << exponent, 1) if exponent >= 0 else (whole, 1 << -exponent)
