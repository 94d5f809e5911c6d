"""Sums of products with exact numbers, and how they are written as nodes.

A product is a tuple of (base, exponent), bases ascending: bases are nodes of the graph that is
written, exponents whole numbers or fractions. A sum maps products to their coefficients.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isfinite

from backpropcli.arithmetics.tidy.signs import Signs
from backpropcli.graph.graph import Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropcli.graph.graph import Graph

    Number = int | Fraction
    Product = tuple[tuple[int, Number], ...]
    Sum = dict[Product, Number]

WHOLE = 2**53
"""Up to here all whole numbers are doubles."""
DYADIC = {2, 4, 8}
"""Halves, quarters and eighths that stand alone are written as decimals."""
SHORT = 1000
"""Where both parts of a quotient are larger it is written as a decimal, if it is one."""
HALF = Fraction(1, 2)
ONE: Product = ()


def literal(graph: Graph, node: int) -> Number | None:
    """Return the exact number of a literal; None where it is no double's, and for the rest."""
    minus = graph.operations[node] == "neg"
    if minus:
        [node] = graph.inputs[node]
    if graph.operations[node] != "number":
        return None
    value = graph.args[node]
    assert isinstance(value, float)  # noqa: S101 (for mypy)
    if not isfinite(value) or isinstance(value, Decimal):  # one that is no double is a base
        return None
    if value.is_integer() and abs(value) > WHOLE:
        return None
    found = int(value) if value.is_integer() else _typed(value)
    return -found if minus else found


@lru_cache
def _typed(value: float) -> Fraction:
    """Return the decimal that a double is written as."""
    return Fraction(repr(value))


def rational(graph: Graph, node: int) -> Number | None:
    """Return the exact number of a literal, or of a quotient of two; None for anything else."""
    if graph.operations[node] != "div":
        return literal(graph, node)
    over, under = (literal(graph, child) for child in graph.inputs[node])
    return plain(Fraction(over, under)) if over is not None and under else None


def writable(number: Number) -> bool:
    """Say whether a number can be written: as a decimal, or a quotient of whole numbers."""
    if isinstance(number, int):
        return -WHOLE <= number <= WHOLE
    return max(abs(number.numerator), number.denominator) <= WHOLE or decimal(number) is not None


@lru_cache
def decimal(number: Number) -> float | None:
    """Return the double that is written like ``number``; None if there is none."""
    try:
        found = float(number)
    except OverflowError:
        return None
    return found if _typed(found) == number else None


def plain(number: Number) -> Number:
    """Return a whole number as one of Python's."""
    return number.numerator if number.denominator == 1 else number


def times(terms: Sum, product: Product, exponent: int = 1) -> Sum:
    """Return a sum, each term multiplied by a power of ``product``."""
    found: Sum = {}
    for one, coefficient in terms.items():
        exponents = dict(one)
        for base, inner in product:
            exponents[base] = plain(exponents.get(base, 0) + inner * exponent)
        key = tuple(sorted([pair for pair in exponents.items() if pair[1]]))
        found[key] = plain(found.get(key, 0) + coefficient)
    return {key: coefficient for key, coefficient in found.items() if coefficient}


def size(number: Number) -> Number:
    """Return a number without its sign."""
    return -number if number < 0 else number


class Terms:
    """Writes sums of products as nodes of ``graph``.

    With ``decimals`` tenths are written as 0.1; without them long decimals alone. ``named`` are
    nodes that have a name; those in ``front`` come first in products.
    """

    def __init__(self, graph: Graph, named: Iterable[int], *, decimals: bool) -> None:
        self.graph = graph
        self.named = {*named}
        self.front: set[int] = set()
        self.decimals = decimals
        self.signs = Signs(graph)

    def number(self, value: Number) -> int:
        """Return the node of a number: a literal, or a quotient of two."""
        sign, value = value < 0, size(value)
        found = None
        if value.denominator == 1 or self._in_tenths(value) or value.denominator in DYADIC:
            found = decimal(value)
        if found is None and not (value.numerator <= WHOLE >= value.denominator):
            found = decimal(value)
        if found is None and value.denominator == 1:
            found = Decimal.of(str(value.numerator))  # with digits that a double does not have
        if found is not None:
            node = self.graph.node("number", (), found)
            return self.graph.node("neg", (node,)) if sign else node
        over = self.number(-value.numerator if sign else value.numerator)
        return self.graph.node("div", (over, self.number(value.denominator)))

    def _in_tenths(self, value: Number) -> bool:
        """Say whether a number is written as a decimal where it is one."""
        return self.decimals or min(value.numerator, value.denominator) > SHORT

    def sum(self, terms: Sum) -> int:
        """Return the node of a sum, in its order; of two terms the positive one comes first."""
        items = [*terms.items()]
        if not items:
            return self.number(0)
        if len(items) == 2 and items[0][1] < 0 < items[1][1]:  # noqa: PLR2004
            items.reverse()
        total = self.term(*items[0])
        for product, coefficient in items[1:]:
            operation = "sub" if coefficient < 0 else "add"
            total = self.graph.node(operation, (total, self.term(product, size(coefficient))))
        return total

    def term(self, product: Product, coefficient: Number) -> int:
        """Return the node of a product and its coefficient: one quotient, the number in front."""
        if not product:
            return self.number(coefficient)
        if len(product) == 1 and product[0][1] == 1 and coefficient == 1:
            return product[0][0]
        above: list[int] = []
        below: list[int] = []
        for base, exponent in sorted(product, key=self._rank):
            up = exponent > 0 or (self.decimals and exponent.denominator != 1)
            (above if up else below).append(self.power(base, exponent if up else -exponent))
        sign, over, under = coefficient < 0, size(coefficient), 1
        tenths = self._in_tenths(over) and decimal(over) is not None
        if not tenths and 1 < over.denominator <= WHOLE >= over.numerator:
            over, under = over.numerator, over.denominator
        if over != 1 or not above:
            above.insert(0, self.number(-over if sign else over))
        elif sign:
            above[0] = self.graph.node("neg", (above[0],))
        if under != 1:
            below.insert(0, self.number(under))
        found = self._chain(above)
        return self.graph.node("div", (found, self._chain(below))) if below else found

    def power(self, base: int, exponent: Number) -> int:
        """Return the node of a power."""
        if exponent == 1:
            return base
        if exponent == HALF and not self.decimals:
            return self.graph.node("sqrt", (base,))
        if exponent.denominator != 1 and not self.decimals:
            parts = self.number(exponent.numerator), self.number(exponent.denominator)
            return self.graph.node("pow", (base, self.graph.node("div", parts)))
        return self.graph.node("pow", (base, self.number(exponent)))

    def _chain(self, nodes: list[int]) -> int:
        found = nodes[0]
        for node in nodes[1:]:
            found = self.graph.node("mul", (found, node))
        return found

    def _rank(self, power: tuple[int, Number]) -> tuple[int, int]:
        """Return where a factor stands: constants, variables and names, functions, then sums."""
        base = power[0]
        operation = self.graph.operations[base]
        if operation in {"number", "constant"} or base in self.front:
            return 0, base
        if operation in {"variable", "name"} or base in self.named:
            return 1, base
        return (3 if operation in {"add", "sub"} else 2), base
