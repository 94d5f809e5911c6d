"""The derivatives that a program has itself, written into its flat graph."""

from __future__ import annotations

from backpropcli.calculus.choice import nodes_on
from backpropcli.calculus.derivative import Along, adjoint_nodes
from backpropcli.calculus.records import Diff
from backpropcli.errors import BackpropError
from backpropcli.graph.cells import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered


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
