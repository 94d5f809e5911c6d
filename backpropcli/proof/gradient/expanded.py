"""What is to be proved of a Taylor series."""

from __future__ import annotations

from backpropcli.report.decimals import finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.whole.expansion import Expansion


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
