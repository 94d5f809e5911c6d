"""Arrays in derivatives that are tidied: what is only arranged or spread, and numbers in front.

A form stands for an array up to spreading: its node may have fewer axes than what it came from,
and is spread where an operation on whole arrays, or the reader, gets it.
"""

from __future__ import annotations

from backpropcli.arithmetics.matrices.matrices import Matrices
from backpropcli.arithmetics.matrices.pieces import TURNS, axes_of
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS
from backpropcli.arithmetics.tidy.arrays.forms import FormsOfArrays, kept
from backpropcli.arithmetics.tidy.forms import SMALL, Form
from backpropcli.arithmetics.tidy.terms import literal
from backpropcli.arithmetics.tidy.tidy import Tidy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.arithmetics.tidy.products import Powers
    from backpropcli.graph.graph import Graph

ARRANGING = {
    *("reshape", "squeeze", "transpose", "mT", "swapaxes", "moveaxis", "flip", "roll", "tile"),
    *("repeat", "index"),
}
"""Operations that only move elements, or leave some out."""
SPREADING = {"broadcast_to", "expand_dims", "index", "reshape"}
"""Operations that may do no more than spread would."""


class Arranged(Tidy):
    """Takes derivatives with arrays in a graph, whose shapes are known; ``given`` are shapes."""

    to: FormsOfArrays

    def __init__(  # noqa: PLR0913 (as Tidy, and shapes)
        self,
        raw: Graph,
        function: Graph,
        roots: Sequence[int],
        named: Collection[int],
        titles: Mapping[int, str] | None = None,
        *,
        given: Mapping[str, Shape],
    ) -> None:
        self.given = given
        self.shape = Matrices(raw, given).shape
        super().__init__(raw, function, roots, named, titles)

    def _forms(self, named: Collection[int], *, decimals: bool) -> FormsOfArrays:
        del decimals
        return FormsOfArrays(self.graph, named, self.given)

    def _as_it_is(self, node: int) -> int:
        """Return a node's place where numbers stay in it: two that are equal are rounded alike."""
        path = []
        while node >= self.first and self.raw.operations[node] in ARRANGING:
            [inner, *others] = self.raw.inputs[node]
            if others:
                break
            if not self._adds_leading(node):
                path.append(node)
            node = inner
        found = self.place(node)
        for node in reversed(path):
            found = self.to.matrices.build(
                self.raw.operations[node], (found,), self.raw.args.get(node)
            )
        return found

    def place(self, node: int) -> int:
        """Return a node's place in the graph that is written; a vector is its own transpose."""
        return super().place(self._untransposed(node))

    def _untransposed(self, node: int) -> int:
        """Return the array that transposes of the user's around a node leave as it is."""
        axes = tuple(range(len(self.shape(node))))
        order, inner = axes, node
        while inner < self.first and self.raw.operations[inner] in TURNS:
            turned = axes_of(self.raw.operations[inner], self.raw.args.get(inner), axes)
            order = tuple([turned[axis] for axis in order])
            [inner] = self.raw.inputs[inner]
            if order == axes:
                node = inner
        return node

    def _user(self, powers: Powers, node: int, exponent: int) -> None:
        """Take in a node of the user's: the number in front of a product of matrices by itself."""
        node, named = self._untransposed(node), self.to.terms.named
        path: list[int] = []
        left, inputs = node, self.raw.inputs
        while self.raw.operations[left] == "matmul" and left not in named and len(path) < SMALL:
            path.append(left)
            left = inputs[left][0]
        if exponent != 1:
            super()._user(powers, node, exponent)
            return
        apart = self.to.powers()
        left = self._unscaled(apart, left)
        before = [inputs[one][1] for one in reversed(path)]
        rights = [self._untransposed(right) for right in before]
        product, coefficient = apart.finished()
        number, shape = (product, coefficient) != ((), 1), self.shape(node)
        same = not path or not shape or (left == inputs[path[-1]][0] and rights == before)
        if same and not number:
            super()._user(powers, node, 1)
            return
        build, found = self.to.matrices.build if shape else self.graph.node, left
        for right in rights:
            found = build("matmul", (found, right))
        self.to.join(powers, Form({product: coefficient}, frozenset(apart.lost)), 1)
        self.to.split(powers, found)

    def _unscaled(self, powers: Powers, node: int) -> int:
        """Return the array that a node of the user's is, times numbers that a product takes in."""
        raw, shape = self.raw, self.shape
        for _ in range(SMALL):
            node = self._untransposed(node)
            operation, inputs = raw.operations[node], raw.inputs[node]
            if node in self.to.terms.named or operation not in {"mul", "div", "neg"}:
                break
            at = 1 if operation == "mul" and not shape(inputs[0]) else 0
            if shape(inputs[at]) != shape(node) or any(map(shape, inputs[1 - at : 2 - at])):
                break
            if operation == "neg":
                powers.scale(-1, 1)
            else:
                self.to.join(powers, self.form(inputs[1 - at]), -1 if operation == "div" else 1)
            node = inputs[at]
        return node

    def _root(self, node: int) -> int:
        if node < self.first and self.raw.operations[node] == "matmul":
            return self.to.node(self._product(node).terms)
        return self._spread(super()._root(self._untransposed(node)), self.shape(node))

    def _spread(self, node: int, shape: Shape) -> int:
        """Return a node spread to a shape: 2*ones(3), where it is a number."""
        own = self.to.matrices.shape(node)
        if len(shape) == 2 and own != shape:  # noqa: PLR2004 (a vector's rows, or columns)
            ones = [self.graph.node("ones", (), ((size,),)) for size in shape]
            if own == shape[1:]:
                return self.graph.node("outer", (ones[0], node))
            if self.graph.operations[node] == "index" and self.graph.args[node] == (kept(1),):
                return self.graph.node("outer", (self.graph.inputs[node][0], ones[1]))
        if not shape or own:
            return self.to.matrices.spread(node, shape)
        number = literal(self.graph, node)
        if number == 0:
            return self.graph.node("zeros", (), (shape,))
        full = self.graph.node("ones", (), (shape,))
        return full if number == 1 else self.graph.node("mul", (node, full))

    def _is_number(self, node: int) -> bool:
        """Say whether a node is a number that is spread."""
        shape = self.to.matrices.shape
        form = self.form(node)
        return all(not shape(base) for product in form.terms for base, _ in product)

    def _adds_leading(self, node: int) -> bool:
        """Say whether an operation does no more than spreading would."""
        operation, [*inputs] = self.raw.operations[node], self.raw.inputs[node]
        if operation not in SPREADING or operation == "broadcast_to":
            return operation == "broadcast_to"
        spec: Any = self.raw.args[node]
        if operation == "index" and not {*spec[0]} <= {WHOLE_AXIS, ("new",), ("rest",)}:
            return False
        mine, own = self.shape(node), self.shape(inputs[0])
        return mine == (1,) * (len(mine) - len(own)) + own
