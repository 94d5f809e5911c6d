"""Jacobians of vectors as matrices: of what the reverse pass sends back, which is linear in g.

A vector that is linear in a vector g is M@g, and M is found part by part: what sends back A.T@g has
the Jacobian A.
"""

from __future__ import annotations

from backpropcli.arithmetics.shapes import widths
from backpropcli.arithmetics.transposes import COLUMN, transposed
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.matrices import Matrices
    from backpropcli.arithmetics.shapes import Shape

RULES = {
    "mul": "factor",
    "div": "factor",
    "matmul": "product",
    "sum": "summed",
    "mean": "averaged",
    "solve": "solved",
}
"""By operation, which method finds its matrix."""


class Linear:
    """Finds the matrices of a graph's nodes, numbers and vectors that are linear in node ``g``."""

    def __init__(self, nodes: Matrices, g: int) -> None:
        self.nodes = nodes
        self.graph = nodes.graph
        self.g = g
        [self.size] = nodes.shape(g)
        self.moving = bytearray()
        self.known = {g: self.graph.node("eye", (), (self.size, None))}
        self.diagonals = {self.known[g]: nodes.number(1.0)}

    def matrix(self, root: int) -> int:
        """Return the matrix M of M@g; a vector for a number. Raises BackpropError for another."""
        todo = [root]
        while todo:
            node = todo[-1]
            if node in self.known or not self._moves(node):
                todo.pop()
                continue
            needs = [part for part in self._needs(node) if part not in self.known]
            if needs:
                todo += needs
            else:
                self.known[node] = self._found(node)
        return self.known[root] if root in self.known else self._nothing(root)

    def jacobian(self, root: int) -> int:
        """Return the Jacobian of which ``root`` is what is sent back: the transpose of M."""
        found = self.matrix(root)
        return transposed(self.nodes, found) if self.nodes.shape(root) else found

    def _nothing(self, node: int) -> int:
        shape = (*self.nodes.shape(node), self.size)
        return self.graph.node("zeros", (), (shape,))

    def _moves(self, node: int) -> bool:
        graph, moving = self.graph, self.moving
        for at in range(len(moving), node + 1):
            moving.append(at == self.g or any(map(moving.__getitem__, graph.inputs[at])))
        return bool(moving[node])

    def _needs(self, node: int) -> list[int]:
        """Return the nodes whose matrices a node's is made of."""
        if (parts := self._distributed(node)) is not None:
            return parts
        return [child for child in self.graph.inputs[node] if self._moves(child)]

    def _distributed(self, node: int) -> list[int] | None:
        """Return the products that a product of a vector and a sum is the sum of."""
        graph = self.graph
        if graph.operations[node] != "mul":
            return None
        one, other = graph.inputs[node]
        if not self._moves(other):
            one, other = other, one
        if graph.operations[other] not in {"add", "sub"} or not self.nodes.shape(one):
            return None
        return [self.nodes.build("mul", (one, part)) for part in graph.inputs[other]]

    def _found(self, node: int) -> int:
        graph, known = self.graph, self.known
        operation, inputs = graph.operations[node], graph.inputs[node]
        if (parts := self._distributed(node)) is not None:
            summed = next(one for one in inputs if graph.operations[one] in {"add", "sub"})
            return self._joined(graph.operations[summed], parts, self.nodes.shape(node))
        if operation in {"add", "sub", "neg"}:
            return self._joined(operation, inputs, self.nodes.shape(node))
        if operation == "name":
            return known[inputs[0]]
        moving, *others = [at for at, child in enumerate(inputs) if self._moves(child)]
        rule = getattr(self, f"_{RULES.get(operation, 'arranged')}")
        found: int | None = None
        if operation == "where":
            found = self._chosen(node)
        elif not others:
            found = rule(node, moving, known[inputs[moving]])
        if found is None:
            raise BackpropError(
                "this Jacobian is no product of matrices that can be written",
                "write the sum of the output with weights, as in sum(G*(...))",
            )
        return found

    def _factor(self, node: int, moving: int, mine: int) -> int | None:
        operation, inputs = self.graph.operations[node], self.graph.inputs[node]
        if operation == "div" and moving:
            return None
        return self._scaled(operation, inputs[1 - moving], inputs[moving], mine)

    def _solved(self, node: int, moving: int, mine: int) -> int | None:
        inverse = self.nodes.build("inv", self.graph.inputs[node][:1])
        return self.nodes.build("matmul", (inverse, mine)) if moving == 1 else None

    def _chosen(self, node: int) -> int | None:
        """Return the matrix of a choice: each row is that of the branch taken there."""
        build, shape, number = self.nodes.build, self.nodes.shape, self.nodes.number
        condition, *sides = self.graph.inputs[node]
        taken = [one for one in sides if self._moves(one)]
        if self._moves(condition):
            return None
        if shape(condition) == (1,) != shape(node):
            condition = self._element(condition)
        diagonals = [
            self._diagonal(self.known[one]) if one in taken else number(0.0) for one in sides
        ]
        found = [diagonal for diagonal in diagonals if diagonal is not None]
        if shape(condition) and shape(node) and len(found) == len(sides):
            return build("diag", (build("where", (condition, *found)),))
        if len(taken) == 1:
            chosen = build("where", (condition, *[number(float(one in taken)) for one in sides]))
            rows = self.known[taken[0]] if shape(chosen) else self._rows(taken[0], shape(node))
            return self._scaled("mul", chosen, taken[0], rows)
        if shape(condition):
            condition = build("index", (condition,), (COLUMN,))
        return build("where", (condition, *[self._rows(one, shape(node)) for one in sides]))

    def _arranged(self, node: int, moving: int, matrix: int) -> int | None:
        """Return the matrix of a vector whose elements are moved, or left out: its rows are."""
        build, operation = self.nodes.build, self.graph.operations[node]
        arg: Any = self.graph.args.get(node)
        if moving:
            return None
        if operation == "index" and len(arg[0]) == 1 and arg[0][0][0] in {"at", "cut"}:
            if arg[0][0][0] == "at" and self.graph.operations[matrix] == "eye":
                place = self.nodes.number(float(arg[0][0][1]))
                return build("one_hot", (place,), (self.size,)) if arg[0][0][1] >= 0 else None
            return build("index", (matrix,), arg)
        if operation == "pad":
            return build("pad", (matrix,), ((*widths(arg[0], 1), (0, 0)),))
        if operation in {"flip", "cumsum", "roll"}:
            return build(operation, (matrix,), (*arg[:-1], 0))
        return None

    def _joined(self, operation: str, parts: Sequence[int], shape: Shape) -> int:
        """Return the matrix of a sum; what is a number in it is in all rows."""
        matrices = [self._rows(part, shape) for part in parts]
        found = self.nodes.build(operation, tuple(matrices))
        if operation == "neg" and (diagonal := self._diagonal(matrices[0])) is not None:
            self.diagonals[found] = self.nodes.build("neg", (diagonal,))
        return found

    def _rows(self, part: int, shape: Shape) -> int:
        """Return the matrix of a part of a node of that shape; what is a number is in all rows."""
        matrix = self.known[part] if part in self.known else self._nothing(part)
        if shape and not self.nodes.shape(part):
            ones = self.graph.node("ones", (), (shape,))
            return self.nodes.build("outer", (ones, matrix))
        return matrix

    def _scaled(self, operation: str, factor: int, vector: int, matrix: int) -> int:
        """Return the matrix of a vector, or number, times or over another."""
        build, shape = self.nodes.build, self.nodes.shape
        if shape(factor) == (1,) and shape(vector) not in {(), (1,)}:
            factor = self._element(factor)
        elif shape(vector) == (1,) and shape(factor) not in {(), (1,)}:
            return build("matmul", (build("index", (factor,), (COLUMN,)), matrix))
        diagonal = self._diagonal(matrix)
        if not shape(factor):
            found, *scaled = [
                build(operation, (factor, one) if operation == "mul" else (one, factor))
                for one in (matrix, diagonal)
                if one is not None
            ]
            self.diagonals.update(dict.fromkeys([found], *scaled) if scaled else {})
            return found
        if operation == "div":
            factor = build("div", (self.nodes.number(1.0), factor))
        if not shape(vector):
            return build("outer", (factor, matrix))
        if diagonal is not None:
            return build("diag", (build("mul", (factor, diagonal)),))
        return build("matmul", (build("diag", (factor,)), matrix))

    def _element(self, vector: int) -> int:
        """Return the element of a vector that has one."""
        return self.nodes.build("index", (vector,), ((("at", 0),),))

    def _diagonal(self, matrix: int) -> int | None:
        """Return the diagonal of a diagonal matrix, a number where all of it is the same."""
        if self.graph.operations[matrix] == "diag":
            return self.graph.inputs[matrix][0]
        return self.diagonals.get(matrix)

    def _product(self, node: int, moving: int, mine: int) -> int:
        build, shape, inputs = self.nodes.build, self.nodes.shape, self.graph.inputs[node]
        other = inputs[1 - moving]
        if len(shape(other)) == 1:
            return build("matmul", (build("transpose", (mine,), (None,)), other))
        if moving == 0:
            other = build("transpose", (other,), (None,))
        return build("matmul", (other, mine))

    def _summed(self, node: int, _moving: int, matrix: int) -> int | None:
        if self.graph.args[node] != (None, False):
            return None
        diagonal = self._diagonal(matrix)
        if diagonal is None:
            return self.nodes.build("sum", (matrix,), (0, False))
        if self.nodes.shape(diagonal):
            return diagonal
        return self.nodes.build("mul", (diagonal, self.graph.node("ones", (), ((self.size,),))))

    def _averaged(self, node: int, moving: int, matrix: int) -> int | None:
        total = self._summed(node, moving, matrix)
        count = self.nodes.count(self.graph.inputs[node][0], self.graph.args[node])
        return None if total is None else self.nodes.build("div", (total, count))
