"""What else is not finite because of the first cause, counted."""

from __future__ import annotations

from backpropcli.calculus.bindings import is_finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.causes import Cause
    from backpropcli.report.report import Report


class Poisoned:
    """How many other nodes are not finite because of a cause: their ``values``, ``adjoints``."""

    __slots__ = ("adjoints", "values")

    def __init__(self, values: int, adjoints: int) -> None:
        self.values = values
        self.adjoints = adjoints

    def as_dict(self) -> dict[str, int]:
        """Return plain data for JSON."""
        return {"values": self.values, "adjoints": self.adjoints}


def told_causes(report: Report) -> list[Cause]:
    """Return the causes; that of the gradient is left out where it follows from the first one."""
    if len(report.causes) < 2:  # noqa: PLR2004 (two passes)
        return report.causes
    first, second = report.causes
    return [first] if report.graph.ancestors([second.node])[first.node] else [first, second]


def poisoned(report: Report, cause: Cause) -> Poisoned:
    """Count the other nodes shown that are not finite because of a cause.

    Values that rest on its node; and adjoints, which are the last cause's that is told.
    """
    view, own = report.view, report.view.ids[report.lowered.owners[cause.node]]
    values = adjoints = 0
    if cause.phase == "forward":
        rests = bytearray(len(view))
        rests[own] = 1
        for number, inputs in enumerate(view.inputs):
            if number != own and any(rests[child] for child in inputs):
                rests[number] = 1
                values += not is_finite(view.values[number])
    if cause is told_causes(report)[-1]:
        reached = [one for at, one in enumerate(view.adjoints) if at != own]
        adjoints = sum(one is not None and not is_finite(one) for one in reached)
    return Poisoned(values, adjoints)
