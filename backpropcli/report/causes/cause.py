"""The first cause of a value or a gradient that is not finite."""

from __future__ import annotations

from math import isfinite

from backpropcli.calculus.bindings import is_finite
from backpropcli.report.causes.spots import SHOWN, beyond
from backpropcli.report.decimals import number as shown
from backpropcli.report.decimals import typed
from backpropcli.report.elements import element, number_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.arithmetics.rounded import Format
    from backpropcli.report.elements import Place
    from backpropcli.report.flow.flow import Edge, Flow
    from backpropcli.report.run import Run


class Cause:
    """The first cause of what is not finite: the pass it is in, the node, and why.

    ``index`` has the node's element, where its value is an array. It ``rounds`` if exact arithmetic
    has a finite number there: floats overflow or underflow, or round to a place where there is
    none. It is ``undefined`` if the value is nan, and a ``pole`` where digits tell that exact
    arithmetic has no finite number either.
    """

    __slots__ = ("index", "input", "node", "phase", "pole", "reason", "rounds", "undefined")

    def __init__(
        self,
        phase: str,
        node: int,
        child: int | None,
        reason: str,
        index: tuple[int, ...] | None = None,
    ) -> None:
        self.rounds = self.undefined = self.pole = False
        self.phase = phase
        self.node = node
        self.input = child
        self.reason = reason
        self.index = index

    def __repr__(self) -> str:
        return f"<Cause: {self.phase} pass: {self.reason}>"


def leaf(run: Run, node: int, place: Place = ()) -> str:
    """Say what a variable or a constant is that is not finite, or too large for a format."""
    operation, arg = run.graph.operations[node], run.graph.args.get(node)
    given = arg if operation == "number" else run.bindings.get(str(arg))
    text = element(run.text(node, SHOWN), place)
    if run.format and given is not None and isfinite(number := number_at(given, place)):
        return beyond(text, number, run.format)
    what = "variable" if operation == "variable" else "constant"
    value = number_at(run.values[node], place)
    return f"{text if place else f'this {what}'} is {value!r}"


def first_edge(run: Run, flow: Flow) -> tuple[int, Edge | None] | None:
    """Return the first edge, from the output down, by which something arrives that is not finite.

    It is that of a node; where all contributions are finite, of the first sum that is not, there is
    no edge.
    """
    for number in range(run.top, -1, -1):
        adjoint = run.adjoints[number]
        if adjoint is None:
            continue
        if not is_finite(adjoint):
            return number, None
        for edge in flow.edges(number):
            wrong = edge.contribution is not None and not is_finite(edge.contribution)
            if wrong and run.active[edge.input]:
                return number, edge
    return None


def along(  # noqa: PLR0913 (what an edge has)
    text: str,
    adjoint: float,
    partial: float | None,
    value: float,
    given: Sequence[float],
    kind: Format | None = None,
) -> str:
    """Say why a contribution along an edge of an operation with this ``text`` is not finite."""
    if partial is not None and isfinite(partial):
        end = "" if kind is None else f": {kind.name} ends at {shown(kind.largest)}"
        return f"the product {typed(adjoint)} * {typed(partial)} overflows{end}"
    if partial is not None and partial != partial:  # noqa: PLR0124 (nan)
        if any(item != item for item in given):  # noqa: PLR0124 (nan)
            return f"the local derivative of {text} uses a value that is nan"
        if value != value:  # noqa: PLR0124 (nan)
            return f"{text} has no value here, so it has no derivative"
        return f"the local derivative of {text} does not exist here"
    if adjoint == 0:
        return f"0 * inf: the gradient by {text} is 0, its local derivative infinite"
    return f"the local derivative of {text} is infinite here"
