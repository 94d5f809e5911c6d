"""Expressions of SymPy as graphs, in words of the language."""

from __future__ import annotations

import math

import sympy
from sympy.core.function import AppliedUndef

from backpropcli.arithmetics.symbolic.expressions import CONSTANT, FUNCTIONS, TRUTHS
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import CONSTANTS, TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    Item = Any
    Plan = tuple[list[Item], Callable[..., int]]


LONGEST = 20_000
"""Steps of writing an expression; one that takes more is of no use to a reader."""
SIMPLE = 10**6
"""With decimals no number is divided by a whole one larger than this."""
DYADIC = {2, 4, 8}
"""Halves, quarters and eighths are written as decimals, but for those that are factors."""
RELATIONS = {word: name for name, word in TRUTHS.items()}


def to_graph(
    expression: Item, symbols: Mapping[str, Item], *, decimals: bool = False
) -> tuple[Graph, int]:
    """Return the graph of ``expression``, and its root; ``symbols`` are the variables' symbols.

    With ``decimals`` tenths are written as 0.1. The graph has no node that the root does not need.
    Raises LookupError for what the language cannot say.
    """
    writer = _Writer(symbols, decimals=decimals)
    nodes: dict[Item, int] = {}
    plans: dict[Item, Plan] = {}
    stack = [expression]
    for _ in range(LONGEST):
        if not stack:
            root = nodes[expression]
            found, places = writer.graph.part([root])
            return found, places[root]
        item = stack[-1]
        if item not in plans:
            plans[item] = writer.plan(item)
        children, build = plans[item]
        missing = [child for child in children if child not in nodes]
        if missing:
            stack += reversed(missing)
        else:
            nodes[item] = build(*[nodes[child] for child in children])
            stack.pop()
    raise LookupError("SymPy's form is too long")


