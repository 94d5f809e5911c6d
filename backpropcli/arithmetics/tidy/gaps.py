"""Where a tidied formula has a value and the expression that it came from has none.

What is cancelled, as the x of x/x, leaves a ``Loss`` behind: a demand on a node. It is no gap where
the formula itself makes the same demand in another place, as in log(x) + x/x; and an operation need
not hand on what is infinite or no number: atan(1/x) has a value at 0.
"""

from __future__ import annotations

from functools import cache
from itertools import compress
from math import inf, isfinite, nan
from typing import NamedTuple

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import word
from backpropcli.arithmetics.tidy.signs import POSITIVE, REAL
from backpropcli.arithmetics.tidy.terms import rational

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from backpropcli.arithmetics.tidy.terms import Number, Terms
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

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
INFINITE, NO_NUMBER = 1, 2
"""What an input may be; both together are 3."""
BOTH = INFINITE | NO_NUMBER
PROBES = {INFINITE: (inf, -inf), NO_NUMBER: (nan,)}
OTHERS = (0.5, -2.0)
"""What the other inputs are."""
FELT = {NONZERO: INFINITE, NOT_NEGATIVE: NO_NUMBER, VALUE: BOTH}
"""What there is where a demand is not met; a power is taken to be no number where it has none."""


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
            told.extend(corners(terms, [root], range(first)))
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


def corners(terms: Terms, roots: Iterable[int], users: Iterable[int]) -> list[Loss]:
    """Return the distances that formulas divide by, the nodes ``roots``, and the user does not.

    At 0 a distance has a corner, and the formula no value. The user's nodes are ``users``.
    """
    graph = terms.graph
    found = [loss for loss in _demands(terms, roots, branches=True) if loss.kind == NONZERO]
    found = [loss for loss in found if graph.operations[loss.node] == "hypot"]
    theirs = {*_demands(terms, users, branches=True)} if found else set()
    return [loss for loss in dict.fromkeys(found) if loss not in theirs]


def _enough(terms: Terms, loss: Loss) -> Iterator[Loss]:
    """Yield demands that make what is demanded to be true so."""
    inputs = terms.graph.inputs
    for comparison in inputs[loss.node] if loss.kind == TRUE else ():
        yield Loss(NONZERO, inputs[comparison][0])


def _demands(terms: Terms, roots: Iterable[int], *, branches: bool) -> Iterator[Loss]:
    """Yield what formulas demand of their nodes.

    Without ``branches``, only what they have no finite value without: no branch demands anything,
    and neither does what stands in a function that is finite at a pole, as atan(1/x) is.
    """
    graph, signs = terms.graph, terms.signs
    todo, seen = [(root, BOTH) for root in roots], dict[int, int]()
    while todo:
        node, felt = todo.pop()
        felt &= ~seen.get(node, 0)
        if not felt or not graph.inputs[node] or signs.of(node) >= REAL:
            continue
        seen[node] = seen.get(node, 0) | felt
        operation, inputs = graph.operations[node], graph.inputs[node]
        exponent = rational(graph, inputs[1]) if operation == "pow" else None
        if branches:
            todo += [(child, BOTH) for child in inputs]
        elif exponent is not None:
            todo.append((inputs[0], _in_power(exponent, felt)))
        else:
            row, count = graph.row(node), len(inputs)
            todo += [(child, felt & handed_on(row, at, count)) for at, child in enumerate(inputs)]
        for loss in _own_demands(terms, node, exponent):
            shows = NO_NUMBER if operation == "pow" and loss.kind == VALUE else FELT[loss.kind]
            if felt & shows == shows:
                yield loss


@cache
def handed_on(row: Row, place: int, count: int) -> int:
    """Return what an operation on ``count`` inputs has no finite value of, whatever else it has.

    Operations on whole arrays are taken to hand on all.
    """
    if row.own:  # its value is that of its body, the last input
        return BOTH if place == count - 1 else 0
    if row.whole or row.static or row.derived:
        return BOTH
    if row.name == "where":
        return 0
    of = word(row, floats)
    return sum(
        kind
        for kind, probes in PROBES.items()
        if not any(
            isfinite(of(*[probe if at == place else other for at in range(count)]))
            for probe in probes
            for other in OTHERS
        )
    )


def _in_power(exponent: Number, felt: int) -> int:
    """Return the same of the base of a power whose exponent is a number; ``felt`` is of the power.

    A root of what is infinite may be one of -inf, which is no number.
    """
    if exponent.denominator != 1 and felt & NO_NUMBER:
        return BOTH
    return felt & (BOTH if exponent > 0 else NO_NUMBER * (exponent != 0))


def _own_demands(terms: Terms, node: int, exponent: Number | None) -> Iterator[Loss]:
    """Yield what an operation demands of its inputs; ``exponent`` is that of a power, if known."""
    graph = terms.graph
    operation, inputs = graph.operations[node], graph.inputs[node]
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
        elif operation == "pow" and (exponent := rational(graph, inputs[1])):
            todo += inputs[:1] if exponent > 0 else ()  # 1/x is not 0
        elif operation in QUOTIENTS:
            todo.append(inputs[0])
        elif terms.signs.of(node) != POSITIVE and not _counts_ties(graph, node):
            yield Loss(NONZERO, node)


def _counts_ties(graph: Graph, node: int) -> bool:
    """Say whether a sum counts how many of some numbers are their maximum: there is one."""
    todo, compared, best = [node], set[int](), set[int]()
    while todo:
        operation, inputs = graph.operations[todo[-1]], graph.inputs[todo.pop()]
        if operation == "add":
            todo += inputs
            continue
        tops = [child for child in inputs if graph.operations[child] in {"max", "min"}]
        if operation != "eq" or not tops:
            return False
        best.add(tops[-1])
        compared.update(inputs)
    return len(best) == 1 and compared - best == {*graph.inputs[best.pop()]}
