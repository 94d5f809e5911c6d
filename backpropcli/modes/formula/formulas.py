"""Derivatives as expressions of the language, and what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.arithmetics.tidy.gaps import VALUE, Loss, corners, gaps, ranked
from backpropcli.arithmetics.tidy.terms import Terms
from backpropcli.arithmetics.tidy.tidy import Tidy
from backpropcli.calculus.choice import nodes_on
from backpropcli.graph.graph import Graph
from backpropcli.language.names import Names
from backpropcli.language.unparse import statements
from backpropcli.modes.formula.conditions import fills, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.language.program import Program


class Raw(NamedTuple):
    """Derivatives as the reverse pass makes them, in a graph whose first nodes are the function's.

    ``adjoints`` has a row an output, and in it the adjoint of each node that gets one. An output
    that is a vector has an adjoint of its own, the variable that ``seeds`` names.
    """

    graph: Graph
    adjoints: list[dict[int, int]]
    seeds: Sequence[str | None]


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
        for row, nodes in zip(self.gaps, self.slopes, strict=True):
            for told, node in zip(row, nodes, strict=True):
                told.extend(ranked(self.graph, node) if shapes is not None else ())
        if any(raw.seeds):
            self._find_jacobians()

    def _find_jacobians(self) -> None:
        """Let the derivatives of outputs that are vectors be their Jacobians."""
        from backpropcli.modes.formula.arrays import jacobians

        assert self.shapes is not None  # noqa: S101 (for mypy: there are arrays)
        for row, seed in enumerate(self.raw.seeds):
            if seed is not None:
                self.slopes[row] = jacobians(self.graph, self.shapes, seed, self.slopes[row])

    @property
    def shape(self) -> Callable[[int], Shape] | None:
        """What returns the shape of a node of ``graph``; None for a program of numbers."""
        return self.shape_on(self.graph)

    def shape_on(self, graph: Graph) -> Callable[[int], Shape] | None:
        """Return what returns the shape of a node of a graph on the same variables."""
        if self.shapes is None:
            return None
        from backpropcli.arithmetics.matrices.matrices import Matrices

        return Matrices(graph, self.shapes).shape

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
        from backpropcli.arithmetics.tidy.arrays.tidy import TidyArrays

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
    def ruled(self) -> bool:
        """Whether the program calls a function with rules of its own."""
        function = self.function
        return any(function.row(at).own for at, inputs in enumerate(function.inputs) if inputs)

    @property
    def conditions(self) -> list[list[list[str]]]:
        """Where each derivative holds, as in "x != 0"; [] for wherever it has a value."""
        return self.told(self.names)

    def told(self, names: Mapping[str, int]) -> list[list[list[str]]]:
        """Return where each derivative holds; some nodes have ``names``."""
        return [[texts(self.graph, gaps, names) for gaps in row] for row in self.gaps]

    def sizes(self) -> dict[str, object]:
        """Return the shapes of variables, and of derivatives by name, a row an output."""
        shape = self.shape
        assert shape is not None  # noqa: S101 (for mypy: there are arrays)
        rows = [dict(zip(self.wrt, map(shape, row), strict=True)) for row in self.slopes]
        variables = {name: shape(node) for name, node in self.wrt.items()}
        plain = [
            {name: [one if isinstance(one, int) else str(one) for one in sizes]
             for name, sizes in row.items()}
            for row in (variables, *rows)
        ]  # fmt: skip
        return {"variables": plain[0], "formula": plain[1:]}

    def jacobians(self) -> list[str]:
        """Return for each derivative the comment that it is a vector's; "" for a number's."""
        shape = self.shape
        return [
            "" if seed is None or shape is None else f"  # the Jacobian, {text(shape(node))}"
            for row, seed in zip(self.slopes, self.raw.seeds, strict=True)
            for node in row
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
            if place != other and fills(graph, place, other):
                all_lost.append(Loss(VALUE, place))
            told = [*gaps(terms, other, all_lost), *corners(terms, [place, other], self.outputs)]
            new.append([*dict.fromkeys(told)])
        self.gaps = self._rows(new)
        self.slopes = self._rows(found)
        self.graph = graph


def _taken(graph: Graph, other: Graph, root: int) -> int:
    """Return the node here that is the same as node ``root`` of another graph."""
    return graph.write(other, keep=other.ancestors([root]))[root]
