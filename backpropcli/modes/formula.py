"""Derivatives as expressions: the reverse pass on the nodes of a graph, no point needed."""

from __future__ import annotations

from backpropcli.arithmetics.nodes import Nodes
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.lower import lower
from backpropcli.graph.graph import Graph
from backpropcli.graph.walks import without_names
from backpropcli.language.names import Names
from backpropcli.language.unparse import statements
from backpropcli.modes.gradient import wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.program import Program


class Formulas:
    """Derivatives of a program's outputs as nodes of ``graph``.

    Its first nodes are those of ``function``, which is the program's flat graph. ``slopes`` has a
    row an output and a column a name of ``wrt``; ``adjoints`` a row an output, and in it the
    adjoint of each node of the function that gets one. ``outputs`` are the outputs' nodes and
    ``names`` the user's names for intermediates. As texts of the language they are ``jacobian``, a
    row an output, and ``gradient``, by name, of the last output, which is the only one of most
    programs.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        program: Program,
        function: Graph,
        outputs: list[int],
        names: dict[str, int],
        wrt: dict[str, int],
        graph: Graph,
        adjoints: list[dict[int, int]],
        warnings: list[str],
    ) -> None:
        self.program = program
        self.function = function
        self.wrt = wrt
        self.graph = graph
        self.adjoints = adjoints
        self.outputs = outputs
        self.names = names
        self.warnings = warnings
        zero = Nodes(graph).number(0.0)
        self.slopes = [[row.get(node, zero) for node in wrt.values()] for row in adjoints]

    def __repr__(self) -> str:
        return f"Formulas(jacobian={self.jacobian!r})"

    @property
    def jacobian(self) -> list[list[str]]:
        """Each derivative as a program of its own, on one line; a row an output."""
        return [[self._text(node) for node in row] for row in self.slopes]

    @property
    def gradient(self) -> dict[str, str]:
        """The derivatives of the last output, by name."""
        return dict(zip(self.wrt, map(self._text, self.slopes[-1]), strict=True))

    def _text(self, node: int) -> str:
        return "; ".join(statements(self.graph, {"": node}, self.names))

    def unused(self) -> Names:
        """Return names that the program does not have."""
        return Names([*self.program.variables, *self.program.names])

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

    def replace(self, forms: Sequence[tuple[Graph, int] | None]) -> None:
        """Replace derivatives, row by row, by other forms of them; those with None stay."""
        graph = Graph(self.graph.table)
        nodes = [node for row in self.slopes for node in row]
        found = [
            _taken(graph, self.graph, node) if form is None else _taken(graph, *form)
            for node, form in zip(nodes, forms, strict=True)
        ]
        self.outputs = [_taken(graph, self.graph, output) for output in self.outputs]
        known = len(graph)
        places = {name: _taken(graph, self.graph, node) for name, node in self.names.items()}
        self.names = {name: node for name, node in places.items() if node < known}
        width = len(self.wrt)
        self.slopes = [found[at : at + width] for at in range(0, len(found), width)]
        self.graph = graph


def formulas(program: Program, wrt: Sequence[str] = ()) -> Formulas:
    """Return the derivatives of the program's outputs by the names ``wrt``, as expressions.

    All variables if there are no names. Raises BackpropError for an unknown name.
    """
    lowered = lower(program, book=True)
    function, places = without_names(lowered.graph, lowered.outputs)
    asked = {name: places[node] for name, node in wanted(lowered, wrt).items()}
    outputs = [places[output] for output in lowered.outputs]
    names = {name: places[node] for name, node in lowered.names.items()}
    graph = function.copy()
    adjoints = [adjoint_nodes(graph, output, asked.values()) for output in outputs]
    graph, places = _quotients(graph, len(function))
    rows = [{node: places[one] for node, one in row.items()} for row in adjoints]
    return Formulas(program, function, outputs, names, asked, graph, rows, lowered.warnings)


def _quotients(graph: Graph, first: int) -> tuple[Graph, list[int]]:
    """Return the graph with a/b for a*(1/b) from node ``first`` on, and each node's place in it."""
    found = Graph(graph.table)
    nodes = Nodes(found, book=True)
    places: list[int] = []
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        parts = tuple([places[child] for child in inputs])
        if number < first:
            places.append(found.node(operation, parts, graph.args.get(number)))
            continue
        name = operation
        if operation == "mul":
            for one, other in (parts, parts[::-1]):
                if found.operations[one] == "div":
                    above, below = found.inputs[one]
                    if nodes.literal(above) == 1:
                        name, parts = "div", (other, below)
                        break
        places.append(nodes.build(name, parts, graph.args.get(number)))
    return found, places


def _taken(graph: Graph, other: Graph, root: int) -> int:
    """Return the node here that is the same as node ``root`` of another graph."""
    return graph.write(other, keep=other.ancestors([root]))[root]
