"""What is known of a node wherever all variables are real numbers: that it is one, and its sign.

Nothing is worked out: a row says what its operation does (``image``), or its expansion does.
"""

from __future__ import annotations

from backpropcli.arithmetics.rules import parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

UNKNOWN, REAL, NONNEGATIVE, POSITIVE = range(4)
"""Each includes those after it."""
IMAGES = {"": UNKNOWN, "real": REAL, "nonnegative": NONNEGATIVE}
IMAGES |= {"positive": POSITIVE, "unit": POSITIVE}
LEAST = {"add", "mul", "min", "where"}
"""Operations that keep the weakest sign of their inputs."""
SAME = {"name", "result", "sg"}
_expanded: dict[Row, int] = {}


class Signs:
    """The signs of a graph's nodes, worked out once each, in the graph's order."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.known: list[int] = []

    def of(self, node: int) -> int:
        """Return what is known of a node."""
        graph, known = self.graph, self.known
        while len(known) <= node:
            known.append(self._new(len(known), graph.inputs[len(known)]))
        return known[node]

    def _new(self, node: int, inputs: tuple[int, ...]) -> int:
        operation = self.graph.operations[node]
        if not inputs:
            return _leaf(operation, self.graph.args[node])
        given = [self.known[child] for child in inputs]
        if operation == "where":
            given = given[1:]
        least = min(given)
        if operation == "pow":
            return self._power(given[0], given[1], inputs[1])
        if operation in SAME or not least:
            return least
        if operation == "add" and least >= NONNEGATIVE:
            return max(given)
        if operation == "mul" and inputs[0] == inputs[1]:
            return max(least, NONNEGATIVE)
        return least if operation in LEAST else self._other(operation, inputs, given, least)

    def _other(
        self, operation: str, inputs: tuple[int, ...], given: Sequence[int], least: int
    ) -> int:
        if operation == "sub":
            return POSITIVE if self._below_one(inputs) else REAL
        if operation == "neg":
            return REAL
        if operation == "max":
            return max(given)
        if operation == "div":
            return given[0] if given[1] == POSITIVE else UNKNOWN
        if operation == "sqrt":
            return least if least >= NONNEGATIVE else UNKNOWN
        row = self.graph.table[operation]
        found = IMAGES[row.image] if row.image or row.expand is None else _of_expansion(row)
        return max(found, least) if operation == "abs" else found

    def _below_one(self, inputs: tuple[int, ...]) -> bool:
        """Say whether a difference is 1 minus what is less than 1."""
        graph, (one, other) = self.graph, inputs
        while graph.operations[other] in SAME:
            [other] = graph.inputs[other]
        row = graph.table.get(graph.operations[other])
        return graph.args.get(one) == 1 and row is not None and row.image == "unit"

    def _power(self, base: int, exponent: int, node: int) -> int:
        if base == POSITIVE and exponent:
            return POSITIVE
        number = self.graph.args.get(node)
        if not (base and isinstance(number, float)):
            return UNKNOWN
        if not number.is_integer():
            return base if base >= NONNEGATIVE else UNKNOWN
        return base if number % 2 else max(base, NONNEGATIVE)


def _leaf(operation: str, arg: object) -> int:
    if operation == "variable":
        return REAL
    if operation == "constant":
        return POSITIVE if arg in {"pi", "e", "tau"} else UNKNOWN
    number = float(str(arg))
    if number - number != 0:
        return UNKNOWN
    return POSITIVE if number else NONNEGATIVE


def _of_expansion(row: Row) -> int:
    """Return what is known of an operation on real numbers by what its row expands it to."""
    if row.own or row.expand is None:
        return UNKNOWN
    if row not in _expanded:
        graph, root = parsed(row, row.expand)
        _expanded[row] = Signs(graph).of(root)
    return _expanded[row]
