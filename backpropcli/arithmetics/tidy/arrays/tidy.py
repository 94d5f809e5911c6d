"""Derivatives with arrays as a person writes them: what ``tidy`` does, and matrix algebra.

A form stands for an array up to spreading: its node may have fewer axes than what it came from,
and is spread where an operation on whole arrays, or the reader, gets it. Numbers are taken out of
whatever is linear, and stand in front: 2/n*X.T@(X@w - y).
"""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.matrices.matrices import Matrices
from backpropcli.arithmetics.shapes.axes import along
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS
from backpropcli.arithmetics.tidy.arrays.forms import LINEAR, FormsOfArrays, kept, varies
from backpropcli.arithmetics.tidy.forms import SMALL, Form
from backpropcli.arithmetics.tidy.gaps import NONZERO, RANGE, ZERO, Loss
from backpropcli.arithmetics.tidy.terms import literal
from backpropcli.arithmetics.tidy.tidy import Tidy
from backpropcli.graph.arrays import ARRAYS

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


class TidyArrays(Tidy):
    """Takes derivatives with arrays in a graph, and writes them anew; ``given`` are shapes."""

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

    def _form(self, node: int, family: int) -> Form:
        operation, inputs = self.raw.operations[node], self.raw.inputs[node]
        if self._adds_leading(node) or (operation in ARRANGING and self._is_number(inputs[0])):
            return self.form(inputs[0])
        if operation == "cofactors":
            return self._cofactors(inputs[0])
        if operation in ARRAYS:
            return self._whole(operation, inputs, self._without_leading(node))
        if operation == "where" and (found := self._at_zero(*inputs)) is not None:
            return found
        if operation == "eq":
            return self.to.made(operation, tuple(map(self._as_it_is, inputs)), None)
        return super()._form(node, family)

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
        """Return the vector that a node of the user's is the transpose of; else the node."""
        while (
            node < self.first
            and self.raw.operations[node] in {"transpose", "mT"}
            and len(self.shape(node)) < 2  # noqa: PLR2004 (a matrix)
        ):
            [node] = self.raw.inputs[node]
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
        return self._spread(super()._root(node), self.shape(node))

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

    def gaps(self) -> list[list[Loss]]:
        """Return for each root what its formula no longer demands.

        Where the derivative itself has no value there is no telling what it is.
        """
        self.lost = [
            frozenset(
                loss
                for loss in lost
                if not (loss.kind == ZERO and Loss(NONZERO, loss.node) in lost)
                and not (loss.kind == NONZERO and Loss(ZERO, loss.node) in lost)
            )
            for lost in self.lost
        ]
        return super().gaps()

    def _at_zero(self, condition: int, then: int, other: int) -> Form | None:
        """Return what where(z == 0, 0, x/z) is elsewhere; None for another choice."""
        raw = self.raw
        if raw.operations[condition] != "eq" or literal(raw, then) != 0:
            return None
        z, zero = raw.inputs[condition]
        if literal(raw, zero) != 0:
            return None
        form = self.form(other)
        place = self.place(z)
        if all(dict(product).get(place, 0) < 0 for product in form.terms):
            return Form(form.terms, form.lost | {Loss(ZERO, place)})
        return self._vanishing(form, place)

    def _vanishing(self, form: Form, z: int) -> Form | None:
        """Return a form that is 0 where a norm is; None where that is not plain."""
        while self.graph.operations[z] == "index":
            [z] = self.graph.inputs[z]
        if self.graph.operations[z] != "norm":
            return None
        [x] = self.graph.inputs[z]
        inner = self.to.inside.get(x) or self._user_sum(x) if x < self.first else None
        factor = all(dict(product).get(x, 0) > 0 for product in form.terms)
        if not factor and (not inner or form.terms.keys() != inner.keys()):
            return None
        if not factor and inner:
            ratios = {Fraction(form.terms[one]) / Fraction(inner[one]) for one in inner}
            if len(ratios) > 1:
                return None
        return Form(form.terms, frozenset(loss for loss in form.lost if loss.node != z))

    def _places(self, node: int, arg: Any) -> int | None:  # noqa: ANN401 (static: axes)
        """Return the places of one-hot vectors, whose sum is 1; None for other arrays."""
        if self.graph.operations[node] != "one_hot":
            return None
        last = len(self.to.matrices.shape(node)) - 1
        return self.graph.inputs[node][0] if arg[0] in {-1, last} else None

    def _pair(self, node: int) -> tuple[int, int] | None:
        """Return the two vectors whose product element by element a node is."""
        if self.graph.operations[node] != "mul" or node < self.first:
            return None
        one, other = self.graph.inputs[node]
        shape = self.to.matrices.shape
        plain = not {self.graph.operations[one], self.graph.operations[other]} & {"mul", "div"}
        return (
            (one, other) if plain and len(shape(one)) == 1 and shape(one) == shape(other) else None
        )

    def _is_centred(self, node: int, arg: Any) -> bool:  # noqa: ANN401 (static: axes)
        """Say whether elements are those of an array less their mean: their sum is 0."""
        graph, shape = self.graph, self.to.matrices.shape
        own, terms = self.shape(node), self.form(node).terms
        axes = along(arg[0], len(own))
        if len(terms) == 1:
            [product] = terms
            moving = [pair for pair in product if varies(shape(pair[0]), axes, len(own))]
            if len(moving) != 1 or moving[0][1] != 1:
                return False
            [(base, _)] = moving
            terms = self.to.inside.get(base, terms)
            if base < self.first and graph.operations[base] == "sub":
                terms = self._user_sum(base) or terms
        if len(terms) != 2:  # noqa: PLR2004
            return False
        for one, other in ([*terms], [*terms][::-1]):
            totals = [base for base, power in one if graph.operations[base] == "sum" and power == 1]
            if len(totals) != 1 or len(other) != 1:
                continue
            [(x, power)] = other
            if graph.inputs[totals[0]] != (x,) or power != 1 or shape(x) != own:
                continue
            if along(self.to.static(totals[0])[0], len(own)) == axes:
                return self.to.terms.mean(totals[0], one, terms[one]) == ((), -terms[other])
        return False

    def _cofactors(self, node: int) -> Form:
        """Return the derivatives of a determinant, where it is not 0."""
        to, build = self.to, self.to.matrices.build
        x = self.place(node)
        det, turned = build("det", (x,)), "mT" if len(self.shape(node)) > 2 else "transpose"  # noqa: PLR2004
        inverse = build(turned, (build("inv", (x,)),), (None,) if turned == "transpose" else None)
        front = build("expand_dims", (det,), ((-2, -1),)) if self.shape(node)[2:] else det
        powers = to.powers()
        powers.take(((front, 1), (inverse, 1)), 1)
        form = to.finished(powers)
        return Form(form.terms, form.lost | {Loss(ZERO, det)})

    def _without_leading(self, node: int) -> object:
        """Return what is static in an operation; a reduction need not keep its leading axes."""
        operation, arg = self.raw.operations[node], self.raw.args.get(node)
        if ARRAYS[operation].reduces and isinstance(arg, tuple):
            static = dict(zip(ARRAYS[operation].static, arg, strict=True))
            kept = self.shape(self.raw.inputs[node][0])
            axes = along(static["axis"], len(kept))
            if static["keepdims"] and axes == tuple(range(len(axes))):
                static["keepdims"] = False
                static["axis"] = None if len(axes) == len(kept) else static["axis"]
                return tuple(static.values())
        return arg

    def _whole(self, operation: str, inputs: tuple[int, ...], arg: object) -> Form:
        """Return the form of an operation on whole arrays, with the numbers in front."""
        to, powers = self.to, self.to.powers()
        linear = LINEAR.get(operation, 0)
        if operation == "outer" and self._is_number(inputs[0]):  # a vector, spread
            to.join(powers, self.form(inputs[0]), 1)
            to.join(powers, self.form(inputs[1]), 1)
            return to.finished(powers)
        if operation == "sum" and self._is_centred(inputs[0], arg):
            return Form({})
        parts = []
        for at, child in enumerate(inputs):
            if at < linear or at - len(inputs) == linear:
                node, is_left = to.taken(powers, self.form(child))
                if not is_left:
                    return Form({}, frozenset(powers.lost))
            else:
                powers.lost |= self.form(child).lost
                node = self.place(child)
            parts.append(self._spread(node, self.shape(child)))
        if operation == "sum" and (places := self._places(parts[0], arg)) is not None:
            powers.lost.add(Loss(RANGE, places))
        elif operation == "sum" and (pair := self._pair(parts[0])) is not None:
            powers.raise_to(to.matrices.build("matmul", pair), 1)
        else:
            to.split(powers, to.matrices.build(operation, tuple(parts), arg))
        return to.finished(powers)

    def _sum(self, top: int) -> Form:
        if not self.shape(top):
            return super()._sum(top)
        form = self.to.gathered(self.to.merged(self._gathered(top)))
        return self.to.scaled(self.to.factored(form))
