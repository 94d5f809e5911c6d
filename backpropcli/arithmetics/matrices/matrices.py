"""The nodes of a graph whose values are arrays, as an arithmetic: it keeps every node's shape.

Derivatives in it are matrix calculus: a rule's text is written with the adjoint in place of ``g``,
and summed back, or spread, to the shape of the input. What is built always has the shape that its
operation gives; spreading vanishes where arithmetic would do it anyway.
"""

from __future__ import annotations

from typing import NamedTuple

from backpropcli.arithmetics.adjoints import adjoint, bound
from backpropcli.arithmetics.matrices.shaped import MADE, Shaped
from backpropcli.arithmetics.matrices.simpler import ALWAYS, SIMPLER
from backpropcli.arithmetics.matrices.spelling import SPELLED
from backpropcli.arithmetics.nodes.nodes import Flow
from backpropcli.arithmetics.rules import parsed
from backpropcli.arithmetics.shapes.axes import broadcast
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.statics import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.nodes.nodes import Weight
    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

SAME_SHAPE = {"reshape", "shaped", "kept", "broadcast_to", "spread"}
"""Operations that do nothing to an array that has their shape already."""


class Link(NamedTuple):
    """An edge of an operation: what leads from its value ``out`` to input number ``at``."""

    row: Row
    at: int
    out: int
    inputs: tuple[int, ...]
    arg: object
    weight: Weight | None


class Matrices(Shaped):
    """The arithmetic of the nodes of ``graph``, whose variables have shapes by name."""

    __name__ = "nodes with shapes"
    transposed = True
    """Whether partials are linear maps, known by what they send back."""
    WORDS: Mapping[str, Callable[..., int]] = {}
    INFIX: Mapping[str, str] = {}

    # For the sweeps and for linearize

    def weights(self, row: Row, on: Sequence[int]) -> Callable[..., list[Link | None]]:  # type: ignore[override]
        """Return f(out, *inputs): the edges to the inputs ``on``."""
        partials = None if row.whole else super().weights(row, on)

        def found(out: int, *inputs: int, arg: object = None) -> list[Link | None]:
            if partials is None:
                links = [Link(row, at, out, inputs, arg, None) for at in on]
                return [None if self._rule(link) is None else link for link in links]
            places = range(len(inputs)) if row.variadic else on
            parts = partials(out, *inputs)
            return [
                None if part is None else Link(row, at, out, inputs, arg, part)
                for at, part in zip(places, parts, strict=True)
            ]

        return found

    def mul(self, flow: Flow, link: Link) -> Flow:  # type: ignore[override]
        """Return what goes back along an edge."""
        tail = self.shape(link.inputs[link.at])
        if link.weight is None:
            return Flow([(None, self.fitted(self.sent(link, self.node(flow)), tail))])
        if tail == self.shape(link.out):
            return super().mul(flow, link.weight)
        return Flow([(None, self.fitted(self.node(super().mul(flow, link.weight)), tail))])

    def forth(self, flow: Flow, link: Link) -> Flow:
        """Return what goes forward along an edge of an elementwise operation."""
        assert link.weight is not None  # noqa: S101 (for mypy: it is elementwise)
        shape = self.shape(link.out)
        if self.shape(link.inputs[link.at]) == shape:
            return super().mul(flow, link.weight)
        condition, node = self.settled(flow)
        return super().mul(Flow([(condition, self.spread(node, shape))]), link.weight)

    def sent(self, link: Link, node: int) -> int:
        """Return what an operation on whole arrays sends to an input, given its adjoint."""
        rule = self._rule(link)
        assert rule is not None  # noqa: S101 (for mypy: there is an edge)
        graph, root = rule
        given = bound(node, link.out, link.inputs)
        return self.graph.write(graph, given, node=self.build)[root]

    def _rule(self, link: Link) -> tuple[Graph, int] | None:
        axes = tuple(len(self.shape(child)) for child in link.inputs)
        return adjoint(link.row, link.at, axes, link.arg)

    def rule_of(self, link: Link) -> tuple[Graph, int, dict[str, int]] | None:
        """Return what an operation on whole arrays sends back: a graph, its root and bindings.

        None for an elementwise operation. The rule is linear in g: here it is any node of the
        value's shape.
        """
        if link.weight is not None:
            return None
        rule = self._rule(link)
        assert rule is not None  # noqa: S101 (for mypy: there is an edge)
        return *rule, bound(link.out, link.out, link.inputs)

    def arrived(self, flow: Flow | None, node: int) -> int:
        """Return the node of all that arrives at a node, in its shape: zeros where nothing does."""
        return self.fitted(super().arrived(flow, node), self.shape(node))

    def fit(self, flow: Flow | None, like: int) -> Flow:
        """Return what arrives at a node, in its shape."""
        return Flow([(None, self.arrived(flow, like))])

    # As an arithmetic of the forward pass, whose values are nodes

    def word(self, row: Row) -> Callable[..., int]:
        """Return the function that builds an operation."""
        return lambda *inputs, arg=None: self.build(row.name, inputs, arg)

    def double(self, value: float) -> int:
        """Return the node of a literal."""
        return self.number(value)

    # What is built

    def build(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation, in its simplest form: it keeps the shape."""
        if operation in LEAVES:
            return self.graph.node(operation, inputs, arg)
        row = self.graph.table[operation]
        if row.derived:
            return self._derived(row, inputs, arg)
        shape = self.shape_of(operation, inputs, arg)
        if operation == "size":
            return self.count(inputs[0], arg)
        if not row.whole and operation not in MADE:
            return self.spread(self._elementwise(operation, inputs, arg, shape), shape)
        if self.book and operation in SPELLED:
            return SPELLED[operation](self, inputs, arg)
        found = self._simpler(operation, inputs, arg, shape)
        return self.graph.node(operation, inputs, arg) if found is None else found

    def _derived(self, row: Row, inputs: tuple[int, ...], arg: Any) -> int:  # noqa: ANN401
        """Return an operation that is what ``expand`` says."""
        assert row.expand is not None  # noqa: S101 (for mypy: it is derived)
        text, root = parsed(row, row.expand)
        given = {name: (node,) for name, node in zip(row.parameters, inputs, strict=True)}
        static = dict(zip(row.static, arg or (), strict=True))
        [node] = written(text, given, static, self.build)[root]
        return node

    def _elementwise(
        self, operation: str, inputs: tuple[int, ...], arg: object, shape: Shape
    ) -> int:
        """Return an elementwise operation, without spreading that it does itself."""
        parts = list(inputs)
        for at, node in enumerate(parts):
            if self.graph.operations[node] != "broadcast_to":
                continue
            [inner] = self.graph.inputs[node]
            others = [self.shape(part) for place, part in enumerate(parts) if place != at]
            if broadcast(self.shape(inner), *others) == shape:
                parts[at] = inner
        if self.book:
            found = self.by_pattern(operation, tuple(parts), arg, shape)
            if found is not None:
                return found
        return super().build(operation, tuple(parts), arg)

    def _simpler(
        self, operation: str, inputs: tuple[int, ...], arg: object, shape: Shape
    ) -> int | None:
        """Return an operation on whole arrays in a simpler form; None if there is none here."""
        if inputs and operation in SAME_SHAPE and self.shape(inputs[0]) == shape:
            return inputs[0]
        rule = (ALWAYS | SIMPLER if self.book else ALWAYS).get(operation)
        found = None if rule is None else rule(self, inputs, arg, shape)
        return self.by_pattern(operation, inputs, arg, shape) if found is None else found
