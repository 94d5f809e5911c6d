"""What to write in place of what does not fit: only what makes the whole program fit."""

from __future__ import annotations

from itertools import product

from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS
from backpropcli.calculus.fitting.places import checked
from backpropcli.calculus.fitting.shapes import NEW, asked, fitted, grows
from backpropcli.calculus.lower import lower
from backpropcli.calculus.node_shapes import Misfit
from backpropcli.calculus.opening import on_graph
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph
from backpropcli.language.program import NOWHERE
from backpropcli.language.surface import CALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.calculus.node_shapes import Given
    from backpropcli.language.program import Program

    Turn = tuple[str, object] | None
    Make = Callable[[Graph, tuple[int, ...]], int]
    Values = Mapping[str, Any] | None

TRANSPOSED: Turn = ("transpose", (None,))
FIRST: Turn = ("index", ((WHOLE_AXIS, ("at", 0)),))
COLUMN: Turn = ("index", ((WHOLE_AXIS, NEW),))
OF_TWO = {"solve", "outer", "cross", "kron", "solve_triangular"}
JOINS = {"einsum", "concat", "stack"}
MATRIX = 2


def mended(lowered: Lowered, misfit: Misfit, given: Given, values: Values = None) -> Iterator[str]:
    """Yield what could be written where the misfit is, so that the whole program fits.

    If there are ``values``, the elements whose places they hold have to be there too.
    """
    program = lowered.program
    surface = lowered.owners[misfit.node] if misfit.node < len(lowered.owners) else program.root
    graph = program.graph
    inputs = graph.inputs[surface]
    if not inputs or any(lowered.places[child] >= len(misfit.known) for child in inputs):
        return
    operation, arg = graph.operations[surface], graph.args.get(surface)
    known = [misfit.known[lowered.places[child]] for child in inputs]
    yield from _of_inputs(program, surface, given, values)
    for make in _ways(graph, operation, inputs, arg, known):
        yield from _told(program, surface, make, given, values)


def _ways(
    graph: Graph, operation: str, inputs: tuple[int, ...], arg: object, known: list[Shape]
) -> Iterator[Make]:
    """Yield other nodes in a node's place, as functions of a graph and of the inputs there."""
    row = graph.table.get(operation)
    two = len(inputs) == MATRIX and row is not None and (row.infix or operation in OF_TWO)
    if two or operation in JOINS or operation == CALL:
        for turns in sorted(
            product(*map(_turns, known)), key=lambda each: len(each) - each.count(None)
        ):
            few = sum(turn is not None for turn in turns)
            if few == 1 or (few and len(turns) == MATRIX and two):
                yield _turning(operation, arg, turns)
    if operation == "matmul":
        yield lambda other, parts: other.node("matmul", parts[::-1])
        yield lambda other, parts: other.node("mul", parts)
    yield from _other_axes(graph, operation, arg, known)


def _other_axes(graph: Graph, operation: str, arg: object, known: list[Shape]) -> Iterator[Make]:
    """Yield the same operation along its other axes, where it has one."""
    row = graph.table.get(operation)
    if row is None or "axis" not in row.static or not isinstance(arg, tuple):
        return
    at = list(row.static).index("axis")
    if isinstance(arg[at], int):
        for axis in range(len(known[0]) if known else 0):
            if axis not in {arg[at], arg[at] + len(known[0])}:
                changed = (*arg[:at], axis, *arg[at + 1 :])
                yield _instead(operation, changed)


def _instead(operation: str, arg: object) -> Make:
    """Return what writes an operation with another ``arg``."""
    return lambda other, parts: other.node(operation, parts, arg)


def _turns(shape: Shape) -> list[Turn]:
    """Return the ways to turn an operand."""
    found: list[Turn] = [None]
    if len(shape) == MATRIX:
        found.append(TRANSPOSED)
        if shape[1] == 1:
            found.append(FIRST)
    if len(shape) == 1:
        found.append(COLUMN)
    return found


