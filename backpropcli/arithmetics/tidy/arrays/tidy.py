"""Derivatives with arrays as a person writes them: what ``tidy`` does, and matrix algebra.

Numbers are taken out of whatever is linear, and stand in front: 2/n*X.T@(X@w - y).
"""

from __future__ import annotations

from backpropcli.arithmetics.shapes.axes import along
from backpropcli.arithmetics.tidy.arrays.arranged import ARRANGING, Arranged
from backpropcli.arithmetics.tidy.arrays.forms import LINEAR, varies
from backpropcli.arithmetics.tidy.forms import Form
from backpropcli.arithmetics.tidy.gaps import NONZERO, RANGE, ZERO, Loss
from backpropcli.arithmetics.tidy.terms import literal
from backpropcli.graph.arrays import ARRAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OPPOSITE = {ZERO: NONZERO, NONZERO: ZERO}


class TidyArrays(Arranged):
    """Takes derivatives with arrays in a graph, and writes them anew; ``given`` are shapes."""

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

    def gaps(self) -> list[list[Loss]]:
        """Return for each root what its formula no longer demands.

        Where the derivative itself has no value there is no telling what it is.
        """
        self.lost = [
            frozenset(
                loss for loss in lost if Loss(OPPOSITE.get(loss.kind, ""), loss.node) not in lost
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
        if any(dict(product).get(place, 0) >= 0 for product in form.terms):
            return None
        return Form(form.terms, form.lost | {Loss(ZERO, place)})

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
