"""Local derivatives of operations on arrays: by element, and rules with their shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.adjoints import adjoint
from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.rules import parsed
from backpropcli.arithmetics.shapes.indices import WHOLE_AXIS
from backpropcli.arithmetics.shapes.sizes import text as text_of
from backpropcli.calculus.derivative import Along
from backpropcli.calculus.forward import forward
from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import OPPOSITE
from backpropcli.report.local.local import Local, power

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.cells import Rule
    from backpropcli.graph.row import Row
    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.view import View

SHAPES: Any = shapes
"""The arithmetic of shapes."""
GIVEN = "g"
"""In a rule: what arrives at the operation, the adjoint of its value; or an input's tangent."""
ORDERED = {"sort", "topk"}
"""Operations whose derivative as a formula tells nothing of equal elements."""


def local_of_elements(view: View, node: int, edge: Edge) -> Local | None:
    """Return the local derivative along an edge of ``node``; None for one without a formula."""
    row, inputs = view.row(node), view.inputs[node]
    if node in view.closed or (row.whole and row.convention):
        return None
    if row.whole:
        return _of_whole(view, node, edge)
    if row.variadic:
        found = Local({row.parameters[0]: edge.input, "out": node})
    else:
        found = Local({"out": node, **dict(zip(row.parameters, inputs, strict=True))})
    found.graph = Graph(TABLE_OF_ARRAYS)
    _summed(found, np.shape(view.values[node]), np.shape(view.values[edge.input]))
    if edge.flow or not edge.taken:
        found.root = found.number(0.0)
    elif row.name == "pow" and not edge.index and view.literal(inputs[1]):
        power(found, view.values[inputs[1]])
    elif not _rule(found, row, row.cell(edge.index), edge):
        return None
    elif row.kinks:
        _chosen(found, view, row, edge)
    return found


@np.errstate(all="ignore")
def _chosen(found: Local, view: View, row: Row, edge: Edge) -> None:
    """Say what is chosen where a rule has another value at a kink, or none."""
    known = {name: view.values[node] for name, node in found.leaves.items()}
    value = forward(found.graph, FLOATS, known)[found.root]
    for kink in row.kinks:
        condition = _condition(found, row, kink.when)
        met = forward(found.graph, FLOATS, known)[condition] != 0
        other = met & (value != edge.partial) & ~np.isnan(edge.partial)
        chosen = np.unique(np.broadcast_to(edge.partial, np.shape(other))[met])
        if np.any(other) and len(chosen) == 1:
            parts = condition, found.number(float(chosen[0])), found.root
            found.root = found.graph.node("where", parts)


def _rule(found: Local, row: Row, cell: int, edge: Edge) -> bool:
    """Take a row's rule, where it is taken; False for a helper, and where inputs tie."""
    graph, root = parsed(row, row.rules[cell])
    if not graph.variables().keys() <= found.leaves.keys():
        return False
    if row.name in {"max", "min"}:
        share = np.asarray(edge.partial)
        if not np.all((share == 0) | (share == 1)):
            return False
        found.root = found.number(1.0)
    elif any(graph.table[word].helper for word in set(graph.operations) & graph.table.keys()):
        return False
    else:
        found.root = found.graph.write(graph)[root]
    taken = row.taken[cell]
    if taken is not None and not np.all(np.not_equal(edge.partial, 0)):
        found.root = found.graph.node(
            "where", (_condition(found, row, taken), found.root, found.number(0.0))
        )
    return True


def _condition(found: Local, row: Row, taken: Rule) -> int:
    """Return the node of a condition; "not x <= 0", which is for nan, as "x > 0"."""
    graph, root = parsed(row, taken)
    node = found.graph.write(graph)[root]
    if graph.operations[root] == "not":
        [inner] = found.graph.inputs[node]
        opposite = OPPOSITE.get(found.graph.operations[inner])
        if opposite is not None:
            return found.graph.node(opposite, found.graph.inputs[inner])
    return node


