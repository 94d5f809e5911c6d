"""A program of arrays as one of numbers: a variable for each element, an output for each too."""

from __future__ import annotations

from backpropcli.arithmetics.arrays.elements import Element, Elements, filled, titled
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import Lowered
from backpropcli.graph.graph import Graph
from backpropcli.language.program import NOWHERE, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any


class Scalars:
    """A program of arrays at a point, written out in numbers.

    ``lowered`` is the flat graph of numbers, ``bindings`` the elements' values by name, ``places``
    the nodes there of each node's elements, in row-major order.
    """

    def __init__(
        self, lowered: Lowered, bindings: Mapping[str, float], places: Sequence[list[int]]
    ) -> None:
        self.lowered = lowered
        self.bindings = bindings
        self.places = places


def scalars(lowered: Lowered, bindings: Mapping[str, Any], output: int) -> Scalars:
    """Return node ``output`` of a program of arrays, and all that it rests on, in numbers."""
    graph = Graph()
    elements = Elements(graph)
    given = {name: filled(elements, name, bindings[name]) for name in lowered.graph.variables()}
    values = _values(lowered.graph, elements, given)
    places = [[one.node for one in _elements(elements, value)] for value in values]
    outputs = places[output]
    graph.freeze()
    nowhere = [NOWHERE] * len(graph)
    program = Program(graph, outputs, "", "", nowhere, nowhere, [])
    own = range(len(graph))
    flat = Lowered(program, graph, own, own)
    point = {}
    for name, value in given.items():
        for one, (place, number) in zip(
            _elements(elements, value), numbered(bindings[name]), strict=True
        ):
            assert isinstance(one, Element)  # noqa: S101 (for mypy)
            point[titled(name, place)] = number
    return Scalars(flat, point, places)


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


def numbered(value: Any) -> Iterator[tuple[tuple[int, ...], float]]:  # noqa: ANN401
    """Yield each element of an array with its place; a number has the place ()."""
    if not hasattr(value, "shape"):
        yield (), float(value)
        return
    from numpy import ndenumerate  # noqa: PLC0415 (only with arrays)

    for place, number in ndenumerate(value):
        yield place, float(number)


def _elements(elements: Elements, value: Any) -> list[Element]:  # noqa: ANN401
    parts = value.ravel() if hasattr(value, "ravel") else [value]
    return [elements.number(part) for part in parts]
