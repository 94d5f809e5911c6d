"""Forward mode of operations on whole arrays: the transpose of what they send back."""

from __future__ import annotations

from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from backpropcli.arithmetics.arrays import Arrays
    from backpropcli.calculus.linearize import Edges


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
        graph, root, bindings = rule
        values = forward(graph, arrays, bindings)
        g = graph.variables()["g"]
        edges = linearize(graph, arrays, values, [g])
        back = pull(edges, arrays, {root: arrays.fit(given, values[root])})
        return arrays.fit(back[g], values[g])

    return found
