"""What is written of a graph already: nodes that have a text, and what a formula begins with."""

from __future__ import annotations

from backpropcli.graph.graph import LEAVES
from backpropcli.render.latex.symbols import CONSTANTS, numeral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.report.view import View


class Texts:
    """The nodes of a graph that have a text, in ``short``: a symbol, or a number.

    ``looks`` are those of the symbols that names have, as ``symbols.looks`` returns them.
    """

    def __init__(self, graph: Graph | View, taken: set[str]) -> None:
        self.graph = graph
        self.looks = taken
        self.short: dict[int, str] = {}
        self.begun: dict[int, str] = {}

    def leaves(self, given: Mapping[str, str]) -> None:
        """Write all nodes without inputs; ``given`` are the variables' symbols."""
        for number, inputs in enumerate(self.graph.inputs):
            if not inputs and self.graph.operations[number] in LEAVES:
                self.leaf(number, given)

    def leaf(self, number: int, given: Mapping[str, str]) -> None:
        """Write a node without inputs; ``given`` are the variables' symbols."""
        payload = self.graph.args[number]
        if not isinstance(payload, str):
            self.short[number] = numeral(repr(payload))
        elif self.graph.operations[number] == "variable":
            self.short[number] = given[payload]
        else:
            text = CONSTANTS[payload]
            self.short[number] = f"\\text{{{payload}}}" if text in self.looks else text

    def begins(self, number: int) -> str:
        """Return "-" for what begins with a minus, "0" for what begins with a digit, else ""."""
        chain = []
        while number not in self.begun:
            operation = self.graph.operations[number]
            if number in self.short:
                first = self.short[number][0]
                self.begun[number] = first if first == "-" else "0" * first.isdigit()
            elif operation in {"mul", "matmul", "div", "pow"}:
                chain.append(number)
                number = self.graph.inputs[number][0]
            else:
                self.begun[number] = {"neg": "-", "exp2": "0"}.get(operation, "")
        found = self.begun[number]
        for user in reversed(chain):
            operation, base = self.graph.operations[user], self.graph.inputs[user][0]
            bare = base in self.short and r"\cdot" not in self.short[base]
            if operation == "pow" and not (bare and found == "0"):
                found = ""
            self.begun[user] = found
        return found
