"""The first causes of what is not finite, and how much else is so because of them."""

from __future__ import annotations

from backpropcli.errors import SourceError, visible
from backpropcli.render.layout.lines import enumerated, wrapped
from backpropcli.report.poisoned import poisoned, told_causes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.layout.lines import Line
    from backpropcli.report.causes.cause import Cause
    from backpropcli.report.report import Report


def causes_lines(report: Report, width: int) -> list[Line]:
    """Return the causes, and what each says of others."""
    return [line for cause in told_causes(report) for line in cause_lines(report, cause, width)]


def cause_lines(report: Report, cause: Cause, width: int, what: str = "") -> list[Line]:
    """Return a cause of what is not finite, with a caret on the source.

    ``what`` is not finite, where that is not the value.
    """
    program = report.program
    what = what or ("the gradient is " if cause.phase == "backward" else "")
    child = ""
    if cause.input is not None and len({*report.graph.inputs[cause.node]}) > 1:
        child = f"on the way to {visible(report.text(cause.input, 40))}"
    at = report.lowered.owners[cause.node]
    sentence, *place = (
        SourceError(
            f"{what}not finite: {cause.reason}",
            program.source,
            *program.span(at),
            child,
            program.origin,
        )
        .render()
        .split("\n")
    )
    head, _, reason = sentence.partition(":")
    lines = wrapped([("warn", f"{head}:"), ("", reason)], width)
    return [*lines, *([("note", line)] for line in place), *_others(report, cause, width)]


def _others(report: Report, cause: Cause, width: int) -> list[Line]:
    """Return how many others are not finite because of a cause."""
    found = poisoned(report, cause)
    slope = "tangent" if report.quantity == "tangent" else "adjoint"
    counts = [(found.values, "other value"), (found.adjoints, f"other {slope}")]
    parts = [f"{count:,} {what}{'s' * (count > 1)}" for count, what in counts if count]
    if not parts:
        return []
    them = enumerated(parts)
    verb = "is" if found.values + found.adjoints == 1 else "are"
    return wrapped([("note", f"{them} {verb} not finite because of it")], width)
