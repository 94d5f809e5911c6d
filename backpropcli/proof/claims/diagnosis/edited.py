"""A wrong claim as a graph of its own, to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.forward import forward
from backpropcli.graph.arrays import ARRAYS
from backpropcli.graph.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backpropcli.proof.claims.diagnosis.looked import Looked

    Inputs = tuple[int, ...]
    Change = Callable[[Graph, int, Inputs], int | None]
    """Makes a node of a copy, given the copy, the node and its inputs there; None: as it was."""

MOST = 80
"""Operations of a claim that are edited."""
SUMS = {"add", "sub"}


class Edited:
    """A claim as a graph of its own that can be edited: ``inside`` are its operations."""

    def __init__(self, looked: Looked) -> None:
        self.looked = looked
        first = looked.samples[0]
        self.graph, self.root = first.graph, first.claim
        self.table = ARRAYS | self.graph.table
        """What an edit may need: a program may have arrays, and no operation of them."""
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

    def text(self, node: int) -> str:
        """Return a node as the user wrote it, or by its name."""
        return self.looked.text(node)

    def static(self, node: int) -> dict[str, Any]:
        """Return what is static in an operation, by name: its axis, and the like."""
        row, arg = self.table.get(self.graph.operations[node]), self.graph.args.get(node)
        if row is None or not row.static or not isinstance(arg, tuple):
            return {}
        return dict(zip(row.static, arg, strict=True))

    def statics(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the operations in the claim, with what is static in each."""
        yield from ((at, self.static(at)) for at in self.inside)

    def with_static(self, at: int, other: Mapping[str, Any]) -> Change:
        """Return the change of what is static in a node."""
        arg = tuple((self.static(at) | dict(other)).values())
        operation = self.graph.operations[at]
        return lambda found, node, inputs: (
            found.node(operation, inputs, arg) if node == at else None
        )

    def with_inputs(self, at: int, make: Callable[[Graph, Inputs], Inputs]) -> Change:
        """Return the change of a node's inputs."""

        def change(found: Graph, node: int, inputs: Inputs) -> int | None:
            if node != at:
                return None
            operation, arg = self.graph.operations[at], self.graph.args.get(at)
            return found.node(operation, make(found, inputs), arg)

        return change

    def with_term(self, at: int, place: int, make: Callable[[Graph, int], int]) -> Change:
        """Return the change of one input of a node."""
        return self.with_inputs(
            at,
            lambda found, inputs: (
                *inputs[:place],
                make(found, inputs[place]),
                *inputs[place + 1 :],
            ),
        )

    def with_factor(self, at: int, place: int, factor: Callable[[Graph], int]) -> Change:
        """Return the change of one input of a node to a multiple of it."""
        return self.with_term(at, place, lambda found, one: found.node("mul", (factor(found), one)))

    def works(self, change: Change) -> bool:
        """Say whether a change of nodes makes the claim right everywhere."""
        found = Graph(self.table)
        places: dict[int, int] = {}
        for at in self.nodes:
            below = () if at in self.given else self.graph.inputs[at]
            inputs = tuple([places[child] for child in below])
            node = change(found, at, inputs)
            if node is None and at in self.given:
                node = copied(self.graph, found, at)
            elif node is None:
                node = found.node(self.graph.operations[at], inputs, self.graph.args.get(at))
            places[at] = node
        root = places[self.root]
        try:
            return all(
                one.near(
                    np.asarray(forward(found, one.numbers, one.bindings)[root], float), one.true
                )
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

    def needs(self, term: tuple[int, int, int]) -> bool:
        """Say whether the claim is wrong without a term: no factor is missing at one too many."""
        at, place, _ = term
        return not self.works(self.with_factor(at, place, number(0.0)))


def number(value: float) -> Callable[[Graph], int]:
    """Return what makes the node of a number in a graph."""
    return lambda found: found.node("number", (), value)


def copied(graph: Graph, found: Graph, root: int) -> int:
    """Return a node of one graph in another."""
    return found.write(graph, keep=graph.ancestors([root]))[root]
