"""A part of a graph as the mathematics that it stands for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.report.report import Report

PLAIN = {"name", "result"}


def write(
    source: Graph, root: int, target: Graph, given: Mapping[str, int], *, stops: bool = True
) -> int:
    """Write what ``root`` rests on into ``target``; return its node there.

    ``given`` are the nodes in ``target`` that take the places of variables. A call of a function
    with rules is its body's value, a name is what it names, and without ``stops`` what stops the
    gradient is what it stops.
    """

    def node(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        row = source.table.get(operation)
        if row is not None and row.own:
            return inputs[-1]
        if operation in PLAIN or (row is not None and row.stops and not stops):
            return inputs[0]
        return target.node(operation, inputs, arg)

    return target.write(source, given, source.ancestors([root]), node)[root]


def counted(report: Report) -> int:
    """Return how many nodes have an adjoint; a name, and a call, count as what they stand for."""
    pairs = zip(report.graph.operations, report.adjoints, strict=True)
    return sum(adjoint is not None and operation not in PLAIN for operation, adjoint in pairs)
