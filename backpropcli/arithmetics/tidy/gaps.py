"""Where a tidied formula has a value and the expression that it came from has none.

What is cancelled, as the x of x/x, leaves a ``Loss`` behind: a demand on a node. It is no gap where
the formula itself makes the same demand in another place, as in log(x) + x/x.
"""

from __future__ import annotations

from itertools import compress
from typing import NamedTuple

from backpropcli.arithmetics.tidy.signs import POSITIVE, REAL
from backpropcli.arithmetics.tidy.terms import rational

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from backpropcli.arithmetics.tidy.terms import Terms
    from backpropcli.graph.graph import Graph

NONZERO, NOT_NEGATIVE, VALUE, TRUE = "nonzero", "nonnegative", "value", "true"
ZERO, RANGE, DISTINCT = "zero", "range", "distinct"
STAYS = {ZERO, RANGE, DISTINCT}
MOVED = {"index", "swapaxes", "transpose", "mT", "broadcast_to", "expand_dims"}
"""Operations that put elements elsewhere."""
LOGARITHMS = {"log", "log2", "log10"}
QUOTIENTS = {"div", "neg", "sqrt"}
"""Operations that are 0 where their first input is."""
HARMLESS = {"add", "sub", "mul", "neg", "name", "result", "sg", "where", "max", "min"}
"""Operations that have a value wherever their inputs have one."""


class Loss(NamedTuple):
    """A demand on a node: not to be 0, not to be negative, to have a value at all, or to be true.

    What is to be true is that one of two nodes is not 0. What ``STAYS`` is always told: ``ZERO``,
    where the node is 0 the derivative is what a rule says; and ``RANGE``, the formula takes the
    node's elements to be places that there are; and ``DISTINCT``, it takes them to differ.
    """

    kind: str
    node: int


def all_gaps(
    terms: Terms, roots: Sequence[int], lost: Sequence[Collection[Loss]], first: int
) -> list[list[Loss]]:
    """Return the gaps and the corners of each root; the ``first`` nodes are the user's."""
    found = [gaps(terms, *pair) if pair[1] else [] for pair in zip(roots, lost, strict=True)]
    if "hypot" in terms.graph.operations:
        for root, told in zip(roots, found, strict=True):
            told.extend(corners(terms, root, first))
    return found


def ranked(graph: Graph, root: int) -> list[Loss]:
    """Return the arrays whose elements a formula tells apart by where sorting puts them.

    It compares them with what is sorted: elements that are equal it takes several times.
    """
    found = []
    for number in compress(range(len(graph)), graph.ancestors([root])):
        for child in graph.inputs[number] if graph.operations[number] == "eq" else ():
            node = child
            while graph.operations[node] in MOVED:
                node = graph.inputs[node][0]
            if graph.operations[node] == "sort":
                found.append(Loss(DISTINCT, graph.inputs[node][0]))
    return list(dict.fromkeys(found))


def gaps(terms: Terms, root: int, lost: Collection[Loss]) -> list[Loss]:
    """Return the demands behind ``lost`` that the formula of node ``root`` does not make."""
    wanted = {loss: None for loss in lost if loss.kind in STAYS}
    ordered = sorted(lost, key=lambda loss: (loss.node, loss.kind))
    for loss in ordered:
        if loss.kind == NONZERO:
            wanted |= dict.fromkeys(_nonzero(terms, loss.node))
        elif loss.kind in {NOT_NEGATIVE, TRUE}:
            wanted[loss] = None
    nodes = [loss.node for loss in ordered if loss.kind not in STAYS]
    wanted |= dict.fromkeys(_demands(terms, nodes, branches=True))
    made = {*_demands(terms, [root], branches=False)}
    return [loss for loss in wanted if made.isdisjoint({loss, *_enough(terms, loss)})]


def corners(terms: Terms, root: int, first: int) -> list[Loss]:
    """Return the distances that the formula of node ``root`` divides by, and the user does not.

    At 0 a distance has a corner, and the formula no value. The user's nodes are the ``first`` ones.
    """
    graph = terms.graph
    found = [loss for loss in _demands(terms, [root], branches=True) if loss.kind == NONZERO]
    found = [loss for loss in found if graph.operations[loss.node] == "hypot"]
    theirs = {*_demands(terms, [*range(first)], branches=True)} if found else set()
    return [loss for loss in dict.fromkeys(found) if loss not in theirs]


def _enough(terms: Terms, loss: Loss) -> Iterator[Loss]:
    """Yield demands that make what is demanded to be true so."""
    inputs = terms.graph.inputs
    for comparison in inputs[loss.node] if loss.kind == TRUE else ():
        yield Loss(NONZERO, inputs[comparison][0])


def _demands(terms: Terms, roots: list[int], *, branches: bool) -> Iterator[Loss]:
    """Yield what formulas demand of their nodes; without ``branches``, always."""
    graph, signs = terms.graph, terms.signs
    todo, seen = [*roots], set[int]()
    while todo:
        node = todo.pop()
        if node in seen or not graph.inputs[node] or signs.of(node) >= REAL:
            continue
        seen.add(node)
        operation, inputs = graph.operations[node], graph.inputs[node]
        exponent = rational(graph, inputs[1]) if operation == "pow" else None
        todo += inputs if branches or operation != "where" else inputs[:1]
        if operation == "div":
            yield from _nonzero(terms, inputs[1])
        elif exponent is not None:
            if exponent < 0:
                yield from _nonzero(terms, inputs[0])
            if exponent.denominator != 1:
                yield Loss(NOT_NEGATIVE, inputs[0])
        elif operation == "sqrt" or operation in LOGARITHMS:
            yield Loss(NOT_NEGATIVE, inputs[0])
            if operation in LOGARITHMS:
                yield from _nonzero(terms, inputs[0])
        elif operation == "pow" or not (graph.table[operation].image or operation in HARMLESS):
            yield Loss(VALUE, node)


def _nonzero(terms: Terms, node: int) -> Iterator[Loss]:
    """Yield the demand that a product is not 0: that none of its factors is."""
    graph = terms.graph
    todo = [node]
    while todo:
        node = todo.pop()
        operation, inputs = graph.operations[node], graph.inputs[node]
        if operation == "mul":
            todo += inputs
        elif operation in QUOTIENTS or (operation == "pow" and rational(graph, inputs[1])):
            todo.append(inputs[0])
        elif terms.signs.of(node) != POSITIVE:
            yield Loss(NONZERO, node)
