"""A program with arrays at a point, in little memory: a value is given up after its last use.

One that no local derivative reads is given up in the forward pass, any other in the reverse pass
where the last local derivative has read it. In the place of such a value stands its outline, which
has its shape; what comes next may be written over it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from backpropcli.arithmetics.adjoints import reads
from backpropcli.arithmetics.arrays.outlines import (
    ARRAY,
    MANY,
    axes_of,
    fills,
    outline_of,
    same_memory,
)
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.plans import KNOWN, last_uses, owners, planned
from backpropcli.graph.graph import LEAVES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from backpropcli.arithmetics.arrays.arrays import Arrays
    from backpropcli.graph.graph import Graph

    Value = Any
    Words = dict[str, Callable[..., Value]]
    Watch = Mapping[int, Callable[[Value, Sequence[Value]], None]]


class Sparing:
    """The two passes over a graph, whose edges are made when ``pull`` comes to them.

    ``values`` are those of all nodes, or what the forward pass has left of them. ``active`` is as
    in ``Edges``. There is no edge to a node whose adjoint is ``known``.
    """

    def __init__(
        self,
        graph: Graph,
        arrays: Arrays,
        wrt: Collection[int],
        values: Sequence[Value] = (),
        known: Collection[int] = (),
    ) -> None:
        self.graph = graph
        self.arrays = arrays
        self.values = list(values)
        self.active = active = bytearray(len(graph))
        self.dying: dict[int, list[list[int]]] = {}
        for number in wrt:
            active[number] = KNOWN if number in known else 1
        self.plans = planned(graph, arrays, active)

    def forward(self, bindings: Mapping[str, Value], keep: Collection[int], watch: Watch) -> None:
        """Work the values out, and give up those that are not read any more.

        The nodes ``keep`` keep theirs. ``watch`` maps nodes to what their value and inputs are
        shown to.
        """
        rows = {name: self.graph.table[name] for name in {*self.graph.operations} - {*LEAVES}}
        words: Words = {name: word(row, self.arrays) for name, row in rows.items()}
        words |= {"constant": self.arrays.constant, "number": self.arrays.double}
        words["variable"] = bindings.__getitem__
        static = {name for name, row in rows.items() if row.static}
        with self.arrays.silence():
            self._forward_few(words, static, watch)
            if len(self.values) < len(self.graph):
                self._forward(words, static, {*keep}, watch)

    def _forward_few(self, words: Words, static: set[str], watch: Watch) -> None:
        """Work values out, all of which are kept, until one has many elements."""
        values, args = self.values, self.graph.args
        ufuncs = self.arrays.ufuncs
        for number, (operation, inputs) in enumerate(
            zip(self.graph.operations, self.graph.inputs, strict=True)
        ):
            if operation in static:
                value = words[operation](*[values[child] for child in inputs], arg=args[number])
            elif not inputs:
                value = words[operation](args[number])
            elif len(inputs) == 2:  # noqa: PLR2004 (the usual counts are written out)
                one, other = values[inputs[0]], values[inputs[1]]
                if type(one) is not ARRAY or operation not in ufuncs:
                    value = words[operation](one, other)
                else:
                    value = ufuncs[operation](one, other)
            elif len(inputs) == 1:
                one = values[inputs[0]]
                fast = type(one) is ARRAY and operation in ufuncs
                value = (ufuncs if fast else words)[operation](one)
            else:
                value = words[operation](*[values[child] for child in inputs])
            values.append(value)
            if number in watch:
                watch[number](value, [values[child] for child in inputs])
            if type(value) is ARRAY and value.size >= MANY:
                return

    def _forward(  # noqa: C901, PLR0912 (written out: it is the loop that takes the time)
        self, words: Words, static: set[str], keep: set[int], watch: Watch
    ) -> None:
        """Work the other values out, and give up those that are not read any more."""
        graph, values, args, ufuncs = self.graph, self.values, self.graph.args, self.arrays.ufuncs
        fresh = {*ufuncs} & {*words}
        read, shared = [0] * len(graph), bytearray(len(graph))  # by the first: the last in reverse
        owner, names = owners(graph)
        last = last_uses(graph, owner)
        for number in keep:
            read[owner[number]] = len(graph)
        few = len(values)  # of these it is not known who reads them
        shared[:few], read[:few] = b"\1" * few, [len(graph)] * few
        nodes = enumerate(zip(graph.operations, graph.inputs, self.plans, strict=True))
        for number, (operation, inputs, plan) in islice(nodes, few, None):
            if not inputs:
                shared[number] = 1
                function, arg = words[operation], args[number]
                values.append(function(arg=arg) if operation in static else function(arg))
                continue
            given = [values[child] for child in inputs]
            if plan is not None:
                marks = plan.reads
                if marks is None:
                    marks = reads(plan.row, plan.on, tuple(map(axes_of, given)), args.get(number))
                for at in marks:
                    one = owner[inputs[at - 1] if at else number]
                    read[one] = read[one] or number
            free = None
            for child in {owner[child] for child in inputs}:
                value = values[child]
                if last[child] == number and not read[child] and type(value) is ARRAY:
                    for one in names.get(child, (child,)):
                        values[one] = outline_of(value)
                    if value.size >= MANY and not shared[child]:
                        free = value
            ufunc = ufuncs.get(operation)
            many = free is not None or type(given[0]) is ARRAY
            if ufunc is not None and many and number not in watch:
                into = free is not None and fills(free, given)
                value = ufunc(*given, out=free) if into else ufunc(*given)
            else:
                if operation in static:
                    value = words[operation](*given, arg=args[number])
                else:
                    value = words[operation](*given)
                if operation not in fresh and type(value) is ARRAY and same_memory(value, given):
                    for one in (number, *inputs):
                        shared[owner[one]] |= number == owner[number]
                if number in watch:
                    watch[number](value, given)
            values.append(value)
        for number, reader in enumerate(read):
            if 0 < reader < len(graph) and not shared[number]:
                value = values[number]
                if type(value) is ARRAY and value.size >= MANY:
                    self.dying.setdefault(reader, []).append(names.get(number, [number]))

    def pull(
        self, seeds: Mapping[int, Value], keep: Collection[int] | None = None
    ) -> list[Value | None]:
        """Return the adjoints of the nodes ``keep``, of all if None, as ``pull`` of edges does.

        Another adjoint is given up once it has been passed on: what goes along the last edge may be
        written over it.
        """
        found: list[Value | None] = [None] * len(self.graph)
        for number, seed in seeds.items():
            found[number] = seed
        add, back = self.arrays.add, self._back
        kept = range(len(found)) if keep is None else {*keep}
        with self.arrays.silence():
            for head in range(len(found) - 1, -1, -1):
                given = found[head]
                if given is None:
                    continue
                if spent := head not in kept:
                    found[head] = None
                for tail, part in back(head, given, last=spent):
                    before = found[tail]
                    found[tail] = part if before is None else add(before, part)
        return found

    def _back(self, head: int, given: Value, *, last: bool) -> list[tuple[int, Value]]:
        """Return what goes back from a node, given its adjoint: the inputs, each with its part.

        Nobody asks again, nor for the node's value; with ``last`` nor for the adjoint.
        """
        plan = self.plans[head]
        if plan is None or not plan.on:
            return []
        values, inputs = self.values, self.graph.inputs[head]
        out, values[head] = values[head], None
        if last and plan.same:
            return [(inputs[0], given)]
        below = [values[child] for child in inputs]
        spare = self._spare(head, out)
        swept = self.arrays.swept
        found: list[tuple[int, Value]] = []
        if plan.locals and type(out) is ARRAY:
            if out.size < MANY:
                return plan.few(given, out, below, inputs)
            for at, local, final in plan.locals:
                over = spare if final else None
                part = local.back(given, out, below, last=last and final, spare=over)
                found.append((inputs[at], swept(part)))
        else:
            edges = plan.partials(out, below, self.graph.args.get(head))
            ends = [*[False] * (len(edges) - 1), last]
            for (at, partial), end in zip(edges, ends, strict=False):
                part = self.arrays.back(given, partial, last=end)
                found.append((inputs[at], swept(part)))
        return found

    def _spare(self, head: int, out: Value) -> Value:
        """Give up what is read for the last time with a node: return one of these, as the value is.

        None where there is no such array.
        """
        spare = None
        for numbers in self.dying.get(head, ()):
            value = out if numbers[0] == head else self.values[numbers[0]]
            for number in numbers:
                self.values[number] = outline_of(value)
            if type(out) is ARRAY and value.shape == out.shape and value.dtype == out.dtype:
                spare = value
        return spare
