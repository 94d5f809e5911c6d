"""Derivatives as graphs, also those of a program itself: both sweeps on the nodes of a graph."""

from __future__ import annotations

from backpropcli.calculus.choice import nodes_on
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.records import Diff
from backpropcli.calculus.sweeps import pull, push
from backpropcli.errors import BackpropError
from backpropcli.graph.cells import late
from backpropcli.graph.graph import MOST_NODES
from backpropcli.graph.walks import between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any

    from backpropcli.arithmetics.nodes.nodes import Flow
    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.linearize import Edges
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph


class Along:
    """Derivatives by one direction as nodes, made when asked for, each once.

    ``seeds`` maps the nodes that move to the nodes of their tangents. With ``book`` the rules are
    those that books write; else those that are accurate in floats. ``shapes`` are the variables'.
    ``edges`` are those of the graph, where they have been made.
    """

    def __init__(
        self,
        graph: Graph,
        seeds: Mapping[int, int],
        shapes: Mapping[str, Shape] | None = None,
        *,
        book: bool = False,
        edges: Edges | None = None,
    ) -> None:
        self.edges = edges
        self.nodes = nodes_on(graph, shapes, book=book)
        self.seeds: dict[int, int] = {}
        self.known: dict[int, Flow | None] = {}
        self.move(seeds)

    def move(self, seeds: Mapping[int, int]) -> None:
        """Take in nodes that move, and the nodes of their tangents."""
        self.seeds.update(seeds)
        self.known.update((at, self.nodes.seed(node)) for at, node in seeds.items())

    def derivative(self, node: int) -> int:
        """Return the node of the derivative of ``node``; linear in what was not yet asked for.

        Raises BackpropError where the graph grows too large.
        """
        graph, known = self.nodes.graph, self.known
        if node in known:
            return self.nodes.arrived(known[node], node)
        fresh, ends = between(graph, node, known)
        moving = {at: flow for at in ends if (flow := known[at]) is not None}
        edges = self.edges
        if edges is None:
            look = bounded(graph, sorted(fresh))
            edges = linearize(graph, self.nodes, range(len(graph)), moving, look)
        found = push(edges, self.nodes, moving)
        known.update((number, found[number]) for number in fresh)
        return self.nodes.arrived(known[node], node)


def bounded(graph: Graph, numbers: Iterable[int]) -> Iterator[int]:
    """Yield ``numbers`` as long as the graph that grows meanwhile is not too large."""
    for number in numbers:
        if len(graph) > MOST_NODES:
            raise BackpropError(
                f"this derivative makes the graph larger than {MOST_NODES:,} nodes",
                "ask for a lower order, or for that of a smaller expression",
            )
        yield number


def adjoint_nodes(  # noqa: PLR0913 (a sweep)
    graph: Graph,
    output: int,
    wrt: Collection[int],
    shapes: Mapping[str, Shape] | None = None,
    *,
    book: bool = True,
    plain: bool = False,
    seed: int | None = None,
) -> dict[int, int]:
    """Return the nodes of the adjoints that one sweep down from ``output`` gives, by node.

    ``graph`` takes them in; ``wrt`` are the nodes to differentiate by, ``shapes`` the variables'.
    The output's own is node ``seed``, 1 if there is none.
    With ``plain`` they are not simplified on the way. Raises BackpropError where the graph grows
    too large.
    """
    nodes = nodes_on(graph, shapes, book=book, down=True, plain=plain)
    below = [at for at, flag in enumerate(graph.ancestors([output])) if flag]
    edges = linearize(graph, nodes, range(len(graph)), wrt, bounded(graph, below))
    if not edges.active[output]:
        return {}
    edges.mirror()  # so that the derivatives are made, and written, in the order of the inputs
    found = pull(edges, nodes, {output: nodes.seed(nodes.number(1.0) if seed is None else seed)})
    return {at: nodes.arrived(flow, at) for at, flow in enumerate(found) if flow is not None}


class Diffs:
    """Writes derivatives into the graph of ``found``, whose variables have ``shapes``.

    Those by one node share what they have in common. With ``book`` they are as books write them.
    """

    def __init__(self, found: Lowered, shapes: Mapping[str, Shape] | None, *, book: bool) -> None:
        self.found = found
        self.shapes = shapes
        self.book = book
        self.along: dict[int, Along] = {}

    @late
    def nodes(self) -> Any:  # noqa: ANN401 (with shapes)
        """Return the arithmetic of the graph's nodes."""
        return nodes_on(self.found.graph, self.shapes, book=self.book)

    def shapes_of(self, inputs: tuple[int, ...]) -> list[Shape]:
        """Return the shapes of nodes; none where one rests on what does not fit."""
        from backpropcli.arithmetics.shapes.misfits import MisfitError

        try:
            return [self.nodes.shape(node) for node in inputs]
        except MisfitError:
            return []

    def write(self, surface: int, order: int, inputs: tuple[int, ...]) -> int:
        """Write the derivative that node ``surface`` of the program is; return its node."""
        found, (of, by) = self.found, inputs
        graph = found.graph
        if self.shapes is not None:
            shapes = self.shapes_of(inputs)
            if not shapes:
                return of  # what does not fit is told later
            if shapes[1]:
                return self._gradient(surface, order, inputs, shapes[1])
        if by not in self.along:
            one = graph.node("number", (), 1.0)
            self.along[by] = Along(graph, {by: one}, self.shapes, book=self.book)
        along, node = self.along[by], of
        for _ in range(order):
            before, node = node, along.derivative(node)
            found.diffs.append(Diff(graph, before, along.seeds, node, surface, {}))
        if along.known[of] is None:
            text = found.program.text(surface)
            found.warnings.append(f"{text} is 0: nothing in it moves with its second argument")
        return node

    def _gradient(self, surface: int, order: int, inputs: tuple[int, ...], shape: Shape) -> int:
        """Write the derivative of a number by an array: it has the array's shape."""
        graph, nodes, (of, by) = self.found.graph, self.nodes, inputs
        if order > 1 or nodes.shape(of):
            raise BackpropError(
                "diff by an array is the gradient of a number",
                "take one element, as in diff(y[0], x), or diff(sum(y), x) where each element of y "
                "is of one of x; for all: backprop jacobian",
            )
        slope = adjoint_nodes(graph, of, [by], self.shapes, book=self.book).get(by)
        node = nodes.spread(nodes.number(0.0), shape) if slope is None else slope
        self.found.diffs.append(Diff(graph, of, {}, node, surface, {}, by))
        return int(node)
