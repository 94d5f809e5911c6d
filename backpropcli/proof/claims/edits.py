"""Edits of a wrong claim that make it right: one sign, one factor, one transpose, one axis, one swap.

An edit is told only where it makes the claim right at every point that is looked at.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.proof.claims.answer import Diagnosis
from backpropcli.proof.claims.samples import same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backpropcli.proof.claims.diagnosis import Looked

    Change = Callable[[Graph, int, tuple[int, ...]], int | None]

MOST = 80
"""Operations of a claim that are edited."""
SIGNS = {"sub": "-", "div": "/", "matmul": "@", "pow": "^", "outer": "and"}
SUMS = {"add", "sub"}
FACTORS = (2.0, 0.5)


class _Edited:
    """A claim as a graph of its own that can be edited: ``inside`` are its operations."""

    def __init__(self, looked: Looked) -> None:
        self.looked = looked
        first = looked.samples[0]
        self.graph, self.root = first.graph, first.claim
        self.values = first.values
        program = self.graph.ancestors([first.of])
        self.nodes = self._own(program)
        self.given = {
            at for at in self.nodes if program[at] and self.graph.operations[at] == "name"
        }
        self.inside = [at for at in self.nodes if self.graph.inputs[at] and at not in self.given][
            -MOST:
        ]

    def _own(self, program: Sequence[int]) -> list[int]:
        """Return the nodes of the claim, down to variables and to names of the program."""
        own = bytearray(len(self.graph))
        own[self.root] = 1
        for at in range(self.root, -1, -1):
            if own[at] and not (program[at] and self.graph.operations[at] == "name"):
                for child in self.graph.inputs[at]:
                    own[child] = 1
        return [at for at, flag in enumerate(own) if flag]

    def shape(self, node: int) -> tuple[int, ...]:
        """Return the shape of a node's value."""
        return np.shape(self.values[node])

    def works(self, change: Change) -> bool:
        """Say whether a change of nodes makes the claim right everywhere."""
        found = Graph(self.graph.table)
        places: dict[int, int] = {}
        for at in self.nodes:
            below = () if at in self.given else self.graph.inputs[at]
            inputs = tuple([places[child] for child in below])
            node = change(found, at, inputs)
            if node is None and at in self.given:
                node = _copied(self.graph, found, at)
            elif node is None:
                node = found.node(self.graph.operations[at], inputs, self.graph.args.get(at))
            places[at] = node
        root = places[self.root]
        try:
            return all(
                same(np.asarray(forward(found, one.numbers, one.bindings)[root], float), one.true)
                for one in self.looked.samples
            )
        except (ValueError, IndexError, TypeError):  # the shapes do not fit in this way
            return False

    def terms(self) -> Iterator[tuple[int, int, int]]:
        """Yield the sums in the claim: each with the place of a term, and the term."""
        for at in self.inside:
            if self.graph.operations[at] in SUMS:
                for place, child in enumerate(self.graph.inputs[at]):
                    yield at, place, child

    def with_term(self, at: int, place: int, make: Callable[[Graph, int], int]) -> Change:
        """Return the change of one input of a node."""

        def change(found: Graph, node: int, inputs: tuple[int, ...]) -> int | None:
            if node != at:
                return None
            inputs = (*inputs[:place], make(found, inputs[place]), *inputs[place + 1 :])
            return found.node(self.graph.operations[at], inputs, self.graph.args.get(at))

        return change


def _sign(looked: Looked) -> Diagnosis | None:
    claim = _Edited(looked)
    for at, place, child in claim.terms():
        if claim.works(claim.with_term(at, place, lambda found, one: found.node("neg", (one,)))):
            what = looked.text(child)
            return Diagnosis("sign", f"the sign of {what} is flipped", term=what)
    return None


