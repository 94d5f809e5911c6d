"""Truncated Taylor series in one variable: the forward pass in power series."""

from __future__ import annotations

from functools import partial
from itertools import chain
from math import factorial, isfinite

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import parsed
from backpropcli.calculus.choice import given_to, has_arrays, numbers_of
from backpropcli.calculus.coefficients import taylor_coefficients
from backpropcli.calculus.transpose import forwards
from backpropcli.errors import BackpropError
from backpropcli.modes.derived import Derived, directional
from backpropcli.modes.elements import in_elements_if_small
from backpropcli.modes.gradient import ones, ready, report_of
from backpropcli.modes.jvp import along_nodes
from backpropcli.report.kinks.met import COMPARISONS, EXTREMES
from backpropcli.report.result import Result, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program
    from backpropcli.modes.jvp import Jvp
    from backpropcli.report.claim import Claim
    from backpropcli.report.report import Report
    from backpropcli.report.whole.expansion import Expansion

HIGHEST = 40
STEEPEST = 6
"""The highest derivative that is written out for the cause of one that is not finite."""
CHOICES = {"abs", "sign"} | COMPARISONS | EXTREMES
"""Operations in a rule at which the derivative may have a kink of its own."""


class Taylor(Result):
    """The series of each output in the variable ``name``, for a step h of it.

    ``series`` has the coefficients of 1, h, h^2, ... for each output, and ``coefficients`` those of
    the last one, which is the only one of most programs. It ``goes_on`` if there is a further one.
    Of whole arrays each of the ``levels`` finds the derivatives of the one before.
    """

    command = "taylor"

    def __init__(
        self,
        point: Report,
        name: str,
        series: list[list[float]],
        derived: Sequence[Report] = (),
        *,
        goes_on: bool = True,
    ) -> None:
        super().__init__(point, point.wrt if point.arrays else point.program.variables, derived)
        self.levels: list[Callable[[], Jvp]] = []
        self.goes_on = goes_on
        self.name = name
        self.order = len(series[-1]) - 1
        self.series = series
        self.coefficients = series[-1]
        self.values = [coefficients[0] for coefficients in series]
        self._wholes: list[Expansion] | None = None

    def wholes(self) -> list[Expansion]:
        """Return what each output is beside the point, where a kink or a gap is met.

        Empty where none is met, and where a value rests on a derivative taken at a kink. Heavy,
        and worked out once.
        """
        if self._wholes is None:
            point = self.point
            met = [*point.kinks, *self.kinks]
            finite = all(part - part == 0 for series in self.series for part in series)
            told = (met or not (finite and self.goes_on)) and not (
                point.arrays or point.format or point.signed_zero or point.held
            )
            self._wholes = []
            if told and not any(kink.of_value for kink in point.kinks):
                from backpropcli.report.whole.expansion import expansion

                graph, at, node = point.graph, point.bindings, point.wrt[self.name]
                for output in point.lowered.outputs:
                    one = expansion(graph, output, at, node, self.order or 0, typed=point.as_typed)
                    self._wholes.append(one)
        return self._wholes

    @property
    def broken(self) -> Report | None:
        """The derivative whose own one is the first coefficient that is not finite, if any.

        The highest orders, which cost most, are not looked at.
        """
        found = super().broken
        broken = [
            power
            for coefficients in self.series
            for power, part in enumerate(coefficients)
            if not isfinite(part)
        ]
        if found or self.point.causes or not broken or not 1 < min(broken) <= STEEPEST:
            return found
        report = _before(self.point, self.name, min(broken))
        return report if report.causes else None

    def settle(self, given: Mapping[str, float]) -> None:
        super().settle(given)
        self._wholes = None

    def pieces(self) -> Iterator[Claim]:
        yield from ()

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, [numbers] = values, parts
        size = len(numbers) // len(self.series)
        self.series = [numbers[at : at + size] for at in range(0, len(numbers), size)]
        self.coefficients = self.series[-1]

    def as_dict(self) -> dict[str, object]:
        wholes = [one.as_dict() for one in self.wholes()] or None
        own = {
            "in": self.name,
            "order": self.order,
            "taylor": self.series,
            "whole_taylor": wholes,
        }
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
        scalars = [one for one in variables if not hasattr(bindings.get(one), "shape")]
        one = [*scalars, *variables, "x"][0]
        raise BackpropError("the variable of the series is missing", f"give it with --in {one}")
    if not 0 <= order <= HIGHEST:
        raise BackpropError(f"--order is {order}", f"it must be from 0 to {HIGHEST}")
    numbers = in_elements_if_small(program, bindings, [name])
    if numbers is not None:
        if len(numbers.wrt) != 1:
            raise _of_array(name, f"name one of its elements, as in --in '{numbers.wrt[0]}'")
        return numbers.told(taylor(numbers.program, numbers.bindings, numbers.wrt[0], order))
    if has_arrays(program.graph, bindings):
        return _of_arrays(program, bindings, name, order)
    lowered, asked = ready(program, bindings, [name])
    outputs = lowered.outputs
    node = asked[name]
    found = taylor_coefficients(
        lowered.graph, outputs, given_to(floats, bindings), node, order + 1, floats
    )
    series = []
    for *coefficients, _ in found:
        shown = [coefficient + 0.0 for coefficient in coefficients]  # no -0
        for power in range(1, len(shown)):
            if shown[power - 1] != shown[power - 1]:
                shown[power] = shown[power - 1]
        series.append(shown)
    point = report_of(lowered, bindings, asked, ones(lowered))
    derived = []
    if order > 1 and not point.kinks and (lowered.diffs or _choosing(lowered.graph)):
        direction = {node: 1.0}
        derived = [directional(lowered, one, direction, bindings, asked) for one in outputs]
    goes_on = all(isfinite(further) for *_, further in found)
    return Taylor(point, name, series, derived, goes_on=goes_on)


