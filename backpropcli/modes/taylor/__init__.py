"""Truncated Taylor series in one variable: the forward pass in power series.

Those of whole arrays, in a number, are made of derivatives of derivatives.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from math import factorial, isfinite

from backpropcli.arithmetics import floats
from backpropcli.calculus.choice import given_to, has_arrays, numbers_of
from backpropcli.calculus.coefficients import taylor_coefficients
from backpropcli.calculus.transpose import forwards
from backpropcli.errors import BackpropError
from backpropcli.modes.derived import Derived, directional
from backpropcli.modes.elements import in_elements_if_small
from backpropcli.modes.gradient import ones, ready, report_of
from backpropcli.modes.jvp import along_nodes
from backpropcli.modes.taylor.series import Taylor, choosing
from backpropcli.report.result import flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from backpropcli.language.program import Program
    from backpropcli.modes.jvp import Jvp

HIGHEST = 40


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
    if order > 1 and not point.kinks and (lowered.diffs or choosing(lowered.graph)):
        direction = {node: 1.0}
        derived = [directional(lowered, one, direction, bindings, asked) for one in outputs]
    goes_on = all(isfinite(further) for *_, further in found)
    return Taylor(point, name, series, derived, goes_on=goes_on)


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
    if order > 1 and not point.kinks and (lowered.diffs or choosing(lowered.graph)):
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
