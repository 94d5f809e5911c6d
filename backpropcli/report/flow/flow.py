"""What flows along each edge of a run's flat graph, and why nothing flows where nothing does.

A gradient comes down to the edge that is flat, stopped, or not taken; nothing comes below.
"""

from __future__ import annotations

from backpropcli.arithmetics.rules import weights
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.graph.walks import between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from backpropcli.report.run import Run

CHOICES = {"where", "max", "min", "clip"}
"""Operations that take one of their inputs; others have the slope 0 where they pass nothing on."""
WORDS = ("constant", "flat", "stopped")


class Edge:
    """One input of a node: its local derivative, and what it contributes to the input's adjoint.

    ``index`` is the input's place among the node's inputs.
    ``flow`` says why nothing flows, where it does not, in one of five words; else it is "":
    "constant" (no name that is asked for is in it), "stopped" (by sg), "flat" (a step function,
    as floor, is above it), "not taken" (by where, max, min, clip), "unused" (the output
    does not rest on it, or a rule says the derivative). ``partial`` is 0 where the operation itself
    is flat, or takes another input; of arrays it is an array of the node's shape, or a number that
    is the same for all elements, and None where an operation on whole arrays has a rule. An edge
    that is not ``taken`` may still pass a plain 0 on, as that of relu does left of its corner.
    """

    __slots__ = ("contribution", "flow", "index", "input", "partial", "taken")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        child: int,
        index: int,
        partial: Any,  # noqa: ANN401 (a number, or an array)
        contribution: Any,  # noqa: ANN401
        flow: str,
        *,
        taken: bool = True,
    ) -> None:
        self.input = child
        self.index = index
        self.partial = partial
        self.contribution = contribution
        self.flow = flow
        self.taken = taken


class Node:
    """One node that is shown: its place in the source, value, adjoint (or why none), and edges."""

    __slots__ = ("adjoint", "edges", "id", "names", "operation", "span", "status", "value")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        number: int,
        operation: str,
        names: list[str],
        span: tuple[int, int],
        value: Any,  # noqa: ANN401 (a number, or an array)
        adjoint: Any,  # noqa: ANN401
        status: str,
        edges: list[Edge],
    ) -> None:
        self.id = number
        self.operation = operation
        self.names = names
        self.span = span
        self.value = value
        self.adjoint = adjoint
        self.status = status
        self.edges = edges

    def __repr__(self) -> str:
        return f"<Node {self.id}: {self.operation} = {self.value!r}, adjoint {self.adjoint!r}>"


