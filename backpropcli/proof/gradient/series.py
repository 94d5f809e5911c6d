"""The verdict on a Taylor series: the coefficients in many digits, against numerical derivatives.

The series in many digits goes by the derivative rules of the table. The referee knows none of
them: mpmath differentiates the value alone, numerically, with as many digits as the order needs.
"""

from __future__ import annotations

from backpropcli.proof.findings.entries import Entry
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.proof.gradient.check import conclude, stopped, take_in
from backpropcli.proof.worker import worked
from backpropcli.report.decimals import unproved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.proof.gradient.expanded import Series


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
    why = worked(_work, (series,), timeout, lambda news: take_in(verdict, news))
    if why:
        verdict.findings.append(stopped(why, timeout))
    agreeing = [entry.agree for entry in entries]
    conclude(report, verdict, shown=False)
    for entry, agree in zip(entries, agreeing, strict=True):
        entry.agree = agree
    verdict.referee = "mpmath"
    verdict.ways = ["by numerical derivatives"]
    return verdict


def _work(series: Series) -> Iterator[dict[str, Any]]:
    """Yield what is found of each coefficient, output by output."""
    from backpropcli.proof.gradient.coefficients import proved

    yield from proved(series)
