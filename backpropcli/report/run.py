"""A program run at a point: the value of each node, and what flows back to it."""

from __future__ import annotations

from math import copysign, isinf

from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.report.evaluated import Evaluated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.report.evaluated import Start

SIGNED = {"atan2", "copysign"}
"""Operations for which -0.0 is another number than 0; so it is for those with a pole there."""


class Run(Evaluated):
    """The two passes at a point.

    ``value`` is the output's, ``tops`` are those of all outputs, and ``gradient`` has a float for
    each name. ``adjoints`` hold a float for each node, None where nothing arrives. With ``arrays``
    all these are numbers or arrays, and ``smooth`` says that no kink was met where the values were
    not kept. ``quantity`` is what
    adjoints are, and ``form`` what the derivative by a name is called.
    """

    quantity = "gradient"
    form = "d/d{}"

    def __init__(self, *start: *Start) -> None:
        super().__init__(*start)
        self.smooth = False
        self.tops: dict[int, Any] = {}
        self.active, self.adjoints = self.swept()
        self.top = max(self.seeds)
        self.tops = self.tops or {output: self.values[output] for output in self.seeds}
        self.value = self.tops[self.top]
        self.gradient = {name: self._slope(number) for name, number in self.wrt.items()}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(value={self.value!r}, gradient={self.gradient!r})"

    def swept(self) -> tuple[bytearray, Sequence[float | None]]:
        """Return which nodes move, and the adjoint of each node."""
        if self.arrays:
            from backpropcli.report.sweeps import Adjoints

            found = Adjoints(self)
            self.smooth, self.tops = found.smooth, found.tops
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
