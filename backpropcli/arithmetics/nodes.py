"""Graphs as an arithmetic: each operation adds a node, and a pass builds the derivative's graph.

What is certain for every number is simplified on the way (1*x, x + 0, a choice that is settled):
never what holds only where nothing is infinite, but for one convention of the passes: a branch
that is not taken gives 0, whatever it is multiplied with.
"""

from __future__ import annotations

from math import gcd

from backpropcli.graph.operations import CONSTANTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.graph.graph import Graph

INFIX: dict[str, str] = {}
WHOLE = 2.0**53
"""Up to here all whole numbers are doubles."""
TRUTHS = {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"}
"""Operations whose value is 1 or 0."""


class Formula:
    """A node of a graph; or, while no graph is known, a constant that belongs to none yet."""

    __slots__ = ("graph", "inputs", "leaf", "node", "operation")

    def __init__(self, graph: Graph | None, node: int = -1) -> None:
        self.graph = graph
        self.node = node
        self.operation = ""
        self.inputs: tuple[Formula, ...] = ()
        self.leaf: float | str = 0.0

    def __add__(self, other: Formula) -> Formula:
        return operation("add", self, other)

    def __mul__(self, other: Formula) -> Formula:
        return operation("mul", self, other)

    def __neg__(self) -> Formula:
        return operation("neg", self)

    def within(self, graph: Graph) -> int:
        """Return the formula's node in ``graph``."""
        if self.graph is not None:
            return self.node
        if not self.inputs:
            return graph.leaf(self.operation, self.leaf)
        found: dict[int, int] = {}
        todo = [self]
        while todo:  # constants can be nested deeply: each use of a variable adds one
            item = todo[-1]
            missing = [part for part in item.inputs if id(part) not in found]
            if missing:
                todo += missing
                continue
            nodes = [found[id(part)] for part in item.inputs]
            found[id(item)] = build(graph, item.operation, nodes) if nodes else item.within(graph)
            todo.pop()
        return found[id(self)]


def operation(name: str, *inputs: Formula) -> Formula:
    """Return operation ``name`` on formulas, which belong to one graph or to none."""
    for item in inputs:
        graph = item.graph
        if graph is not None:
            nodes = [i.node if i.graph is not None else i.within(graph) for i in inputs]
            return Formula(graph, build(graph, name, nodes))
    free = Formula(None)
    free.operation, free.inputs = name, inputs
    return free


class _Words(dict[str, "Callable[..., Any]"]):
    """A word for each operation that there is, those of the user's own included."""

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401, ARG002 (as dict has it)
        found = super().get(name)
        if found is None:
            found = self[name] = lambda *inputs: operation(name, *inputs)
        return found


WORDS: dict[str, Callable[..., Any]] = _Words()


def constant(text: str) -> Formula:
    """Return the number, or the constant, that a rule's text names.

    A decimal that is no double is written as a fraction of whole numbers, which is exact.
    """
    whole, _, decimals = text.partition(".")
    if not (whole + decimals).isdecimal():
        return decimal(text)
    ratio = int(whole + decimals), 10 ** len(decimals)
    common = gcd(*ratio)
    above, below = ratio[0] // common, ratio[1] // common
    if float(text).as_integer_ratio() == (above, below) or max(above, below) > WHOLE:
        return decimal(text)
    return operation("div", double(float(above)), double(float(below)))


def decimal(text: str) -> Formula:
    """Return the number, or the constant, that a rule's text names, as it is written there."""
    if text in CONSTANTS.values():
        return _leaf("constant", text)
    return double(float(text))


def double(value: float) -> Formula:
    """Return a literal; it is not negative."""
    return _leaf("number", value)


def _leaf(kind: str, payload: float | str) -> Formula:
    free = Formula(None)
    free.operation, free.leaf = kind, payload
    return free


def literal(graph: Graph, node: int) -> float | None:
    """Return the number that a node is written as, minus sign included; None for others."""
    sign = 1.0
    if graph.operations[node] == "neg":
        node, sign = graph.inputs[node][0], -1.0
    if graph.operations[node] != "number":
        return None
    return sign * float(graph.leaves[node])


def number(graph: Graph, value: float) -> int:
    """Return the node of a finite number: a literal, or the negation of one."""
    if value < 0:
        return graph.node("neg", (graph.leaf("number", -value),))
    return graph.leaf("number", value + 0.0)


def build(graph: Graph, name: str, inputs: list[int]) -> int:
    """Return the node of operation ``name`` on ``inputs``, in its simplest form."""
    simple = SIMPLER.get(name)
    if simple is not None:
        found = simple(graph, *inputs)
        if found is not None:
            return found
    return graph.node(name, tuple(inputs))


def _whole(graph: Graph, *nodes: int) -> list[float] | None:
    """Return the whole numbers that all of ``nodes`` are."""
    found = []
    for node in nodes:
        value = literal(graph, node)
        if value is None or abs(value) > WHOLE or value != int(value):
            return None
        found.append(value)
    return found


def _folded(graph: Graph, value: float) -> int | None:
    return number(graph, value) if abs(value) <= WHOLE else None


def _negated(graph: Graph, node: int) -> int | None:
    """Return what a negation negates."""
    return graph.inputs[node][0] if graph.operations[node] == "neg" else None


def _choice(graph: Graph, node: int) -> tuple[int, int, int] | None:
    """Return condition and branches of a choice that is 0 in one of its branches."""
    if graph.operations[node] != "where":
        return None
    condition, first, second = graph.inputs[node]
    if literal(graph, first) == 0 or literal(graph, second) == 0:
        return condition, first, second
    return None


def _neg(graph: Graph, x: int) -> int | None:
    return _negated(graph, x)


def _add(graph: Graph, x: int, y: int) -> int | None:  # noqa: PLR0911 (a return for each form)
    if whole := _whole(graph, x, y):
        return _folded(graph, whole[0] + whole[1])
    if literal(graph, x) == 0:
        return y
    if literal(graph, y) == 0:
        return x
    if x == y:
        return build(graph, "mul", [number(graph, 2.0), x])
    if (other := _negated(graph, y)) is not None:
        return build(graph, "sub", [x, other])
    if (other := _negated(graph, x)) is not None:
        return build(graph, "sub", [y, other])
    return _joined(graph, _choice(graph, x), _choice(graph, y))


def _joined(
    graph: Graph, one: tuple[int, int, int] | None, two: tuple[int, int, int] | None
) -> int | None:
    """Return one choice for the sum of where(c, a, 0) and where(c, 0, b)."""
    if one is None or two is None or one[0] != two[0]:
        return None
    sides = [build(graph, "add", [a, b]) for a, b in zip(one[1:], two[1:], strict=True)]
    return build(graph, "where", [one[0], *sides])


def _sub(graph: Graph, x: int, y: int) -> int | None:
    if whole := _whole(graph, x, y):
        return _folded(graph, whole[0] - whole[1])
    if literal(graph, y) == 0:
        return x
    if literal(graph, x) == 0:
        return build(graph, "neg", [y])
    if (other := _negated(graph, y)) is not None:
        return build(graph, "add", [x, other])
    return None


def _mul(graph: Graph, x: int, y: int) -> int | None:
    if whole := _whole(graph, x, y):
        return _folded(graph, whole[0] * whole[1])
    for one, other in ((x, y), (y, x)):
        if literal(graph, one) == 1:
            return other
        if (inner := _negated(graph, one)) is not None:
            return build(
                graph, "neg", [build(graph, "mul", [inner, y] if one == x else [x, inner])]
            )
    if graph.operations[y] == "number" and graph.operations[x] != "number":
        return build(graph, "mul", [y, x])
    if graph.operations[x] == "number" and graph.operations[y] == "mul":
        factor, rest = graph.inputs[y]
        if (whole := _whole(graph, x, factor)) and abs(whole[0] * whole[1]) <= WHOLE:
            return build(graph, "mul", [number(graph, whole[0] * whole[1]), rest])
    return _through(graph, x, y)


def _through(graph: Graph, x: int, y: int) -> int | None:
    """Return a product in which one factor is a reciprocal, or a choice that can be 0."""
    if (quotient := _quotient(graph, x, y)) is not None:
        return quotient
    for one, other in ((x, y), (y, x)):
        if (choice := _choice(graph, one)) is not None:
            return _scaled(graph, choice, other, before=one == y)
    return None


def _quotient(graph: Graph, x: int, y: int) -> int | None:
    """Return x/b for a product with 1/b where x is a leaf.

    Of larger factors the reciprocal stays apart: higher derivatives share it. As quotients of
    quotients they would double in size with each order.
    """
    for one, other in ((x, y), (y, x)):
        numerator = graph.inputs[one][0] if graph.operations[one] == "div" else -1
        if numerator >= 0 and literal(graph, numerator) == 1 and not graph.inputs[other]:
            return build(graph, "div", [other, graph.inputs[one][1]])
    return None


def _scaled(graph: Graph, choice: tuple[int, int, int], by: int, *, before: bool) -> int:
    """Return a choice times ``by``, worked out in the branch that is not 0."""
    condition, *sides = choice
    scaled = [
        side
        if literal(graph, side) == 0
        else build(graph, "mul", [by, side] if before else [side, by])
        for side in sides
    ]
    return build(graph, "where", [condition, *scaled])


def _div(graph: Graph, x: int, y: int) -> int | None:
    if literal(graph, y) == 1:
        return x
    if (whole := _whole(graph, x, y)) and whole[1] and whole[0] % whole[1] == 0:
        return _folded(graph, whole[0] / whole[1])
    if (inner := _negated(graph, x)) is not None:
        return build(graph, "neg", [build(graph, "div", [inner, y])])
    return None


def _pow(graph: Graph, x: int, y: int) -> int | None:
    exponent = literal(graph, y)
    if exponent == 1:
        return x
    if exponent == 0:
        return number(graph, 1.0)
    whole = _whole(graph, x, y)
    if whole and whole[1] > 0 and abs(whole[0]) ** min(whole[1], 64) <= WHOLE:
        return _folded(graph, whole[0] ** whole[1])
    return None


def _truth(graph: Graph, node: int) -> bool | None:
    """Return whether a literal is true."""
    value = literal(graph, node)
    return None if value is None else value != 0


def _where(graph: Graph, condition: int, first: int, second: int) -> int | None:
    truth = _truth(graph, condition)
    if truth is not None:
        return first if truth else second
    # A choice between 0 and 0 stays one: what it is multiplied with need not exist.
    return first if first == second and literal(graph, first) != 0 else None


def _and(graph: Graph, x: int, y: int) -> int | None:
    return _logic(graph, x, y, settles=False)


def _or(graph: Graph, x: int, y: int) -> int | None:
    return _logic(graph, x, y, settles=True)


def _logic(graph: Graph, x: int, y: int, *, settles: bool) -> int | None:
    for one, other in ((x, y), (y, x)):
        truth = _truth(graph, one)
        if truth is settles:
            return number(graph, float(settles))
        if truth is not None and graph.operations[other] in TRUTHS:
            return other
    return None


def _not(graph: Graph, x: int) -> int | None:
    truth = _truth(graph, x)
    return None if truth is None else number(graph, float(not truth))


def _compared(test: Callable[[float, float], bool]) -> Callable[[Graph, int, int], int | None]:
    def simpler(graph: Graph, x: int, y: int) -> int | None:
        one, two = literal(graph, x), literal(graph, y)
        if one is None or two is None:
            return None
        return number(graph, float(test(one, two)))

    return simpler


def _of_literal(function: Callable[[float], float]) -> Callable[[Graph, int], int | None]:
    def simpler(graph: Graph, x: int) -> int | None:
        whole = _whole(graph, x)
        return number(graph, float(function(whole[0]))) if whole else None

    return simpler


SIMPLER: dict[str, Callable[..., int | None]] = {
    "neg": _neg,
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "pow": _pow,
    "where": _where,
    "and": _and,
    "or": _or,
    "not": _not,
    "lt": _compared(lambda x, y: x < y),
    "le": _compared(lambda x, y: x <= y),
    "gt": _compared(lambda x, y: x > y),
    "ge": _compared(lambda x, y: x >= y),
    "eq": _compared(lambda x, y: x == y),
    "ne": _compared(lambda x, y: x != y),
    "abs": _of_literal(abs),
    "floor": _of_literal(lambda x: x),
}
