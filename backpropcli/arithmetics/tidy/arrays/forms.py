"""Sums of products of arrays and numbers: how they are put together, and written.

A form stands for an array up to spreading: its node may have fewer axes than what it came from.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from backpropcli.arithmetics.matrices.matrices import Matrices
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS
from backpropcli.arithmetics.tidy.arrays.terms import FIRST, TermsOfArrays
from backpropcli.arithmetics.tidy.choices import FormsWithChoices
from backpropcli.arithmetics.tidy.forms import Form
from backpropcli.arithmetics.tidy.terms import literal, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.arithmetics.tidy.products import Powers
    from backpropcli.arithmetics.tidy.terms import Product, Sum
    from backpropcli.graph.graph import Graph

ALL = ("matmul", "outer", "cross", "kron", "einsum")
LINEAR = {**dict.fromkeys(ALL, 99), **dict.fromkeys(FIRST, 1), "solve": -1, "solve_triangular": -1}
"""In how many of its inputs an operation is linear: the first, or -1 for the last."""


class FormsOfArrays(FormsWithChoices):
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
        column = graph.operations[total] == "index" and graph.args[total] == (kept(last),)
        if column:
            [total] = graph.inputs[total]
        if graph.operations[total] != "lse" or graph.inputs[total] != (x,) or last < 0:
            return None
        axis, keepdims = self.static(total)
        axis = 0 if axis is None and last == 0 else axis
        if not isinstance(axis, int):
            return None
        axis %= last + 1
        if not keepdims and axis != (last if column else 0):
            return None  # it is not each row's own, or column's
        return graph.node("softmax", (x,), (-1 if axis == last else axis,))

    def static(self, node: int) -> Any:  # noqa: ANN401 (what is static is anything)
        """Return the tuple of what is static in a node."""
        return self.graph.args[node]

    def taken(self, powers: Powers, form: Form) -> tuple[int, bool]:
        """Take the numbers of a form into a product; return the node of what is left.

        And whether anything is left.
        """
        powers.lost |= form.lost
        if not form.terms:
            return self.node({}), False
        rest: Sum = form.terms
        if len(form.terms) == 1:
            [(product, coefficient)] = form.terms.items()
            numbers = tuple([pair for pair in product if not self.matrices.shape(pair[0])])
            if not powers.scale(coefficient, 1):
                powers.raise_to(self.terms.number(coefficient), 1)
            powers.take(numbers, 1)
            rest = {tuple([pair for pair in product if pair not in numbers]): 1}
        found = self.node(rest)
        other = self._negative(found)
        if other is not None:
            powers.scale(-1, 1)
        return found if other is None else other, True

    def _negative(self, node: int) -> int | None:
        """Return the sum of the user's that is the negative of a sum which is written here."""
        terms = self.inside.get(node)
        if terms is None or node < self.terms.first:
            return None
        negative = {product: -number for product, number in terms.items()}
        users = (one for one in self.inside if one < self.terms.first)
        return next((one for one in users if self.inside[one] == negative), None)

    def split(self, powers: Powers, node: int) -> None:
        """Take a node that is written into a product, a number as one."""
        number = literal(self.graph, node)
        if number is None or not powers.scale(number, 1):
            powers.raise_to(node, 1)

    def scaled(self, form: Form) -> Form:
        """Return a sum with the number that all its terms have in front."""
        numbers = [*map(Fraction, form.terms.values())]
        if len(numbers) < 2:  # noqa: PLR2004
            return form
        below = {one.denominator for one in numbers}
        front = Fraction(gcd(*[one.numerator for one in numbers]), min(below) ** (len(below) == 1))
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
    return (*[WHOLE_AXIS] * last, ("new",))
