"""Derivatives as expressions: the reverse pass on the nodes of a graph, no point needed."""

from __future__ import annotations

from math import isfinite

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.gaps import NONZERO, NOT_NEGATIVE, TRUE, VALUE, ZERO, Loss, gaps
from backpropcli.arithmetics.sizes import sized, text
from backpropcli.arithmetics.terms import Terms
from backpropcli.arithmetics.tidy import Tidy
from backpropcli.calculus.choice import nodes_on
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph
from backpropcli.graph.walks import without_names
from backpropcli.language.names import Names
from backpropcli.language.unparse import brief, statements
from backpropcli.modes.gradient import wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.calculus.lower import Lowered
    from backpropcli.language.program import Program

DEMANDS = {
    NONZERO: "!= 0",
    NOT_NEGATIVE: ">= 0",
    VALUE: "has a value",
    TRUE: "",
    ZERO: "!= 0",
}
SIMPLE = (0.0, 1.0, -1.0, 2.0, 0.5, -2.0, 3.0)
"""Coordinates at which a form is looked at."""
LONG = 40
"""Characters of an expression in a condition."""


class Raw:
    """Derivatives as the reverse pass makes them, in a graph whose first nodes are the function's.

    ``adjoints`` has a row an output, and in it the adjoint of each node that gets one.
    """

    __slots__ = ("adjoints", "graph")

    def __init__(self, graph: Graph, adjoints: list[dict[int, int]]) -> None:
        self.graph = graph
        self.adjoints = adjoints


