"""The flat graph of a program: calls and ``diff`` written out, each node an operation of the table.

It remembers where each node of the surface graph, which is what the user wrote, came to. A program
without calls and ``diff`` is flat already. The value of a call and of a ``diff`` is a node of its
own ("result"), so that what arrives there is this one's alone.
"""

from __future__ import annotations

from backpropcli.calculus.derivative import MOST_NODES, Along
from backpropcli.errors import BackpropError, SourceError
from backpropcli.graph.graph import Graph
from backpropcli.graph.row import Row, Rule
from backpropcli.language.program import CALL, DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.functions import Function
    from backpropcli.language.program import Program

BODY = "body"
OWN = "()"
"""Ends the name of an operation that a program defines: no operation of the language ends so."""


class Own(Row):
    """The row of a function with rules: its inputs are the arguments, and last the body's value."""

    __slots__ = ("function",)
    own = True

    def __init__(self, function: Function, rules: list[Rule]) -> None:
        self.function = function
        names = [f"x{at}" for at in range(len(rules))]
        super().__init__(
            f"{function.name}({', '.join([*names, BODY])})", *rules, "0", doc="", expand=BODY
        )
        self.name = function.name + OWN
        self.parameters = [*function.rule_names, BODY]

    @property
    def shown(self) -> str:
        """The function's name."""
        return self.function.name


class Diff:
    """A derivative in a flat graph: node ``node`` is that of ``of`` by ``by``, of some order."""

    __slots__ = ("by", "node", "of", "order", "surface")

    def __init__(self, surface: int, of: int, by: int, order: int, node: int) -> None:
        self.surface = surface
        self.of = of
        self.by = by
        self.order = order
        self.node = node


class Lowered:
    """A program's flat graph; ``places`` has the node of each node of its surface graph."""

    __slots__ = ("diffs", "graph", "names", "outputs", "places", "program", "warnings")

    def __init__(self, program: Program, graph: Graph, places: Sequence[int]) -> None:
        self.program = program
        self.graph = graph
        self.places = places
        self.outputs = [places[output] for output in program.outputs]
        self.names = {name: places[node] for name, node in program.names.items()}
        self.diffs: list[Diff] = []
        self.warnings: list[str] = []


class _Bodies:
    """The functions of a program, each written flat once."""

    def __init__(self, *, book: bool) -> None:
        self.book = book
        self.bodies: dict[Function, tuple[Graph, int]] = {}
        self.rows: dict[Function, Own] = {}

    def body(self, function: Function) -> tuple[Graph, int]:
        found = self.bodies.get(function)
        if found is None:
            found = self.bodies[function] = self._flat(function.body)
        return found

    def row(self, function: Function) -> Own:
        found = self.rows.get(function)
        if found is None:
            rules = []
            for rule in function.rules:
                graph, root = self._flat(rule)
                number = graph.args.get(root) if graph.operations[root] == "number" else None
                text = str(int(number)) if number in (0.0, 1.0) else ""  # type: ignore[call-overload]
                rules.append(Rule(text or rule.text(rule.root, 1000), own=(graph, root)))
            found = self.rows[function] = Own(function, rules)
        return found

    def _flat(self, program: Program) -> tuple[Graph, int]:
        flat = _lowered(program, self)
        return flat.graph, flat.outputs[0]


def lower(program: Program, *, book: bool = False) -> Lowered:
    """Return the flat graph of ``program``. With ``book`` derivatives are as books write them.

    Raises SourceError where it grows too large.
    """
    return _lowered(program, _Bodies(book=book), whole=True)


def _lowered(program: Program, bodies: _Bodies, *, whole: bool = False) -> Lowered:
    surface = program.graph
    if CALL not in surface.operations and DIFF not in surface.operations:
        return Lowered(program, surface, range(len(surface)))
    graph = Graph(surface.table)
    places: list[int] = []
    diffs: list[Diff] = []
    warnings: list[str] = []
    along: dict[int, Along] = {}
    for number, operation in enumerate(surface.operations):
        inputs = tuple([places[child] for child in surface.inputs[number]])
        arg = surface.args.get(number)
        try:
            if operation == CALL:
                node = _call(graph, bodies, arg, inputs)  # type: ignore[arg-type]
            elif operation == DIFF:
                node = _diff(graph, bodies, along, inputs, int(arg), number, diffs)  # type: ignore[call-overload]
                if graph.operations[node] == "number" and graph.args[node] == 0 and whole:
                    text = program.text(number)
                    warnings.append(f"{text} is 0: nothing in it moves with its second argument")
            else:
                places.append(graph.node(operation, inputs, arg))
                continue
        except BackpropError as error:
            start, end = program.starts[number], program.ends[number]
            raise SourceError(
                error.message, program.source, start, end, error.hint, program.origin
            ) from None
        places.append(graph.node("result", (node,), number) if whole else node)
    graph.freeze()
    found = Lowered(program, graph, places)
    found.diffs = diffs
    found.warnings = list(dict.fromkeys(warnings))
    return found


def _call(graph: Graph, bodies: _Bodies, function: Function, inputs: tuple[int, ...]) -> int:
    """Write a call into ``graph``; return the node of its value."""
    body, root = bodies.body(function)
    if len(graph) + len(body) > MOST_NODES:
        raise BackpropError(
            f"this call makes the graph larger than {MOST_NODES:,} nodes",
            "a function that calls another twice doubles it each time",
        )
    given = dict(zip(function.parameters, inputs, strict=True))
    node = graph.write(body, given)[root]
    if not function.rules:
        return node
    row = bodies.row(function)
    graph.define({row.name: row})
    for rule in row.rules:
        if rule.parsed is not None:
            graph.define(rule.parsed[0].table)
    return graph.node(row.name, (*inputs, node))


def _diff(  # noqa: PLR0913 (what it is of, and where it goes)
    graph: Graph,
    bodies: _Bodies,
    along: dict[int, Along],
    inputs: tuple[int, ...],
    order: int,
    surface: int,
    diffs: list[Diff],
) -> int:
    """Write a derivative into ``graph``; return its node."""
    of, by = inputs
    if by not in along:
        one = graph.node("number", (), 1.0)
        along[by] = Along(graph, {by: one}, book=bodies.book)
    node = of
    for _ in range(order):
        node = along[by].derivative(node)
    diffs.append(Diff(surface, of, by, order, node))
    return node

