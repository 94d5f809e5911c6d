"""The forward pass: values of all nodes, in any arithmetic."""

from __future__ import annotations

from backpropcli.arithmetics.rules import word
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.arithmetics.rules import Arithmetic
    from backpropcli.graph.graph import Graph


def forward(
    graph: Graph,
    arithmetic: Arithmetic,
    bindings: Mapping[str, Any],
    fixed: Mapping[int, Any] | None = None,
) -> list[Any]:
    """Return the value of every node.

    ``bindings`` maps each variable's name to its value, already in ``arithmetic``; ``fixed`` has
    the values of nodes that are not computed. Linear in the graph's edges. Raises KeyError for a
    variable without a value.
    """
    words = {
        name: word(graph.table[name], arithmetic) for name in set(graph.operations) - set(LEAVES)
    }
    args = graph.args
    values: list[Any] = []
    append = values.append
    for operation, inputs in zip(graph.operations, graph.inputs, strict=True):
        if fixed and len(values) in fixed:
            append(fixed[len(values)])
            continue
        count = len(inputs)
        if count == 2:  # noqa: PLR2004 (the usual counts are written out: this is the hot loop)
            first, second = inputs
            append(words[operation](values[first], values[second]))
        elif count == 1:
            append(words[operation](values[inputs[0]]))
        elif count:
            append(words[operation](*[values[child] for child in inputs]))
        else:
            arg: Any = args[len(values)]
            if operation == "variable":
                append(bindings[arg])
            elif operation == "constant":
                append(arithmetic.constant(arg))
            else:
                append(arithmetic.double(arg))
    return values
