"""A program of arrays as one of numbers: a variable for each element, and an output for each."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from backpropcli.arithmetics.arrays.elements import Elements, filled
from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.graph.conventions import table_with
from backpropcli.graph.graph import Graph
from backpropcli.language.program import NOWHERE, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lowered import Lowered

    Place = tuple[int, ...]

LONG = 30
"""Characters of what goes by an order."""
MOST = 200_000
"""Nodes that a program written out in numbers may have."""


class Numbers:
    """A program of arrays, ``lowered``, at the values that it is ``of``, written out in numbers.

    ``program`` is of numbers, ``bindings`` has the elements' values by name; ``places`` has the
    nodes there of each node's elements, in row-major order. It is ``ordered`` where something goes
    by the order of elements, which is that of the point: ``compared`` has the pairs of nodes, with
    -1 or 1 as the first is less or greater; and ``placed`` those that are places. Nodes that are
    ``fixed`` are equal to others, and too many to be compared.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        lowered: Lowered,
        of: Mapping[str, Any],
        program: Program,
        bindings: Mapping[str, float],
        elements: Elements,
        places: list[list[int]],
    ) -> None:
        self.lowered = lowered
        self.of = of
        self.program = program
        self.bindings = bindings
        self.places = places
        self.ordered = elements.order.asked
        self.compared = elements.order.compared
        self.placed = elements.placed
        self.fixed = elements.order.fixed

    def lowered_to(self, nodes: Iterable[int]) -> Lowered:
        """Return the program in numbers, whose outputs are the elements of these nodes."""
        self.program.outputs = [place for node in nodes for place in self.places[node]]
        self.program.written = []
        return lower(self.program)


def in_numbers(
    lowered: Lowered, bindings: Mapping[str, Any], *, everywhere: bool = False
) -> Numbers:
    """Return a program of arrays in numbers. Raises BackpropError where that is too much.

    With ``everywhere`` it is the same function away from the point, where elements have another
    order.
    """
    graph = Graph()
    elements, places, values = built(lowered, bindings, graph, everywhere=everywhere)
    titles, outputs = [], []
    for title, output in zip(lowered.program.titles(), lowered.outputs, strict=True):
        titles += [element(title, place) for place in each_place(_shape(values[output]))]
        outputs += places[output]
    if choice := lowered.graph.convention:
        graph.table = table_with(graph.table, choice)
    graph.freeze()
    nowhere = [NOWHERE] * len(graph)
    own = lowered.program
    program = Program(graph, outputs, own.source, own.origin, nowhere, nowhere, [])
    program.written = titles

    def spanned(node: int) -> tuple[int, int]:
        [owner] = owners(places, [node])
        return own.span(lowered.owners[owner])

    program.spanned = spanned
    comparisons = elements.order.comparisons
    for node, owner in zip(comparisons, owners(places, comparisons), strict=True):
        program.orders[node] = lowered.word_for(owner, LONG)
    point = {
        titled(name, place): number
        for name in lowered.graph.variables()
        for place, number in numbered(bindings[name])
    }
    return Numbers(lowered, bindings, program, point, elements, places)


def owners(places: Iterable[Sequence[int]], nodes: Iterable[int]) -> list[int]:
    """Return the node of arrays that each of some nodes of numbers stands for a part of.

    The nodes of numbers are in the order of those of arrays, whose elements are at ``places``.
    """
    last = [*accumulate((max(each, default=-1) for each in places), max)]
    return [bisect_left(last, node) for node in nodes]


def built(
    lowered: Lowered,
    bindings: Mapping[str, Any],
    graph: Graph,
    before: Iterable[tuple[int, int]] = (),
    *,
    everywhere: bool = False,
) -> tuple[Elements, list[list[int]], list[Any]]:
    """Write a program of arrays into a graph of numbers; return the nodes of each node's elements.

    They come between what made them and the arrays of elements. Each first of ``before`` stands
    before the second, whatever their values are.
    """
    elements = Elements(graph, MOST, before, everywhere=everywhere)
    variables = lowered.graph.variables()
    elements.fitting(sum(getattr(bindings[name], "size", 1) for name in variables))
    given = {name: filled(elements, name, bindings[name]) for name in variables}
    values = _values(lowered.graph, elements, given)
    return elements, [elements.nodes(value) for value in values], values


def _values(graph: Graph, elements: Elements, given: Mapping[str, Any]) -> list[Any]:
    """Return each node's elements: those of a name have names of their own."""
    plain = forward(graph, elements.arrays, given)
    if "name" not in graph.operations:
        return plain
    values: list[Any] = []
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if operation == "name":
            values.append(elements.named(values[inputs[0]], str(graph.args[number])))
        elif any(values[child] is not plain[child] for child in inputs):
            function = word(graph.table[operation], elements.arrays)
            parts = [values[child] for child in inputs]
            arg = {"arg": graph.args[number]} if graph.table[operation].static else {}
            values.append(function(*parts, **arg))
        else:
            values.append(plain[number])
    return values


def _shape(value: Any) -> Place:  # noqa: ANN401 (a number or an array)
    return tuple(getattr(value, "shape", ()))


def element(title: str, place: Place) -> str:
    """Return what an element of something is called: x[0], (A@x)[0]."""
    return titled(title if title.isidentifier() or not place else f"({title})", place)


def titles(names: Iterable[str], values: Iterable[Any]) -> tuple[list[str], dict[str, Place]]:
    """Return what all elements of some values are called, and the values' shapes by name.

    Values of one name, as outputs of one text, have one shape.
    """
    shapes = [(name, _shape(value)) for name, value in zip(names, values, strict=True)]
    found = [element(name, place) for name, shape in shapes for place in each_place(shape)]
    return found, dict(shapes)


def each_place(shape: Place) -> Iterator[Place]:
    """Yield the places of an array's elements, in row-major order; () for a number."""
    from itertools import product

    yield from product(*map(range, shape))


def numbered(value: Any) -> Iterator[tuple[Place, float]]:  # noqa: ANN401
    """Yield each element of an array with its place; a number has the place ()."""
    if not _shape(value):
        yield (), value if isinstance(value, float) else float(value)
        return
    for place in each_place(value.shape):
        yield place, float(value[place])
