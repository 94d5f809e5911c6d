"""What derivatives cost, in operations: Griewank and Walther, "Evaluating Derivatives", chapter 3.

The gradient of one output by reverse mode takes at most a small multiple of the operations of the
function, whatever the number of variables (Baur and Strassen, Theor. Comput. Sci. 22, 1983).
"""

from __future__ import annotations

from backpropcli.arithmetics import books, graphs
from backpropcli.arithmetics.graphs import Formula
from backpropcli.derivative import Derivative
from backpropcli.gradient import wanted
from backpropcli.reverse import activity, reverse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph import Graph, Program


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
    nodes = list(wanted(program, wrt).values())
    function = _operations(program.graph, program.outputs)
    backward = ahead = function
    tree = 0.0
    for output in program.outputs:
        graph, found = _by_reverse(program, output, nodes)
        backward += _operations(graph, [output, *found]) - _operations(graph, [output])
    for node in nodes:
        graph = program.graph.copy()
        slopes = _by_forward(graph, node, program.outputs)
        ahead += _operations(graph, [*program.outputs, *slopes]) - function
        tree += sum(_written(graph, slopes))
    return Cost(function, backward, ahead, tree)


def _by_reverse(program: Program, output: int, nodes: list[int]) -> tuple[Graph, list[int]]:
    graph = program.graph.copy()
    values = [Formula(graph, number) for number in range(len(program.graph))]
    seeds = {output: graphs.double(1.0)}
    found = reverse(program.graph, books, values, seeds, activity(program.graph, nodes))
    return graph, [slope.within(graph) for node in nodes if (slope := found[node]) is not None]


def _by_forward(graph: Graph, node: int, outputs: list[int]) -> list[int]:
    derivative = Derivative(graph, {node: graph.leaf("number", 1.0)}, book=True)
    return [slope for output in outputs if (slope := derivative.of(output)) is not None]


def _operations(graph: Graph, roots: list[int]) -> int:
    """Return how many operations the nodes ``roots`` take, each done once."""
    flags = zip(graph.ancestors(roots), graph.inputs, strict=True)
    return sum(1 for reached, inputs in flags if reached and inputs)


def _written(graph: Graph, roots: list[int]) -> list[float]:
    """Return how many operations each of ``roots`` takes as a tree: nothing is shared."""
    sizes: list[float] = []
    for inputs in graph.inputs:
        sizes.append(sum([sizes[child] for child in inputs], 1.0 if inputs else 0.0))
    return [sizes[root] for root in roots]
