"""What derivatives cost, in operations: Griewank and Walther, "Evaluating Derivatives", chapter 3.

The gradient of one output by reverse mode takes at most a small multiple of the operations of the
function, whatever the number of variables (Baur and Strassen, Theor. Comput. Sci. 22, 1983).
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from backpropcli.arithmetics import counts, structure
from backpropcli.arithmetics.nodes.nodes import Flow, Nodes
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.linearize import Edges, linearize
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sweeps import pull, push
from backpropcli.graph.walks import between, without_names
from backpropcli.modes.gradient import wanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program
    from backpropcli.modes.cost_of_arrays import CostOfArrays


EXACT = 2.0**53


class Cost(NamedTuple):
    """Operations of a function, and of all its first derivatives together with the function.

    ``reverse`` has a sweep an output and ``forward`` a sweep a variable, each over the function's
    graph. ``tree`` are the operations of the derivatives as expressions that share nothing, as
    the rules on paper give them: a float, exact up to 2^53.
    """

    function: int
    reverse: int
    forward: int
    tree: float

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return self._asdict() | {"tree": int(self.tree) if self.tree <= EXACT else self.tree}


def counted(
    program: Program, wrt: Sequence[str], shapes: Mapping[str, Shape] | None
) -> Cost | CostOfArrays:
    """Return the cost of the derivatives; ``shapes`` are the variables', None for numbers."""
    if shapes is None:
        return cost(program, wrt)
    from backpropcli.modes.cost_of_arrays import cost_of_shapes

    return cost_of_shapes(program, wrt, shapes)


def cost(program: Program, wrt: Sequence[str] = ()) -> Cost:
    """Return the cost of the derivatives of the program's outputs by ``wrt``, all if empty.

    Raises BackpropError for an unknown name.
    """
    lowered = lower(program, book=True)
    graph, places = without_names(lowered.graph, lowered.outputs)
    nodes = [places[node] for node in wanted(lowered, wrt).values()]
    outputs = [places[output] for output in lowered.outputs]
    function = backward = _operations(graph, outputs)
    for output in outputs:
        part, at = graph.part([output])
        backward += _by_reverse(part, at[output], [at[node] for node in nodes if at[node] >= 0])
    tangents, tree = _by_forward(graph, outputs, nodes)
    return Cost(function, backward, function + tangents, tree)


def _by_reverse(graph: Graph, output: int, nodes: list[int]) -> int:
    """Return how many operations one sweep down adds to those of the function."""
    before = _operations(graph, [output])
    found = adjoint_nodes(graph, output, nodes)
    return _operations(graph, [output, *[found[node] for node in nodes if node in found]]) - before


def _by_forward(function: Graph, outputs: list[int], nodes: list[int]) -> tuple[int, float]:
    """Return the operations of a sweep up for each of ``nodes``, and of the formulas on paper.

    It is one ``push`` that counts. The local derivatives are counted node by node: if two have a
    part in common, both count it.
    """
    graph = function.copy()
    first = len(graph)
    arithmetic = Nodes(graph, book=True)
    below = [at for at, flag in enumerate(graph.ancestors(outputs)) if flag]
    edges = _merged(linearize(graph, arithmetic, range(first), nodes, below), arithmetic)
    sizes: list[float] = []
    for at, inputs in enumerate(graph.inputs):
        sizes.append(sum([sizes[child] for child in inputs], float(_counts(graph, at))))
    edges.change(
        lambda _head, _tail, slope: (
            arithmetic.literal(slope),
            _beyond(graph, slope, first),
            sizes[slope],
        )
    )
    seeds: dict[int, int] = {}
    for index, node in enumerate(nodes):
        seeds[node] = seeds.get(node, 0) | 1 << index
    ends = {node: counts.Tangents(bits, bits) for node, bits in seeds.items()}
    found = push(edges, counts, ends, held=False)
    reached = pull(edges, structure, dict.fromkeys(outputs, 1))
    sweeps = sum([one.sweeps for one, used in zip(found, reached, strict=True) if one and used])
    return sweeps, sum([found[output].tree for output in outputs if found[output]])


def _merged(edges: Edges, arithmetic: Nodes) -> Edges:
    """Return edges to the nodes of their partials, those of a node to one input as one edge."""
    slopes: dict[tuple[int, int], int] = {}
    for head, tail, weight in edges:
        slope, before = arithmetic.node(Flow([weight])), slopes.get((head, tail))
        slopes[head, tail] = slope if before is None else arithmetic.build("add", (before, slope))
    return Edges.of(len(edges.moving), [(*ends, slope) for ends, slope in slopes.items()])


def _beyond(graph: Graph, root: int, first: int) -> int:
    """Return how many operations from number ``first`` on a node takes, each done once."""
    inside, _ = between(graph, root, range(first))
    return sum(1 for node in inside if node >= first and _counts(graph, node))


def _operations(graph: Graph, roots: list[int]) -> int:
    """Return how many operations the nodes ``roots`` take, each done once."""
    reached = graph.ancestors(roots)
    return sum(1 for node in compress(range(len(graph)), reached) if _counts(graph, node))


def _counts(graph: Graph, node: int) -> bool:
    """Say whether a node is an operation that counts: a name for something is none."""
    return bool(graph.inputs[node]) and graph.operations[node] != "name"
