"""SymPy's derivatives, of single operations and of whole expressions, as numbers."""

from __future__ import annotations

import sympy
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.symbols import Builder
from backpropcli.proof.numbers import NOTHING, PRECISIONS, STEADY, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.point import Point


class Slopes:
    """SymPy's derivatives of single operations and of whole expressions, as numbers."""

    def __init__(self, point: Point) -> None:
        self.point = point
        self.precision = point.precision
        self.careful = False
        self.cache: dict[tuple[str, Any, int], Any] = {}

    def local(self, graph: Graph, values: list[Any], number: int, index: int) -> Any:  # noqa: ANN401
        """Return SymPy's derivative of node ``number`` by its input ``index``, at ``values``."""
        children = graph.inputs[number]
        builder = Builder()
        given = [values[child] for child in children]
        inputs = [_input(position) for position in range(len(children))]
        if graph.operations[number] == "pow" and graph.operations[children[1]] == "number":
            inputs[1] = builder.number(float(graph.leaves[children[1]]), given[1])
        expression = builder.operation(graph.operations[number], inputs, given, values[number])
        key = (graph.operations[number], expression, index)
        found = self.cache.get(key)
        if found is None:
            found = self.cache[key] = _Number(
                sympy.diff(expression, _input(index)),
                [*(item for item in inputs if item.is_Symbol), *builder.point],
            )
        known = dict(zip(inputs, given, strict=True)) | builder.point
        return found.at(known, self.precision) if self.careful else found.once(known)

    def whole(self, by: int) -> Any:  # noqa: ANN401
        """Return SymPy's derivative of the output by node ``by``, at the point."""
        point = self.point
        top, graph = point.report.top, point.graph
        builder = Builder()
        # By an intermediate node, a derivative is what it is made of: the node is one part of it.
        places = point.places(graph) if graph.operations[by] == "variable" else {}
        found = expressions(builder, point, graph, point.values, [top, by], {by}, places)
        return derivative_at(found[top], found[by], builder.point, self.precision)

    def value(self, position: int) -> Any:  # noqa: ANN401
        """Return the value of SymPy's derivative in place of number ``position`` of ``diffs``."""
        builder = Builder()
        expression = _differentiated(builder, self.point, position, {})
        return _Number(expression, list(builder.point)).at(builder.point, self.precision)


def derivative_at(expression: Any, by: Any, known: dict[Any, Any], precision: int) -> Any:  # noqa: ANN401
    """Return the value of SymPy's derivative of ``expression`` by the symbol ``by``."""
    return _Number(sympy.diff(expression, by), list(known)).at(known, precision)


def expressions(  # noqa: PLR0913 (what it is built from)
    builder: Builder,
    point: Point | None,
    graph: Graph,
    values: list[Any],
    roots: list[int],
    alone: set[int],
    places: Mapping[int, int],
    symbols: dict[str, Any] | None = None,
) -> dict[int, Any]:
    """Return SymPy's expressions of the nodes ``roots``, and of all that they need.

    The nodes in ``alone`` are symbols. Those in ``places`` are derivatives, numbered as in the
    program's ``diffs``: SymPy differentiates for itself. ``symbols`` are the variables' symbols, by
    name.
    """
    symbols = {} if symbols is None else symbols
    found: dict[int, Any] = {}
    for number in _needed(graph, roots, alone | places.keys()):
        operation, inputs = graph.operations[number], graph.inputs[number]
        if number in alone or not inputs:
            found[number] = _leaf(builder, graph, number, values[number], symbols, number in alone)
        elif number in places and point is not None:
            found[number] = _differentiated(builder, point, places[number], symbols)
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


def _needed(graph: Graph, roots: list[int], stops: set[int]) -> list[int]:
    """Return the nodes that ``roots`` rest on, in order; what ``stops`` rest on is not needed."""
    needed = bytearray(max(roots) + 1)
    for root in roots:
        needed[root] = 1
    for number in range(len(needed) - 1, -1, -1):
        if needed[number] and number not in stops:
            for child in graph.inputs[number]:
                needed[child] = 1
    return [number for number, flag in enumerate(needed) if flag]


