"""A graph with the operations that SymPy has no word for written out."""

from __future__ import annotations

from backpropcli.arithmetics.rules import parsed
from backpropcli.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container


def expanded(graph: Graph, root: int, known: Container[str]) -> tuple[Graph, int]:
    """Return what ``root`` rests on, with rows' expansions of the operations not ``known``."""
    result = Graph(graph.table)

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        row = graph.table.get(operation)
        if row is None or row.expand is None or operation in known:
            return result.node(operation, inputs, arg)
        body, top = parsed(row, row.expand)
        given = dict(zip(row.parameters, inputs, strict=True))
        return result.write(body, given, node=make)[top]

    return result, result.write(graph, keep=graph.ancestors([root]), node=make)[root]