class Flow:
    """The ``adjoints`` as they are shown, and which nodes are ``moving``.

    A run's own adjoints end where nothing can go on to a name. Here a node above a flat or a
    stopped edge has one too, and one that only zeros reach has 0.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.adjoints = run.adjoints
        self.moving = run.active
        self._blocks = self._found_blocks()
        self._still: set[int] = set()
        self._reasons: dict[int, str] = {}
        self._tangents = tangents = run.quantity == "tangent"
        if not tangents and any(map(self.blocked, range(run.top + 1))):
            ends = [number for number, way in enumerate(self._blocks) if way]
            self.moving, self.adjoints = self.pulled(ends, run.seeds)
        if tangents:
            self.adjoints = [
                self.zero(number) if adjoint is None and self.moving[number] else adjoint
                for number, adjoint in enumerate(self.adjoints)
            ]
        elif any(
            moves and adjoint is None
            for moves, adjoint in zip(self.moving, self.adjoints, strict=True)
        ):
            self._settle()

    def pulled(
        self, ends: Collection[int], seeds: Mapping[int, Any], nodes: Iterable[int] | None = None
    ) -> tuple[bytearray, list[Any]]:
        """Return which nodes move with ``ends``, and what ``seeds`` send to each node."""
        run = self.run
        edges = linearize(run.graph, run.arithmetic, run.values, ends, nodes)
        return edges.active, pull(edges, run.arithmetic, seeds)

    def zero(self, _number: int) -> Any:  # noqa: ANN401 (a number, or an array)
        """Return a node's adjoint where only zeros arrive."""
        return 0.0

    def blocked(self, number: int) -> bool:
        """Say whether a node rests on a name, but does not move with it."""
        return bool(self._blocks[number]) and not self.run.active[number]

    def edges(self, number: int) -> list[Edge]:
        """Return the edges from node ``number`` of the flat graph to its inputs."""
        run = self.run
        inputs = run.graph.inputs[number]
        if not inputs:
            return []
        row = run.graph.row(number)
        arrives = self.adjoints[number] is not None
        partials = self._partials(number) if arrives else {}
        found = []
        for index, child in enumerate(inputs):
            if index in partials:
                found.append(self._edge(number, index, partials[index]))
                continue
            flow, partial = "unused", None  # nothing arrives; or a rule takes the body's place
            if row.stops:
                flow = "stopped" if self._blocks[child] else "constant"
            elif not (row.own and index == len(inputs) - 1):
                if not self.moving[child]:
                    flow = self.idle(child)
                if not row.live(index) and flow != "constant":
                    flow, partial = "flat", 0.0 if arrives else None
            found.append(Edge(child, index, partial, None, flow))
        return found

    def _edge(self, number: int, index: int, partial: Any) -> Edge:  # noqa: ANN401
        """Return an edge along which something flows; ``partial`` is None for one not taken."""
        child = self.run.graph.inputs[number][index]
        if partial is None and self.run.graph.operations[number] in CHOICES:
            return Edge(child, index, 0.0, None, "not taken")
        if partial is None or number in self._still:
            return Edge(child, index, partial or 0.0, 0.0, "", taken=partial is not None)
        given = self.given(number, child)
        return Edge(child, index, partial, self.run.arithmetic.mul(given or 0.0, partial), "")

    def through(self, number: int, stops: set[int]) -> dict[int, tuple[Any, Any]]:
        """Return the derivatives of a node by ``stops``, each held alone, and what they pass on."""
        run, partials = self.run, self.held(number, stops)
        found = {}
        for stop, partial in partials.items():
            given = self.given(number, stop)
            if given is not None:
                found[stop] = partial, run.arithmetic.mul(given, partial)
        return found

    def held(self, number: int, stops: set[int], seed: Any = 1.0) -> dict[int, Any]:  # noqa: ANN401
        """Return the derivatives of a node by ``stops``, each held alone.

        Or what goes there, given another ``seed`` than 1: the adjoint of the node.
        """
        inside, _ = between(self.run.graph, number, stops)
        moving = [stop for stop in stops if self.moving[stop]]
        found = self.pulled(moving, {number: seed}, sorted(inside))[1]
        return {stop: slope for stop in stops if (slope := found[stop]) is not None}

    def given(self, number: int, child: int) -> Any:  # noqa: ANN401 (a number, or an array)
        """Return what the partial of the edge from a node to its input is multiplied with."""
        return self.adjoints[child if self._tangents else number]

    def _partials(self, number: int) -> dict[int, Any]:
        """Return the local partials by the inputs that move; None where one is not taken."""
        run = self.run
        inputs, row = run.graph.inputs[number], run.graph.row(number)
        on = [at for at, child in enumerate(inputs) if row.live(at) and self.moving[child]]
        if not on:
            return {}
        function = weights(row, tuple(on), run.arithmetic)
        given = [run.values[child] for child in inputs]
        static = {"arg": run.graph.args[number]} if row.static else {}
        found = function(run.values[number], *given, **static)
        if row.variadic and not row.whole:
            found = [found[at] for at in on]
        return dict(zip(on, found, strict=True))

    def status(self, number: int) -> str:
        """Say why node ``number`` of the flat graph has no adjoint; "" if it has one."""
        if self.adjoints[number] is not None:
            return ""
        if not self.moving[number]:
            return self.idle(number)
        return self._reasons.get(number, "unused")

    def idle(self, number: int) -> str:
        """Say why a node does not move: it is constant, or what is in its way."""
        return WORDS[self._blocks[number]]

    def _found_blocks(self) -> bytearray:
        """Return for each node 0: rests on no name asked for, 1: flat or 2: stopped on the way."""
        run = self.run
        graph, asked = run.graph, set(run.wrt.values())
        found = bytearray(len(graph))
        for number, inputs in enumerate(graph.inputs):
            if number in asked or run.active[number]:
                found[number] = 1
            elif inputs:
                level = max([found[child] for child in inputs])
                found[number] = 2 if level and graph.row(number).stops else level
        return found

    def _settle(self) -> None:
        """Give 0 to the nodes that only zeros reach, and a reason to those that nothing reaches."""
        self.adjoints = [*self.adjoints]
        felt = self.run.graph.ancestors([*self.run.seeds])
        for number in range(self.run.top, -1, -1):
            if not felt[number]:
                continue  # what was differentiated, of which the derivative may hold a part
            reason = self.status(number)
            for edge in self.edges(number):
                child = edge.input
                if self.adjoints[child] is None and self.moving[child]:
                    if edge.contribution is not None:
                        self.adjoints[child] = self.zero(child)
                        self._still.add(child)
                    elif edge.flow:
                        why = edge.flow if edge.flow != "unused" else reason or "unused"
                        self._reasons.setdefault(child, why)
