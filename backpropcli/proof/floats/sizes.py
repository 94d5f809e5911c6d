"""Sides of choices that go by sizes alone: where(n > 100, ...) has one that small sizes never take.

A proof is at few choices of sizes; whether others take such a side is cheap to find out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward
from backpropcli.calculus.unified import settled
from backpropcli.proof.equality.points import around, literals
from backpropcli.proof.floats.reached import choices_of, takes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.calculus.sizing import Shapes
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.choices import Choices, Side

    Key = tuple[int, int, int]
    Sizes = Mapping[str, int]
    Value = Any

PLAIN = {"add", "sub", "mul", "div", "neg", "pow", "sqrt", "name", "result", "size"}
"""Operations that choose nothing, of which most programs make what goes by sizes."""
SMALL, POWERS = range(1, 13), range(4, 31)
"""Sizes, and powers of 2 that are, which may take a side."""
FIXED, BY_SIZES, MOVING = range(3)
"""What a node goes by: by nothing, by sizes alone, or by numbers as well."""


class Lettered:
    """Programs whose letters of ``shapes`` were ``tried`` at some choices of sizes.

    Other ``values`` stay. Further sizes have to meet ``conditions``: nodes, each with its graph.
    """

    def __init__(
        self,
        shapes: Shapes,
        values: Mapping[str, Value],
        tried: Sequence[Sizes],
        conditions: Sequence[tuple[Graph, int]] = (),
    ) -> None:
        self.shapes = shapes
        self.values = values
        self.tried = tried
        self.conditions = [
            (graph, [node]) for graph, node in conditions if self._kinds(graph)[node] == BY_SIZES
        ]

    def missed(self, lowered: Lowered, roots: Sequence[int]) -> str:
        """Return which side no sizes take that were tried, and others do; "" if there is none."""
        graph = lowered.graph
        below, kinds = graph.ancestors(roots), self._kinds(graph)
        chosen = [
            at
            for at, operation in enumerate(graph.operations)
            if below[at] and kinds[at] == BY_SIZES and operation not in {*PLAIN, "variable"}
        ]
        if not chosen:
            return ""
        choices = choices_of(lowered, roots)
        kinds = self._kinds(choices.graph)
        sides = [side for side in choices.sides if kinds[side.score] == BY_SIZES]
        taken = {side.key for sizes in self.tried for side in self._taken(choices, sides, sizes)}
        left = [side for side in sides if side.key not in taken]
        for sizes in self._others(choices.graph) if left else ():
            for side in self._taken(choices, left, sizes):
                told = " ".join(f"{name}={size}" for name, size in sizes.items())
                where = choices.text(side)
                return f"no sizes that were tried reach the side where {where}: {told} would"
        return ""

    def _kinds(self, graph: Graph) -> list[int]:
        """Return what each node goes by."""
        found: list[int] = []
        for node, (operation, inputs) in enumerate(
            zip(graph.operations, graph.inputs, strict=True)
        ):
            kind = max((found[child] for child in inputs), default=FIXED)
            if operation == "variable":
                kind = BY_SIZES if graph.args[node] in self.tried[0] else MOVING
            elif operation == "size":
                [source] = inputs
                kind = BY_SIZES if graph.args.get(source) in self.shapes else MOVING
            found.append(kind)
        return found

    def _taken(self, choices: Choices, sides: Sequence[Side], sizes: Sizes) -> list[Side]:
        """Return the sides that sizes take; whether one is felt may go by numbers as well."""
        graph, kinds, found = choices.graph, self._kinds(choices.graph), []
        nodes = [node for side in sides for node in side.scores if kinds[node] != MOVING]
        values = dict(zip(nodes, self._run(graph, nodes, sizes), strict=True))
        for side in sides:
            felt = 1.0 if side.felt is None else values.get(side.felt, 1.0)
            if takes(choices, side, values[side.score], felt):
                found.append(side)
        return found

    def _run(self, graph: Graph, nodes: Sequence[int], sizes: Sizes) -> list[Value]:
        """Return the values of nodes that go by sizes; arrays are zeros that take no room."""
        part, places = graph.part(nodes)
        bindings: dict[str, Value] = {}
        for name in part.variables():
            if name in self.shapes:
                shape = [settled(size, sizes) for size in self.shapes[name]]
                bindings[name] = np.broadcast_to(0.0, shape)  # type: ignore[arg-type]
            else:
                bindings[name] = float(sizes[name]) if name in sizes else self.values[name]
        with np.errstate(all="ignore"):
            found: list[Value] = forward(part, FLOATS, bindings)
        return [found[places[node]] for node in nodes]

    def _others(self, graph: Graph) -> Iterator[Sizes]:
        """Yield other sizes, one letter after the other, that shapes and conditions allow."""
        near = [float(one) // 1 for one in around(*literals(graph))]
        sizes = {*SMALL, *[2**at for at in POWERS], *[int(one) for one in near if one >= 1]}
        first = self.tried[0]
        for size in sorted(sizes):
            for name in first:
                found = {**first, name: size}
                shapes = [settled(one, found) for shape in self.shapes.values() for one in shape]
                fit = all(not isinstance(one, int) or one >= 1 for one in shapes)
                if fit and all(np.all(self._run(*at, found)) for at in self.conditions):
                    yield found
