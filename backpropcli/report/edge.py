"""One edge of a graph, as it is shown."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
