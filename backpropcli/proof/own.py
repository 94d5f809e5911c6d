"""Holds the rules that a program gives its functions against the derivatives of their bodies."""

from __future__ import annotations

from itertools import islice

from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.rules import partial_function
from backpropcli.arithmetics.symbols import Builder
from backpropcli.calculus.forward import forward
from backpropcli.proof.kinks import kinked
from backpropcli.proof.numbers import AGREE, same, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.language.functions import Function

    Called = tuple[Graph, list[Any], int]

MOST_CALLS = 200
"""Calls of functions with rules that are looked at; they share their bodies."""


def rule_value(graph: Graph, values: list[Any], number: int, index: int) -> Any:  # noqa: ANN401
    """Return what the rule says of the derivative of a call by its argument ``index``."""
    children = graph.inputs[number]
    row = graph.table[graph.operations[number]]
    call = partial_function(row, index, len(children), digits)
    return mpf(call(values[number], *[values[child] for child in children]))


def rules_held(calls: Iterable[Called], precision: int) -> list[dict[str, object]]:
    """Return where a rule differs from the derivative of its function's body, call by call.

    ``calls`` are graphs, the values there, and the nodes of the calls.
    """
    found = []
    for graph, values, number in islice(calls, MOST_CALLS):
        function = graph.table[graph.operations[number]].function  # type: ignore[attr-defined]
        given = [values[child] for child in graph.inputs[number][:-1]]
        for index, parameter in enumerate(function.parameters):
            rule = rule_value(graph, values, number, index)
            body = _body_slope(function, given, parameter, precision)
            if body is None or not same(rule, body, AGREE):
                fact = {
                    "function": function.name,
                    "by": parameter,
                    "at": {
                        name: shown(value)
                        for name, value in zip(function.parameters, given, strict=True)
                    },
                    "rule": shown(rule),
                    "body": None if body is None else shown(body),
                }
                if fact not in found:
                    found.append(fact)
    return found


def _body_slope(function: Function, given: list[Any], parameter: str, precision: int) -> Any:  # noqa: ANN401
    """Return SymPy's derivative of a function's body by a parameter; None where it has none."""
    from backpropcli.proof.slopes import derivative_at, expressions  # noqa: PLC0415 (a cycle)

    body = function.body
    graph = body.graph
    variables = graph.variables()
    if parameter not in variables:
        return mpf(0)
    with mp.workdps(precision):
        bindings = dict(zip(function.parameters, given, strict=True))
        values = [
            mpf(value) if isinstance(value, int) else value
            for value in forward(graph, digits, bindings)
        ]
        by = variables[parameter]
        if kinked(graph, by, values):
            return None
        builder = Builder()
        try:
            found = expressions(builder, None, graph, values, [body.root, by], {by}, {})
        except LookupError:
            return None
        return derivative_at(found[body.root], found[by], builder.point, precision)