def _turning(operation: str, arg: object, turns: tuple[Turn, ...]) -> Make:
    def make(other: Graph, parts: tuple[int, ...]) -> int:
        turned = [
            part if turn is None else other.node(turn[0], (part,), turn[1])
            for part, turn in zip(parts, turns, strict=True)
        ]
        return other.node(operation, tuple(turned), arg)

    return make


def _of_inputs(program: Program, surface: int, given: Given, values: Values) -> Iterator[str]:
    """Yield what could be written for an input that is a reduction, with another axis."""
    graph = program.graph
    for child in graph.inputs[surface]:
        row, arg = graph.table.get(graph.operations[child]), graph.args.get(child)
        if row is None or not isinstance(arg, tuple) or not {"axis", "keepdims"} <= {*row.static}:
            continue
        keys = list(row.static)
        axis, keep = keys.index("axis"), keys.index("keepdims")
        if not isinstance(arg[axis], int) or arg[keep]:
            continue
        kept = [*arg]
        kept[keep] = True
        for changed in (tuple(kept), (*arg[:axis], 1 - arg[axis] % 2, *arg[axis + 1 :])):
            yield from _told(
                program, child, _instead(graph.operations[child], changed), given, values
            )


def _told(
    program: Program, surface: int, make: Make, given: Given, values: Values
) -> Iterator[str]:
    """Yield the text of another node in a node's place, if the whole fits then."""
    from backpropcli.graph.arrays import ARRAYS

    old, other = program.graph, Graph(program.graph.table)
    other.define(ARRAYS)
    places: list[int] = []
    for number, operation in enumerate(old.operations):
        parts = tuple([places[child] for child in old.inputs[number]])
        same = number != surface
        places.append(
            other.node(operation, parts, old.args.get(number)) if same else make(other, parts)
        )
    owners = [NOWHERE if number == surface else number for number in range(len(old))]
    found = on_graph(program, other, program.outputs, places, owners)
    try:
        lowered = lower(found, given)
        known = fitted(lowered, given)
        if values is not None:
            checked(lowered, known, values)
    except (Misfit, BackpropError):
        return
    flat = lowered.graph
    for number in range(len(flat)):
        if grows(flat, known, number):
            meant = any(map(asked(flat), flat.inputs[number]))
            if lowered.owners[number] == places[surface] or not meant:
                return
    yield found.text(places[surface], 60)


def resized(lowered: Lowered, misfit: Misfit, given: Given) -> Iterator[str]:
    """Yield which variable has too many numbers, or too few, where that is all that is wrong.

    A vector's numbers before a matrix's rows and columns.
    """
    graph = lowered.graph
    inputs = misfit.derived.inputs if misfit.derived else graph.inputs[misfit.node]
    names = [str(graph.args[child]) for child in inputs if graph.operations[child] == "variable"]
    sizes = {size for child in inputs for size in misfit.known[child] if isinstance(size, int)}
    for axes, words in ((1, ("number",)), (MATRIX, ("row", "column"))):
        found = ""
        for name in dict.fromkeys(names):
            shape = given.get(name, ())
            for at in range(len(shape) if len(shape) == axes else 0):
                for size in sorted(sizes - {1, shape[at]}):
                    own = shape[at]
                    changed = {**given, name: _with(shape, at, size)}
                    if isinstance(own, int) and _fits(lowered, changed):
                        head = "" if found == name else f"{name} has "
                        yield head + _difference(own - size, words[at])
                        found = name
        if found:
            return


def _with(shape: Shape, at: int, size: int) -> Shape:
    return (*shape[:at], size, *shape[at + 1 :])


def _difference(more: int, word: str) -> str:
    count = abs(more)
    said = f"one {word}" if count == 1 else f"{count} {word}s"
    return f"{said} too {'many' if more > 0 else 'few'}"


def _fits(lowered: Lowered, given: Given) -> bool:
    """Say whether the program fits with other shapes of its variables, and nothing grows."""
    try:
        known = fitted(lowered, given)
    except Misfit:
        return False
    graph = lowered.graph
    return not any(
        grows(graph, known, number) and not any(map(asked(graph), graph.inputs[number]))
        for number in range(len(graph))
    )