def _factor(looked: Looked) -> Diagnosis | None:
    """Look for a term with a factor too many, or too few: a small one, or the size of an array."""
    claim = _Edited(looked)
    sizes = {float(size) for one in looked.samples[0].bindings.values() for size in np.shape(one)}
    factors = [*FACTORS, *(one for size in sorted(sizes - {1.0, 2.0}) for one in (size, 1 / size))]
    for at, place, child in claim.terms():
        for factor in factors:

            def times(found: Graph, one: int, factor: float = factor) -> int:
                return found.node("mul", (found.node("number", (), factor), one))

            if claim.works(claim.with_term(at, place, times)):
                what = looked.text(child)
                told = f"{factor:g}" if factor >= 1 else f"1/{1 / factor:g}"
                text = f"the factor {told} is missing at {what}"
                return Diagnosis("factor", text, factor=told, term=what)
    return None


def _transposed(looked: Looked) -> Diagnosis | None:
    """Look for a matrix in the claim that has to be transposed: in one place, or everywhere."""
    claim = _Edited(looked)

    def turned(found: Graph, one: int) -> int:
        if found.operations[one] == "transpose" and found.args.get(one) == (None,):
            return found.inputs[one][0]
        return found.node("transpose", (one,), (None,))

    for at in claim.inside:
        if claim.graph.operations[at] == "transpose":
            continue
        for place, child in enumerate(claim.graph.inputs[at]):
            if len(claim.shape(child)) == 2 and claim.works(claim.with_term(at, place, turned)):  # noqa: PLR2004 (a matrix)
                return _is_transposed(looked, child, f"in {looked.text(at)}")
    for leaf in claim.nodes:
        if len(claim.shape(leaf)) != 2 or claim.graph.operations[leaf] not in {"variable", "name"}:  # noqa: PLR2004
            continue

        def change(
            found: Graph, node: int, inputs: tuple[int, ...], leaf: int = leaf
        ) -> int | None:
            if node == leaf:
                own = _copied(claim.graph, found, leaf)
                return found.node("transpose", (own,), (None,))
            is_turned = claim.graph.operations[node] == "transpose"
            if is_turned and claim.graph.inputs[node] == (leaf,):
                return found.inputs[inputs[0]][0]
            return None

        if claim.works(change):
            return _is_transposed(looked, leaf, "everywhere")
    return None


def _is_transposed(looked: Looked, node: int, where: str) -> Diagnosis:
    what = looked.text(node)
    if what.endswith(".T"):
        text = f"a transpose too many: {what} has to be {what[:-2]} {where}"
    else:
        text = f"a transpose is missing: {what} has to be ({what}).T {where}"
    return Diagnosis(
        "transposed",
        text.replace(f"({what}).T", f"{what}.T") if what.isidentifier() else text,
        of=what,
    )


def _axis(looked: Looked) -> Diagnosis | None:
    """Look for an operation along an axis that has to go along another one."""
    claim = _Edited(looked)
    for at in claim.inside:
        arg = claim.graph.args.get(at)
        if not isinstance(arg, tuple) or not arg or type(arg[0]) is not int:
            continue
        row = claim.graph.table[claim.graph.operations[at]]
        count = len(claim.shape(claim.graph.inputs[at][0])) if claim.graph.inputs[at] else 0
        if "axis" not in str(getattr(row, "signature", row.name)) and count < 2:  # noqa: PLR2004
            continue
        for axis in range(count):
            for rest in {arg[1:], (*[True for _ in arg[1:2]], *arg[2:])}:
                if axis == arg[0] % count and rest == arg[1:]:
                    continue

                def change(
                    found: Graph,
                    node: int,
                    inputs: tuple[int, ...],
                    at: int = at,
                    other: tuple[Any, ...] = (axis, *rest),
                ) -> int | None:
                    if node != at:
                        return None
                    return found.node(claim.graph.operations[at], inputs, other)

                if axis != arg[0] % count and claim.works(change):
                    what = looked.text(at)
                    text = f"{what} goes along axis {arg[0] % count}, and should go along {axis}"
                    return Diagnosis("axis", text, axes=[arg[0] % count])
    return None


