"""Derivatives as expressions: the reverse pass on the nodes of a graph, no point needed."""

from __future__ import annotations

from backpropcli.arithmetics import nodes as graphs
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph
from backpropcli.language.names import Names
from backpropcli.modes.gradient import wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.program import Program


class Formulas:
    """Derivatives of a program's outputs as nodes of ``graph``.

    ``slopes`` has a row an output and a column a name of ``wrt``; ``adjoints`` a row an output, and
    in it the adjoint of each node of the program that gets one. ``outputs`` are the outputs' nodes
    and ``names`` the user's names for intermediates, as they are in ``graph``.
    """

    def __init__(
        self, program: Program, wrt: dict[str, int], graph: Graph, adjoints: list[dict[int, int]]
    ) -> None:
        self.program = program
        self.wrt = wrt
        self.graph = graph
        self.adjoints = adjoints
        self.outputs = program.outputs
        self.names = dict(program.names)
        zero = graphs.number(graph, 0.0)
        self.slopes = [[row.get(node, zero) for node in wrt.values()] for row in adjoints]

    def unused(self) -> Names:
        """Return names that the program does not have."""
        return Names([*self.program.variables(), *self.program.names])

    def heads(self) -> list[str]:
        """Return the outputs' names: f1, f2, ... where they have none, and "" for one alone."""
        program, head = self.program, "f"
        count = len(program.outputs)
        taken = self.unused().taken
        while not taken.isdisjoint(f"{head}{number}" for number in range(1, count + 1)):
            head += "_"
        written = program.written or [""] * count
        return [name or f"{head}{number}" * (count > 1) for number, name in enumerate(written, 1)]

    def titled(self) -> dict[str, int]:
        """Return the derivatives by names that nothing else has: "dL_dw", "d_dw"."""
        names = self.unused()
        return {
            names.fresh(f"d{head}_d{name}"): node
            for head, row in zip(self.heads(), self.slopes, strict=True)
            for name, node in zip(self.wrt, row, strict=True)
        }

    def simplify(self, timeout: float) -> list[str]:
        """Replace each derivative by the shortest form that SymPy finds, which is proved equal.

        Returns warnings of those that stay as they are; raises BackpropError if all do, as after
        ``timeout`` seconds for all together.
        """
        from backpropcli.proof.simplify import each_simplified  # noqa: PLC0415 (rare)

        titles = [self.program.title(output) for output in self.program.outputs]
        whats = [f"d/d{name} of {title}" for title in titles for name in self.wrt]
        nodes = [node for row in self.slopes for node in row]
        forms = each_simplified(self.graph, nodes, timeout)
        warnings = []
        graph = Graph()
        found = []
        for what, node, form in zip(whats, nodes, forms, strict=True):
            if isinstance(form, BackpropError):
                warnings.append(f"{what} is shown as it is: {form.message}")
                if all(isinstance(other, BackpropError) for other in forms):
                    raise BackpropError(f"{what}: {form.message}", form.hint)
                found.append(graph.take(self.graph, node))
            else:
                found.append(graph.take(*form))
        self.outputs = [graph.take(self.graph, output) for output in self.outputs]
        known = len(graph)
        places = {name: graph.take(self.graph, node) for name, node in self.names.items()}
        self.names = {name: node for name, node in places.items() if node < known}
        width = len(self.wrt)
        self.slopes = [found[at : at + width] for at in range(0, len(found), width)]
        self.graph = graph
        return warnings


def formulas(program: Program, wrt: Sequence[str] = ()) -> Formulas:
    """Return the derivatives of the program's outputs by the names ``wrt``, as expressions.

    All variables if there are no names. Raises BackpropError for an unknown name.
    """
    asked = wanted(program, wrt)
    graph = program.graph.copy()
    nodes = asked.values()
    adjoints = [adjoint_nodes(program.graph, graph, output, nodes) for output in program.outputs]
    graph, places = _quotients(graph, len(program.graph))
    rows = [{node: places[one] for node, one in row.items()} for row in adjoints]
    return Formulas(program, asked, graph, rows)


def _quotients(graph: Graph, first: int) -> tuple[Graph, list[int]]:
    """Return the graph with a/b for a*(1/b) from node ``first`` on, and each node's place in it.

    Choices between what is equal go.
    """
    found = Graph()
    found.define(graph.table)
    places: list[int] = []
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if not inputs:
            places.append(found.leaf(operation, graph.leaves[number]))
            continue
        name, parts = operation, [places[child] for child in inputs]
        if number >= first and operation == "mul":
            for one, other in (parts, parts[::-1]):
                if found.operations[one] == "div":
                    above, below = found.inputs[one]
                    if graphs.literal(found, above) == 1:
                        name, parts = "div", [other, below]
                        break
        if number < first:
            places.append(found.node(name, tuple(parts)))
        elif name == "where" and parts[1] == parts[2]:
            places.append(parts[1])  # nothing is multiplied with it any more
        else:
            places.append(graphs.build(found, name, parts))
    return found, places
