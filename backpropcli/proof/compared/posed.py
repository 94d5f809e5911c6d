"""Two programs in one graph of numbers: their values, and their derivatives by the same names.

Equal means identical there: what both programs have is one node.
"""

from __future__ import annotations

from fractions import Fraction

from backpropcli.calculus.choice import shapes_of
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.lower import lower
from backpropcli.graph.graph import Graph
from backpropcli.proof.compared.rows import zeros
from backpropcli.proof.equality.choices import Choices
from backpropcli.proof.equality.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.program import Program

    Place = tuple[int, ...]
    Sides = tuple[list[int], list[int]]


class Part:
    """A program in the common graph: the nodes of each name's elements, and whose shape it has.

    It ``derives`` where it holds derivatives.
    """

    __slots__ = ("derives", "names", "shapes", "value")

    def __init__(self, lowered: Lowered, written: Written, places: Sequence[int]) -> None:
        known = {**lowered.names, **lowered.graph.variables()}
        [value] = written.nodes[lowered.outputs[0]]
        self.value = places[value]
        self.names = {
            name: [places[one] for one in written.nodes[node]] for name, node in known.items()
        }
        self.shapes = {name: written.shapes[node] for name, node in known.items()}
        self.derives = bool(lowered.diffs)


class Both:
    """Two programs in one ``graph``.

    ``values`` are their outputs' nodes; ``slopes`` has by name the nodes of their derivatives by
    each element, and ``shapes`` the names' shapes. ``conditions`` are assumed to be true, and
    ``inside`` is finite where both values are. ``by`` are the nodes of what derivatives are by:
    None where a program holds derivatives of its own, which may be by anything. They are ``placed``
    where elements are taken by computed places, which are those of the values they were written out
    for.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        bindings: Mapping[str, Any],
        wrt: Sequence[str],
        assumed: Sequence[Program] = (),
    ) -> None:
        self.graph = Graph()
        self.own: dict[int, int] = {}
        self.placed = False
        parts = [self._taken_in(program, bindings) for program in programs]
        self.values = parts[0].value, parts[1].value
        self.names = {**parts[1].names, **parts[0].names}
        self.shapes = {**parts[1].shapes, **parts[0].shapes}
        self.conditions = [node for one in assumed for node in self._condition(one)]
        self.wrt = list(wrt)
        self.slopes: dict[str, Sides] = dict(
            zip(wrt, zip(*[self._slopes(part) for part in parts], strict=True), strict=True)
        )
        self.inside = self.graph.node("add", self.values)
        own = any(part.derives for part in parts)
        self.by = None if own else [node for name in self.wrt for node in self.names[name]]

    def _taken_in(self, program: Program, bindings: Mapping[str, Any]) -> Part:
        given = {name: bindings[name] for name in program.variables if name in bindings}
        lowered = lower(program, shapes_of(program.graph, given), book=True)
        written = Written(lowered, given)
        places = self._write(written, {})
        first = len(self.own)  # the elements of the other program are others
        self.own = {places[node]: first + at for node, at in written.own.items()} | self.own
        return Part(lowered, written, places)

    def _write(self, written: Written, given: Mapping[str, int]) -> Sequence[int]:
        """Write a program into the common graph; return the places of its nodes."""
        self.placed |= written.placed
        return self.graph.write(written.graph, given)

    def _slopes(self, part: Part) -> list[list[int]]:
        """Return the nodes of a program's derivatives by each name's elements."""
        by = [part.names.get(name, []) for name in self.wrt]
        adjoints = adjoint_nodes(self.graph, part.value, [node for each in by for node in each])
        zero = self.graph.node("number", (), 0.0)
        return [
            [adjoints.get(node, zero) for node in each] or [zero] * len(self.names[name])
            for name, each in zip(self.wrt, by, strict=True)
        ]

    def _condition(self, program: Program) -> list[int]:
        """Return the nodes of an assumption's elements."""
        shapes = {name: self.shapes.get(name, ()) for name in program.variables}
        anything = {name: zeros(shape) for name, shape in shapes.items()}
        lowered = lower(program, shapes_of(program.graph, anything))
        written = Written(lowered, anything)
        given = {
            title: node
            for name, shape in shapes.items()
            for title, node in zip(titles(name, shape), self.names[name], strict=True)
        }
        places = self._write(written, given)
        return [places[at] for node in lowered.outputs for at in written.nodes[node]]

    @property
    def choices(self) -> Choices:
        """The choices that the two programs make, and those of rules: they are in slopes alone."""
        graph, roots, own = self.graph, [*self.values], self.own
        if any(graph.row(at).own for at, inputs in enumerate(graph.inputs) if inputs):
            roots += [node for pair in self.slopes.values() for side in pair for node in side]
            own = {at: len(graph) + at for at in range(len(graph))} | own
        return Choices(graph, roots, own, self.conditions)

    def moved(self) -> set[str]:
        """Return the names of the variables of numbers that something in ``wrt`` rests on."""
        below = self.graph.ancestors([node for name in self.wrt for node in self.names[name]])
        return {name for name, node in self.graph.variables().items() if below[node]}

    def fixed(self, nodes: Sequence[int], values: Mapping[str, Fraction]) -> list[int]:
        """Return nodes in which variables have the ``values`` given."""
        part, places = self.graph.part(nodes)
        given = {name: self.number(value) for name, value in values.items()}
        there = self.graph.write(part, given)
        return [there[places[node]] for node in nodes]

    def number(self, value: Fraction) -> int:
        """Return the node of a number."""
        size = abs(value)
        if Fraction(repr(float(size))) == size:
            node = self.graph.node("number", (), float(size))
        else:
            above, below = (
                self.graph.node("number", (), float(one)) for one in size.as_integer_ratio()
            )
            node = self.graph.node("div", (above, below))
        return self.graph.node("neg", (node,)) if value < 0 else node


def titles(name: str, shape: Place) -> list[str]:
    """Return what the elements of a variable are called."""
    if not shape:
        return [name]
    from backpropcli.calculus.elements import each_place, element

    return [element(name, place) for place in each_place(shape)]
