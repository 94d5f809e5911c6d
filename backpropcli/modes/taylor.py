"""Truncated Taylor series in one variable: derivatives of derivatives, each divided by k!."""

from __future__ import annotations

from math import factorial

from backpropcli.errors import BackpropError
from backpropcli.modes.derived import Derived
from backpropcli.modes.gradient import ones, ready, report_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.program import Program
    from backpropcli.report.report import Report

HIGHEST = 40
LARGEST = 2_000_000
"""Nodes after which a higher derivative is not begun."""


class Series:
    """The series of one output: ``coefficients`` of 1, h, h^2, ... for a step h of the variable.

    ``reports`` has the report of each derivative, whose value is k! times the coefficient.
    """

    def __init__(self, title: str, coefficients: list[float], reports: list[Report]) -> None:
        self.title = title
        self.coefficients = coefficients
        self.reports = reports


def taylor(
    program: Program, bindings: dict[str, float], name: str, order: int
) -> tuple[Report, list[Series]]:
    """Return the report of the point, and the series of each output in the variable ``name``.

    The series is around the variable's value. Raises BackpropError for an unknown name, an order
    that is not from 0 to 40, and derivatives that take more than two million nodes.
    """
    if not 0 <= order <= HIGHEST:
        raise BackpropError(f"--order is {order}", f"it is a number from 0 to {HIGHEST}")
    node = ready(program, bindings, [name])[name]
    made = Derived(program)
    derivative = made.along({node: 1.0})
    chains = []
    for output in program.outputs:
        chain = [output]
        for step in range(order):
            if len(made.graph) > LARGEST:
                raise BackpropError(
                    f"derivative number {step + 1} takes more than {LARGEST:,} nodes",
                    "ask for a lower --order",
                )
            chain.append(made.derivative(derivative, chain[-1]))
        chains.append(chain)
    series = []
    for title, chain in zip(program.titles(), chains, strict=True):
        reports = [
            report_of(made.program([slope], chain[:power]), bindings, {}, {slope: 1.0})
            for power, slope in enumerate(chain)
        ]
        coefficients = [
            report.values[slope] / factorial(power) + 0.0  # no -0
            for power, (report, slope) in enumerate(zip(reports, chain, strict=True))
        ]
        for power in range(1, len(coefficients)):
            if coefficients[power - 1] != coefficients[power - 1]:
                coefficients[power] = coefficients[power - 1]
        series.append(Series(title, coefficients, reports))
    point = report_of(program, bindings, {name: node}, ones(program))
    return point, series
