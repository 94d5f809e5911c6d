"""Notes on shapes that fit, and may not be meant."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.calculus.fitting.shapes import asked, called, grows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered


def notes(lowered: Lowered, known: list[Shape]) -> list[str]:
    """Return what to tell of shapes that fit, and may not be meant."""
    kinds = (_each_with_each, _left_to_right, _no_inverse)
    return [note for about in kinds for note in about(lowered, known)]


def atom(lowered: Lowered, node: int) -> str:
    """Return a node's text, in parentheses where it is more than a name or a call."""
    said = called(lowered, node)
    called_so = said.endswith(")") and said[0].isalpha()
    return said if said.isidentifier() or called_so else f"({said})"


def _each_with_each(lowered: Lowered, known: list[Shape]) -> Iterator[str]:
    """Yield a note where both sides of an operation grow, and neither asks for it by None."""
    graph = lowered.graph
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if not grows(graph, known, number) or any(map(asked(graph), inputs)):
            continue
        row, out = graph.table[operation], known[number]
        one, other = (known[child] for child in inputs)
        left, right = (called(lowered, child) for child in inputs)
        note = (
            f"{left} ({text(one)}) {row.infix} {right} ({text(other)}) is {text(out)}: "
            "each with each"
        )
        if len(one) == 2 and one[1] == 1:  # noqa: PLR2004 (a column)
            note += f"; for pairs write {atom(lowered, inputs[0])}[:, 0] {row.infix} {right}"
        elif len(other) == 2 and other[1] == 1:  # noqa: PLR2004
            note += f"; for pairs write {left} {row.infix} {atom(lowered, inputs[1])}[:, 0]"
        yield note


def _no_inverse(lowered: Lowered, known: list[Shape]) -> Iterator[str]:
    """Yield a note where a square matrix to the power of -1 is not its inverse."""
    graph = lowered.graph
    for number, operation in enumerate(graph.operations):
        if operation != "pow":
            continue
        base, power = graph.inputs[number]
        shape = known[base]
        square = len(shape) == 2 and shape[0] == shape[1] != 1  # noqa: PLR2004 (a matrix)
        if square and lowered.text(power, 20).strip("()") in {"-1", "-1.0"}:
            said, whole = called(lowered, base), lowered.text(number, 40)
            yield f"{whole} is 1/{atom(lowered, base)}, by elements; the inverse is inv({said})"


def _left_to_right(lowered: Lowered, known: list[Shape]) -> Iterator[str]:
    """Yield a note where y*A@x is (y*A)@x, and y is a vector."""
    graph = lowered.graph
    for number, operation in enumerate(graph.operations):
        if operation != "matmul":
            continue
        left, right = graph.inputs[number]
        if graph.operations[left] != "mul":
            continue
        first, second = graph.inputs[left]
        if len(known[first]) != 1 or len(known[second]) != 2:  # noqa: PLR2004
            continue
        said = lowered.text(number, 40)
        if not said.startswith("("):
            yield (
                f"{said} is ({called(lowered, left)})@{called(lowered, right)}: "
                "* and @ go from left to right"
            )
