"""What derivatives of a program with arrays cost, in multiplications, additions and the like.

The passes are run in shapes: the adjoints as a graph, and each of its nodes counted by its shape.
A product of matrices m x k and k x n takes 2*m*n*k, an elementwise operation one for each element,
a reduction one for each element of its input; what only moves elements takes none. Linear algebra
is counted by its leading term (Golub and Van Loan, "Matrix Computations", 4th ed.).
"""

from __future__ import annotations

from math import ceil, log2, prod
from typing import TYPE_CHECKING, NamedTuple

from backpropcli.arithmetics.matrices.matrices import Matrices
from backpropcli.arithmetics.shapes.sizes import letters_of
from backpropcli.calculus.derivative import Along
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sweeps import pull
from backpropcli.errors import BackpropError
from backpropcli.graph.arrays import subscripts_of
from backpropcli.modes.gradient import wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape as Sizes
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row
    from backpropcli.language.program import Program

    Shape = tuple[int, ...]

LONG = 40
TANGENT = "the tangent"
FREE = {"name", "result", "sg", "quiet", "void"}
SUMMED = {"argmax", "argmin", "untile", "unrepeat", "unwindows", "gathered", "scattered", "put"}
"""Operations that add up or compare each element of their input."""
COUNTS: dict[str, Callable[[int, int, int], float]] = {
    "matmul": lambda out, _, last: 2 * out * last,
    "outer": lambda out, *_: out,
    "kron": lambda out, *_: out,
    "cross": lambda out, *_: 3 * out,
    **dict.fromkeys(("softmax", "log_softmax"), lambda _, given, __: 3 * given),
    **dict.fromkeys(("lse", "norm"), lambda _, given, __: 2 * given),
    "std": lambda _, given, __: 4 * given,
    **dict.fromkeys(("cumsum", "trace"), lambda _, given, __: given),
    "sort": lambda _, given, last: given * ceil(log2(max(2, last))),
    **dict.fromkeys(("det", "logdet"), lambda _, given, last: 2 * given * last / 3),
    **dict.fromkeys(("inv", "cofactors"), lambda _, given, last: 2 * given * last),
    "cofactors_along": lambda _, given, last: given * last**2,
    "cholesky": lambda _, given, last: given * last / 3,
    "solve": lambda out, given, last: 2 * given * last / 3 + 2 * out * last,
    "solve_triangular": lambda out, _, last: out * last,
}
"""Operations by how many elements a value and its first input have, and the length of its last
axis."""


class NodeCost(NamedTuple):
    """What a node costs: its ``text`` and shape, and the operations of its value and its rule."""

    text: str
    shape: Shape
    value: int
    back: int


class CostOfArrays(NamedTuple):
    """Operations of a function, and of all its first derivatives together with the function.

    ``reverse`` has one sweep, and ``forward`` one for each element of a variable; None where no
    forward mode is known. ``nodes`` are those that cost something.
    """

    function: int
    reverse: int
    forward: int | None
    sweeps: int
    nodes: list[NodeCost]

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        nodes = [node._asdict() | {"shape": [*node.shape]} for node in self.nodes]
        return self._asdict() | {"nodes": nodes}


