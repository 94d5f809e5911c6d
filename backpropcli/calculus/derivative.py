"""Derivatives as nodes of the same graph, made by the table's own rules; equal ones are shared."""

from __future__ import annotations

from backpropcli.arithmetics import books
from backpropcli.arithmetics import nodes as graphs
from backpropcli.arithmetics.nodes import Formula, literal
from backpropcli.arithmetics.rules import partial_function
from backpropcli.calculus.reverse import activity, live_edges, reverse
from backpropcli.errors import BackpropError
from backpropcli.language.functions import MOST_NODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.operations import Operation


class Derivative:
    """Derivatives by one direction as nodes: made when asked for, each once.

    ``seeds`` maps the nodes that move to the nodes of their tangents. ``found`` maps a node to
    its tangent, or to None where nothing moves. With ``book`` the rules are those that books write,
    for people to read; else those that are accurate in floats.
    """

    __slots__ = ("book", "found", "graph", "seeds")

    def __init__(self, graph: Graph, seeds: Mapping[int, int], *, book: bool = False) -> None:
        self.graph = graph
        self.seeds = dict(seeds)
        self.book = book
        self.found: dict[int, int | None] = {**seeds}

    def of(self, node: int) -> int | None:
        """Return the node of the derivative of ``node``; linear in what was not yet asked for.

        Raises BackpropError where the graph grows too large.
        """
        graph, found = self.graph, self.found
        wanted = set()
        stack = [node]
        while stack:
            number = stack.pop()
            if number in found or number in wanted:
                continue
            wanted.add(number)
            inputs = graph.inputs[number]
            if inputs:
                live = live_edges(graph.table[graph.operations[number]], len(inputs))
                stack += [child for child, moves in zip(inputs, live, strict=True) if moves]
        for number in sorted(wanted):
            if len(graph) > MOST_NODES:
                raise BackpropError(
                    f"this derivative makes the graph larger than {MOST_NODES:,} nodes",
                    "ask for a lower order, or for that of a smaller expression",
                )
            found[number] = self._one(number)
        return found[node]

    def _one(self, number: int) -> int | None:
        """Return the tangent of a node whose inputs have theirs."""
        graph, inputs = self.graph, self.graph.inputs[number]
        if not inputs:
            return None
        row = graph.table[graph.operations[number]]
        live = live_edges(row, len(inputs))
        total: Formula | None = None
        for index, child in enumerate(inputs):
            tangent = self.found[child] if live[index] else None
            if tangent is None:
                continue
            term = local(graph, number, index, book=self.book) * Formula(graph, tangent)
            total = term if total is None else total + term
        return None if total is None else total.within(graph)


def adjoint_nodes(
    function: Graph, graph: Graph, output: int, nodes: Collection[int]
) -> dict[int, int]:
    """Return the nodes of the adjoints that one sweep down from ``output`` gives, by node.

    ``graph`` is a copy of ``function``, and takes them in; the rules are those that books write.
    ``nodes`` are those to differentiate by.
    """
    active = activity(function, nodes)
    values = [Formula(graph, number) for number in range(len(function))]
    seeds = {output: graphs.double(1.0)} if active[output] else {}
    found = reverse(function, books, values, seeds, active)
    return {node: one.within(graph) for node, one in enumerate(found) if one is not None}


def local(graph: Graph, number: int, index: int, *, book: bool = False) -> Formula:
    """Return the local partial of node ``number`` by its input ``index``, as a formula."""
    inputs = graph.inputs[number]
    row = graph.table[graph.operations[number]]
    arithmetic = books if book or _plain_power(graph, row, inputs, index) else graphs
    partial = partial_function(row, index, len(inputs), arithmetic)
    found = partial(Formula(graph, number), *[Formula(graph, child) for child in inputs])
    return Formula(graph, found.within(graph))


def _plain_power(graph: Graph, row: Operation, inputs: tuple[int, ...], index: int) -> bool:
    """Say whether the derivative is n*x^(n - 1) with a whole n, which is right as books have it."""
    if row.name != "pow" or index:
        return False
    exponent = literal(graph, inputs[1])
    return exponent is not None and exponent == int(exponent) and 0 < exponent < graphs.WHOLE