def _leaf(  # noqa: PLR0913 (what it is built from)
    builder: Builder,
    graph: Graph,
    number: int,
    value: Any,  # noqa: ANN401
    symbols: dict[str, Any],
    alone: bool,  # noqa: FBT001
) -> Any:  # noqa: ANN401
    """Return the symbol or the number that a node is, one to differentiate by if it is alone."""
    operation = graph.operations[number]
    if operation == "number" and not alone:
        return builder.number(float(graph.leaves[number]), value)
    if operation != "variable":
        return builder.symbol(value)
    name = str(graph.leaves[number])
    if alone or name not in symbols:
        symbols[name] = builder.symbol(value)
    return symbols[name]


def _differentiated(builder: Builder, point: Point, position: int, symbols: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return SymPy's own derivative in the place of one that is in the program.

    What it is a derivative of may hold derivatives that were made before.
    """
    diff = point.report.program.diffs[position]
    if not diff.seeds:
        return sympy.Integer(0)  # along nothing
    graph, values, seeds = diff.graph, point.diff_values(diff), set(diff.seeds)
    by_variables = all(graph.operations[seed] == "variable" for seed in seeds)
    places = point.places(graph, position) if by_variables else {}

    def built(nodes: list[int], alone: set[int], known: dict[str, Any]) -> dict[int, Any]:
        return expressions(builder, point, graph, values, nodes, alone, places, known)

    inside = built([diff.of, *seeds], seeds, dict(symbols))
    outside = built([*seeds, *diff.seeds.values()], set(), symbols)
    total = sympy.Integer(0)
    for seed, component in diff.seeds.items():
        total += outside[component] * sympy.diff(inside[diff.of], inside[seed])
    return total.subs({inside[seed]: outside[seed] for seed in seeds}, simultaneous=True)


_inputs: list[Any] = []


def _input(position: int) -> Any:  # noqa: ANN401
    """Return the symbol that stands for an operation's input number ``position``."""
    while len(_inputs) <= position:
        _inputs.append(sympy.Dummy(f"x{len(_inputs)}", real=True))
    return _inputs[position]


def _delta(x: Any, _order: int = 0) -> Any:  # noqa: ANN401
    """Return Dirac's delta: 0, but for the point where it is no number."""
    return mpf(0) if x else mp.nan


class _Number:
    """An expression of SymPy's, evaluated by mpmath with as many digits as it takes."""

    def __init__(self, expression: Any, symbols: list[Any]) -> None:  # noqa: ANN401
        self.number = digits.constant(str(expression)) if expression.is_Integer else None
        if self.number is None:
            free = expression.free_symbols
            self.symbols = [item for item in dict.fromkeys(symbols) if item in free]
            self.function = sympy.lambdify(
                self.symbols, expression, modules=[{"DiracDelta": _delta}, "mpmath"], cse=True
            )

    def once(self, known: dict[Any, Any]) -> Any:  # noqa: ANN401
        """Return the value at the working precision; None where there is none."""
        if self.number is not None:
            return self.number
        try:
            found = mp.mpmathify(self.function(*[known[symbol] for symbol in self.symbols]))
        except (ZeroDivisionError, ValueError, OverflowError, NameError):
            return None  # a NameError is a function of SymPy's that mpmath has not
        if isinstance(found, mp.mpc):
            return found.real if abs(found.imag) <= NOTHING else None
        return found

    def at(self, known: dict[Any, Any], begin: int) -> Any:  # noqa: ANN401
        """Return the value; None where there is none, or it is never steady."""
        if self.number is not None:
            return self.number
        before = None
        for precision in PRECISIONS:
            if precision < begin:
                continue
            with mp.workdps(precision):
                found = self.once(known)
                if found is None or (before is not None and same(before, found, STEADY)):
                    return found
                before = found
        return None
