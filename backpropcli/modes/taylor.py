"""Truncated Taylor series in one variable: the forward pass in power series."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.step import taylor_coefficients
from backpropcli.errors import BackpropError
from backpropcli.modes.gradient import ones, plain, ready, report_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.language.program import Program
    from backpropcli.report.report import Report

HIGHEST = 40


class Taylor:
    """The series of one output: ``coefficients`` of 1, h, h^2, ... for a step h of the variable."""

    def __init__(self, title: str, coefficients: list[float]) -> None:
        self.title = title
        self.coefficients = coefficients


def taylor(
    program: Program, bindings: Mapping[str, float], name: str, order: int
) -> tuple[Report, list[Taylor]]:
    """Return the report of the point, and the series of each output in the variable ``name``.

    The series is around the variable's value. Raises BackpropError for an unknown name, and for an
    order that is not from 0 to 40.
    """
    if not 0 <= order <= HIGHEST:
        raise BackpropError(f"--order is {order}", f"it must be from 0 to {HIGHEST}")
    lowered, asked = ready(program, bindings, [name])
    outputs = lowered.outputs
    node = asked[name]
    found = taylor_coefficients(lowered.graph, outputs, plain(bindings), node, order, floats)
    series = []
    for title, coefficients in zip(program.titles(), found, strict=True):
        shown = [coefficient + 0.0 for coefficient in coefficients]  # no -0
        for power in range(1, len(shown)):
            if shown[power - 1] != shown[power - 1]:
                shown[power] = shown[power - 1]
        series.append(Taylor(title, shown))
    return report_of(lowered, bindings, asked, ones(lowered)), series
