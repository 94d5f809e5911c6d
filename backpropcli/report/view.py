"""What is shown of a graph: the surface graph, with a name and what it names as one node.

Nodes are numbered anew, in topological order.
"""

from __future__ import annotations

from backpropcli.graph.cells import late
from backpropcli.graph.walks import named_bodies
from backpropcli.language.surface import CALL, DIFF
from backpropcli.report.flow.flow import Edge, Node
from backpropcli.report.needed import needed
from backpropcli.report.spelled import decimals, expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row
    from backpropcli.report.flow.flow import Flow
    from backpropcli.report.run import Run


def _literals(graph: Graph) -> set[int]:
    """Return the arrays of a surface graph that are written with numbers alone."""
    found: set[int] = set()
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if operation == "array" and all(one in found or graph.literal(one) for one in inputs):
            found.add(number)
    return found


class View:
    """The nodes that are shown, by number.

    ``operations``, ``inputs`` and ``args`` are those of the nodes; ``names`` the user's names for
    intermediates ("" for none), ``values`` and ``adjoints`` a float each, ``typed`` the
    decimal number that was typed for a value ("" where it is computed), ``calls`` the names of the
    functions that are called (and "diff"), by node; ``closed`` are operations that are written out
    below, but shown as one. ``ids`` has the number of each node of the surface graph, ``outputs``
    those of the program's outputs, ``seeds`` the outputs' cotangents.
    """

    def __init__(self, run: Run, flow: Flow) -> None:
        self.run = run
        self.flow = flow
        self.program = program = run.program
        surface, places = program.graph, run.lowered.places
        bodies, hidden = named_bodies(surface, program.outputs)
        closed = _literals(surface) if run.arrays else set()
        flags, made_of = needed(program, run.lowered, bodies, hidden, closed)
        self._heads = [number for number, flag in enumerate(flags) if flag]
        self._bodies = [bodies[head] for head in self._heads]
        self.ids = [-1] * len(surface)
        for number, head in enumerate(self._heads):
            self.ids[head] = number
            if hidden[bodies[head]]:
                self.ids[bodies[head]] = number
        self.table = run.graph.table
        self.operations = [surface.operations[body] for body in self._bodies]
        self.names = [program.name(head) for head in self._heads]
        self.args = [surface.args.get(body) for body in self._bodies]
        self.places = [places[head] for head in self._heads]
        self.values = [run.values[place] for place in self.places]
        self.typed = [
            decimals(run, body, value)
            for body, value in zip(self._bodies, self.values, strict=True)
        ]
        self.adjoints = [flow.adjoints[place] for place in self.places]
        self.outputs = [self.ids[output] for output in program.outputs]
        self.root = self.ids[program.root]
        self._shown = {place: number for number, place in enumerate(self.places)}
        self.seeds = {
            self._shown[place]: seed for place, seed in run.seeds.items() if place in self._shown
        }
        self.top = max(self.seeds, default=self.root)
        self.calls: dict[int, str] = {}
        self.closed: set[int] = set()
        self.inputs: list[tuple[int, ...]] = []
        for number, body in enumerate(self._bodies):
            inputs = tuple([self.ids[child] for child in surface.inputs[body]])
            if self.operations[number] == CALL:
                self.calls[number] = self.args[number].name  # type: ignore[attr-defined]
            elif self.operations[number] == DIFF:
                self.calls[number] = DIFF
                inputs = tuple([self.ids[child] for child in made_of[body]])
            elif run.arrays:
                if body in closed:
                    inputs = ()
                elif inputs and self.row(number).derived:
                    self.closed.add(number)
            self.inputs.append(inputs)

    def __len__(self) -> int:
        return len(self.operations)

    def __iter__(self) -> Iterator[Node]:
        """Yield the nodes in topological order. Linear, and nothing is kept."""
        return map(self.node, range(len(self)))

    def node(self, number: int) -> Node:
        """Return node ``number``."""
        adjoint = self.adjoints[number]
        name = self.names[number]
        return Node(
            number,
            self.calls.get(number) or self.operations[number],
            [name] if name else [],
            self.span(number),
            self.values[number],
            adjoint,
            self.status(number),
            self.edges(number),
        )

    def status(self, number: int) -> str:
        """Say why node ``number`` has no adjoint; "" if it has one."""
        return self.flow.status(self.places[number])

    def row(self, number: int) -> Row:
        """Return the row of a node's operation. Raises KeyError for a leaf and a call."""
        return self.table[self.operations[number]]

    def body(self, number: int) -> int:
        """Return the node of the program's graph that a node's operation is."""
        return self._bodies[number]

    def span(self, number: int) -> tuple[int, int]:
        """Return where a node stands in the source."""
        at = self._heads[number]
        return self.program.starts[at], self.program.ends[at]

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node as the user wrote it."""
        return self.program.text(self._heads[number], limit)

    def edges(self, number: int) -> list[Edge]:
        """Return the edges from node ``number`` to what is shown below it."""
        inputs = self.inputs[number]
        if self._is_one(number):
            return self._through(number)
        if not inputs:
            return []
        edges = self.flow.edges(self.run.lowered.places[self._bodies[number]])
        why = "" if self.adjoints[number] is not None else self.status(number)
        for edge, child in zip(edges, inputs, strict=True):
            edge.input = child
            if edge.flow == "unused":  # nothing arrives here that could go on
                edge.flow = why or edge.flow
        return edges

    def _is_one(self, number: int) -> bool:
        """Say whether a node stands for several operations, as a call does."""
        return number in self.calls or number in self.closed

    def _below(self, number: int) -> Iterable[int]:
        """Return where edges go: one to each input of a call, as f(x, x) is a function of x."""
        inputs = self.inputs[number]
        return dict.fromkeys(inputs) if self._is_one(number) else inputs

    def _through(self, number: int) -> list[Edge]:
        """Return the edges of a call, or of a derivative, as those of one operation."""
        flow, adjoint = self.flow, self.adjoints[number]
        places = {child: self.places[child] for child in self._below(number)}
        partials = {}
        if adjoint is not None:
            partials = flow.through(self.places[number], set(places.values()))
        found = []
        for index, (child, place) in enumerate(places.items()):
            passed = partials.get(place)
            if not flow.moving[place]:
                found.append(Edge(child, index, None, None, flow.idle(place)))
            elif adjoint is None:
                found.append(Edge(child, index, None, None, self.status(number)))
            elif passed is not None:
                found.append(Edge(child, index, *passed, ""))
            elif flow.blocked(self.places[number]):
                why = flow.idle(self.places[number])
                found.append(Edge(child, index, 0.0 if why == "flat" else None, None, why))
            else:
                found.append(Edge(child, index, 0.0, flow.zero(place), ""))
        return found

    @late
    def carrying(self) -> list[tuple[int, Edge]]:
        """Return the edges along which something goes, with their users, in topological order."""
        return [
            (number, edge)
            for number, adjoint in enumerate(self.adjoints)
            if adjoint is not None
            for edge in self.edges(number)
            if edge.contribution is not None
        ]

    @late
    def arrivals(self) -> list[list[Any]]:
        """Return for each node the contributions that its adjoint is the sum of."""
        found: list[list[Any]] = [[] for _ in self.values]
        for _, edge in self.carrying:
            found[edge.input].append(edge.contribution)
        return found

    def terms(self, number: int) -> list[Any]:
        """Return what an adjoint is the sum of: the cotangent of an output, and contributions."""
        seeds = [self.seeds[number]] if number in self.seeds else []
        return seeds + self.arrivals[number]

    def moves(self, number: int) -> bool:
        """Say whether a node's value moves with a name that is asked for."""
        return bool(self.flow.moving[self.places[number]])

    def at(self, place: int) -> int | None:
        """Return the node that is shown for one of the flat graph, None if there is none."""
        return self._shown.get(place)

    def shared(self) -> list[int]:
        """Return the operations that are used more than once, from the output down.

        An output that is used counts too; one or two numbers, as in sqrt(2), do not.
        """
        uses = [0] * len(self)
        for output in dict.fromkeys(self.outputs):
            uses[output] += 1
        for number in range(len(self)):
            for child in self._below(number):
                uses[child] += 1
        return [at for at in range(len(self) - 1, -1, -1) if uses[at] > 1 and not self._plain(at)]

    def _plain(self, number: int) -> bool:
        """Say whether a node is a leaf, or one or two numbers without a name."""
        inputs = self.inputs[number]
        few = len(inputs) <= 2 and not self.names[number]  # noqa: PLR2004
        return not inputs or (few and all(map(self.literal, inputs)))

    def literal(self, number: int) -> bool:
        """Say whether a node is a number without a name, such as 2 or -2."""
        if self.names[number]:
            return False
        whole = self.operations[number] == "array" and not self.inputs[number]
        return whole or self.program.graph.literal(self._heads[number])

    def expression(self, number: int) -> str:
        """Return the short expression that was typed for a variable's value, "" if none was."""
        return expression(self.run, self._bodies[number])
