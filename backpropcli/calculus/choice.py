"""Which arithmetic a program runs in: of numbers, or of arrays where one of its values is one."""

from __future__ import annotations

from backpropcli.arithmetics import floats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.arithmetics.nodes.nodes import Nodes
    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.graph import Graph

WHOLE = "array"
"""An operation that only the tables of programs with arrays have."""
SINGLE = "float32"


def has_arrays(graph: Graph, bindings: Mapping[str, Any]) -> bool:
    """Return whether a value of the program may be an array."""
    return WHOLE in graph.table or any(not isinstance(value, float) for value in bindings.values())


def numbers_of(graph: Graph, bindings: Mapping[str, Any]) -> Any:  # noqa: ANN401 (a module, or Arrays)
    """Return the arithmetic of a program's numbers at a point."""
    dtype = getattr(bindings, "dtype", "")
    if not has_arrays(graph, bindings):
        if not dtype:
            return floats
        from backpropcli.arithmetics.rounded import NUMBERS

        return NUMBERS[dtype]
    if any(str(getattr(value, "dtype", "")) == SINGLE for value in bindings.values()):
        dtype = dtype or SINGLE
    if dtype:
        from backpropcli.arithmetics.arrays.rounded import arrays_of

        return arrays_of(dtype)
    from backpropcli.arithmetics.arrays.floats import FLOATS

    return FLOATS


def given_to(numbers: Any, bindings: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    """Return bindings as numbers of an arithmetic: doubles alone, whatever they were typed as."""
    given = {
        name: float(value) if isinstance(value, float) else value
        for name, value in bindings.items()
    }
    return numbers.given(given) if hasattr(numbers, "format") else given


def shapes_of(graph: Graph, bindings: Mapping[str, Any]) -> dict[str, Shape] | None:
    """Return the shapes of variables by name; None for a program of numbers alone."""
    if not has_arrays(graph, bindings):
        return None
    return {name: tuple(getattr(value, "shape", ())) for name, value in bindings.items()}


def nodes_on(
    graph: Graph,
    shapes: Mapping[str, Shape] | None,
    *,
    book: bool = False,
    down: bool = False,
    plain: bool = False,
) -> Nodes:
    """Return the arithmetic of a graph's nodes, whose variables have ``shapes`` (None: numbers)."""
    if shapes is None:
        from backpropcli.arithmetics.nodes.nodes import Nodes

        return Nodes(graph, book=book, down=down, plain=plain)
    from backpropcli.arithmetics.matrices.matrices import Matrices

    return Matrices(graph, shapes, book=book, down=down, plain=plain)