class _Writer:
    """Writes expressions as nodes: a plan has the parts of one, and what makes a node of them."""

    def __init__(self, symbols: Mapping[str, Item], *, decimals: bool) -> None:
        self.graph = Graph()
        self.names = {symbol: name for name, symbol in symbols.items()}
        self.decimals = decimals

    def plan(self, item: Item) -> Plan:
        """Return the parts of ``item``, and the function that makes its node of theirs."""
        if item in self.names:
            return [], lambda: self.graph.node("variable", (), self.names[item])
        if item in {sympy.true, sympy.false}:
            return [], lambda: self.graph.node("number", (), float(bool(item)))
        if item.is_Rational:
            return self.number(item)
        if item is -sympy.oo:
            return [sympy.oo], lambda node: self.graph.node("neg", (node,))
        if item in CONSTANT.values():
            return [], lambda: self.constant(item)
        plans = {
            sympy.Add: self.sum,
            sympy.Mul: self.product,
            sympy.Pow: self.power,
            sympy.Piecewise: self.cases,
        }
        return plans.get(item.func, self.call)(item)

    def constant(self, item: Item) -> int:
        """Return the node of a constant. Raises LookupError where variables took its names."""
        name = next(name for name, constant in CONSTANT.items() if constant == item)
        if {word for word, named in CONSTANTS.items() if named == name} <= {*self.names.values()}:
            raise LookupError(f"SymPy's form has {name}, which is the name of a variable here")
        return self.graph.node("constant", (), name)

    def fraction(self, value: Item) -> tuple[Item, Item]:
        """Return what is written above and below the line of a rational, which is not negative.

        With decimals that is 0.1 and 3 for 1/30. Raises LookupError where it has too many digits.
        """
        under = value.q
        if self.decimals:
            for prime in (2, 5):
                under //= prime ** sympy.multiplicity(prime, under)
        over = value * under
        if _double(over) is None or (self.decimals and under > SIMPLE):
            digits = max(len(str(over.p)), len(str(under)))
            raise LookupError(f"SymPy's form has a number of {digits} digits")
        return over, sympy.Integer(under)

    def number(self, value: Item) -> Plan:
        """Return the plan of a rational."""
        if value < 0:
            return [-value], lambda node: self.graph.node("neg", (node,))
        over, under = (value, 1) if value.q in DYADIC else self.fraction(value)
        found = _double(over)
        if under == 1 and found is not None:
            return [], lambda: self.graph.node("number", (), found)
        return [*self.fraction(value)], self.quotient

    def quotient(self, *nodes: int) -> int:
        """Return the node of a quotient."""
        return self.graph.node("div", nodes)

    def chain(self, operation: str, nodes: Collection[int]) -> int:
        """Return the node of an operation on two at a time, from left to right."""
        first, *others = nodes
        for other in others:
            first = self.graph.node(operation, (first, other))
        return first

    def sum(self, item: Item) -> Plan:
        """Return the plan of a sum: in SymPy's order, but for a negative term in front."""
        signed = [(_negative(term), term) for term in item.as_ordered_terms()]
        front = next((index for index, (minus, _) in enumerate(signed) if not minus), 0)
        signed.insert(0, signed.pop(front))
        parts = [-term if minus and index else term for index, (minus, term) in enumerate(signed)]

        def build(*nodes: int) -> int:
            total = nodes[0]
            for (minus, _), node in zip(signed[1:], nodes[1:], strict=True):
                total = self.graph.node("sub" if minus else "add", (total, node))
            return total

        return parts, build

    def product(self, item: Item) -> Plan:
        """Return the plan of a product: the number first, and one quotient."""
        coefficient, rest = item.as_coeff_Mul()
        minus, scale = bool(coefficient < 0), abs(coefficient)
        over, under = self.fraction(scale)
        above, below = [], []
        for factor in rest.as_ordered_factors():
            if factor.is_Pow and factor.exp.could_extract_minus_sign():
                below.append(factor.base**-factor.exp)
            else:
                above.append(factor)
        for index, factor in enumerate(above):
            if minus and factor.is_Add and any(_negative(term) for term in factor.args):
                above[index], minus = -factor, False
        top = [*([over] if over != 1 or not above else []), *above]
        bottom = [*([under] if under != 1 else []), *below]
        count = len(top)

        def build(*nodes: int) -> int:
            first = self.graph.node("neg", (nodes[0],)) if minus else nodes[0]
            found = self.chain("mul", (first, *nodes[1:count]))
            return self.quotient(found, self.chain("mul", nodes[count:])) if bottom else found

        return [*top, *bottom], build

    def power(self, item: Item) -> Plan:
        """Return the plan of a power: a root, a quotient, or a power."""
        base, exponent = item.args
        if exponent == sympy.Rational(1, 2):
            return [base], lambda node: self.graph.node("sqrt", (node,))
        if exponent.could_extract_minus_sign():
            return [sympy.Integer(1), base**-exponent], self.quotient
        return [base, exponent], lambda *nodes: self.graph.node("pow", nodes)

    def cases(self, item: Item) -> Plan:
        """Return the plan of a choice: nested ``where``."""
        *pairs, (last, always) = item.args
        if always != sympy.true:
            pairs, last = [*item.args], sympy.nan
        parts = [last]
        for value, condition in reversed(pairs):
            parts += [condition, value]

        def build(*nodes: int) -> int:
            found = nodes[0]
            for index in range(1, len(nodes), 2):
                found = self.graph.node("where", (nodes[index], nodes[index + 1], found))
            return found

        return parts, build

    def call(self, item: Item) -> Plan:
        """Return the plan of a function, a comparison or a logical operation."""
        name, parts = _word(item)
        if name in {"and", "or"}:
            return parts, lambda *nodes: self.chain(name, nodes)
        if name not in TABLE or not TABLE[name].accepts(len(parts)):
            shown = "the imaginary unit" if item == sympy.I else item.func.__name__
            raise LookupError(f"SymPy's form has {shown}, for which there is no word here")
        return parts, lambda *nodes: self.graph.node(name, nodes)


def _word(item: Item) -> tuple[str, list[Item]]:
    """Return the operation that a function is, and its inputs; "" for none."""
    parts = [*item.args]
    if isinstance(item, AppliedUndef):
        return item.name, parts
    if item.func is sympy.polygamma and parts[0] in {0, 1}:
        return ("trigamma" if parts[0] else "digamma"), parts[1:]
    if item.func is sympy.log:
        inner = parts[0]
        if inner.func is sympy.Abs and inner.args[0].func is sympy.gamma:
            return "lgamma", [*inner.args[0].args]
        if inner.is_Add and (inner - 1).func is sympy.exp:
            return "softplus", [*(inner - 1).args]
    return FUNCTIONS.get(item.func) or RELATIONS.get(item.func, ""), parts


def _double(value: Item) -> float | None:
    """Return the double that is written like ``value``, if there is one."""
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) and sympy.Rational(repr(found)) == value else None


def _negative(term: Item) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)
