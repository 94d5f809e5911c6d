"""Derivatives of a program as nodes of its flat graph."""

from __future__ import annotations

from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.calculus.bindings import Point
from backpropcli.calculus.bindings.typed import Typed
from backpropcli.calculus.choice import nodes_on
from backpropcli.calculus.derivative import Along, bounded
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.lowered import Lowered
from backpropcli.calculus.records import Diff
from backpropcli.modes.gradient import report_of
from backpropcli.report.claim import Claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.linearize import Edges
    from backpropcli.report.report import Report
    from backpropcli.report.result import Result

ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}


def moves(part: Any) -> bool:  # noqa: ANN401 (a number, or an array)
    """Return whether a component is not 0."""
    return bool(part.any() if hasattr(part, "any") else part)


class Linearized(Lowered):
    """A flat graph with its local derivatives by the nodes ``wrt`` added, and the ``edges``.

    Derivatives along many directions share them: each is one ``push`` more.
    """

    def __init__(self, origin: Lowered, wrt: Collection[int], *, book: bool = False) -> None:
        graph = origin.graph.copy()
        super().__init__(origin.program, graph, origin.places, origin.owners)
        self.own = origin
        self.wrt = wrt
        self.shapes, self.diffs, self.outputs = origin.shapes, origin.diffs, origin.outputs
        every = bounded(graph, range(len(graph)))
        nodes = nodes_on(graph, self.shapes, book=book)
        self.edges: Edges = linearize(graph, nodes, range(len(graph)), wrt, every)
        new = len(graph) - len(origin.graph)
        self.owners = [*origin.owners, *[origin.program.root] * new]
        self.smooth = origin.smooth
        self._book: tuple[Linearized, Sequence[int]] | None = None

    def book(self) -> tuple[Lowered, Sequence[int]]:
        """Return the same with derivatives as books write them, and the places of nodes there."""
        if self._book is None:
            book, at = self.own.book()
            self._book = Linearized(book, [at[node] for node in self.wrt], book=True), at
        return self._book


class Derived(Lowered):
    """A flat graph with derivatives added, which have no place in the source.

    ``make`` adds them, and returns the outputs: it is told this graph, and calls ``along`` and
    ``derivative`` with nodes of ``origin``, which are number ``at[node]`` here.
    """

    def __init__(
        self,
        origin: Lowered,
        make: Callable[[Derived], list[int]],
        at: Sequence[int] | None = None,
        *,
        book: bool = False,
    ) -> None:
        graph = origin.graph.copy()
        super().__init__(origin.program, graph, origin.places, origin.owners)
        self.origin = origin
        self.own = origin.own if isinstance(origin, Linearized) else origin
        self.shapes, self.smooth = origin.shapes, origin.smooth
        self.make = make
        self.at = range(len(graph)) if at is None else at
        self.is_book = book
        self.diffs = list(origin.diffs)
        self.outputs = make(self)
        new = len(graph) - len(origin.graph)
        self.owners = [*origin.owners, *[origin.program.root] * new]

    def book(self) -> tuple[Lowered, Sequence[int]]:
        """Return the same with derivatives as books write them, and the places of nodes there."""
        base, at = self.origin.book()
        return Derived(base, self.make, at, book=True), at

    def along(self, direction: Mapping[int, Any]) -> Along:
        """Return the derivative along ``direction``: node -> its component, finite numbers.

        One that was typed as a constant expression is one here, and an array is a variable that
        ``given`` has.
        """
        seeds = {
            self.at[node]: self.component(part) for node, part in direction.items() if moves(part)
        }
        edges = self.origin.edges if isinstance(self.origin, Linearized) else None
        found = Along(self.graph, {}, self.shapes, book=self.is_book, edges=edges)
        found.move(seeds)
        return found

    def point(self, bindings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a point with the arrays that were made variables."""
        if not self.given:
            return bindings
        found = Point({**bindings, **self.given}, {})
        found.dtype = getattr(bindings, "dtype", "")
        return found

    def component(self, part: Any) -> int:  # noqa: ANN401 (a number, or an array)
        """Return the node of a component of a direction."""
        if not hasattr(part, "shape"):
            return self.number(part)
        name = f"component {len(self.given)}"  # no program has a name like that
        self.given[name] = part
        self.shapes = {**(self.shapes or {}), name: part.shape}
        return self.graph.node("variable", (), name)

    def number(self, part: float) -> int:
        """Return the node of a number, or of the constant expression that was typed for it."""
        if not isinstance(part, Typed):
            return Nodes(self.graph).number(float(part))
        return self.graph.write(part.graph, keep=part.graph.ancestors([part.root]))[part.root]

    def whose(self, number: int, limit: int = 60) -> str:
        """Return a node's text; for what was added here, that it is in a derivative."""
        if number < len(self.own.graph):
            return super().whose(number, limit)
        diff = self.diffs[-1]
        text = self.derivative_text(diff)
        return text if number == diff.node else f"a part of {text}"

    def brought(self, number: int) -> int | None:
        """Return the derivative of the surface graph that brought a node; None for none."""
        return super().brought(number) if number < len(self.own.graph) else None

    def of_derivative(self, number: int) -> bool:
        """Say whether a node is a part of a derivative that was written out, or added here."""
        return number >= len(self.own.graph) or super().of_derivative(number)

    def derivative_text(self, diff: Diff) -> str:
        """Return a derivative as the user wrote it, or what it is the derivative of."""
        if diff in self.origin.diffs:
            return super().derivative_text(diff)
        before = {one.node: one for one in self.diffs if one not in self.origin.diffs}
        of, order = diff.of, 1
        while of in before:
            of, order = before[of].of, order + 1
        which = "" if order == 1 else ORDINALS.get(order, f"{order}th") + " "
        return f"the {which}derivative of {self.text(of, 30)}"

    def derivative(self, along: Along, of: int) -> int:
        """Return the node of the derivative of node ``of`` of this graph."""
        node = along.derivative(of)
        self.diffs.append(Diff(self.graph, of, along.seeds, node, self.program.root, {}))
        return node


def directional(
    lowered: Lowered,
    output: int,
    direction: Mapping[int, Any],
    bindings: Mapping[str, Any],
    wrt: dict[str, int],
) -> Report:
    """Return the report of the derivative of a node along ``direction``: node -> its component."""
    made = with_derivative(lowered, output, direction)
    return report_of(made, made.point(bindings), wrt, {made.outputs[0]: 1.0})


def with_derivative(lowered: Lowered, output: int, direction: Mapping[int, Any]) -> Derived:
    """Return a flat graph whose output is the derivative of a node along a direction."""

    def make(made: Derived) -> list[int]:
        return [made.derivative(made.along(direction), made.at[output])]

    return Derived(lowered, make)


def doubles(direction: Mapping[int, Any]) -> dict[int, Any]:
    """Return a direction as the doubles that its components are."""
    return {
        node: part if hasattr(part, "shape") else float(part) for node, part in direction.items()
    }


def held(lowered: Lowered, names: Mapping[str, int], direction: Mapping[int, float]) -> list[str]:
    """Return the names that move as a direction says, and not as what they are made of does."""
    graph = lowered.graph
    moves = linearize(graph, None, (), direction).active
    return [name for name, node in names.items() if any(moves[at] for at in graph.inputs[node])]


def values_of(found: Result) -> Iterator[Claim]:
    """Yield the value of each output, of which the accuracy alone is told."""
    point = found.point
    for output, title in zip(point.lowered.outputs, found.value_titles(), strict=True):
        yield Claim(report_of(point.lowered, point.point, {}, {output: 1.0}), [], title=title)
