"""Any nodes of a graph with like terms joined, as if they were derivatives in its variables."""

from __future__ import annotations

from backpropcli.arithmetics.tidy.tidy import Tidy
from backpropcli.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def tidied(graph: Graph, roots: Sequence[int]) -> tuple[Graph, Sequence[int]]:
    """Return a graph of nodes in which like terms are joined, and where they are in it."""
    function = Graph()
    given = {name: function.node("variable", (), name) for name in graph.variables()}
    raw = function.copy()
    places = raw.write(graph, given)
    tidy = Tidy(raw, function, [places[root] for root in roots], ())
    return tidy.graph, tidy.places
