"""Truncated Taylor series in one variable: the forward pass in power series."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.choice import given_to
from backpropcli.calculus.step import taylor_coefficients
from backpropcli.errors import BackpropError
from backpropcli.modes.elements import written_out
from backpropcli.modes.gradient import ones, ready, report_of
from backpropcli.report.result import Claim, Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.language.program import Program
    from backpropcli.report.report import Report

HIGHEST = 40


class Taylor(Result):
    """The series of each output in the variable ``name``, for a step h of it.

    ``series`` has the coefficients of 1, h, h^2, ... for each output, and ``coefficients`` those of
    the last one, which is the only one of most programs.
    """

    command = "taylor"

    def __init__(self, point: Report, name: str, series: list[list[float]]) -> None:
        super().__init__(point, point.program.variables)
        self.name = name
        self.order = len(series[-1]) - 1
        self.series = series
        self.coefficients = series[-1]
        self.values = [coefficients[0] for coefficients in series]

    def pieces(self) -> Iterator[Claim]:
        yield from ()

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, [numbers] = values, parts
        size = len(numbers) // len(self.series)
        self.series = [numbers[at : at + size] for at in range(0, len(numbers), size)]
        self.coefficients = self.series[-1]

    def as_dict(self) -> dict[str, object]:
        own = {"in": self.name, "order": self.order, "taylor": self.series}
        return {**super().as_dict(), **own}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        several = len(self.series) > 1
        for title, coefficients in zip(self.outputs, self.series, strict=True):
            for power, value in enumerate(coefficients):
                yield [title, f"{power}"] if several else [f"{power}"], value


def taylor(
    program: Program, bindings: Mapping[str, float], name: str = "", order: int = 4
) -> Taylor:
    """Return the series of each output in the variable ``name``: the only one if not given.

    The series is around the variable's value. Raises BackpropError for an unknown name, for none
    where there are several variables, and for an order that is not from 0 to 40.
    """
    variables = list(program.variables)
    name = name or (variables[0] if len(variables) == 1 else "")
    if not name:
        raise BackpropError(
            "the variable of the series is missing", f"give it with --in {(variables or ['x'])[0]}"
        )
    if not 0 <= order <= HIGHEST:
        raise BackpropError(f"--order is {order}", f"it must be from 0 to {HIGHEST}")
    numbers = written_out(program, bindings, [name])
    if numbers is not None:
        if len(numbers.wrt) != 1:
            raise BackpropError(
                f"{name} is an array, and a series is in one number",
                f"name one of its elements, as in --in '{numbers.wrt[0]}'",
            )
        return numbers.told(taylor(numbers.program, numbers.bindings, numbers.wrt[0], order))
    lowered, asked = ready(program, bindings, [name])
    outputs = lowered.outputs
    node = asked[name]
    found = taylor_coefficients(
        lowered.graph, outputs, given_to(floats, bindings), node, order, floats
    )
    series = []
    for coefficients in found:
        shown = [coefficient + 0.0 for coefficient in coefficients]  # no -0
        for power in range(1, len(shown)):
            if shown[power - 1] != shown[power - 1]:
                shown[power] = shown[power - 1]
        series.append(shown)
    return Taylor(report_of(lowered, bindings, asked, ones(lowered)), name, series)
