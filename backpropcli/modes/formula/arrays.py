"""Programs with arrays, made ready for formulas: shapes that fit, sizes, vectors as outputs."""

from __future__ import annotations

from backpropcli.arithmetics.matrices.jacobians import Linear
from backpropcli.arithmetics.matrices.matrices import Matrices
from backpropcli.arithmetics.matrices.spelling import SPELLED
from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.calculus.fitting import fitting
from backpropcli.calculus.node_shapes import node_shapes
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.names import Names

WEIGHED = "write its sum or mean, or its product with weights, as in sum(G*(...))"


def fit(lowered: Lowered, shapes: Mapping[str, Shape], origins: Mapping[str, str]) -> None:
    """Take in notes on shapes. Raises BackpropError where they do not fit."""
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
        if len(known[output]) > 1:
            raise BackpropError(
                f"the output is a matrix ({text(known[output])}), "
                "and a formula is of a number or a vector",
                WEIGHED,
            )


def seeded(
    graph: Graph,
    outputs: Sequence[int],
    asked: Mapping[str, int],
    shapes: dict[str, Shape],
    names: Names,
) -> list[str | None]:
    """Return the names of variables that stand for the adjoints of outputs; None for a number's.

    ``shapes`` takes them in. Raises BackpropError for a derivative of more than two axes.
    """
    of = Matrices(graph, shapes).shape
    found: list[str | None] = []
    for output in outputs:
        name = names.fresh("g") if of(output) else None
        if name is not None:
            _narrow(asked, of)
            shapes[name] = of(output)
        found.append(name)
    return found


def _narrow(asked: Mapping[str, int], of: Callable[[int], Shape]) -> None:
    """Raise BackpropError for a name by which the derivative of a vector is no matrix."""
    for name, node in asked.items():
        if len(of(node)) > 1:
            raise BackpropError(
                f"the derivative of a vector by {name} has {1 + len(of(node))} axes, "
                "and a formula is a matrix at most",
                f"choose other names with --wrt, or {WEIGHED}",
            )


def jacobians(
    graph: Graph, shapes: Mapping[str, Shape], seed: str, nodes: Sequence[int]
) -> list[int]:
    """Return the Jacobians of a vector, given what its adjoint, the variable ``seed``, sends back.

    Raises BackpropError where one cannot be written.
    """
    found = Linear(Matrices(graph, shapes, book=True), graph.node("variable", (), seed))
    return [found.jacobian(node) for node in nodes]


def with_sizes(graph: Graph, shapes: Mapping[str, Shape]) -> tuple[Graph, list[int]]:
    """Return a graph in words of the language, with the sizes that it asks for, and places."""
    found = Graph(graph.table)
    nodes = Matrices(found, shapes, book=True)
    sizes: set[int] = set()

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        of_sizes = operation == "size" or (
            not sizes.isdisjoint(inputs)
            and all(node in sizes or found.literal(node) for node in inputs)
        )
        if operation not in SPELLED and not of_sizes:
            return found.node(operation, inputs, arg)
        node = nodes.build(operation, inputs, arg)
        if of_sizes:
            sizes.add(node)
        return node

    return found, found.write(graph, node=make)
