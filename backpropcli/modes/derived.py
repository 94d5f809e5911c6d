"""Programs made from a program: with its derivatives, or sums of its outputs, as new outputs."""

from __future__ import annotations

from backpropcli.arithmetics.nodes import build, number
from backpropcli.calculus.derivative import Derivative
from backpropcli.errors import BackpropError
from backpropcli.language.program import BY_DIFF, Diff, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Derived:
    """A program's graph with room for more nodes, which have no place in the source."""

    def __init__(self, program: Program) -> None:
        self.origin = program
        self.graph = program.graph.copy()
        self.made: dict[int, list[Diff]] = {}

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
        found = derivative.of(of)
        node = number(self.graph, 0.0) if found is None else found
        diff = Diff(self.graph, derivative.seeds, derivative.found, {}, of, node)
        self.made.setdefault(node, []).append(diff)
        return node

    def weighted(self, weights: Mapping[int, float]) -> int:
        """Return the node of the sum of nodes times their weights."""
        total = number(self.graph, 0.0)
        for node, weight in weights.items():
            term = build(self.graph, "mul", [number(self.graph, weight), node])
            total = build(self.graph, "add", [total, term])
        return total

    def program(self, outputs: list[int], through: Sequence[int] = ()) -> Program:
        """Return the program with these outputs; all nodes that were made have the place of one.

        ``through`` are the derivatives that they are derivatives of.
        """
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
        program.made = old + bytes([BY_DIFF]) * new
        program.calls = origin.calls
        program.diffs = [
            *origin.diffs,
            *[
                diff
                for node in dict.fromkeys([*through, *outputs])
                for diff in self.made.get(node, ())
            ],
        ]
        return program