class Formulas:
    """Derivatives of a program's outputs as nodes of ``graph``, tidied.

    Its first nodes are those of ``function``, which is the program's flat graph; ``raw`` are the
    same derivatives before. ``slopes`` has a row an output and a column a name of ``wrt``, and so
    has ``gaps``, which says where only the formula has a value. ``outputs`` are the outputs' nodes
    and ``names`` the user's names for intermediates. As texts of the language the derivatives are
    ``jacobian``, a row an output, and ``gradient``, by name, of the last output, which is the only
    one of most programs.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        program: Program,
        function: Graph,
        outputs: list[int],
        names: dict[str, int],
        wrt: dict[str, int],
        raw: Raw,
        warnings: list[str],
        shapes: Mapping[str, Shape] | None = None,
    ) -> None:
        self.program = program
        self.function = function
        self.wrt = wrt
        self.raw = raw
        self.outputs = outputs
        self.names = names
        self.warnings = warnings
        self.shapes = shapes
        roots = [self.adjoint(row, node) for row in range(len(outputs)) for node in wrt.values()]
        tidy = self.tidied(roots, names.values())
        self.graph = tidy.graph
        self.slopes = self._rows(tidy.places)
        self.gaps = self._rows(tidy.gaps())

    def adjoint(self, row: int, node: int) -> int:
        """Return a derivative as the reverse pass made it: 0 where nothing arrives."""
        found = self.raw.adjoints[row].get(node)
        if found is None:
            found = nodes_on(self.raw.graph, self.shapes).arrived(None, node)
        return found

    def tidied(
        self, roots: Sequence[int], named: Collection[int], titles: Mapping[int, str] | None = None
    ) -> Tidy:
        """Return derivatives, nodes of the raw graph, as people write them."""
        if self.shapes is None:
            return Tidy(self.raw.graph, self.function, roots, named, titles)
        from backpropcli.arithmetics.tidy_arrays import TidyArrays  # noqa: PLC0415 (with arrays)

        return TidyArrays(self.raw.graph, self.function, roots, named, titles, given=self.shapes)

    def _rows(self, items: list[Any]) -> list[list[Any]]:
        """Return what there is of each derivative, a row an output."""
        width = len(self.wrt)
        return [items[at * width : (at + 1) * width] for at in range(len(self.outputs))]

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

    @property
    def conditions(self) -> list[list[list[str]]]:
        """Where each derivative holds, as in "x != 0"; [] for wherever it has a value."""
        return [[self._where(gaps) for gaps in row] for row in self.gaps]

    def _where(self, gaps: Sequence[Loss]) -> list[str]:
        """Return what nodes have to be, as text."""
        named = {node: name for name, node in self.names.items()}
        found: dict[int, str] = {}
        for kind, node in gaps:
            told = DEMANDS[kind]
            found[node] = "> 0" if {told, found.get(node)} == {"!= 0", ">= 0"} else told
        texts = {
            node: brief(self.graph, node, LONG, lambda at: named.get(at, "")) for node in found
        }
        if len(found) == 1:
            return [f"{texts[node]} {told}".strip() for node, told in found.items()]
        return [
            f"{texts[node]} {told}" if told else f"({texts[node]})" for node, told in found.items()
        ]

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
        """Return the derivatives by names that nothing else has: "dL_dw", "d_dw".

        Each is a node of its own: none is written by the name of another.
        """
        names, graph = self.unused(), self.graph
        found = {}
        for head, row in zip(self.heads(), self.slopes, strict=True):
            for name, node in zip(self.wrt, row, strict=True):
                title = names.fresh(f"d{head}_d{name}")
                found[title] = graph.node("name", (node,), title)
        return found

    def replace(self, forms: Sequence[tuple[Graph, int] | None]) -> None:
        """Replace derivatives, row by row, by other forms of them; those with None stay.

        A form has a gap where it has a value and what it replaces has none.
        """
        graph = Graph(self.graph.table)
        nodes = [node for row in self.slopes for node in row]
        before = [gaps for row in self.gaps for gaps in row]
        stay = [_taken(graph, self.graph, node) for node in nodes]
        found = [
            place if form is None else _taken(graph, *form)
            for place, form in zip(stay, forms, strict=True)
        ]
        self.outputs = [_taken(graph, self.graph, output) for output in self.outputs]
        known = len(graph)
        places = {name: _taken(graph, self.graph, node) for name, node in self.names.items()}
        self.names = {name: node for name, node in places.items() if node < known}
        terms = Terms(graph, (), decimals=False)
        new = []
        for place, other, lost in zip(stay, found, before, strict=True):
            all_lost = [Loss(kind, _taken(graph, self.graph, node)) for kind, node in lost]
            if place != other and _fills(graph, place, other):
                all_lost.append(Loss(VALUE, place))
            new.append(gaps(terms, other, all_lost))
        self.gaps = self._rows(new)
        self.slopes = self._rows(found)
        self.graph = graph


def formulas(
    program: Program,
    wrt: Sequence[str] = (),
    shapes: Mapping[str, Shape] | None = None,
    origins: Mapping[str, str] | None = None,
) -> Formulas:
    """Return the derivatives of the program's outputs by the names ``wrt``, as expressions.

    All variables if there are no names. ``shapes`` are the variables', by name, where one may be an
    array, and ``origins`` say where they are from. Raises BackpropError for an unknown name, for
    shapes that do not fit, and for an output that is an array.
    """
    if shapes is not None:
        shapes = {name: sized(shape) for name, shape in shapes.items()}
    lowered = lower(program, shapes, book=True)
    function, places = without_names(lowered.graph, lowered.outputs)
    if shapes is not None:
        _fit(lowered, shapes, origins or {})
        function, own = _with_sizes(function, shapes)
        places = [own[place] for place in places]
    asked = {name: places[node] for name, node in wanted(lowered, wrt).items()}
    outputs = [places[output] for output in lowered.outputs]
    names = {name: places[node] for name, node in lowered.names.items()}
    graph = function.copy()
    wrt_nodes = asked.values()
    adjoints = [adjoint_nodes(graph, at, wrt_nodes, shapes, plain=True) for at in outputs]
    raw = Raw(graph, adjoints)
    return Formulas(program, function, outputs, names, asked, raw, lowered.warnings, shapes)


def _fit(lowered: Lowered, shapes: Mapping[str, Shape], origins: Mapping[str, str]) -> None:
    """Take in notes on shapes. Raises BackpropError where they do not fit."""
    from backpropcli.calculus.fitting import fitting, node_shapes  # noqa: PLC0415 (with arrays)

    bare = [name for name in lowered.graph.variables() if name not in shapes]
    missing = (
        f"what has no shape is a number: {', '.join(bare)}\n"
        f"give shapes with --shape '{'; '.join(f'{name}=n' for name in bare[:2])}'"
    )
    try:
        lowered.warnings += fitting(lowered, shapes, origins)
    except BackpropError as error:
        if bare:
            error.hint = "\n".join([*filter(None, [error.hint]), missing])
        raise
    known = node_shapes(lowered.graph, shapes)
    for node, inputs in enumerate(lowered.graph.inputs):
        row = lowered.graph.table.get(lowered.graph.operations[node])
        if bare and inputs and row is not None and row.reduces and not known[inputs[0]]:
            raise BackpropError(f"{lowered.text(node, 40)} is of a number", missing)
    for output in lowered.outputs:
        if known[output]:
            raise BackpropError(
                f"the output is an array ({text(known[output])}), and a formula is of a number",
                "write its sum or mean, or its product with weights, as in sum(G*(...))",
            )


def _with_sizes(graph: Graph, shapes: Mapping[str, Shape]) -> tuple[Graph, list[int]]:
    """Return a graph in words of the language, with the sizes that it asks for, and places."""
    from backpropcli.arithmetics.spelling import SPELLED  # noqa: PLC0415 (with arrays)

    found = Graph(graph.table)
    nodes = nodes_on(found, shapes, book=True)

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        own = operation in SPELLED or operation == "size"
        return nodes.build(operation, inputs, arg) if own else found.node(operation, inputs, arg)

    return found, found.write(graph, node=make)


def _taken(graph: Graph, other: Graph, root: int) -> int:
    """Return the node here that is the same as node ``root`` of another graph."""
    return graph.write(other, keep=other.ancestors([root]))[root]


def _fills(graph: Graph, one: int, other: int) -> bool:
    """Say whether node ``other`` has a value at a simple point where node ``one`` has none."""
    names = [*graph.variables()]
    for turn in range(len(SIMPLE) * 2):
        step = 1 if turn < len(SIMPLE) else 2
        point = {name: SIMPLE[(turn + at * step) % len(SIMPLE)] for at, name in enumerate(names)}
        values = forward(graph, floats, point)
        if not isfinite(values[one]) and isfinite(values[other]):
            return True
    return False
