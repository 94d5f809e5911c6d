"""What was typed for a value that is shown."""

from __future__ import annotations

from backpropcli.calculus.bindings.typed import LONGEST, Spelled, Typed, is_spelling
from backpropcli.report.decimals import typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.report.run import Run


def decimals(run: Run, node: int, value: Any) -> str:  # noqa: ANN401 (a number, or an array)
    """Return the decimal number typed for the value of a surface node, "" if there is none.

    A short format may have rounded it: then it is none.
    """
    surface = run.program.graph
    if surface.operations[node] == "variable":
        given = run.bindings.get(str(surface.args[node]))
        if not isinstance(given, float) or (run.format and given != value):
            return ""
        if isinstance(given, Spelled):
            return given.text
        return "" if isinstance(given, Typed) else typed(given)
    if not surface.literal(node):
        return ""
    text = run.program.text(node)
    return text if is_spelling(text, value) else "" if run.format else typed(value)


def expression(run: Run, node: int) -> str:
    """Return the short expression typed for the value of a surface node, "" if none was."""
    surface = run.program.graph
    given = run.bindings.get(str(surface.args.get(node)))
    if surface.operations[node] != "variable" or not isinstance(given, Typed):
        return ""
    return given.text if len(given.text) <= LONGEST else ""
