"""Taylor series: the forward pass in series of a step."""

from __future__ import annotations

from backpropcli.arithmetics.series import Series, Stream
from backpropcli.calculus.forward import forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.graph import Graph


def taylor_coefficients(  # noqa: PLR0913 (what a series needs)
    graph: Graph,
    roots: Sequence[int],
    bindings: Mapping[str, Any],
    node: int,
    order: int,
    base: Arithmetic,
) -> list[list[Any]]:
    """Return the coefficients 0 to ``order`` of each root, for a step of ``node``.

    ``bindings`` are numbers of ``base``. A node that is no variable is stepped from its value, and
    its inputs stay where they are. Choices and slopes at kinks are those of the gradient.
    """
    series = Series(base, graph.table)
    constants = {name: Stream([number]) for name, number in bindings.items()}
    start = forward(graph, series, constants, roots=[node])[node]
    given = {node: series.variable(start.head)}
    values = forward(graph, series, constants, roots=roots, given=given)
    for value in values:  # each after its inputs, so that nothing goes deep
        if value is not None:
            value.reach(order + 1)
    return [series.coefficients(values[root], order + 1) for root in roots]
