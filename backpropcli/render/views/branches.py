"""The lines of a tree: nodes at the ends of edges, with the guides that lead to them."""

from __future__ import annotations

from backpropcli.render.layout.lines import SHORTEST, label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.view import View


class Row:
    """A line of a tree: a node, at the end of an edge from ``user``.

    ``lead`` are the guides before it and ``below`` those before what hangs from it; ``elsewhere``
    says where its own tree is.
    """

    __slots__ = ("below", "edge", "elsewhere", "lead", "node", "user")

    def __init__(  # noqa: PLR0913 (a record)
        self, node: int, user: int | None, edge: Edge | None, lead: str, below: str, elsewhere: str
    ) -> None:
        self.node = node
        self.user = user
        self.edge = edge
        self.lead = lead
        self.below = below
        self.elsewhere = elsewhere

    def text(self, view: View, limit: int) -> str:
        """Return the node's label in at most ``limit`` columns; the name alone if it has a tree."""
        tag = self.elsewhere
        if tag and view.names[self.node]:
            return view.names[self.node] + tag
        return label(view, self.node, max(SHORTEST, limit - len(tag))) + tag


def branches(shown: View, room: int) -> list[Row] | None:
    """Return the lines of all trees in order; None if one is too deep for ``room`` columns."""
    shared = dict.fromkeys(shown.shared())
    heads = list(dict.fromkeys([*shown.outputs, *shared]))
    done = set()
    rows: list[Row] = []
    for head in heads:
        stack = [Row(head, None, None, "", "", "")]
        while stack:
            row = stack.pop()
            rows.append(row)
            if len(row.lead) > room:
                return None
            if row.elsewhere or shown.literal(row.node):
                continue
            edges = shown.edges(row.node)
            for edge in reversed(edges):
                last = edge is edges[-1]
                own = edge.input in shared
                stack.append(
                    Row(
                        edge.input,
                        row.node,
                        edge,
                        row.below + ("└─ " if last else "├─ "),
                        row.below + ("   " if last else "│  "),
                        (" (above)" if edge.input in done else " (below)") if own else "",
                    )
                )
        done.add(head)
    return rows