class Counting(Matrices):
    """Nodes with shapes that remember by which node of the function each was made."""

    def __init__(self, graph: Graph, given: Any) -> None:  # noqa: ANN401 (shapes by name)
        super().__init__(graph, given)
        self.owners: dict[int, int] = {}

    def weights(self, row: Row, on: Sequence[int]) -> Callable[..., Any]:
        """Return f(out, *inputs): the edges to the inputs ``on``."""
        partials = super().weights(row, on)

        def found(out: int, *inputs: int, **static: Any) -> Any:  # noqa: ANN401
            return self.by(out, lambda: partials(out, *inputs, **static))

        return found

    def mul(self, flow: Any, link: Any) -> Any:  # noqa: ANN401
        """Return what goes back along an edge, where its branch is taken."""
        return self.by(
            link.out, lambda: self.seed(self.node(super(Counting, self).mul(flow, link)))
        )

    def by(self, owner: int, make: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Return what ``make`` makes, for a node of the function."""
        begin = len(self.graph)
        found = make()
        for node in range(begin, len(self.graph)):
            self.owners.setdefault(node, owner)
        return found


def cost_of_shapes(
    program: Program, wrt: Sequence[str], shapes: Mapping[str, Sizes]
) -> CostOfArrays:
    """Return what the derivatives of a program cost, with arrays of given shapes.

    Raises BackpropError for sizes that are letters, and for an output that is no number.
    """
    if letters := sorted(letters_of(shapes.values())):
        named = " and ".join(letters)
        said = f"{named} {'is a letter' if len(letters) == 1 else 'are letters'}"
        raise BackpropError(
            f"--cost counts with numbers, and {said}",
            "give sizes to count with, as in --shape 'X=1000,50; w=50'",
        )
    lowered = lower(program, shapes)
    nodes = Matrices(lowered.graph.copy(), shapes)
    if len(lowered.outputs) > 1 or nodes.shape(lowered.outputs[0]):
        raise BackpropError("--cost is of one output that is a number", "write its sum or its mean")
    return cost_of_arrays(lowered, [*wanted(lowered, wrt).values()], lowered.outputs[0])


def cost_of_arrays(lowered: Lowered, wrt: Sequence[int], output: int) -> CostOfArrays:
    """Return what the derivatives of an output of a program with arrays cost by nodes ``wrt``."""
    graph = lowered.graph.copy()
    first = len(graph)
    nodes = Counting(graph, lowered.shapes or {})
    below = [at for at, flag in enumerate(graph.ancestors([output])) if flag]
    function = [_operations(nodes, at) if at in {*below} else 0 for at in range(first)]
    edges = linearize(graph, nodes, range(first), wrt, below)
    flows = pull(edges, nodes, {output: nodes.seed(nodes.number(1.0))}) if edges.active else []
    ends = [nodes.by(at, lambda at=at: nodes.arrived(flows[at], at)) for at in wrt if flows[at]]  # type: ignore[misc]
    back = [0] * first
    for at, flag in enumerate(graph.ancestors(ends)):
        if flag and at >= first:
            back[nodes.owners.get(at, output)] += _operations(nodes, at)
    told = [
        NodeCost(lowered.text(at, LONG), _shape(nodes, at), value, more)
        for at, (value, more) in enumerate(zip(function, back, strict=True))
        if value or more
    ]
    total = sum(function)
    sweeps = sum(prod(_shape(nodes, at)) for at in wrt)
    forward = _forward(lowered, wrt, output)
    return CostOfArrays(
        total, total + sum(back), None if forward is None else total + forward, sweeps, told
    )


def _forward(lowered: Lowered, wrt: Sequence[int], output: int) -> int | None:
    """Return the operations of a sweep up for each element of the variables; None if unknown."""
    total = 0
    for node in wrt:
        graph = lowered.graph.copy()
        first = len(graph)
        own = _shape(Matrices(graph, lowered.shapes or {}), node)
        shapes = {**(lowered.shapes or {}), TANGENT: own}
        along = Along(graph, {node: graph.node("variable", (), TANGENT)}, shapes)
        try:
            end = along.derivative(output)
        except BackpropError:
            return None
        counted: Any = along.nodes
        flags = graph.ancestors([end])
        sweep = sum(_operations(counted, at) for at in range(first, len(graph)) if flags[at])
        total += prod(own) * sweep
    return total


def _shape(nodes: Matrices, node: int) -> Shape:
    found: Any = nodes.shape(node)
    return tuple(found)


def _operations(nodes: Matrices, node: int) -> int:
    """Return how many operations on numbers a node takes."""
    graph = nodes.graph
    operation, inputs = graph.operations[node], graph.inputs[node]
    if not inputs or operation in FREE or graph.row(node).own:  # the value of a call is its body's
        return 0
    row = graph.row(node)
    out, given = _shape(nodes, node), [_shape(nodes, child) for child in inputs]
    if operation == "einsum":
        return _contracted(graph.args[node], given, out)
    if operation in COUNTS:
        return round(COUNTS[operation](prod(out), prod(given[0]), (given[0] or (1,))[-1]))
    if row.reduces or operation in SUMMED:
        return prod(given[0])
    if row.whole or row.static:
        return 0
    return prod(out) * (max(1, len(inputs) - 1) if row.variadic else 1)


def _contracted(arg: Any, given: Sequence[Shape], out: Shape) -> int:  # noqa: ANN401 (subscripts)
    """Return the operations of an einsum: its products, and the sums of them."""
    sizes: dict[str, int] = {}
    operands, _ = subscripts_of(arg[0], [len(shape) for shape in given])
    for letters, shape in zip(operands, given, strict=True):
        for letter, size in zip(letters, shape, strict=True):
            sizes[letter] = max(size, sizes.get(letter, 1))
    every = prod(sizes.values())
    return every * (len(given) - 1) + (every if every > prod(out) else 0)
