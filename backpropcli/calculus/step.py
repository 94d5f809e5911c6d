"""The forward pass for a step of some nodes, in an arithmetic that carries the step."""

from __future__ import annotations

from backpropcli.arithmetics.rules import word
from backpropcli.arithmetics.series import Series
from backpropcli.calculus.forward import leaf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.graph import Graph


def step(  # noqa: PLR0913 (a pass)
    graph: Graph,
    arithmetic: Arithmetic,
    bindings: Mapping[str, Any],
    given: Mapping[int, Any],
    roots: Sequence[int],
    finish: Callable[[Any], object] | None = None,
) -> list[Any]:
    """Return the values of the nodes that ``roots`` depend on; None for others.

    ``bindings`` has the variables' values by name and ``given`` the values of nodes, both in
    ``arithmetic``. The inputs of a node that is given are not looked at. ``finish`` is called on
    each value once it is there. Raises KeyError for a variable without a value.
    """
    values: list[Any] = [None] * len(graph)
    needed = graph.ancestors(roots, given)
    words: dict[str, Callable[..., Any]] = {}
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if not needed[number]:
            continue
        if number in given:
            value = given[number]
        elif inputs:
            known = words.get(operation)
            if known is None:
                known = words[operation] = word(graph.table[operation], arithmetic)
            value = known(*[values[child] for child in inputs])
        else:
            value = leaf(arithmetic, operation, graph.args[number], bindings)
        if finish is not None:
            finish(value)
        values[number] = value
    return values


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
    constants = {name: series.constant_series(number) for name, number in bindings.items()}
    start = step(graph, series, constants, {}, [node])[node]
    given = {node: series.variable(start.head)}
    values = step(graph, series, constants, given, roots, lambda value: value.reach(order + 1))
    return [series.coefficients(values[root], order + 1) for root in roots]
