"""SymPy's derivatives, of single operations and of whole expressions, as numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import compress

import sympy
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.balls.ball import OfPi, ball, is_zero
from backpropcli.arithmetics.symbolic.symbols import Builder
from backpropcli.proof.gradient.evaluated import OWN, evaluated, real
from backpropcli.report.digits.numbers import PRECISIONS, STEADY, length, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph
    from backpropcli.report.truth.point import Point

    Item = Any
    """An expression of SymPy's, or a number of mpmath's: these have no types."""

LONGER = (*PRECISIONS, 2 * PRECISIONS[-1])
EXACT = Fraction | OfPi
POWERS = {"pow", "pow_slope", "pow_log"}


class Slopes:
    """SymPy's derivatives of single operations and of whole expressions, as numbers."""

    def __init__(self, point: Point) -> None:
        self.point = point
        self.precision = point.precision
        self.middles: dict[int, list[Item]] = {}
        self.node: tuple[Graph, int] | None = None  # the last that was looked at
        self.values: list[Number] | None = None
        self.expression: Item = None
        self.known: dict[Item, Item] = {}

    def local(
        self,
        graph: Graph,
        values: list[Number],
        number: int,
        index: int,
        *,
        careful: int | None = None,
    ) -> Item:
        """Return SymPy's derivative of node ``number`` by its input ``index``, at ``values``.

        It is worked out once; or with more digits until they are steady, ``careful`` ones more at
        first. None where there is no value.
        """
        if (
            self.node is None
            or self.node[0] is not graph
            or self.node[1] != number
            or self.values is not values
        ):
            self.node, self.values = (graph, number), values
            self.expression, self.known = _operation(graph, values, number)
        operation, expression = graph.operations[number], self.expression
        if operation in POWERS and index == 0:
            exponent = values[graph.inputs[number][1]]
            if isinstance(exponent, Fraction):  # as a symbol it may give 0*0^-1
                expression = expression.subs(_input(1), sympy.Rational(exponent))
        key = (operation, expression, index)
        found = _cache.get(key)
        if found is None:
            slope = sympy.diff(expression, _input(index))
            if operation in POWERS:
                slope = sympy.powsimp(slope)  # SymPy has y*x^y/x, which is 0/0 at 0
            found = _Number(slope, [one for one in self.known if one.is_Symbol])
            if expression.free_symbols <= {*_inputs}:  # else it is of this node alone
                _cache[key] = found
        if careful is None:
            return found.once(self.known)
        return found.at(self.known, self.precision + careful)

    def vanishes(self, graph: Graph, values: list[Number], number: int, index: int) -> bool:
        """Say whether SymPy finds a derivative to be 0, where exact inputs are what they are."""
        expression, _ = _operation(graph, values, number)
        slope = sympy.diff(expression, _input(index))
        inputs = [values[child] for child in graph.inputs[number]]
        exact = {
            _input(at): _exact(value) for at, value in enumerate(inputs) if isinstance(value, EXACT)
        }
        return bool(slope.subs(exact).is_zero)

    def whole(self, by: int, begin: int) -> Item:
        """Return SymPy's derivative of the output by ``by``, with ``begin`` digits at first."""
        point = self.point
        top, graph = point.run.top, point.graph
        builder = Builder()
        values = self.middles.get(begin)
        if values is None:
            with mp.workdps(2 * begin):  # all the digits of fractions that the derivative may need
                values = self.middles[begin] = [
                    None if value is None else _nearest(value) for value in point.values
                ]
        found = expressions(builder, graph, values, [top, by], by)
        nothing = is_zero(point.adjoint(by))
        exact = {
            found[node]: _exact(value)
            for node, value in enumerate(point.values)
            if node in found and found[node].is_Symbol and isinstance(value, EXACT)
            if nothing or not value
        }
        return derivative_at(found[top], found[by], builder.point, begin, exact)


def _exact(number: Fraction | OfPi) -> Item:
    """Return what a number exactly is."""
    if isinstance(number, OfPi):
        return sympy.Rational(number.times) * sympy.pi
    return sympy.Rational(number)


def _nearest(number: Number) -> Item:
    """Return the middle of a number, and a multiple of pi with all digits of the precision."""
    if isinstance(number, OfPi):
        return mp.pi * number.times.numerator / number.times.denominator
    return ball(number).middle