def _swapped(looked: Looked) -> Diagnosis | None:
    """Look for an operation whose inputs are the wrong way round, or two arrays that are."""
    claim = _Edited(looked)
    for at in claim.inside:
        operation = claim.graph.operations[at]
        if operation not in SIGNS:
            continue

        def change(found: Graph, node: int, inputs: tuple[int, ...], at: int = at) -> int | None:
            if node != at:
                return None
            return found.node(claim.graph.operations[at], inputs[::-1], claim.graph.args.get(at))

        if claim.works(change):
            sign = SIGNS[operation]
            one, other = (looked.text(child) for child in claim.graph.inputs[at])
            text = f"operands are swapped: {one} {sign} {other} has to be the other way round"
            return Diagnosis("swapped", text, operation=sign)
    leaves = [at for at in claim.nodes if claim.graph.operations[at] in {"variable", "name"}]
    for one, other in combinations(leaves[-12:], 2):
        if claim.shape(one) != claim.shape(other) or _rests(claim.graph, one, other):
            continue
        if claim.works(_exchange(claim.graph, one, other)):
            names = looked.text(one), looked.text(other)
            text = f"{names[0]} and {names[1]} are swapped: each has to be where the other one is"
            return Diagnosis("swapped", text, operation="both")
    return None


def _rests(graph: Graph, one: int, other: int) -> bool:
    return bool(graph.ancestors([other])[one] or graph.ancestors([one])[other])


def _exchange(graph: Graph, one: int, other: int) -> Change:
    """Return the change that has two nodes in each other's place."""

    def change(found: Graph, node: int, inputs: tuple[int, ...]) -> int | None:
        del inputs
        return (
            _copied(graph, found, {one: other, other: one}[node]) if node in {one, other} else None
        )

    return change


def _term(looked: Looked) -> Diagnosis | None:
    """Look for a value that has to be added to the claim, or to be taken off it."""
    first = looked.samples[0]
    if first.claimed.shape != first.true.shape:
        return None
    below = first.graph.ancestors([first.of, first.claim])
    for node in [at for at, flag in enumerate(below) if flag][:MOST]:
        if np.shape(first.values[node]) not in {(), first.true.shape}:
            continue
        if first.graph.operations[node] == "number":
            continue
        for sign in (1, -1):
            if looked.fits(lambda one, node=node, sign=sign: one.true - sign * one.values[node]):  # type: ignore[misc]
                what = looked.text(node)
                told = what if sign > 0 else f"-{what}" if what.isidentifier() else f"-({what})"
                return Diagnosis("path", f"the term {told} is missing", term=told)
    return None


def _part(looked: Looked) -> Diagnosis | None:
    """Look for a term of the claim that lacks a factor, which is a value of the program."""
    claim = _Edited(looked)
    first = looked.samples[0]
    below = first.graph.ancestors([first.of])
    named = {"variable", "name"}
    factors = [
        at
        for at, flag in enumerate(below)
        if flag and first.graph.operations[at] in named and not claim.shape(at)
    ]
    for at, place, child in claim.terms():
        for node in factors[:12]:

            def times(found: Graph, one: int, node: int = node) -> int:
                return found.node("mul", (_copied(first.graph, found, node), one))

            if claim.works(claim.with_term(at, place, times)):
                what, term = looked.text(node), looked.text(child)
                text = f"the factor {what} is missing at {term}"
                return Diagnosis("missing", text, factor=what, term=term)
    return None


def _copied(graph: Graph, found: Graph, root: int) -> int:
    """Return a node of one graph in another."""
    places: dict[int, int] = {}
    for at, flag in enumerate(graph.ancestors([root])):
        if flag:
            inputs = tuple([places[child] for child in graph.inputs[at]])
            places[at] = found.node(graph.operations[at], inputs, graph.args.get(at))
    return places[root]


WAYS = (_sign, _axis, _transposed, _factor, _swapped, _term, _part)
