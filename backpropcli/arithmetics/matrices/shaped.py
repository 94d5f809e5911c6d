"""Nodes of a graph whose values are arrays: the shape of each, and what brings it to others."""

from __future__ import annotations

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.nodes.identities import OF_ARRAYS, SCALED
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.arithmetics.nodes.patterns import patterns
from backpropcli.arithmetics.rules import word
from backpropcli.arithmetics.shapes.axes import count_along, spread_axes
from backpropcli.graph.arrays import ARRAYS
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape, Size
    from backpropcli.graph.graph import Graph

MADE = {"zeros", "ones", "eye", "arange"}
"""Operations that make an array of a size."""
KINDS: dict[str, Callable[[int], bool]] = {
    **dict.fromkeys("ckmn", lambda axes: axes == 0),
    **dict.fromkeys("uvw", lambda axes: axes == 1),
    **dict.fromkeys("ABCP", lambda axes: axes == 2),  # noqa: PLR2004 (matrices)
    **dict.fromkeys("XYZ", lambda axes: axes > 0),
}
"""How many axes what a name in an identity stands for has; x, y and z stand for anything."""


class Shaped(Nodes):
    """The nodes of ``graph``, whose variables have shapes by name."""

    def __init__(
        self,
        graph: Graph,
        given: Mapping[str, Shape],
        *,
        book: bool = False,
        down: bool = False,
        plain: bool = False,
    ) -> None:
        graph.define(ARRAYS)
        super().__init__(graph, book=book, down=down, plain=plain)
        self.given = given
        self.known: list[Shape] = []
        known = OF_ARRAYS if plain else OF_ARRAYS + SCALED
        self.of_arrays = patterns(known) if book else {}

    def shape(self, node: int) -> Shape:
        """Return the shape of a node."""
        graph, known = self.graph, self.known
        for number in range(len(known), node + 1):
            operation, arg = graph.operations[number], graph.args.get(number)
            if operation == "variable":
                known.append(self.given.get(str(arg), ()))
            elif operation in LEAVES:
                known.append(())
            else:
                known.append(self.shape_of(operation, graph.inputs[number], arg))
        return known[node]

    def shape_of(self, operation: str, inputs: Sequence[int], arg: object) -> Shape:
        """Return the shape that an operation on nodes gives."""
        row = self.graph.table[operation]
        given = [self.shape(node) for node in inputs]
        found: Shape = (
            word(row, shapes)(*given, arg=arg) if row.static else word(row, shapes)(*given)
        )
        return found

    def size(self, size: Size) -> int:
        """Return the node of a size: a number, or a letter that stands for one."""
        if isinstance(size, int):
            return self.number(float(size))
        total = None
        for letters, times in size.terms.items():
            names = [self.graph.node("variable", (), letter) for letter in letters]
            if abs(times) != 1 or not letters:
                names.insert(0, self.number(float(abs(times))))
            term = names[0]
            for name in names[1:]:
                term = self.graph.node("mul", (term, name))
            if total is None:
                total = self.build("neg", (term,)) if times < 0 else term
            else:
                total = self.graph.node("sub" if times < 0 else "add", (total, term))
        assert total is not None  # noqa: S101 (for mypy: there is a letter)
        return total

    def spread(self, node: int, shape: Shape) -> int:
        """Return a node spread to a shape."""
        if self.shape(node) == shape:
            return node
        if self.graph.operations[node] == "broadcast_to":
            [inner] = self.graph.inputs[node]
            return self.spread(inner, shape)
        return self.graph.node("broadcast_to", (node,), (shape,))

    def fitted(self, node: int, shape: Shape) -> int:
        """Return a node summed back over what broadcasting had spread, and spread elsewhere."""
        own = self.shape(node)
        if own == shape:
            return node
        lead, ones = spread_axes(own, shape)
        if not shape:
            return self.build("sum", (node,), (None, False))
        if lead:
            axes = tuple(range(lead))
            node = self.build("sum", (node,), (axes if lead > 1 else 0, False))
        if ones:
            places = tuple(at - lead for at in ones)
            node = self.build("sum", (node,), (places if len(places) > 1 else places[0], True))
        return self.spread(node, shape)

    def count(self, node: int, arg: Any) -> int:  # noqa: ANN401 (static: axes)
        """Return the node of the number of elements along axes."""
        return self.size(count_along(self.shape(node), arg[0]))

    def by_pattern(
        self, operation: str, inputs: tuple[int, ...], arg: object, shape: Shape
    ) -> int | None:
        """Return what an identity makes of an operation, in its shape; None if none fits."""
        for pattern in self.of_arrays.get(operation, ()):
            found = pattern.rewritten(self.graph, inputs, self.build, arg=arg, stands=self._stands)
            if found is not None and self.shape(found) == shape:
                return found
        return None

    def _stands(self, name: str, node: int) -> bool:
        """Say whether a name in an identity may stand for a node."""
        kind = KINDS.get(name[0])
        return kind is None or kind(len(self.shape(node)))
