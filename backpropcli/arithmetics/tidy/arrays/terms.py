"""Products of arrays and numbers: how they are written, and what is known of their signs."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from backpropcli.arithmetics.matrices.shaped import MADE, Shaped
from backpropcli.arithmetics.shapes.axes import along
from backpropcli.arithmetics.shapes.sizes import Letters, letter, letters_of
from backpropcli.arithmetics.tidy.signs import NONNEGATIVE, POSITIVE, REAL, UNKNOWN, Signs
from backpropcli.arithmetics.tidy.terms import Terms, literal, plain, size
from backpropcli.graph.arrays import ARRAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Size
    from backpropcli.arithmetics.tidy.terms import Number, Product
    from backpropcli.graph.graph import Graph

FIRST = {
    *("sum", "cumsum", "flip", "roll", "unsorted", "in_order", "in_blocks", "transpose", "mT"),
    *("swapaxes", "moveaxis", "reshape", "rows", "kept", "shaped", "squeeze", "expand_dims"),
    *("broadcast_to", "spread", "gathered", "tile", "untile", "repeat", "unrepeat", "pad"),
    *("unpad", "part", "joined", "split", "unsplit", "index", "put", "gather", "scattered"),
    *("trace", "diag", "on_diagonal", "tril", "triu"),
}
KEEPS = {*FIRST, "matmul", "outer", "kron", "stack", "concat", "array", "amax", "amin", "einsum"}
"""Operations that keep the weakest sign of their inputs."""
UNSURE = {"logdet", "inv", "solve", "solve_triangular", "cholesky"}
"""Operations that may have no value on real numbers."""
PRODUCTS = {"mul", "matmul", "div"}
"""Operations whose text begins with that of their first input."""


class SignsOfArrays(Signs):
    """The signs of all elements of a node; ``sizes`` are names of what is positive."""

    def __init__(self, graph: Graph, sizes: Collection[str]) -> None:
        super().__init__(graph)
        self.sizes = sizes

    def _new(self, node: int, inputs: tuple[int, ...]) -> int:
        operation = self.graph.operations[node]
        if operation in MADE:
            return REAL if operation == "arange" else NONNEGATIVE
        if operation == "variable" and self.graph.args[node] in self.sizes:
            return POSITIVE
        return super()._new(node, inputs)

    def _other(
        self, operation: str, inputs: tuple[int, ...], given: Sequence[int], least: int
    ) -> int:
        if operation not in ARRAYS:
            return super()._other(operation, inputs, given, least)
        if operation in UNSURE:
            return UNKNOWN
        if operation in KEEPS:
            padded = operation in {"pad", "put", "scattered", "diag", "tril", "triu"}
            return min(least, NONNEGATIVE) if padded else least
        return {"softmax": POSITIVE, "norm": NONNEGATIVE, "std": NONNEGATIVE}.get(operation, REAL)


class TermsOfArrays(Terms):
    """Writes terms with what is a number in front, without parentheses: 2/n*X.T@r is one."""

    def __init__(self, matrices: Shaped, named: Iterable[int]) -> None:
        graph = matrices.graph
        super().__init__(graph, named, decimals=False)
        self.signs = SignsOfArrays(graph, letters_of(matrices.given.values()))
        self.shape = matrices.shape
        self.size = matrices.size
        self.first = len(graph)

    def term(self, product: Product, coefficient: Number) -> int:
        """Return the node of a product and its coefficient."""
        product, coefficient = self._means(product, coefficient)
        arrays = tuple([pair for pair in product if self.shape(pair[0])])
        if not arrays:
            return super().term(product, coefficient)
        core = super().term(arrays, 1)
        numbers = [pair for pair in product if not self.shape(pair[0])]
        above = tuple([pair for pair in numbers if pair[1] > 0])
        if above or size(coefficient).numerator != 1:
            return self._in_front(super().term(tuple(numbers), coefficient), core)
        if coefficient < 0:
            core = self._in_front(None, core)
        below = super().term(
            tuple([(base, -power) for base, power in numbers]), coefficient.denominator
        )
        return core if literal(self.graph, below) == 1 else self.graph.node("div", (core, below))

    def _means(self, product: Product, coefficient: Number) -> tuple[Product, Number]:
        """Return a product with sums over as many elements as it is divided by as means."""
        for base, power in product:
            if self.graph.operations[base] == "sum" and power == 1 and base >= self.first:
                found = self.mean(base, product, coefficient)
                if found is not None:
                    [inner] = self.graph.inputs[base]
                    mean = self.graph.node("mean", (inner,), self.graph.args[base])
                    return tuple(sorted([*found[0], (mean, 1)])), found[1]
        return product, coefficient

    def mean(
        self, total: int, product: Product, coefficient: Number
    ) -> tuple[Product, Number] | None:
        """Return what a product is besides a mean; None if it has no mean of what ``total`` sums.

        That is the sum ``total`` in it, over as many elements.
        """
        [inner] = self.graph.inputs[total]
        arg: Any = self.graph.args[total]
        axes = arg[0]
        sizes = [self.shape(inner)[at] for at in along(axes, len(self.shape(inner)))]
        letters = [node for one in sizes for node in self.letters(one)]
        number = prod([one for one in sizes if isinstance(one, int)])
        below = dict(product)
        divides = Fraction(coefficient).denominator % number == 0
        if not divides or (number == 1 and not letters):
            return None
        if len({*letters}) < len(letters) or any(below.get(one) != -1 for one in letters):
            return None
        rest = tuple([pair for pair in product if pair[0] not in {total, *letters}])
        return rest, plain(Fraction(coefficient) * number)

    def letters(self, size: Size) -> list[int]:
        """Return the nodes of the letters that a size is the product of."""
        if not isinstance(size, Letters):
            return []
        if len(size.terms) > 1:
            return [self.size(size)]
        return [self.size(letter(name)) for [names] in [size.terms] for name in names]

    def _in_front(self, number: int | None, core: int) -> int:
        """Return a product whose text begins with a number, or a minus for None."""
        graph, path, node = self.graph, [], core
        while node >= self.first and graph.operations[node] in PRODUCTS and node not in self.named:
            path.append(node)
            node = graph.inputs[node][0]
        if number is None:
            found = graph.node("neg", (node,))
        elif literal(graph, node) == 1:  # of 1/x
            found = number
        else:
            found = graph.node("mul", (number, node))
        for user in reversed(path):
            found = graph.node(graph.operations[user], (found, graph.inputs[user][1]))
        return found
