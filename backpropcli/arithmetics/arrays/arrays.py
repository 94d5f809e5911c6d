"""Arrays as an arithmetic: the words of ``elementwise``, and partials that sweeps go along.

Broadcasting stands in one place, ``Partial``: what a rule yields is summed back, or spread, to the
shape of the input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.arrangements import fit
from backpropcli.arithmetics.arrays.elementwise import Elementwise
from backpropcli.arithmetics.arrays.outlines import MANY
from backpropcli.arithmetics.arrays.partials import Local, Owned, Partial, Whole, plain
from backpropcli.arithmetics.rules import Code, by_input, weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Value = Any


FEW = 3
"""Inputs up to which each edge of an operation of any number of inputs works its rule out anew."""


class Arrays(Elementwise):
    """Arrays over a scalar arithmetic ``base``."""

    transposed = True
    """Whether partials are linear maps, known by what they send back."""
    stays = True
    """Whether an array that goes along an edge is never rounded."""

    def weights(self, row: Row, on: Sequence[int]) -> Callable[..., Sequence[Value]]:
        """Return f(out, *inputs): the partials by the inputs ``on``.

        Numbers where all are numbers, and None where such an edge is not taken.
        """
        key = row, tuple(on)
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = self._partials(row, on)
        return found

    def _partials(self, row: Row, on: Sequence[int]) -> Callable[..., Sequence[Value]]:
        if row.whole:

            def wholes(out: Value, *inputs: Value, arg: object = None) -> Sequence[Value]:
                edges = [Whole(self, row, at, out, inputs, arg) for at in on]
                return [None if edge.function is None else edge for edge in edges]

            return wholes
        scalar = weights(row, on, self.base)
        if row.variadic:
            return self._of_each(row, scalar)
        locals_ = self.locals_of(row, on)
        if len(locals_) > 2:  # noqa: PLR2004 (the usual counts are written out)
            return lambda out, *inputs: (
                [Partial(local, out, inputs) for local in locals_]
                if isinstance(out, np.ndarray)
                else scalar(out, *inputs)
            )
        one, other = locals_[0], locals_[-1]
        alone = len(locals_) == 1

        def found(out: Value, *inputs: Value) -> Sequence[Value]:
            if not isinstance(out, np.ndarray):
                return scalar(out, *inputs)  # type: ignore[no-any-return]
            if alone:
                return (Partial(one, out, inputs),)
            return Partial(one, out, inputs), Partial(other, out, inputs)

        return found

    def locals_of(self, row: Row, on: Sequence[int]) -> list[Local]:
        """Return the rules of an elementwise operation by the inputs ``on``."""
        return [self._local(row, at) for at in on]

    def _local(self, row: Row, at: int) -> Local:
        """Return the rule of an elementwise operation by an input."""
        function, rule = self._times(row, at), row.in_floats[at]
        if row.taken[at] is not None:
            return Local(function, at, floats=self.floats)
        if rule.number is not None:
            return Local(
                function, at, number=int(rule.number), short=rule.number == -1, floats=self.floats
            )
        slopes = by_input(row, [rule], self)
        return Local(
            function,
            at,
            lambda *given: slopes(*given)[0],
            short=rule.text.isidentifier(),
            floats=self.floats,
        )

    def _times(self, row: Row, index: int) -> Callable[..., Value]:
        """Return f(given, out, *inputs, into): what is given, times the partial by input ``index``.

        It is chosen where the edge is taken, and not multiplied by 0 elsewhere. Where there are
        words for "times" and "taken", the result may be written to the array ``into``.
        """
        key = row, "times", index
        found: Callable[..., Value] | None = self.made.get(key)
        if found is not None:
            return found
        code, cell = Code(self, row), row.cell(index)
        if row.variadic:
            code.lines, code.each = [f"    x = args[{index}]"], False
        rule, taken = row.in_floats[cell], row.taken[cell]
        if taken is not None and row.rules[cell].number is not None:
            rule = row.rules[cell]  # where the edge is taken, floats have the same
        if rule.number in {0, 1}:
            part = "given" if rule.number else "0.0"
        else:
            part = self.INFIX.get("times", "(given * {0})").format(code.rule(rule))
        if taken is not None and "taken" in self.INFIX:
            part = self.INFIX["taken"].format(code.rule(taken), part)
        elif taken is not None:
            part = code.chosen(code.rule(taken), part)
        found = self.made[key] = code.function(["given", "out", *code.inputs, "into=None"], part)
        return found

    def _of_each(self, row: Row, scalar: Callable[..., Value]) -> Callable[..., Sequence[Value]]:
        """Return f(out, *inputs): the partials by all inputs; what many share is found once."""
        few: dict[int, list[Local]] = {}

        def found(out: Value, *inputs: Value) -> Sequence[Value]:
            if not isinstance(out, np.ndarray):
                return scalar(out, *inputs)  # type: ignore[no-any-return]
            count = len(inputs)
            if count <= FEW and self.floats:
                if count not in few:
                    few[count] = [
                        Local(self._times(row, at), at, floats=True) for at in range(count)
                    ]
                locals_ = few[count]
            else:
                known: list[Value] = []
                locals_ = [Local(self._passing(row, at, known), at) for at in range(count)]
            return [Partial(local, out, inputs) for local in locals_]

        return found

    def _passing(self, row: Row, at: int, known: list[Value]) -> Callable[..., Value]:
        """Return f(given, out, *inputs): what passes to an input, of any number of inputs.

        ``known`` takes in what the rules say for all inputs of the one node it is for.
        """
        rules = [rule for rule in (*row.in_floats, *row.taken) if rule is not None]
        functions = [by_input(row, [rule], self) for rule in rules]
        passed = self.scope.get("passed", _passed)

        def found(given: Value, out: Value, *inputs: Value) -> Value:
            if not known:
                known[:] = [function(out, *inputs) for function in functions]
            part = given * known[0][at]
            return part if len(known) == 1 else passed(known[1][at], part)

        return found

    def swept(self, value: Value) -> Value:
        """Return what a sweep found, as a number of the arithmetic."""
        return value

    def mul(self, given: Value, partial: Value) -> Value:
        """Return what goes back along an edge."""
        return self.back(given, partial, last=False)

    def back(self, given: Value, partial: Value, *, last: bool) -> Value:
        """Return what goes back along an edge; with ``last`` the adjoint given is given up."""
        if isinstance(partial, Partial):
            return partial.back(given, last=last)
        return plain(given) * partial

    def forth(self, given: Value, partial: Value) -> Value:
        """Return what goes forward along an edge of an elementwise operation."""
        return partial.forth(given) if isinstance(partial, Partial) else plain(given) * partial

    def add(self, one: Value, other: Value) -> Value:
        """Return the sum of what arrives by two ways; in place where one is nobody else's."""
        if type(one) is Owned and one.free:
            one.array += other.array if type(other) is Owned else other
            return one
        if type(other) is Owned and other.free:
            other.array += one.array if type(one) is Owned else one
            return other
        total = plain(one) + plain(other)
        return Owned(total) if type(total) is np.ndarray and total.size >= MANY else total

    def rule_of(self, partial: Value) -> tuple[Graph, int, dict[str, Value]] | None:
        """Return what an operation on whole arrays sends back: a graph, its root and bindings.

        None for an elementwise operation. The rule is linear in g: here it is any array of the
        value's shape.
        """
        return partial.rule() if isinstance(partial, Whole) else None

    def fit(self, value: Value, like: Value) -> Value:
        """Return what arrived at a node, in the shape of ``like``: zeros where nothing did."""
        return fit(0.0 if value is None else plain(value), np.shape(like))

    def in_shape(self, adjoints: Sequence[Value], values: Sequence[Value]) -> list[Value]:
        """Return adjoints in the shapes of their nodes; None where nothing arrives."""
        pairs = zip(adjoints, values, strict=True)
        return [None if one is None else fit(plain(one), np.shape(value)) for one, value in pairs]


def _passed(taken: Value, part: Value) -> Value:
    """Return what passes where an edge is taken: chosen, for 0 times nan is nan."""
    bits = taken if getattr(taken, "dtype", None) == np.dtype(bool) else np.not_equal(taken, 0)
    return np.where(bits, part, 0.0)
