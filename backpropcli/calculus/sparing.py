"""A program with arrays at a point, in little memory: a value is given up after its last use.

One that no local derivative reads is given up in the forward pass, any other where the reverse
pass has gone by. In the place of such a value stands its outline, which has its shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.outlines import Outlines, same_memory, written_over
from backpropcli.arithmetics.rules import reads, word
from backpropcli.calculus.linearize import STATIC, plan_of
from backpropcli.graph.graph import LEAVES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from backpropcli.arithmetics.arrays import Arrays
    from backpropcli.graph.graph import Graph

    Value = Any

ARRAY = np.ndarray


class Sparing:
    """The edges of a graph, each made when ``pull`` asks for it.

    ``values`` are those of all nodes, or what the forward pass has left of them. ``active`` is as
    in ``Edges``.
    """

    def __init__(
        self, graph: Graph, arrays: Arrays, wrt: Collection[int], values: Sequence[Value] = ()
    ) -> None:
        self.graph = graph
        self.arrays = arrays
        self.values = list(values)
        self.active = active = bytearray(len(graph))
        for number in wrt:
            active[number] = 1
        self.plans: list[Any] = []
        known: dict[tuple[Any, ...], Any] = {}
        nodes = enumerate(zip(graph.operations, graph.inputs, strict=True))
        for number, (operation, inputs) in nodes:
            key = operation, *[active[child] for child in inputs]
            if key not in known:
                moving = tuple([at for at, moves in enumerate(key[1:]) if moves])
                row = graph.table[operation] if moving else None
                known[key] = row and plan_of(row, arrays, moving, len(inputs))
            plan = known[key]
            active[number] |= plan is not None
            self.plans.append(plan)

    def forward(
        self,
        bindings: Mapping[str, Value],
        keep: Collection[int],
        watch: Mapping[int, Callable[[Value, Sequence[Value]], None]],
    ) -> None:
        """Work the values out, and give up those that are not read any more.

        The nodes ``keep`` keep theirs. ``watch`` maps nodes to what their value and inputs are
        shown to.
        """
        with self.arrays.silence():
            self._forward(bindings, keep, watch)

    def _forward(
        self,
        bindings: Mapping[str, Value],
        keep: Collection[int],
        watch: Mapping[int, Callable[[Value, Sequence[Value]], None]],
    ) -> None:
        graph, arrays, values = self.graph, self.arrays, self.values
        last, read, shared = [0] * len(graph), bytearray(len(graph)), bytearray(len(graph))
        for number, inputs in enumerate(graph.inputs):
            for child in inputs:
                last[child] = number
        for number in keep:
            read[number] = 1
        outlines, ufuncs = Outlines(), arrays.ufuncs
        rows = {name: graph.table[name] for name in {*graph.operations} - {*LEAVES}}
        words = {name: word(row, arrays) for name, row in rows.items()}
        static = {name for name, row in rows.items() if row.static}
        nodes = enumerate(zip(graph.operations, graph.inputs, self.plans, strict=True))
        for number, (operation, inputs, plan) in nodes:
            given = [values[child] for child in inputs]
            arg: Any = graph.args.get(number)
            if plan is not None:
                for at in reads(rows[operation], plan[1], given, arg):
                    read[inputs[at - 1] if at else number] = 1
            gone = [
                child
                for child in inputs
                if last[child] == number and not read[child] and type(values[child]) is ARRAY
            ]
            value = None
            if gone and operation in ufuncs and number not in watch:
                free = [values[child] for child in gone if not shared[child]]
                value = written_over(ufuncs[operation], given, free)
            if value is None:
                if operation in static:
                    value = words[operation](*given, arg=arg)
                elif inputs:
                    value = words[operation](*given)
                elif operation == "variable":
                    value = bindings[arg]
                else:
                    leaf = arrays.constant if operation == "constant" else arrays.double
                    value = leaf(arg)
                if type(value) is ARRAY and (not inputs or same_memory(value, given)):
                    shared[number] = 1
                    for child in inputs:
                        shared[child] = 1
            if number in watch:
                watch[number](value, given)
            for child in gone:
                values[child] = outlines[values[child].shape, values[child].dtype]
            values.append(value)

    def below(self, head: int) -> list[tuple[int, Value]]:
        """Return the edges of a node: its inputs, each with the local derivative.

        Nobody asks for them again, nor for the node's value.
        """
        plan = self.plans[head]
        if plan is None:
            return []
        values, inputs = self.values, self.graph.inputs[head]
        given = [values[head], *[values[child] for child in inputs]]
        values[head] = None
        only, on, constant, function = plan
        if only == STATIC:
            found = function(*given, arg=self.graph.args[head])
        else:
            found = constant or function(*given)
        pairs = zip(on, found, strict=True)
        return [(inputs[at], partial) for at, partial in pairs if partial is not None]
