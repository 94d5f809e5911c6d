"""The verdict on a Taylor series: the coefficients in many digits, against numerical derivatives.

The series in many digits goes by the derivative rules of the table. The referee knows none of
them: mpmath differentiates the value alone, numerically, with as many digits as the order needs.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

from backpropcli.proof.check import Entry, Verdict, conclude
from backpropcli.proof.findings import Finding
from backpropcli.proof.worker import BROKEN_OFF, LATE, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.modes.taylor import Taylor
    from backpropcli.report.report import Report

DIGITS = 60
SURE = 25
"""Digits in which the two have to agree: half of what numerical derivatives have."""


def check_series(report: Report, found: list[Taylor], timeout: float) -> Verdict:
    """Return the verdict on series in the one name that ``report`` differentiates by."""
    entries = [
        Entry(f"{one.title}: h^{power}", value, f"h^{power} of {one.title}")
        for one in found
        for power, value in enumerate(one.coefficients)
    ]
    verdict = Verdict(entries, 0)
    order = len(found[0].coefficients)

    def take(news: tuple[str, Any]) -> None:
        kind, item = news
        if kind == "finding":
            verdict.findings.append(item)
        else:
            index, facts = item
            for name, fact in facts.items():
                setattr(entries[index], name, fact)

    finite = all(value - value == 0 for one in found for value in one.coefficients)
    if report.causes or not finite:
        verdict.findings.append(Finding("not finite"))
    elif report.kinks:
        verdict.findings.append(Finding("kink", text=report.kinks[0].label))
    stopped = worked(_proved, (report, [e.result for e in entries], order), timeout, take)
    if stopped:
        late = f"the proof was stopped after {timeout:g} second{'' if timeout == 1 else 's'}"
        text = {LATE: late, BROKEN_OFF: "the proof broke off"}[stopped]
        verdict.findings.append(Finding("stopped", text=text))
    agreeing = [entry.agree for entry in entries]
    conclude(report, verdict, shown=False)
    for entry, agree in zip(entries, agreeing, strict=True):
        entry.agree = agree
    verdict.method = "by numerical derivatives"
    return verdict


def _proved(report: Report, results: list[float], order: int) -> Iterator[tuple[str, Any]]:
    """Yield what is found of each coefficient, output by output."""
    from mpmath import mp, mpf, taylor  # noqa: PLC0415 (heavy)

    from backpropcli.arithmetics import digits  # noqa: PLC0415 (heavy)
    from backpropcli.calculus.step import step, taylor_coefficients  # noqa: PLC0415 (with it)
    from backpropcli.proof.numbers import accuracy, same, shown  # noqa: PLC0415 (heavy)
    from backpropcli.proof.prove import held_rules  # noqa: PLC0415 (heavy)

    for finding in held_rules(report):
        yield "finding", finding
    [node] = report.wrt.values()
    graph, outputs = report.graph, report.lowered.outputs
    with mp.workdps(DIGITS):
        bindings = {name: mpf(value) for name, value in report.bindings.items()}
        ours = taylor_coefficients(graph, outputs, bindings, node, order - 1, digits)
        start = step(graph, digits, bindings, {}, [node])[node]
        for row, output in enumerate(outputs):
            referee = taylor(
                lambda x, output=output: step(graph, digits, bindings, {node: x}, [output])[output],
                mpf(start),
                order - 1,
            )
            for power, (one, other) in enumerate(zip(ours[row], referee, strict=True)):
                at = row * order + power
                scale = max(abs(number) for number in referee) or mpf(1)
                close = same(one, other, SURE) or abs(one - other) <= scale * mpf(10) ** -SURE
                facts = {"truth": shown(mpf(one)), "sympy": shown(mpf(other)), "agree": bool(close)}
                yield (
                    "entry",
                    (at, facts | {"digits": accuracy(results[at], Fraction(*_ratio(one)))}),
                )
                if not close:
                    text = f"derivative number {power} is {shown(one * factorial(power), 20)}"
                    yield (
                        "finding",
                        Finding(
                            "series",
                            text=f"{text}, and numerically {shown(other * factorial(power), 20)}",
                        ),
                    )


def _ratio(number: Any) -> tuple[int, int]:  # noqa: ANN401
    """Return a number of mpmath's exactly."""
    from mpmath import mpf  # noqa: PLC0415 (heavy)

    sign, mantissa, exponent, _ = mpf(number)._mpf_
    whole = -int(mantissa) if sign else int(mantissa)
    return (whole << exponent, 1) if exponent >= 0 else (whole, 1 << -exponent)