def _before(point: Report, name: str, order: int) -> Report:
    """Return the report of the outputs' derivatives whose own ones are those of an ``order``."""

    def make(made: Derived) -> list[int]:
        along, found = made.along({point.wrt[name]: 1.0}), point.lowered.outputs
        for _ in range(order - 1):
            found = [made.derivative(along, one) for one in found]
        return found

    made = Derived(point.lowered, make)
    return report_of(made, made.point(point.point), point.wrt, ones(made))


def _of_arrays(program: Program, bindings: Mapping[str, Any], name: str, order: int) -> Taylor:
    """Return the series by derivatives of derivatives, each along a step of the variable."""
    lowered, asked = ready(program, bindings, [name])
    [shape] = lowered.shapes_at(asked.values())
    if shape:
        raise _of_array(name, f"write {name} + t*v for a direction v, and give t=0 and --in t")
    forwards(lowered, bindings, asked.values())
    [node], outputs = asked.values(), lowered.outputs

    def powers(made: Derived, order: int) -> list[list[int]]:
        along, found = made.along({node: 1.0}), [[made.at[output] for output in outputs]]
        for _ in range(order):
            found.append([made.derivative(along, one) for one in found[-1]])
        return found

    def level(order: int) -> Jvp:
        made = Derived(lowered, lambda made: powers(made, order)[-1])
        return along_nodes(made, bindings, asked, {name: 1.0})

    made = Derived(lowered, lambda made: [*chain.from_iterable(powers(made, order + 1))])
    *series, further = zip(*_coefficients(made, len(outputs), bindings), strict=True)
    point = report_of(lowered, bindings, asked, ones(lowered))
    derived = []
    if order > 1 and not point.kinks and (lowered.diffs or _choosing(lowered.graph)):
        derived = [level(1).point]
    goes_on = all(map(isfinite, further))
    found = Taylor(
        point, name, [[*row] for row in zip(*series, strict=True)], derived, goes_on=goes_on
    )
    found.levels = [partial(level, power) for power in range(max(order, 1))]
    return found


def _coefficients(made: Derived, count: int, bindings: Mapping[str, Any]) -> Iterator[list[float]]:
    """Yield the coefficients of each element, in a row each.

    ``made`` has the ``count`` outputs, then their derivatives of each order. A value is given up
    after its last use.
    """
    from backpropcli.calculus.sparing import Sparing

    arrays = numbers_of(made.graph, bindings)
    passes = Sparing(made.graph, arrays, ())
    passes.forward(given_to(arrays, bindings), made.outputs, {})
    values = passes.values
    for output in range(count):
        elements = made.outputs[output::count]
        like = values[elements[0]]
        parts = [flat([arrays.fit(values[node], like)]) for node in elements]
        for own in zip(*parts, strict=True):
            yield [part / factorial(power) + 0.0 for power, part in enumerate(own)]


def _of_array(name: str, hint: str) -> BackpropError:
    """Return the mistake of a series in an array."""
    return BackpropError(f"{name} is an array, and a series is in one number", hint)


def _choosing(graph: Graph) -> bool:
    """Say whether there are operations whose derivatives choose, where they have no kink."""
    table = graph.table
    rows = [table[operation] for operation in {*graph.operations} if operation in table]
    texts = [parsed(row, rule)[0] for row in rows for rule in row.rules if rule.number is None]
    return any(not CHOICES.isdisjoint(text.operations) for text in texts)
