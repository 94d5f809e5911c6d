"""Programs made from a program: with its derivatives, or sums of its outputs, as new outputs."""

from __future__ import annotations

from backpropcli.arithmetics.graphs import build, number
from backpropcli.derivative import Derivative
from backpropcli.errors import BackpropError
from backpropcli.graph import Diff, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Derived:
    """A program's graph with room for more nodes, which have no place in the source."""

    def __init__(self, program: Program) -> None:
        self.origin = program
        self.graph = program.graph.copy()
        self.diffs = list(program.diffs)

    def along(self, direction: Mapping[int, float]) -> Derivative:
        """Return the derivatives along ``direction``: node -> its component, a finite number.

        Raises BackpropError for a component that is not finite.
        """
        for component in direction.values():
            if component - component != 0:
                raise BackpropError(
                    f"a component of the direction is {component!r}", "it is a finite number"
                )
        seeds = {node: number(self.graph, part) for node, part in direction.items() if part}
        return Derivative(self.graph, seeds)

    def derivative(self, derivative: Derivative, of: int) -> int:
        """Return the node of the derivative of node ``of``, and remember it for the proof."""
        node = derivative.of(of)
        if node is None:
            return number(self.graph, 0.0)
        self.diffs.append(Diff(self.graph, derivative.seeds, derivative.found, {}, of, node))
        return node

    def weighted(self, weights: Mapping[int, float]) -> int:
        """Return the node of the sum of nodes times their weights."""
        total = number(self.graph, 0.0)
        for node, weight in weights.items():
            term = build(self.graph, "mul", [number(self.graph, weight), node])
            total = build(self.graph, "add", [total, term])
        return total

    def program(self, outputs: list[int]) -> Program:
        """Return the program with these outputs; all nodes that were made have the place of one."""
        origin = self.origin
        new = len(self.graph) - len(origin.graph)
        root = origin.root
        program = Program(
            self.graph,
            outputs,
            origin.source,
            origin.origin,
            [*origin.starts, *[origin.starts[root]] * new],
            [*origin.ends, *[origin.ends[root]] * new],
            origin.names,
            [],
        )
        old = origin.made + bytes(len(origin.graph) - len(origin.made))
        program.made = old + b"\1" * new
        program.calls = origin.calls
        program.diffs = self.diffs
        return program