def _operation(graph: Graph, values: list[Number], number: int) -> tuple[Item, dict[Item, Item]]:
    """Return SymPy's expression of one operation, and the numbers of the symbols in it."""
    children = graph.inputs[number]
    builder = Builder()
    given = [ball(values[child]).middle for child in children]
    places = {child: at for at, child in reversed([*enumerate(children)])}
    one = graph.row(number).variadic  # a node is one symbol, however often it stands there
    inputs = [_input(places[child] if one else at) for at, child in enumerate(children)]
    if graph.operations[number] == "pow" and graph.operations[children[1]] == "number":
        inputs[1] = sympy.Rational(values[children[1]])
    out = ball(values[number]).middle
    expression = builder.operation(graph.operations[number], inputs, given, out)
    return expression, dict(zip(inputs, given, strict=True)) | builder.point


def derivative_at(
    expression: Item,
    by: Item,
    known: dict[Item, Item],
    precision: int,
    exact: Mapping[Item, Item] | None = None,
) -> Item:
    """Return the value of SymPy's derivative of ``expression`` by the symbol ``by``.

    What symbols ``exact``ly are may make it 0 by algebra, which no number of digits tells.
    """
    slope = sympy.diff(expression, by)
    if exact and not slope.is_Integer and slope.subs(exact).is_zero:
        return mpf(0)
    if slope.is_Integer:
        return digits.constant(str(slope))
    return steady(lambda given: real(lambda: evaluated(slope, given)), known, precision)


def expressions(
    builder: Builder, graph: Graph, values: list[Item], roots: list[int], alone: int
) -> dict[int, Item]:
    """Return SymPy's expressions of the nodes ``roots``, and of all that they need.

    Node ``alone`` is a symbol: what it rests on is not needed.
    """
    found: dict[int, Item] = {}
    for number in compress(range(len(graph)), graph.ancestors(roots, {alone})):
        operation, inputs = graph.operations[number], graph.inputs[number]
        if number == alone:
            found[number] = builder.symbol(values[number])
        elif operation == "number":
            found[number] = builder.number(float(str(graph.args[number])), values[number])
        elif not inputs:
            found[number] = builder.symbol(values[number])
        elif graph.table[operation].own:
            found[number] = found[inputs[-1]]  # the body that it stands for
        else:
            found[number] = builder.operation(
                operation,
                [found[child] for child in inputs],
                [values[child] for child in inputs],
                values[number],
            )
    return found


_inputs: list[Item] = []
_cache: dict[tuple[str, Item, int], _Number] = {}


def _input(position: int) -> Item:
    """Return the symbol that stands for an operation's input number ``position``."""
    while len(_inputs) <= position:
        _inputs.append(sympy.Symbol(f"x{len(_inputs)}", real=True))
    return _inputs[position]


class _Number:
    """An expression of SymPy's, evaluated by mpmath with as many digits as it takes."""

    def __init__(self, expression: Item, symbols: list[Item]) -> None:
        self.number = digits.constant(str(expression)) if expression.is_Integer else None
        if self.number is None:
            free = expression.free_symbols
            self.symbols = [item for item in dict.fromkeys(symbols) if item in free]
            self.function = sympy.lambdify(
                self.symbols, expression, modules=[OWN, "mpmath"], cse=True
            )

    def once(self, known: dict[Item, Item]) -> Item:
        """Return the value at the working precision; None where there is none."""
        if self.number is not None:
            return self.number
        return real(lambda: self.function(*[known[symbol] for symbol in self.symbols]))

    def at(self, known: dict[Item, Item], begin: int) -> Item:
        """Return the value with as many digits as make it steady; None where it never is."""
        return self.number if self.number is not None else steady(self.once, known, begin)


def steady(once: Callable[[dict[Item, Item]], Item], known: dict[Item, Item], begin: int) -> Item:
    """Return what ``once`` gives with as many digits as it takes.

    None where there is no value, or it is never steady, as a 0 that SymPy's form cancels to. Terms
    as large as the squares of the numbers that are ``known``, or of their inverses, may cancel, as
    in 1/x + sqrt(1 + 1/x^2) for x < 0: there are as many digits more at first.
    """
    before = None
    size = 2 * max(map(length, known.values()), default=0)
    first = begin + size
    if first > LONGER[-1]:  # what is so small is so by a factor, if it can be told at all
        first = PRECISIONS[0] + size
    if first > LONGER[-1]:
        return None
    tried = [first + precision - PRECISIONS[0] for precision in LONGER]
    for precision in tried[: max(2, sum(one <= LONGER[-1] for one in tried))]:
        with mp.workdps(precision):
            found = once(known)
            if found and before and same(before, found, STEADY):
                return found
            before = found
    return None
