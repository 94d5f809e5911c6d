"""What a run found, as plain data: every renderer shows this and computes nothing itself."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import pullback
from backpropcli.calculus.reverse import live_edges
from backpropcli.report.kinks import kinks_met

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.graph.operations import Operation
    from backpropcli.language.program import Call, Program

INFINITY = float("inf")


class Edge:
    """One input of a node: its local derivative, and what it contributes to the input's adjoint.

    ``rule`` is the local derivative as books write it, in the names of the operation's row.
    ``flow`` says why nothing flows, where it does not: "data", "constant", "stopped" (by sg),
    "flat" (locally constant), "not taken" (by where, max, ...), "by rule" (a function with a rule
    has no use for its body's derivative), "unreached"; else "".
    """

    __slots__ = ("contribution", "flow", "input", "partial", "rule")

    def __init__(
        self, child: int, rule: str, partial: float | None, contribution: float | None, flow: str
    ) -> None:
        self.input = child
        self.rule = rule
        self.partial = partial
        self.contribution = contribution
        self.flow = flow


class Row:
    """One node: its place in the source, value, adjoint (or why it has none), and edges."""

    __slots__ = ("adjoint", "edges", "id", "names", "operation", "status", "value")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        number: int,
        operation: str,
        names: list[str],
        value: float,
        adjoint: float | None,
        status: str,
        edges: list[Edge],
    ) -> None:
        self.id = number
        self.operation = operation
        self.names = names
        self.value = value
        self.adjoint = adjoint
        self.status = status
        self.edges = edges


class Cause:
    """The first cause of what is not finite: the pass it is in, the node, and why."""

    __slots__ = ("input", "node", "phase", "reason")

    def __init__(self, phase: str, node: int, child: int | None, reason: str) -> None:
        self.phase = phase
        self.node = node
        self.input = child
        self.reason = reason


class Report:
    """The result of a run at a point.

    ``values`` and ``adjoints`` hold a float a node (an adjoint is None where nothing arrives),
    ``gradient`` a float for each name asked for, ``rows()`` the same node by node. ``seeds`` are
    the cotangents of the outputs: 1 for the one output of most programs. Calls are shown as one
    node, but for those of the functions that are ``opened`` (by name; "all" opens all).
    """

    quantity = "gradient"

    def __init__(  # noqa: PLR0913 (a record)
        self,
        program: Program,
        bindings: dict[str, float],
        wrt: dict[str, int],
        values: list[float],
        adjoints: list[float | None],
        active: bytearray,
        warnings: list[str],
        seeds: dict[int, float] | None = None,
    ) -> None:
        self.program = program
        self.bindings = bindings
        self.wrt = wrt
        self.values = values
        self.adjoints = adjoints
        self.active = active
        self.warnings = warnings
        self.seeds = {program.root: 1.0} if seeds is None else seeds
        self.opened: set[str] = set()
        self.top = max(self.seeds)
        self.value = values[self.top]
        self.gradient = {name: adjoints[number] or 0.0 for name, number in wrt.items()}
        self._reasons: dict[int, str] | None = None
        self._stands: bytearray | None = None
        self.kinks, self.conventions = kinks_met(self)
        self.causes = self._causes()

    @property
    def title(self) -> str:
        """The output's name, or the output as the user wrote it."""
        return self.program.title(self.program.root)

    def rows(self) -> Iterator[Row]:
        """Yield the nodes in topological order. Linear, and nothing is kept."""
        graph = self.program.graph
        for number, operation in enumerate(graph.operations):
            yield self.row(number, operation)

    def row(self, number: int, operation: str = "") -> Row:
        """Return node ``number``."""
        operation = operation or self.program.graph.operations[number]
        adjoint = self.adjoints[number]
        return Row(
            number,
            operation,
            self.program.spelled.get(number, []),
            self.values[number],
            adjoint,
            self.status(number) if adjoint is None else "",
            self.edges(number),
        )

    def edges(self, number: int) -> list[Edge]:
        """Return the edges from node ``number`` to its inputs."""
        graph = self.program.graph
        inputs = graph.inputs[number]
        if not inputs:
            return []
        row = graph.table[graph.operations[number]]
        count = len(inputs)
        adjoint = self.adjoints[number]
        live = live_edges(row, count)
        on: tuple[int, ...] = ()
        if adjoint is not None:
            on = tuple(i for i, child in enumerate(inputs) if live[i] and self.active[child])
        partials = self._partials(number, row, on)
        found = []
        for index, child in enumerate(inputs):
            rule = row.book(index)
            if index not in partials:
                flow = "stopped" if row.stops else "unreached"
                if row.own and index == count - 1:
                    found.append(Edge(child, rule, None, None, "by rule"))
                    continue
                if not row.stops and not live[index]:
                    flow = "flat"
                elif not row.stops and not self.active[child]:
                    flow = self.idle(child)
                found.append(Edge(child, rule, None, None, flow))
            elif (partial := partials[index]) is None:
                found.append(Edge(child, rule, 0.0, None, "not taken"))
            else:
                given = self.flows(number, child)
                found.append(Edge(child, rule, partial, (given or 0.0) * partial, ""))
        return found

    def flows(self, number: int, child: int) -> float | None:  # noqa: ARG002 (of an edge)
        """Return what the partial of the edge from a node to its input is multiplied with."""
        return self.adjoints[number]

    def closed(self, number: int) -> Call | None:
        """Return the call that node ``number`` is shown as, with its inside left out."""
        call = self.program.calls.get(number)
        if call is None or call.name in self.opened or "all" in self.opened:
            return None
        return call

    def shown_edges(self, number: int) -> list[Edge]:
        """Return the edges from node ``number`` to what is shown below it."""
        call = self.closed(number)
        if call is None:
            return self.edges(number)
        adjoint = self.adjoints[number]
        partials = self._through(number, set(call.inputs)) if adjoint is not None else {}
        found = []
        for child in call.inputs:
            partial = partials.get(child)
            given = self.flows(number, child)
            if partial is None or given is None:
                flow = "flat" if self.active[child] else self.idle(child)
                if adjoint is None and self.active[child]:
                    flow = "unreached"
                found.append(Edge(child, "", None, None, flow))
            else:
                found.append(Edge(child, "", partial, given * partial, ""))
        return found

    def _through(self, number: int, stops: set[int]) -> dict[int, float]:
        """Return the derivatives of node ``number`` by the nodes ``stops``, each held alone."""
        inputs = self.program.graph.inputs
        inside, stack = {number}, [number]
        while stack:
            for child in inputs[stack.pop()]:
                if child not in inside and child not in stops:
                    inside.add(child)
                    stack.append(child)
        found = {number: 1.0}
        for node in sorted(inside, reverse=True):
            slope = found.get(node)
            if slope is None or not inputs[node]:
                continue
            for edge in self.edges(node):
                if edge.partial is not None and edge.flow != "not taken":
                    found[edge.input] = found.get(edge.input, 0.0) + slope * edge.partial
        return found

    def shown_nodes(self) -> bytearray:
        """Return one flag a node: 1 where a view shows it, 0 inside of calls that are shown."""
        if not self.program.calls:
            return bytearray(b"\1") * len(self.values)
        graph = self.program.graph
        seen = bytearray(len(self.values))
        for output in self.program.outputs:
            seen[output] = 1
        for number in range(max(self.program.outputs), -1, -1):
            if seen[number]:
                call = self.closed(number)
                for child in graph.inputs[number] if call is None else call.inputs:
                    seen[child] = 1
        return seen

    def _partials(
        self, number: int, row: Operation, on: tuple[int, ...]
    ) -> dict[int, float | None]:
        """Return the local partials by the inputs ``on``: what comes back for an adjoint of 1."""
        if not on:
            return {}
        inputs = self.program.graph.inputs[number]
        pull = pullback(row, on, len(inputs), floats)
        parts = pull(1.0, self.values[number], *[self.values[child] for child in inputs])
        return dict(zip(on, parts if len(on) > 1 else (parts,), strict=True))

    def status(self, number: int) -> str:
        """Say why node ``number`` has no adjoint."""
        if not self.active[number]:
            return self.idle(number)
        if self._reasons is None:
            self._reasons = self._blocked()
        return self._reasons.get(number, "unreached")

    def idle(self, number: int) -> str:
        """Say why a node does not move: "data", "constant", or what stands in its way."""
        if self._stands is None:
            self._stands = self._standing()
        return ("constant", "data", "flat", "stopped")[self._stands[number]]

    def _standing(self) -> bytearray:
        """Return for each node 0: no variables, 1: data only, 2: flat or 3: stopped on the way."""
        graph = self.program.graph
        asked = set(self.wrt.values())
        stands = bytearray(len(graph))
        for number, operation in enumerate(graph.operations):
            if number in asked or self.active[number]:
                stands[number] = 2
            elif operation == "variable":
                stands[number] = 1
            else:
                level = max((stands[child] for child in graph.inputs[number]), default=0)
                stops = level and graph.table[operation].stops
                stands[number] = 3 if stops and level > 1 else level
        return stands

    def _blocked(self) -> dict[int, str]:
        """Return why no adjoint arrives at each active node that has none: its last user's word."""
        found: dict[int, str] = {}
        for number in range(self.top, -1, -1):
            for edge in self.edges(number):
                if self.adjoints[edge.input] is None and edge.flow:
                    reason = edge.flow
                    if reason == "unreached":
                        reason = (
                            found.get(number, "unreached")
                            if self.active[number]
                            else self.idle(number)
                        )
                    found.setdefault(edge.input, reason)
        return found

    def arrivals(self) -> list[list[tuple[int, float]]]:
        """Return, for each node, the (user, contribution) pairs that its adjoint is the sum of.

        Users inside of calls that are shown as one node are left out.
        """
        found: list[list[tuple[int, float]]] = [[] for _ in self.values]
        visible = self.shown_nodes()
        for number in range(self.top, -1, -1):
            if self.adjoints[number] is not None and visible[number]:
                for edge in self.shown_edges(number):
                    if edge.contribution is not None:
                        found[edge.input].append((number, edge.contribution))
        return found

    def _causes(self) -> list[Cause]:
        wrong = not all(map(_finite, self.gradient.values()))
        if not wrong and all(_finite(self.values[output]) for output in self.seeds):
            return []
        from backpropcli.report.causes import backward_cause, forward_cause  # noqa: PLC0415 (rare)

        found = [forward_cause(self), backward_cause(self) if wrong else None]
        return [cause for cause in found if cause is not None]


def _finite(value: float) -> bool:
    return -INFINITY < value < INFINITY
