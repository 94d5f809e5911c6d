"""Jacobians of vectors as matrices: what the reverse pass sends back, for each unit vector g.

What is sent back is linear in the vector g. With the identity in place of g, and one axis more in
front of all that moves with it, the rows of the Jacobian come out.
"""

from __future__ import annotations

from backpropcli.arithmetics.matrices.batches import BATCHED
from backpropcli.arithmetics.matrices.rows import VECTOR, AllRows, Rows
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape

JOINED = {"array", "stack", "concat"}


class Linear(AllRows):
    """Finds the Jacobians of which nodes, vectors and numbers, are what the vector g sends back."""

    def jacobian(self, root: int) -> int:
        """Return the Jacobian, a vector for a number. Raises BackpropError where there is none."""
        todo = [root]
        while todo:
            node = todo[-1]
            needs = [] if node in self.known else self._needs(node)
            if needs:
                todo += needs
                continue
            if node not in self.known and self.moves(node):
                self.known[node] = self._found(node)
            todo.pop()
        return self.whole(root) if self.moves(root) else self.zeros(root)

    def _needs(self, node: int) -> list[int]:
        """Return the nodes whose rows a node's are made of, and are not known."""
        parts = self._distributed(node) or self.graph.inputs[node]
        return [part for part in parts if self.moves(part) and part not in self.known]

    def _distributed(self, node: int) -> Sequence[int] | None:
        """Return the products that a product of a vector and a sum is the sum of."""
        graph = self.graph
        if graph.operations[node] != "mul" or not self.moves(node):
            return None
        one, other = graph.inputs[node]
        if not self.moves(other):
            one, other = other, one
        if graph.operations[other] not in {"add", "sub"} or not self.nodes.shape(one):
            return None
        return [self.nodes.build("mul", (one, part)) for part in graph.inputs[other]]

    def _found(self, node: int) -> Rows:
        """Return the rows of a node that moves, where those of its inputs are known."""
        graph = self.graph
        operation, inputs = graph.operations[node], graph.inputs[node]
        if (parts := self._distributed(node)) is not None:
            summed = next(one for one in inputs if graph.operations[one] in {"add", "sub"})
            return self._joined(graph.operations[summed], parts, node)
        if operation in {"add", "sub"}:
            return self._joined(operation, inputs, node)
        moving, *others = [at for at, child in enumerate(inputs) if self.moves(child)]
        found: Rows | int | None = None
        if operation == "where":
            found = self._chosen(node) if moving else None
        elif operation in {"neg", "mul"} or (operation == "div" and not moving):
            found = None if others else self._scaled(node, moving)
        elif operation in BATCHED and (not others or operation in JOINED):
            found = BATCHED[operation](self, node, moving)
        if found is None:
            raise BackpropError(
                f"there is no formula yet for this Jacobian, for {graph.table[operation].shown}",
                "write the sum of the output with weights, as in sum(G*(...)), or give values to "
                "backprop jacobian",
            )
        return found if isinstance(found, Rows) else Rows(found)

    # Elementwise operations

    def _joined(self, operation: str, parts: Sequence[int], node: int) -> Rows:
        """Return the rows of a sum or difference."""
        shape, build = self.nodes.shape(node), self.nodes.build
        moving = [part for part in parts if self.moves(part)]
        axes = {self.axis(part, shape) for part in moving}
        axis = axes.pop() if len(axes) == 1 else None
        if axis is None:
            rows = [self.spread(part, shape) for part in moving]
        else:
            rows = [self.known[part].node for part in moving]
        if len(rows) > 1:
            return Rows(build(operation, tuple(rows)), axis)
        minus = operation == "sub" and moving[0] != parts[0]
        return Rows(build("neg", (rows[0],)) if minus else rows[0], axis)

    def _chosen(self, node: int) -> Rows:
        """Return the rows of a choice; of a side that does not move they are 0."""
        build, number, shape = self.nodes.build, self.nodes.number, self.nodes.shape(node)
        condition, *sides = self.graph.inputs[node]
        moving = [side for side in sides if self.moves(side)]
        axes = {self.axis(side, shape) for side in moving}
        axis = axes.pop() if len(axes) == 1 else None
        if axis is not None:
            parts = [self.known[side].node if side in moving else number(0.0) for side in sides]
            return Rows(build("where", (condition, *parts)), axis)
        if len({*moving}) == 1 and len(shape) <= VECTOR:
            ones = [number(float(side in moving)) for side in sides]
            return self._times("mul", build("where", (condition, *ones)), moving[0], shape)
        parts = [self.spread(side, shape) if side in moving else number(0.0) for side in sides]
        return Rows(build("where", (condition, *parts)))

    def _scaled(self, node: int, moving: int) -> Rows:
        """Return the rows of a node times, or over, what does not move."""
        operation, inputs = self.graph.operations[node], self.graph.inputs[node]
        part, shape = inputs[moving], self.nodes.shape(node)
        axis = self.axis(part, shape)
        if axis is not None:
            parts = [self.known[one].node if one == part else one for one in inputs]
            return Rows(self.nodes.build(operation, tuple(parts)), axis)
        if operation == "neg":
            return Rows(self.nodes.build("neg", (self.whole(part),)))
        return self._times(operation, inputs[1 - moving], part, shape)

    def _times(self, operation: str, factor: int, part: int, shape: Shape) -> Rows:
        """Return the rows of a part times, or over, a factor: of a node of that shape."""
        build, own, its = self.nodes.build, self.nodes.shape(part), self.nodes.shape(factor)
        if its and len(shape) == VECTOR:
            if its == (1,) != shape:
                factor, its = build("index", (factor,), ((("at", 0),),)), ()
            elif operation == "div":
                factor, operation = build("div", (self.nodes.number(1.0), factor)), "mul"
        if len(shape) > VECTOR or not its:
            rows = self.aligned(part, len(shape))
            return Rows(build(operation, (factor, rows) if operation == "mul" else (rows, factor)))
        if own == shape:
            return Rows(build("matmul", (self.whole(part), build("diag", (factor,)))))
        rows = self.whole(part)
        if own:  # it is of one element
            rows = build("index", (rows,), ((WHOLE_AXIS, ("at", 0)),))
        return Rows(build("outer", (rows, factor)))
