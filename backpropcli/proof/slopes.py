"""SymPy's derivatives, of single operations and of whole expressions, as numbers."""

from __future__ import annotations

import sympy
from mpmath import mp

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.symbols import Builder
from backpropcli.proof.numbers import NOTHING, PRECISIONS, STEADY, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.graph import Diff, Graph
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
            found = self.cache[key] = _Derivative(
                expression,
                _input(index),
                [*(item for item in inputs if item.is_Symbol), *builder.point],
            )
        known = dict(zip(inputs, given, strict=True)) | builder.point
        return found.at(known, self.precision) if self.careful else found.once(known)

    def whole(self, by: int) -> Any:  # noqa: ANN401
        """Return SymPy's derivative of the output by node ``by``, at the point."""
        report, graph = self.point.report, self.point.graph
        builder = Builder()
        # By an intermediate node, a derivative is what it is made of: the node is one part of it.
        places = self.point.places() if graph.operations[by] == "variable" else {}
        found = expressions(builder, graph, self.point.values, report.top, {by}, places)
        return derivative_at(found[report.top], found[by], builder.point, self.precision)


def derivative_at(expression: Any, by: Any, known: dict[Any, Any], precision: int) -> Any:  # noqa: ANN401
    """Return the value of SymPy's derivative of ``expression`` by the symbol ``by``."""
    return _Derivative(expression, by, list(known)).at(known, precision)


def expressions(  # noqa: PLR0913 (what it is built from)
    builder: Builder,
    graph: Graph,
    values: list[Any],
    root: int,
    alone: set[int],
    places: Mapping[int, tuple[Diff, list[Any]]],
    symbols: dict[str, Any] | None = None,
) -> list[Any]:
    """Return SymPy's expression of each node up to ``root``; those in ``alone`` are symbols.

    ``places`` are the nodes that are derivatives, with what they are derivatives of and the values
    there: SymPy differentiates for itself. ``symbols`` are the variables' symbols, by name.
    """
    symbols = {} if symbols is None else symbols
    found: list[Any] = []
    for number, operation in enumerate(graph.operations[: root + 1]):
        if operation == "variable" and number not in alone:
            name = str(graph.leaves[number])
            if name not in symbols:
                symbols[name] = builder.symbol(values[number])
            found.append(symbols[name])
        elif number in alone or operation == "constant":
            found.append(builder.symbol(values[number]))
            if operation == "variable":
                symbols[str(graph.leaves[number])] = found[-1]
        elif operation == "number":
            found.append(builder.number(float(graph.leaves[number]), values[number]))
        elif number in places:
            found.append(_differentiated(builder, *places[number], symbols))
        else:
            children = graph.inputs[number]
            found.append(
                builder.operation(
                    operation,
                    [found[child] for child in children],
                    [values[child] for child in children],
                    values[number],
                )
            )
    return found


def _differentiated(
    builder: Builder, diff: Diff, values: list[Any], symbols: dict[str, Any]
) -> Any:  # noqa: ANN401
    """Return SymPy's own derivative in the place of one that is in the program."""
    seeds = set(diff.seeds)
    shared = dict(symbols)
    found = expressions(builder, diff.graph, values, diff.of, seeds, {}, shared)
    given = expressions(builder, diff.graph, values, max(seeds), set(), {}, symbols)
    total = sympy.Integer(0)
    for node, component in diff.seeds.items():
        weight = expressions(builder, diff.graph, values, component, set(), {}, symbols)[component]
        total += weight * sympy.diff(found[diff.of], found[node])
    return total.subs({found[node]: given[node] for node in seeds}, simultaneous=True)


_inputs: list[Any] = []


def _input(position: int) -> Any:  # noqa: ANN401
    """Return the symbol that stands for an operation's input number ``position``."""
    while len(_inputs) <= position:
        _inputs.append(sympy.Dummy(f"x{len(_inputs)}", real=True))
    return _inputs[position]


class _Derivative:
    """A derivative by SymPy, evaluated by mpmath with as many digits as it takes."""

    def __init__(self, expression: Any, by: Any, symbols: list[Any]) -> None:  # noqa: ANN401
        slope = sympy.diff(expression, by)
        self.number = digits.constant(str(slope)) if slope.is_Integer else None
        if self.number is None:
            self.symbols = [item for item in dict.fromkeys(symbols) if item in slope.free_symbols]
            self.function = sympy.lambdify(self.symbols, slope, modules="mpmath", cse=True)

    def once(self, known: dict[Any, Any]) -> Any:  # noqa: ANN401
        """Return the derivative's value at the working precision; None where there is none."""
        if self.number is not None:
            return self.number
        try:
            found = mp.mpmathify(self.function(*[known[symbol] for symbol in self.symbols]))
        except (ZeroDivisionError, ValueError, OverflowError):
            return None
        if isinstance(found, mp.mpc):
            return found.real if abs(found.imag) <= NOTHING else None
        return found

    def at(self, known: dict[Any, Any], begin: int) -> Any:  # noqa: ANN401
        """Return the derivative's value; None where there is none, or it is never steady."""
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
