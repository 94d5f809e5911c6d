"""What lowering keeps on record: functions with rules as rows, and what was written out."""

from __future__ import annotations

from backpropcli.graph.cells import Rule, late
from backpropcli.graph.graph import Graph
from backpropcli.graph.row import Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.language.program import Function, Program

BODY = "body()"
"""Names the body's value in a row: no parameter can have this name."""
OWN = "()"
"""Ends the name of an operation that a program defines: no operation of the language ends so."""


class Own(Row):
    """The row of a function with rules: its inputs are the arguments, and last the body's value.

    ``given`` are its rules, by argument: partial derivatives, or what goes to each.
    """

    own = True

    def __init__(self, function: Function, body: tuple[Graph, int], rules: list[Rule]) -> None:
        self.function = function
        self.body = body
        self.given = rules
        names = [f"x{at}" for at in range(len(rules))]
        value = Graph()
        expand = Rule(BODY, own=(value, value.node("variable", (), BODY)))
        signature = f"{function.name}({', '.join([*names, BODY])})"
        every = (*rules, Rule("0"))
        if function.whole:
            super().__init__(signature, adjoints=every, doc="", expand=expand)
        else:
            super().__init__(signature, *every, doc="", expand=expand)
        self.name = function.name + OWN

    @late
    def parameters(self) -> list[str]:
        """Return the names that the function's rules use, and the body's."""
        return [*self.function.rule_names, BODY]

    def node(self, graph: Graph, arguments: tuple[int, ...], value: int) -> int:
        """Write a call with its rules into a graph, given its body's value; return its node."""
        graph.define({self.name: self})
        for rule in self.given:
            graph.define(rule.parsed[0].table)
        return graph.node(self.name, (*arguments, value))

    @property
    def of_numbers(self) -> bool:
        """Whether its body and its rules are mathematics of numbers."""
        graphs = [self.body[0], *[rule.parsed[0] for rule in self.given]]
        rows = [graph.row(at) for graph in graphs for at, given in enumerate(graph.inputs) if given]
        return not self.function.whole and not any(row.whole or row.static for row in rows)

    @property
    def shown(self) -> str:
        """The function's name."""
        return self.function.name


class Diff:
    """A derivative that was written out, of the first order: ``node`` is that of ``of``.

    It is along ``seeds``, which maps nodes to the nodes of their tangents. All are nodes of
    ``graph``: the flat graph of the program, or that of a function's body.
    Then ``given`` maps the function's parameters to nodes of the program. ``surface`` is the node
    of the surface graph that it is, or that calls the function. That of a number by an array has
    no tangent: it is the array of derivatives ``by`` the elements of that node.
    """

    __slots__ = ("by", "given", "graph", "node", "of", "seeds", "surface")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        graph: Graph,
        of: int,
        seeds: Mapping[int, int],
        node: int,
        surface: int,
        given: Mapping[str, int],
        by: int | None = None,
    ) -> None:
        self.graph = graph
        self.by = by
        self.of = of
        self.seeds = seeds
        self.node = node
        self.surface = surface
        self.given = given


class Derived:
    """An operation that was written out, as ``mean`` is: its row, inputs and ``arg``.

    ``nodes`` are those it brought, and ``node`` is its value. In ``program`` it is node ``number``.
    """

    __slots__ = ("arg", "inputs", "node", "nodes", "number", "program", "row")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        row: Row,
        inputs: tuple[int, ...],
        arg: object,
        nodes: Sequence[int],
        node: int,
        program: Program,
        number: int,
    ) -> None:
        self.row = row
        self.inputs = inputs
        self.arg = arg
        self.nodes = nodes
        self.node = node
        self.program = program
        self.number = number

    def inside(self, places: Sequence[int]) -> Derived:
        """Return the same where the nodes of a body have come to ``places``."""
        inputs = tuple([places[child] for child in self.inputs])
        nodes = [places[node] for node in self.nodes]
        return Derived(
            self.row, inputs, self.arg, nodes, places[self.node], self.program, self.number
        )
