"""What an operation on whole arrays passes on, of what arrives at it: its rule, and its shapes."""

from __future__ import annotations

from backpropcli.report.elements import closed
from backpropcli.report.local.partials import local
from backpropcli.report.local.texts import formula

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.view import View

LONGEST_NAME = 16


def rule(shown: View, user: int | None, edge: Edge) -> tuple[str, str] | None:
    """Return the rule of an operation on whole arrays along an edge, and its shapes."""
    if user is None or user in shown.calls or user in shown.closed or edge.flow:
        return None
    if not shown.row(user).whole:
        return None
    found = local(shown, user, edge)
    if found is None:
        return None

    def called(node: int) -> str:
        name = shown.names[node] or shown.text(node, LONGEST_NAME)
        return name if closed(name) else f"({name})"

    return formula(found, called), found.shapes
