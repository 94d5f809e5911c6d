"""What there is to prove of a report."""

from __future__ import annotations

from copy import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.report.report import Report


class Claim:
    """Derivatives to prove: a report's gradient, or its value, under labels of their own.

    ``results`` are the floats that were found by another way than the report's own, if they were.
    The report's value is shown as that of ``title``, if at all.
    """

    __slots__ = ("labels", "of_value", "report", "results", "title")

    def __init__(
        self,
        report: Report,
        labels: list[str],
        results: list[float] | None = None,
        *,
        of_value: bool = False,
        title: str = "",
    ) -> None:
        self.report = report
        self.title = title
        self.labels = labels
        self.results = list(report.gradient.values()) if results is None else results
        self.of_value = of_value
        if not of_value:
            report.labels = dict(zip(report.wrt, labels, strict=True))

    def at_typed(self, given: Mapping[str, float]) -> Claim:
        """Return the claim at the numbers as they were typed: ``given`` are those of elements."""
        report = copy(self.report) if self.report.as_typed else self.report.at_typed(given)
        report.value = report.values[report.top]
        facts: Any = {"of_value": self.of_value, "title": self.title}
        return Claim(report, self.labels, self.results, **facts)

    def put(self, results: list[float]) -> None:
        """Let it be about other numbers: those in the digits that are proved."""
        self.results = results
        if self.of_value:
            [self.report.value] = results
        else:
            self.report.gradient = dict(zip(self.report.wrt, results, strict=True))
