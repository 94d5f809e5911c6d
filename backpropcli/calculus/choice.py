"""Which arithmetic a program runs in: floats, or arrays of floats where one of its values is one."""

from __future__ import annotations

from backpropcli.arithmetics import floats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.graph.graph import Graph

WHOLE = "array"
"""An operation that only the tables of programs with arrays have."""


def has_arrays(graph: Graph, bindings: Mapping[str, Any]) -> bool:
    """Return whether a value of the program may be an array."""
    return WHOLE in graph.table or any(not isinstance(value, float) for value in bindings.values())


def numbers_of(graph: Graph, bindings: Mapping[str, Any]) -> Any:  # noqa: ANN401 (a module, or Arrays)
    """Return the arithmetic of a program's numbers at a point."""
    if not has_arrays(graph, bindings):
        return floats
    from backpropcli.arithmetics.arrays.floats import FLOATS  # noqa: PLC0415 (it imports NumPy)

    return FLOATS
