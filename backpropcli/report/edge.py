"""One edge of a graph, as it is shown."""

from __future__ import annotations


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
