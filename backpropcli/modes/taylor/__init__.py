"""Truncated Taylor series in one variable: the forward pass in power series."""

from __future__ import annotations

from math import isfinite

from backpropcli.arithmetics import floats
from backpropcli.calculus.choice import given_to, has_arrays
from backpropcli.calculus.coefficients import taylor_coefficients
from backpropcli.errors import BackpropError
from backpropcli.modes.derived import directional
from backpropcli.modes.elements import in_elements_if_small
from backpropcli.modes.gradient import ones, ready, report_of
from backpropcli.modes.taylor.arrays import of_array, of_arrays
from backpropcli.modes.taylor.series import Taylor, choosing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.language.program import Program

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
            raise of_array(name, f"name one of its elements, as in --in '{numbers.wrt[0]}'")
        return numbers.told(taylor(numbers.program, numbers.bindings, numbers.wrt[0], order))
    if has_arrays(program.graph, bindings):
        return of_arrays(program, bindings, name, order)
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
