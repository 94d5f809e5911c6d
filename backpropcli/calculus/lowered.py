"""A program's flat graph, and where each node of what the user wrote came to."""

from __future__ import annotations

from backpropcli.language.surface import DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.records import Derived, Diff
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row
    from backpropcli.language.program import Program


class Lowered:
    """A program's flat graph.

    ``places`` has the node of each node of the surface graph; ``owners`` has, for each node, the
    node of the surface graph that brought it. ``diffs`` are the derivatives written out, and
    ``derived`` the operations that are names for what ``expand`` says.
    ``shapes`` are those of the variables where they may be arrays, else None, and ``given`` has
    the values of variables that the program itself does not have. It is ``smooth`` where it is
    known that no kink is met at the point where it is run. ``by_book`` lowers the program again,
    with derivatives as books write them.
    """

    by_book: Callable[[], Lowered]

    def __init__(
        self, program: Program, graph: Graph, places: Sequence[int], owners: Sequence[int]
    ) -> None:
        self.owners = owners
        self._surface: dict[int, int] | None = None
        self.program = program
        self.graph = graph
        self.places = places
        self.shapes: Mapping[str, Shape] | None = None
        self.given: dict[str, Any] = {}
        self.smooth = False
        self.diffs: list[Diff] = []
        self.derived: list[Derived] = []
        self.warnings: list[str] = []
        self.outputs: list[int] = []
        if len(places) == len(program.graph):
            self.finish()

    def finish(self) -> None:
        """Take in where outputs came to, once all is written."""
        self.outputs = [self.places[output] for output in self.program.outputs]
        self.graph.freeze()

    def shapes_at(self, nodes: Iterable[int]) -> list[Shape]:
        """Return the shapes of nodes: () for numbers. Raises MisfitError where they do not fit."""
        if self.shapes is None:
            return [() for _ in nodes]
        from backpropcli.calculus.node_shapes import node_shapes

        known = node_shapes(self.graph, self.shapes)
        return [known[node] for node in nodes]

    @property
    def ruled(self) -> list[Row]:
        """The functions with rules of their own that are called."""
        called = {
            name
            for name, inputs in zip(self.graph.operations, self.graph.inputs, strict=True)
            if inputs
        }
        return [row for name in sorted(called) if (row := self.graph.table[name]).own]

    @property
    def mapped(self) -> bool:
        """Whether a function is called whose rules map adjoints."""
        return any(row.whole for row in self.ruled)

    @property
    def names(self) -> dict[str, int]:
        """The nodes of the user's names for intermediates."""
        return {name: self.places[node] for name, node in self.program.names.items()}

    @property
    def surface(self) -> Mapping[int, int]:
        """The node of the surface graph for each node here that has one: the first."""
        if self._surface is None:
            self._surface = {}
            for number, place in enumerate(self.places):
                self._surface.setdefault(place, number)
        return self._surface

    def book(self) -> tuple[Lowered, Sequence[int]]:
        """Return the same with derivatives as books write them.

        And the places there of the nodes here that have one in the surface graph.
        """
        if not self.diffs:
            return self, range(len(self.graph))
        book = self.by_book()
        places = [-1] * len(self.graph)
        for here, there in zip(self.places, book.places, strict=True):
            places[here] = there
        return book, places

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node as the user wrote it; or, if no text stands for it, written out."""
        at = self.surface.get(number)
        if at is not None:
            return self.program.text(at, limit)
        from backpropcli.language.unparse import brief

        text = brief(self.graph, number, limit, self._called, self.program.names)
        return text or f"a part of {self.program.text(self.owners[number], limit)}"

    def word_for(self, number: int, limit: int = 60) -> str:
        """Return a node's text; or that of the operation that it was written out of, as topk is."""
        owner, surface = self.owners[number], self.program.graph
        row = surface.table.get(surface.operations[owner])
        if number in self.surface or row is None or not row.derived:
            return self.text(number, limit)
        return self.program.text(owner, limit)

    def whose(self, number: int, limit: int = 60) -> str:
        """Return a node's text; or the derivative's that brought it, as the user wrote that."""
        owner = self.brought(number)
        return self.word_for(number, limit) if owner is None else self.program.text(owner, limit)

    def brought(self, number: int) -> int | None:
        """Return the derivative of the surface graph that brought a node.

        None where no derivative did, or text stands for the node.
        """
        owner = self.owners[number]
        brought = number not in self.surface and self.program.graph.operations[owner] == DIFF
        return owner if brought else None

    def of_derivative(self, number: int) -> bool:
        """Say whether a node is a part of a derivative that was written out."""
        return self.brought(number) is not None

    def order_of(self, number: int) -> str:
        """Return the text of what goes by the order that a node compares; "" for other nodes."""
        orders = self.program.orders
        return orders.get(self.surface.get(number, -1), "") if orders else ""

    def turning(self, number: int) -> str:
        """Return the text of what has a kink at a node: a derivative has it in a part."""
        text = self.whose(number, 30)
        return text if self.brought(number) is None else f"a part of {text}"

    def derivative_text(self, diff: Diff) -> str:
        """Return a derivative as the user wrote it."""
        return self.program.text(diff.surface, 40)

    def _called(self, number: int) -> str:
        from backpropcli.language.texts import called

        at = self.surface.get(number)
        return "" if at is None else called(self.program, at)
