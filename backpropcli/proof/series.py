"""The verdict on a Taylor series: the coefficients in many digits, against numerical derivatives.

The series in many digits goes by the derivative rules of the table. The referee knows none of
them: mpmath differentiates the value alone, numerically, with as many digits as the order needs.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

from backpropcli.proof.check import conclude, stopped, take_in
from backpropcli.proof.findings import Finding
from backpropcli.proof.verdict import Entry, Verdict
from backpropcli.proof.worker import worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.report.report import Report

DIGITS = 60
SURE = 40
"""Digits in which the two have to agree; numerical derivatives have nearly all of theirs."""


def check_series(report: Report, found: dict[str, list[float]], timeout: float) -> Verdict:
    """Return the verdict on the coefficients of each output, in the one name of ``report``."""
    entries = [
        Entry(f"{title}: h^{power}", value, f"h^{power} of {title}")
        for title, coefficients in found.items()
        for power, value in enumerate(coefficients)
    ]
    verdict = Verdict(entries, 0)
    order = len(entries) // len(found)
    finite = all(entry.result - entry.result == 0 for entry in entries)
    if report.causes or not finite:
        verdict.findings.append(Finding("not finite"))
    elif report.kinks:
        verdict.findings.append(_at_kink(report, entries, order))
    jobs = (report, [e.result for e in entries], order)
    why = worked(_proved, jobs, timeout, lambda news: take_in(verdict, news))
    if why:
        verdict.findings.append(stopped(why, timeout))
    agreeing = [entry.agree for entry in entries]
    conclude(report, verdict, shown=False)
    for entry, agree in zip(entries, agreeing, strict=True):
        entry.agree = agree
    verdict.referee = "mpmath"
    verdict.ways = ["by numerical derivatives"]
    return verdict


def _at_kink(report: Report, entries: list[Entry], order: int) -> Finding:
    """Return a coefficient of h that is not the slope that the whole has, or that none is sure."""
    from backpropcli.report.felt import CLOSE  # noqa: PLC0415 (with what follows)
    from backpropcli.report.whole import whole  # noqa: PLC0415 (heavy)

    kink = report.kinks[0].label
    [node] = report.wrt.values()
    for row, output in enumerate(report.lowered.outputs if order > 1 else ()):
        entry = entries[row * order + 1]
        slope = whole(report.graph, output, report.bindings, node).derivative
        if slope is not None and abs(slope - entry.result) > CLOSE * abs(slope):
            entry.agree, entry.truth = False, repr(entry.result)
            return Finding(
                "chain rule",
                label=entry.label,
                ours=f"{entry.result:.6g}",
                whole=f"{slope:.6g}",
                text=f"the kink of {kink}",
            )
    return Finding("kink", text=kink)


def _proved(report: Report, results: list[float], order: int) -> Iterator[dict[str, Any]]:
    """Yield what is found of each coefficient, output by output."""
    from mpmath import mp, mpf, taylor  # noqa: PLC0415 (heavy)

    from backpropcli.arithmetics import digits  # noqa: PLC0415 (heavy)
    from backpropcli.calculus.forward import forward  # noqa: PLC0415 (with it)
    from backpropcli.calculus.step import step, taylor_coefficients  # noqa: PLC0415 (with it)
    from backpropcli.proof.calls import calls_of, held_rules  # noqa: PLC0415 (heavy)
    from backpropcli.proof.rules import sentence  # noqa: PLC0415 (heavy)
    from backpropcli.report.numbers import accuracy, same, shown  # noqa: PLC0415 (heavy)

    amiss = held_rules(calls_of(report))
    yield {"findings": [Finding("rule", text=sentence(finding)) for finding in amiss]}
    yield {"rules": [finding.as_dict() for finding in amiss]}
    finite = all(result - result == 0 for result in results)
    if amiss or report.kinks or report.causes or not finite:
        return  # the series goes by the rules, and differences prove nothing at a kink
    [node] = report.wrt.values()
    graph, outputs = report.graph, report.lowered.outputs
    with mp.workdps(DIGITS):
        bindings = {name: mpf(value) for name, value in report.bindings.items()}
        ours = taylor_coefficients(graph, outputs, bindings, node, order - 1, digits)
        here = forward(graph, digits, bindings)
        start = mpf(here[node])
        held = {at: here[at] for at, name in enumerate(graph.operations) if name == "sg"}
        for row, output in enumerate(outputs):

            def value(x: Any, output: int = output) -> Any:  # noqa: ANN401
                return step(graph, digits, bindings, held | {node: x}, [output])[output]

            referee = taylor(value, start, order - 1)
            scale = max(abs(number) for number in referee) or mpf(1)
            for power, (one, other) in enumerate(zip(ours[row], referee, strict=True)):
                at = row * order + power
                close = same(one, other, SURE) or abs(one - other) <= scale * mpf(10) ** -SURE
                facts = {"truth": shown(mpf(one)), "sympy": shown(mpf(other)), "agree": bool(close)}
                facts["digits"] = accuracy(results[at], Fraction(*_ratio(one)))
                yield {"entry": (at, facts)}
                if not close:
                    parts = [shown(part * factorial(power), 20) for part in (one, other)]
                    text = (
                        f"the derivative of order {power} is {parts[0]}, and {parts[1]} numerically"
                    )
                    yield {"findings": [Finding("series", text=text)]}


def _ratio(number: Any) -> tuple[int, int]:  # noqa: ANN401
    """Return a number of mpmath's exactly."""
    from mpmath import mpf  # noqa: PLC0415 (heavy)

    sign, mantissa, exponent, _ = mpf(number)._mpf_
    whole = -int(mantissa) if sign else int(mantissa)
    return (whole << exponent, 1) if exponent >= 0 else (whole, 1 << -exponent)
