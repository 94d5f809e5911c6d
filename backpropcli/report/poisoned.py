"""What else is not finite because of the first cause, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backpropcli.calculus.bindings import is_finite

if TYPE_CHECKING:
    from typing import Any

    from backpropcli.report.causes.cause import Cause
    from backpropcli.report.report import Report
    from backpropcli.report.view import View


class Poisoned(NamedTuple):
    """How many other nodes are not finite because of a cause: their ``values``, ``adjoints``.

    Where a run has tangents in place of adjoints, these are meant.
    """

    values: int
    adjoints: int


def told_causes(report: Report) -> list[Cause]:
    """Return the causes; that of the gradient is left out where it follows from one before."""
    if len(report.causes) < 2 or report.causes[-1].phase == "forward":  # noqa: PLR2004
        return report.causes
    *before, last = report.causes
    below = report.graph.ancestors([last.node])
    return before if any(below[cause.node] for cause in before) else report.causes


def poisoned(report: Report, cause: Cause) -> Poisoned:
    """Count the other nodes shown that are not finite because of a cause.

    What is nan is so because of one that is nan itself, if it rests on such a one too.
    """
    view = report.view
    values, slopes = _reached(report, cause)
    for other in report.causes if not cause.undefined else ():
        if other.undefined:
            more, further = _reached(report, other)
            own = _shown(report, other)
            values -= {at for at in {own, *more} if _holds_nan(view.values[at])}
            slopes -= {at for at in further if _holds_nan(view.adjoints[at])}
    return Poisoned(len(values), len(slopes))


def _holds_nan(value: Any) -> bool:  # noqa: ANN401 (a number or an array)
    found = value != value  # noqa: PLR0124 (nan)
    return bool(found if isinstance(found, bool) else found.any())


def _reached(report: Report, cause: Cause) -> tuple[set[int], set[int]]:
    """Return the other nodes shown whose value, and whose adjoint, is not finite by a cause."""
    view, own = report.view, _shown(report, cause)
    back = report.quantity != "tangent"
    rests = bytearray(len(view))
    if cause.phase == "backward" or is_finite(view.values[own]):  # it is one of slopes alone
        return set(), _slopes(view, own, rests, back=back)
    rests[own] = 1
    for number, inputs in enumerate(view.inputs):
        rests[number] |= any(rests[child] for child in inputs)
    values = {
        number
        for number, flag in enumerate(rests)
        if flag and number != own and not is_finite(view.values[number])
    }
    return values, _slopes(view, own, rests, back=back)


def _shown(report: Report, cause: Cause) -> int:
    """Return the shown node that has a cause: of a number in an array's text, the array."""
    surface, at = report.program.graph, report.lowered.owners[cause.node]
    while report.view.ids[at] < 0:
        at = next(n for n in range(at + 1, len(surface)) if at in surface.inputs[n])
    return report.view.ids[at]


def _slopes(view: View, own: int, rests: bytearray, *, back: bool) -> set[int]:
    """Return the other adjoints, or tangents, that are not finite because of a node's value.

    Or because of its slopes, if no node ``rests`` on its value.
    """
    reached = bytearray(len(view))
    reached[own] = not any(rests)
    for number in range(view.top, -1, -1) if back else range(len(view)):
        for edge in view.edges(number):
            if edge.contribution is None or is_finite(edge.contribution):
                continue
            source, target = (number, edge.input) if back else (edge.input, number)
            infinite = edge.partial is None or not is_finite(edge.partial)
            reached[target] |= reached[source] or (rests[number] and infinite)
    found = {number for number, flag in enumerate(reached) if flag and number != own}
    return {
        at for at in found if view.adjoints[at] is not None and not is_finite(view.adjoints[at])
    }
