"""Graphs as expressions of SymPy with real symbols: no point, so choices stay choices.

Definitions are those of textbooks. A literal is the decimal that it is written as: 0.1 is 1/10.
Text is never given to SymPy, except such decimals.
"""

from __future__ import annotations

import math

import sympy

from backpropcli.arithmetics.rules import parsed
from backpropcli.arithmetics.symbolic.definitions import DEFINITIONS
from backpropcli.graph.graph import LEAVES, Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    Item = Any


TRUTHS: dict[str, Item] = {
    "lt": sympy.Lt,
    "le": sympy.Le,
    "gt": sympy.Gt,
    "ge": sympy.Ge,
    "eq": sympy.Eq,
    "ne": sympy.Ne,
    "and": sympy.And,
    "or": sympy.Or,
    "not": sympy.Not,
}
CONSTANT: dict[str, Item] = {
    "pi": sympy.pi,
    "e": sympy.E,
    "inf": sympy.oo,
    "nan": sympy.nan,
    "tau": 2 * sympy.pi,
}


def _choice(condition: Item, then: Item, other: Item = 0) -> Item:
    return sympy.Piecewise((then, condition), (other, True))


def _selu(x: Item) -> Item:
    # Klambauer et al., "Self-normalizing neural networks" (2017), as frameworks round them.
    scale, scaled = sympy.Rational("1.0507009873554805"), sympy.Rational("1.7580993408473768")
    return _choice(x > 0, scale * x, scaled * (sympy.exp(x) - 1))


def _normal(x: Item) -> Item:
    return sympy.erfc(-x / sympy.sqrt(2)) / 2


def _logsumexp(*inputs: Item) -> Item:
    return sympy.log(sympy.Add(*map(sympy.exp, inputs)))


BUILT: dict[str, Callable[..., Item]] = DEFINITIONS | {
    "logsumexp": _logsumexp,
    "logaddexp": _logsumexp,
    "abs": sympy.Abs,
    "sign": sympy.sign,
    "floor": sympy.floor,
    "ceil": sympy.ceiling,
    "max": sympy.Max,
    "min": sympy.Min,
    "mod": sympy.Mod,
    "polygamma": sympy.polygamma,
    "ndtr": _normal,
    "log_ndtr": lambda x: sympy.log(_normal(x)),
    "gelu": lambda x: x * _normal(x),
    "gelu_slope": lambda x: _normal(x) + x * sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi),
    "ties": lambda v, *others: sympy.Add(*[_choice(sympy.Eq(v, x), 1) for x in others]),
    "clip": lambda x, lo, hi: sympy.Min(sympy.Max(x, lo), hi),
    "cbrt": lambda x: sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3),
    "lgamma": lambda x: sympy.log(sympy.Abs(sympy.gamma(x))),
    "relu": lambda x: _choice(x > 0, x),
    "relu6": lambda x: sympy.Min(sympy.Max(x, 0), 6),
    "hardtanh": lambda x: sympy.Min(sympy.Max(x, -1), 1),
    "leaky_relu": lambda x, slope: _choice(x > 0, x, slope * x),
    "elu": lambda x, alpha: _choice(x > 0, x, alpha * (sympy.exp(x) - 1)),
    "selu": _selu,
    "huber": lambda x, delta: _choice(
        sympy.Abs(x) <= delta, x**2 / 2, delta * (sympy.Abs(x) - delta / 2)
    ),
    "softsign": lambda x: x / (1 + sympy.Abs(x)),
}
"""What SymPy makes of each operation."""
UNDEFINED = {"sg", "round"}
"""Operations that stay what they are: SymPy knows nothing of them."""
KNOWN = {*BUILT, *TRUTHS, *UNDEFINED, "where"}
ARITHMETIC = {"add", "sub", "mul", "div", "neg", "pow", "sqrt"}
FUNCTIONS = {word: name for name, word in BUILT.items() if isinstance(word, type)}
NAMED = frozenset(BUILT) - ARITHMETIC - {*FUNCTIONS.values()}
"""Operations that are written by their definitions, unless their names are kept."""


def expression(graph: Graph, root: int, kept: Collection[str] = ()) -> tuple[Item, dict[str, Item]]:
    """Return node ``root`` as an expression, and its symbols by the variables' names.

    Operations in ``kept`` become functions that SymPy knows nothing of; what has no definition
    here is what its row expands it to. Raises LookupError for an operation that has neither, and
    where SymPy takes a value for complex.
    """
    graph, root = _expanded(graph, root, KNOWN | {*kept})
    symbols: dict[str, Item] = {}
    values: dict[int, Item] = {}
    conditions: dict[int, Item] = {}
    for number, operation in enumerate(graph.operations):
        inputs = graph.inputs[number]
        if operation in LEAVES:
            values[number] = _leaf(operation, graph.args[number], symbols)
            continue
        given = [values[child] for child in inputs]
        try:
            if operation in {"and", "or", "not"}:
                given = [conditions.get(child, sympy.Ne(values[child], 0)) for child in inputs]
            if operation in TRUTHS:
                conditions[number] = TRUTHS[operation](*given)
                values[number] = _choice(conditions[number], 1)
            elif operation == "where":
                condition = conditions.get(inputs[0], sympy.Ne(given[0], 0))
                values[number] = _choice(condition, *given[1:])
            elif operation in UNDEFINED or operation in kept:
                values[number] = sympy.Function(operation, real=True)(*given)
            elif operation in BUILT:
                values[number] = BUILT[operation](*given)
            else:
                raise LookupError(f"SymPy has no definition of {operation} here")
        except (TypeError, ValueError, ZeroDivisionError) as error:
            raise LookupError(f"SymPy finds no real value of {operation}") from error
    return values[root], symbols


def _expanded(graph: Graph, root: int, known: Collection[str]) -> tuple[Graph, int]:
    """Return what ``root`` rests on, with rows' expansions of the operations not ``known``."""
    result = Graph(graph.table)

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        row = graph.table.get(operation)
        if row is None or row.expand is None or operation in known:
            return result.node(operation, inputs, arg)
        body, top = parsed(row, row.expand)
        given = dict(zip(row.parameters, inputs, strict=True))
        return result.write(body, given, node=make)[top]

    return result, result.write(graph, keep=graph.ancestors([root]), node=make)[root]


def _leaf(operation: str, arg: object, symbols: dict[str, Item]) -> Item:
    if operation == "variable":
        # SymPy sorts by names: so terms come in the order in which the variables appeared.
        symbol = sympy.Symbol(f"{len(symbols):06}", real=True)
        return symbols.setdefault(str(arg), symbol)
    if operation == "constant":
        return CONSTANT[str(arg)]
    return sympy.oo if arg == math.inf else sympy.Rational(repr(arg))
