"""A program run at a point: the value of each node, and what flows back to it."""

from __future__ import annotations

from math import copysign, isinf

from backpropcli.calculus.choice import given_to, numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.rounded import Format
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph

SIGNED = {"atan2", "copysign"}
"""Operations for which -0.0 is another number than 0; so it is for those with a pole there."""


class Run:
    """The two passes at a point.

    ``value`` is the output's, ``wrt`` the nodes to differentiate by, by name, and ``gradient`` a
    float for each of them. ``graph`` is the flat graph; ``values`` and ``adjoints`` hold a float
    for each of its nodes (an adjoint is None where nothing arrives). ``seeds`` are the cotangents
    of the outputs: 1 for the one output of most programs. With ``arrays`` all these are numbers or
    arrays, and ``flags`` say which elements are felt, where that had to be asked. ``format`` is
    the one that all is rounded to, if there is one; ``point`` are the bindings that were given.
    ``tops`` are the values of the outputs. ``as_typed`` says that it is told at the numbers as
    they were typed, not at their doubles. ``quantity`` is what adjoints are, and ``form`` what the
    derivative by a name is called.

    Without ``values`` they are worked out; those of a program with arrays only when asked for, as
    its gradient is found without keeping them. Then ``smooth`` says that no kink was met.
    """

    quantity = "gradient"
    form = "d/d{}"
    as_typed = False

    def __init__(
        self,
        lowered: Lowered,
        bindings: Mapping[str, float],
        wrt: dict[str, int],
        values: list[float] | None,
        seeds: dict[int, float],
    ) -> None:
        self.lowered = lowered
        self.program = lowered.program
        self.graph = lowered.graph
        self.wrt = wrt
        self._values = values
        self.seeds = seeds
        names = [*self.program.variables, *lowered.given]
        self.bindings = {name: bindings[name] for name in names if name in bindings}
        self.arithmetic = numbers_of(self.graph, bindings)
        self.point = bindings
        self.format: Format | None = getattr(self.arithmetic, "format", None)
        self.arrays = hasattr(self.arithmetic, "in_shape")
        self.flags: list[Any] | None = None
        self.smooth = False
        self.tops: dict[int, Any] = {}
        self.active, self.adjoints = self.swept()
        self.top = max(seeds)
        self.tops = self.tops or {output: self.values[output] for output in seeds}
        self.value = self.tops[self.top]
        self.gradient = {name: self._slope(number) for name, number in wrt.items()}

    @property
    def values(self) -> list[float]:
        """The values of all nodes."""
        if self._values is None:
            given = given_to(self.arithmetic, self.point)
            self._values = forward(self.graph, self.arithmetic, given)
        return self._values

    def at_point(self, graph: Graph, given: Mapping[str, float]) -> list[Any]:
        """Return the values of another graph's nodes as they are told here: see ``as_typed``.

        Each node then has the double nearest to what it is; where that is not known, its own.
        """
        found = forward(graph, self.arithmetic, given)
        if not self.as_typed:
            return found
        from backpropcli.report.known import values_at  # noqa: PLC0415 (on request)

        there = values_at(graph, given, range(len(graph)), as_typed=True)
        return [
            here if true is None or float(true) == here else float(true)
            for here, true in zip(found, there, strict=True)
        ]

    @property
    def known(self) -> bool:
        """Whether the values have been worked out."""
        return self._values is not None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(value={self.value!r}, gradient={self.gradient!r})"

    def swept(self) -> tuple[bytearray, Sequence[float | None]]:
        """Return which nodes move, and the adjoint of each node."""
        if self.arrays:
            from backpropcli.report.elements.adjoints import Adjoints  # noqa: PLC0415 (NumPy)

            found = Adjoints(self)
            self.flags, self.smooth, self.tops = found.flags, found.smooth, found.tops
            return found.active, found
        edges = linearize(self.graph, self.arithmetic, self.values, self.wrt.values())
        return edges.active, pull(edges, self.arithmetic, self.seeds)

    def _slope(self, number: int) -> Any:  # noqa: ANN401 (a number, or an array of the node's shape)
        """Return the adjoint of a node; zeros where nothing arrives."""
        adjoint = self.adjoints[number]
        if adjoint is None:
            return self.arithmetic.fit(None, self.values[number]) if self.arrays else 0.0
        return adjoint if self.arrays else adjoint + 0.0  # no -0

    @property
    def signed_zero(self) -> bool:
        """Whether the value may turn on the sign of a zero: numbers of many digits have none."""
        values = self.values
        return any(
            (operation in SIGNED or isinf(values[number]))
            and any(values[child] == 0 > copysign(1, values[child]) for child in inputs)
            for number, (operation, inputs) in enumerate(
                zip(self.graph.operations, self.graph.inputs, strict=True)
            )
        )

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node of the flat graph as the user wrote it, or written out."""
        return self.lowered.text(number, limit)