def _summed(found: Local, out: tuple[int, ...], shape: tuple[int, ...]) -> None:
    """Say over which axes of the value what goes to an input of this shape is summed."""
    lead = len(out) - len(shape)
    alike = zip(shape, out[lead:], strict=True)
    axes = [lead + at for at, (size, there) in enumerate(alike) if size == 1 != there]
    if not shape and out:
        found.over = ()
    elif lead or axes:
        found.over = (*range(lead), *axes)
        found.keeps = not lead


def _of_whole(view: View, node: int, edge: Edge) -> Local | None:
    """Return the rule of an operation on whole arrays, in words of the language where it can be."""
    row, inputs = view.row(node), view.inputs[node]
    values = [view.values[child] for child in inputs]
    axes, arg = tuple(map(np.ndim, values)), view.args[node]
    tangent = view.run.quantity == "tangent"
    if tangent:
        rule = _tangent(row, edge.index, values, arg)
    else:
        rule = adjoint(row, edge.index, axes, arg)
    if rule is None:
        return None
    names = {f"x{at}": child for at, child in enumerate(inputs)}
    found = Local({"out": node, GIVEN: edge.input if tangent else node, **names})
    found.rule = True
    found.graph = Graph(TABLE_OF_ARRAYS)
    graph, root = rule
    known = {name: np.shape(view.values[at]) for name, at in found.leaves.items()}
    sizes = forward(graph, SHAPES, known)
    places: list[int] = []
    for number, (operation, parts) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        given = tuple([places[part] for part in parts])
        own = tangent and (operation, graph.args.get(number)) == (row.name, arg)
        if own and [graph.args.get(part) for part in parts] == [*names]:
            places.append(found.graph.node("variable", (), "out"))
        else:
            places.append(_worded(found.graph, graph, number, operation, given, sizes))
    found.root = places[root]
    found.spreads = sizes[root] != np.shape(view.values[node if tangent else edge.input])
    found.shapes = _shapes(found, known)
    return found


def _tangent(
    row: Row,
    index: int,
    values: Sequence[Any],
    arg: Any,  # noqa: ANN401
) -> tuple[Graph, int] | None:
    """Return what the tangent of an input adds to that of an operation: a graph, and its root.

    None where the rule is the program's own, and maps an adjoint; and for what goes by order.
    """
    if row.own or row.name in ORDERED:
        return None
    graph = Graph(TABLE_OF_ARRAYS)
    inputs = [graph.node("variable", (), f"x{at}") for at in range(len(values))]
    given = graph.node("variable", (), GIVEN)
    known = {f"x{at}": np.shape(value) for at, value in enumerate(values)}
    out = graph.node(row.name, tuple(inputs), arg)
    seeds = {inputs[index]: given}
    root = Along(graph, seeds, known | {GIVEN: known[f"x{index}"]}, book=True).derivative(out)
    return graph, root


def _worded(  # noqa: PLR0913 (a node in two graphs)
    target: Graph,
    graph: Graph,
    number: int,
    operation: str,
    given: tuple[int, ...],
    sizes: list[Any],
) -> int:
    """Return the node of ``target`` for a node of a rule: helpers as words of the language."""
    shape = sizes[number]
    if operation in {"kept", "spread"}:
        own = sizes[graph.inputs[number][0]]
        if operation == "spread" or own == shape[len(shape) - len(own) :]:
            return given[0]
        items = [("new",) if size == 1 else WHOLE_AXIS for size in shape]
        return target.node("index", given[:1], (tuple(items),))
    if operation in {"shaped", "rows"}:
        return target.node("reshape", given[:1], (tuple(shape),))
    if operation == "eye_like":
        return target.node("eye", (), (shape[-1], None))
    return target.node(operation, given, graph.args.get(number))


def _shapes(found: Local, known: dict[str, Any]) -> str:
    """Return the shapes of the operands of a rule that is one product: "64x10 @ 10x5"."""
    graph, root = found.graph, found.root
    while graph.operations[root] == "neg":
        [root] = graph.inputs[root]
    if graph.operations[root] != "matmul":
        return ""
    sizes = forward(graph, SHAPES, known)
    return " @ ".join([text_of(sizes[child]) for child in graph.inputs[root]])
