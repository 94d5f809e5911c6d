"""What derivatives cost, in operations: Griewank and Walther, "Evaluating Derivatives", chapter 3.

The gradient of one output by reverse mode takes at most a small multiple of the operations of the
function, whatever the number of variables (Baur and Strassen, Theor. Comput. Sci. 22, 1983).
"""

from __future__ import annotations

from itertools import compress

from backpropcli.arithmetics import structure
from backpropcli.arithmetics.nodes import Flow, Nodes
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sweeps import pull
from backpropcli.graph.walks import without_names
from backpropcli.modes.gradient import wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program


EXACT = 2.0**53


class Cost:
    """Operations of a function, and of all its first derivatives together with the function.

    ``reverse`` has a sweep an output and ``forward`` a sweep a variable, each over the function's
    graph. ``tree`` are the operations of the derivatives as expressions that share nothing, as
    the rules on paper give them: a float, exact up to 2^53.
    """

    __slots__ = ("forward", "function", "reverse", "tree")

    def __init__(self, function: int, reverse: int, forward: int, tree: float) -> None:
        self.function = function
        self.reverse = reverse
        self.forward = forward
        self.tree = tree

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        tree = int(self.tree) if self.tree <= EXACT else self.tree
        return {
            "function": self.function,
            "reverse": self.reverse,
            "forward": self.forward,
            "tree": tree,
        }


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

    A node's tangent is the sum of its inputs' tangents times the local derivatives. A factor that
    is the number 1 is no operation, and what the function computes already is none in a sweep. The
    local derivatives are counted node by node: if two have a part in common, both count it.

    All variables go up in one pass. It keeps, as the bits of a number, those that a node moves
    with, and those by which its tangent is the number 1. This is no ``push``: what a sum takes is
    known only from all terms of a node together.
    """
    graph = function.copy()
    first = len(graph)
    edges = linearize(graph, None, (), nodes)
    reached = pull(edges, structure, dict.fromkeys(outputs, 1))
    seeds: dict[int, int] = {}
    for index, node in enumerate(nodes):
        seeds[node] = seeds.get(node, 0) | 1 << index
    last = {child: user for user in range(first) for child in graph.inputs[user]}
    moves: dict[int, int] = {}
    ones: dict[int, int] = {}
    sizes: list[float] = []
    trees = [0.0] * first
    arithmetic = Nodes(graph, book=True)
    sweeps = 0
    for node in compress(range(first), reached):
        terms = _terms(arithmetic, node, moves)
        for at in range(len(sizes), len(graph)):
            here = [sizes[child] for child in graph.inputs[at]]
            sizes.append(sum(here, float(_counts(graph, at))))
        moving = several = own = 0
        for child in terms:
            moving, several = moving | moves[child], several | moving & moves[child]
        added = -moving.bit_count()
        for child, slope in terms.items():
            by, number = moves[child], arithmetic.literal(slope)
            added += by.bit_count()
            if number == 1:
                own |= ones[child] & ~several
            else:  # the opposite of a later term is taken away: it takes no operation more
                added += (by & ~ones[child] & ~(several if number == -1 else 0)).bit_count()
            if number is None:
                sweeps += by.bit_count() * _beyond(graph, slope, first)
                trees[node] += by.bit_count() * sizes[slope]
            trees[node] += trees[child]
        sweeps += added
        trees[node] += added
        moves[node], ones[node] = moving | seeds.get(node, 0), own | seeds.get(node, 0)
        for child in {*graph.inputs[node]}:
            if last[child] == node:  # a number of many bits each: none is kept for long
                moves.pop(child, 0)
                ones.pop(child, 0)
    return sweeps, sum(trees[output] for output in outputs)


def _terms(arithmetic: Nodes, node: int, moves: dict[int, int]) -> dict[int, int]:
    """Return the nodes of the local derivatives by the inputs that move."""
    graph = arithmetic.graph
    inputs = graph.inputs[node]
    if not inputs:
        return {}
    row = graph.row(node)
    on = [at for at, child in enumerate(inputs) if row.live(at) and moves.get(child)]
    edges = arithmetic.weights(row, on)(node, *inputs) if on else []
    if row.variadic:
        edges = [edges[at] for at in on] if on else []
    found: dict[int, int] = {}
    for index, edge in zip(on, edges, strict=True):
        if edge is None:
            continue
        one, child = arithmetic.node(Flow([edge])), inputs[index]
        found[child] = arithmetic.build("add", (found[child], one)) if child in found else one
    return found


def _beyond(graph: Graph, root: int, first: int) -> int:
    """Return how many operations from number ``first`` on a node takes, each done once."""
    seen, stack = {root}, [root]
    while stack:
        for child in graph.inputs[stack.pop()]:
            if child >= first and child not in seen:
                seen.add(child)
                stack.append(child)
    return sum(1 for node in seen if node >= first and _counts(graph, node))


def _operations(graph: Graph, roots: list[int]) -> int:
    """Return how many operations the nodes ``roots`` take, each done once."""
    reached = graph.ancestors(roots)
    return sum(1 for node in compress(range(len(graph)), reached) if _counts(graph, node))


def _counts(graph: Graph, node: int) -> bool:
    """Say whether a node is an operation that counts: a name for something is none."""
    return bool(graph.inputs[node]) and graph.operations[node] != "name"
