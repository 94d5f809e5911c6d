"""Programs with another convention at kinks than the table's own."""

from __future__ import annotations

from copy import copy

from backpropcli.errors import BackpropError, KinkError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.program import Program


def convention(program: Program, choice: str) -> Program:
    """Return the program with the slopes of ``choice`` at kinks; itself where it is "" or "error".

    Raises BackpropError for a choice that there is not.
    """
    from backpropcli.graph.conventions import CHOICES, ERROR, table_with

    choices = (*CHOICES, ERROR)
    if choice not in choices:
        hint = did_you_mean(choice, choices, f"it may be {', '.join(choices)}")
        raise BackpropError(f"--at-kinks cannot be '{choice}'", hint)
    if choice == ERROR:
        return program
    found = copy(program)
    found.graph = program.graph.copy()
    found.graph.table = table_with(program.graph.table, choice)
    return found


def kink_error(lowered: Lowered, node: int, label: str, *, pole: bool) -> KinkError:
    """Return the error of a kink, or a pole, that is met at a node of the flat graph."""
    program, at = lowered.program, lowered.owners[node]
    return KinkError(
        f"{label} has {'no finite value' if pole else 'a kink'} here",
        program.source,
        *program.span(at),
        "move the point" + ("" if pole else ", or let --at-kinks choose a slope"),
        program.origin,
    )
