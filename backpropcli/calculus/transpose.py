"""Forward mode of operations on whole arrays: the transpose of what they send back."""

from __future__ import annotations

from backpropcli.calculus.choice import given_to, numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.errors import NoForwardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    from backpropcli.arithmetics.arrays.arrays import Arrays
    from backpropcli.calculus.linearize import Edges
    from backpropcli.calculus.lowered import Lowered

CLOSE = 1e-4
"""What two sums of floats, in single precision too, may be apart, for their size."""


def transposed(
    arrays: Arrays, pull: Callable[[Edges, Arrays, Mapping[int, Any]], list[Any]]
) -> Callable[[Any, Any], Any]:
    """Return f(tangent, partial): the tangent of a value, given that of its input.

    What an operation sends back is linear in the adjoint g of its value, so the transpose of that
    is its own derivative by g, turned round.
    """

    def found(given: Any, partial: Any) -> Any:  # noqa: ANN401 (arrays and numbers)
        rule = arrays.rule_of(partial)
        if rule is None:
            return arrays.forth(given, partial)
        _go_forward(partial)
        graph, root, bindings = rule
        values = forward(graph, arrays, bindings)
        g = graph.variables()["g"]
        edges = linearize(graph, arrays, values, [g])
        back = pull(edges, arrays, {root: arrays.fit(given, values[root])})
        return arrays.fit(back[g], values[g])

    return found


def forwards(lowered: Lowered, bindings: Mapping[str, Any], nodes: Collection[int]) -> None:
    """Raise NoForwardError where a rule of the program's own that maps an adjoint is not linear.

    Derivatives along nodes that are written as nodes cannot tell.
    """
    if not lowered.mapped:
        return
    arrays = numbers_of(lowered.graph, bindings)
    with arrays.silence():
        values = forward(lowered.graph, arrays, given_to(arrays, bindings))
        for partials in linearize(lowered.graph, arrays, values, nodes).partials:
            for partial in partials or ():
                if arrays.rule_of(partial) is not None:
                    _go_forward(partial)


def _go_forward(partial: Any) -> None:  # noqa: ANN401 (a linear map, by what it sends back)
    """Raise NoForwardError for a rule of the program's own that is not linear in the adjoint."""
    if partial.row.own and not _is_linear(partial):
        raise NoForwardError(
            f"the rule of {partial.row.shown} is not linear in its adjoint, so nothing goes "
            "forward through it",
            "reverse mode takes it as it is: vjp, or jacobian --mode reverse",
        )


def _is_linear(partial: Any) -> bool:  # noqa: ANN401 (a linear map, by what it sends back)
    """Say whether what a rule of the program's own sends back is linear in the adjoint, in floats.

    It is asked at random adjoints. A power of two is a factor that floats keep to the last digit.
    """
    import numpy as np

    from backpropcli.arithmetics.arrays.partials import plain

    shape = np.shape(partial.out)
    if np.asarray(partial.out).dtype.kind != "f":
        return True  # it is asked where there are floats
    one, other = np.random.default_rng(0).normal(size=(2, *shape)) if shape else (0.7, -1.3)

    def back(given: Any) -> Any:  # noqa: ANN401 (an array, or a number)
        return plain(partial.back(given))

    sent, sum_of = back(one), back(one + other)
    both = np.add(sent, back(other))
    size = np.max(np.abs([sent, both, sum_of]), initial=0.0)
    scaled = all(
        np.array_equal(back(factor * one), np.multiply(factor, sent), equal_nan=True)
        for factor in (-(2.0**40), 2.0**-40)
    )
    return scaled and not np.any(np.abs(sum_of - both) > CLOSE * size)
