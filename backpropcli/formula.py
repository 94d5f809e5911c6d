"""Derivatives as expressions: the reverse pass on the nodes of a graph, no point needed."""

from __future__ import annotations

from backpropcli.arithmetics import books, graphs
from backpropcli.arithmetics.graphs import Formula
from backpropcli.errors import BackpropError
from backpropcli.gradient import wanted
from backpropcli.graph import Graph
from backpropcli.reverse import activity, live_edges, reverse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph import Program


class Formulas:
    """Derivatives of a program's outputs as nodes of ``graph``.

    ``slopes`` has a row an output and a column a name of ``wrt``; ``adjoints`` a row an output, and
    in it what each node of the program has for its adjoint (None where nothing arrives). ``names``
    are the user's names for intermediates, as they are in ``graph``.
    """

    def __init__(
        self, program: Program, wrt: dict[str, int], graph: Graph, adjoints: list[list[int | None]]
    ) -> None:
        self.program = program
        self.wrt = wrt
        self.graph = graph
        self.adjoints = adjoints
        self.names = dict(program.names)
        zero = graphs.number(graph, 0.0)
        self.slopes = [
            [zero if row[node] is None else row[node] or 0 for node in wrt.values()]
            for row in adjoints
        ]

    def titles(self) -> list[list[str]]:
        """Return a name for each derivative, which nothing else has: "dL_dw", "d_dw"."""
        taken = {*self.graph.variables(), *self.names}
        spelled = self.program.spelled
        heads = [spelled.get(output, [""])[-1] for output in self.program.outputs]
        return [[_fresh(f"d{head}_d{name}", taken) for name in self.wrt] for head in heads]

    def outputs(self) -> dict[str, int]:
        """Return the derivatives by their names."""
        return {
            title: node
            for titles, row in zip(self.titles(), self.slopes, strict=True)
            for title, node in zip(titles, row, strict=True)
        }

    def simplify(self, timeout: float) -> None:
        """Replace each derivative by the shortest form that SymPy finds, which is proved equal.

        Raises BackpropError where there is none after ``timeout`` seconds for all.
        """
        from backpropcli.simplify import simplified  # noqa: PLC0415 (rare)

        graph = Graph()
        each = timeout / max(1, sum(map(len, self.slopes)))
        slopes = []
        for title, row in zip(self.program.outputs, self.slopes, strict=True):
            found = []
            for name, node in zip(self.wrt, row, strict=True):
                try:
                    found.append(graph.take(*simplified(self.graph, node, each)))
                except BackpropError as error:
                    what = f"d/d{name} of {self.program.title(title)}"
                    raise BackpropError(f"{what}: {error.message}", error.hint) from None
            slopes.append(found)
        known = len(graph)
        places = {name: graph.take(self.graph, node) for name, node in self.names.items()}
        self.names = {name: node for name, node in places.items() if node < known}
        self.graph, self.slopes = graph, slopes


def formulas(program: Program, wrt: Sequence[str] = ()) -> Formulas:
    """Return the derivatives of the program's outputs by the names ``wrt``, as expressions.

    All variables if there are no names. Raises BackpropError for an unknown name.
    """
    asked = wanted(program, wrt)
    graph = program.graph.copy()
    values = [Formula(graph, number) for number in range(len(program.graph))]
    active = activity(program.graph, asked.values())
    adjoints = []
    for output in program.outputs:
        seeds = {output: graphs.double(1.0)}
        found = reverse(program.graph, books, values, seeds, active)
        adjoints.append([None if one is None else one.within(graph) for one in found])
    first = len(program.graph)
    graph, places = _quotients(graph, first)
    return Formulas(
        program,
        asked,
        graph,
        [[None if one is None else places[one] for one in row] for row in adjoints],
    )


def _quotients(graph: Graph, first: int) -> tuple[Graph, list[int]]:
    """Return the graph with a/b for a*(1/b) from node ``first`` on, and each node's place in it."""
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
        places.append(
            graphs.build(found, name, parts) if number >= first else found.node(name, tuple(parts))
        )
    return found, places


class Link:
    """One derivative of the chain rule: that of an output by one node.

    ``title`` is a name for it, ``by`` the node's name and ``of`` the output's; ``through`` has the
    names of the nodes that use the node, and for each of them the name of its own derivative.
    """

    __slots__ = ("by", "node", "of", "through", "title")

    def __init__(self, title: str, of: str, by: str, node: int, through: dict[str, str]) -> None:
        self.title = title
        self.of = of
        self.by = by
        self.node = node
        self.through = through


class Chain:
    """The chain rule written out for one output: ``names`` for all nodes on the way, ``links``."""

    def __init__(self, names: dict[str, int], links: list[Link]) -> None:
        self.names = names
        self.links = links


def chain_rule(found: Formulas, row: int = 0) -> Chain:
    """Return the chain rule for output number ``row``, from the output down."""
    program, adjoints = found.program, found.adjoints[row]
    graph, output = program.graph, program.outputs[row]
    taken = {*found.graph.variables(), *found.names}
    names = dict(found.names)
    called: dict[int, str] = {}
    for node, below in enumerate(graph.ancestors([output])):
        spelled = program.spelled.get(node)
        if not below:
            continue
        if not graph.inputs[node]:
            called[node] = str(graph.leaves[node])
        elif spelled:
            called[node] = spelled[-1]
        else:
            called[node] = _fresh("L" if node == output else "", taken)
            names[called[node]] = node
    moving = [node for node in called if adjoints[node] is not None]
    titles = {node: _fresh(f"d{called[output]}_d{called[node]}", taken) for node in moving}
    users = graph.users()
    links = []
    for node in reversed(moving):
        through = {}
        for user in users[node]:
            inputs = graph.inputs[user]
            live = live_edges(graph.table[graph.operations[user]], len(inputs))
            if user in titles and any(
                moves and child == node for moves, child in zip(live, inputs, strict=True)
            ):
                through[called[user]] = titles[user]
        links.append(Link(titles[node], called[output], called[node], adjoints[node] or 0, through))
    return Chain(names, links)


def _fresh(name: str, taken: set[str]) -> str:
    """Return ``name``, or one like it that is not taken; "" stands for v1, v2, ..."""
    count = 1
    found = name or "v1"
    while found in taken:
        count += 1
        found = f"{name}_{count}" if name else f"v{count}"
    taken.add(found)
    return found
