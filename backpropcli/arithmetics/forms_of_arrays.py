"""Sums of products of arrays and numbers: how they are put together, and written.

A form stands for an array up to spreading: its node may have fewer axes than what it came from.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm, prod

from backpropcli.arithmetics.forms import Form, Forms
from backpropcli.arithmetics.matrices import MADE, Matrices
from backpropcli.arithmetics.shapes import along
from backpropcli.arithmetics.signs import NONNEGATIVE, POSITIVE, REAL, UNKNOWN, Signs
from backpropcli.arithmetics.sizes import Letters, letter, letters_of
from backpropcli.arithmetics.terms import Terms, literal, plain, size
from backpropcli.graph.arrays import ARRAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.products import Powers
    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.arithmetics.sizes import Size
    from backpropcli.arithmetics.terms import Number, Product, Sum
    from backpropcli.graph.graph import Graph

ALL = ("matmul", "outer", "cross", "kron", "einsum")
FIRST = {
    "sum",
    "cumsum",
    "flip",
    "roll",
    "unroll",
    "unsorted",
    "in_order",
    "in_blocks",
    "transpose",
    "mT",
    "swapaxes",
    "moveaxis",
    "reshape",
    "rows",
    "kept",
    "shaped",
    "squeeze",
    "expand_dims",
    "broadcast_to",
    "spread",
    "gathered",
    "tile",
    "untile",
    "repeat",
    "unrepeat",
    "pad",
    "unpad",
    "part",
    "joined",
    "split",
    "unsplit",
    "index",
    "put",
    "gather",
    "scattered",
    "trace",
    "diag",
    "on_diagonal",
    "tril",
    "triu",
}
LINEAR = {**dict.fromkeys(ALL, 99), **dict.fromkeys(FIRST, 1), "solve": -1, "solve_triangular": -1}
"""In how many of its inputs an operation is linear: the first, or -1 for the last."""
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

    def __init__(self, matrices: Matrices, named: Iterable[int]) -> None:
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


class FormsOfArrays(Forms):
    """Puts forms together, and knows the shapes of what it writes."""

    terms: TermsOfArrays

    def __init__(self, graph: Graph, named: Collection[int], given: Mapping[str, Shape]) -> None:
        super().__init__(graph, named, decimals=False)
        self.matrices = Matrices(graph, given, book=True, plain=True)
        self.terms = TermsOfArrays(self.matrices, named)

    def build(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an elementwise operation, in its simplest form."""
        if operation == "exp" and (found := self._exponential(inputs[0])) is not None:
            return found
        return super().build(operation, inputs, arg)

    def _exponential(self, node: int) -> int | None:
        """Return exp(log_softmax(x)), or exp(x - logsumexp(x)), as softmax(x)."""
        graph, shape = self.graph, self.matrices.shape
        if graph.operations[node] == "log_softmax":
            return graph.node("softmax", graph.inputs[node], graph.args[node])
        if graph.operations[node] != "sub":
            return None
        x, total = graph.inputs[node]
        last = len(shape(x)) - 1
        if graph.operations[total] == "index" and graph.args[total] == (kept(last),):
            [total] = graph.inputs[total]
        if graph.operations[total] != "lse" or graph.inputs[total] != (x,) or last < 0:
            return None
        axis, keepdims = self.static(total)
        one = 0 if axis is None and last == 0 else axis
        if not isinstance(one, int) or not (keepdims or one % (last + 1) == last):
            return None
        return graph.node("softmax", (x,), (-1 if one % (last + 1) == last else one,))

    def static(self, node: int) -> Any:  # noqa: ANN401 (what is static is anything)
        """Return the tuple of what is static in a node."""
        return self.graph.args[node]

    def taken(self, powers: Powers, form: Form) -> tuple[int, bool]:
        """Take the numbers of a form into a product; return the node of what is left.

        And whether anything is left.
        """
        powers.lost |= form.lost
        if len(form.terms) != 1:
            return self.node(form.terms), bool(form.terms)
        [(product, coefficient)] = form.terms.items()
        numbers = tuple([pair for pair in product if not self.matrices.shape(pair[0])])
        if not powers.scale(coefficient, 1):
            powers.raise_to(self.terms.number(coefficient), 1)
        powers.take(numbers, 1)
        rest: Product = tuple([pair for pair in product if pair not in numbers])
        return self.node({rest: 1}), True

    def split(self, powers: Powers, node: int) -> None:
        """Take a node that is written into a product, with its numbers apart."""
        graph, todo = self.graph, [(node, 1)]
        while todo:
            node, power = todo.pop()
            inputs = graph.inputs[node]
            number = literal(graph, node)
            if number is not None and powers.scale(number, power):
                continue
            if graph.operations[node] == "broadcast_to" and node >= self.terms.first:
                todo.append((inputs[0], power))
            elif node < self.terms.first or graph.operations[node] not in {"mul", "div", "neg"}:
                powers.raise_to(node, power)
            elif graph.operations[node] == "neg":
                powers.scale(-1, 1)
                todo.append((inputs[0], power))
            else:
                second = -power if graph.operations[node] == "div" else power
                todo += [(inputs[1], second), (inputs[0], power)]

    def scaled(self, form: Form) -> Form:
        """Return a sum with the number that all its terms have in front."""
        numbers = [*map(Fraction, form.terms.values())]
        if len(numbers) < 2:  # noqa: PLR2004
            return form
        front = Fraction(
            gcd(*[one.numerator for one in numbers]), lcm(*[one.denominator for one in numbers])
        )
        front = -front if all(one < 0 for one in numbers) else front
        if front == 1:
            return form
        rest = {product: plain(number / front) for product, number in form.terms.items()}
        powers = self.powers()
        powers.scale(plain(front), 1)
        powers.raise_to(self.node(rest), 1)
        powers.lost |= form.lost
        product, coefficient = powers.finished()
        return Form({product: coefficient}, form.lost)

    def gathered(self, form: Form) -> Form:
        """Return a sum in which products of matrices with one factor in common are one product."""
        for side in (1, 0):
            groups: dict[int, list[Product]] = {}
            for product in form.terms:
                core = self._core(product)
                if core is not None:
                    groups.setdefault(self._factors(core)[side], []).append(product)
            for common, products in groups.items():
                if len(products) > 1:
                    form = self._joined(form, common, side, products)
        return form

    def _core(self, product: Product) -> int | None:
        """Return the one matrix product in a product of it and numbers."""
        arrays = [pair for pair in product if self.matrices.shape(pair[0])]
        if len(arrays) != 1 or arrays[0][1] != 1:
            return None
        [(node, _)] = arrays
        return node if self.graph.operations[node] == "matmul" else None

    def _factors(self, core: int) -> tuple[int, int]:
        """Return the factors of a product of matrices, a vector last."""
        one, other = self.graph.inputs[core]
        if len(self.matrices.shape(one)) == 1 and len(self.matrices.shape(other)) == 2:  # noqa: PLR2004
            return self.matrices.build("transpose", (other,), (None,)), one
        return one, other

    def _joined(self, form: Form, common: int, side: int, products: list[Product]) -> Form:
        terms: Sum = form.terms
        inner: Sum = {}
        shapes = set()
        for product in products:
            core = self._core(product)
            assert core is not None  # noqa: S101 (for mypy: it was found by it)
            other = self._factors(core)[1 - side]
            shapes.add(self.matrices.shape(other))
            key = tuple(sorted([(other, 1) if pair == (core, 1) else pair for pair in product]))
            inner[key] = inner.get(key, 0) + terms[product]
        if len(shapes) > 1:
            return form
        others = self.scaled(self.factored(Form({key: inner[key] for key in sorted(inner)})))
        powers = self.powers()
        rest, _ = self.taken(powers, others)
        pair = (rest, common) if side else (common, rest)
        self.split(powers, self.matrices.build("matmul", pair))
        made, number = powers.finished()
        found: Sum = {}
        for product, coefficient in terms.items():
            if product == products[0]:
                found[made] = number
            elif product not in products:
                found[product] = coefficient
        return Form(found, form.lost | powers.lost)


def varies(shape: Shape, axes: Sequence[int], count: int) -> bool:
    """Say whether an array may differ along axes of one of ``count`` axes that it is spread to."""
    lead = count - len(shape)
    return any(at >= lead and shape[at - lead] != 1 for at in axes)


def kept(last: int) -> tuple[tuple[object, ...], ...]:
    """Return the index that keeps a last axis that was reduced."""
    whole = ("cut", None, None, None)
    return (*[whole] * last, ("new",))
