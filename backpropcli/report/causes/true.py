"""What an element of an array truly is, and about how large a determinant beyond doubles is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mp

from backpropcli.graph.graph import Graph
from backpropcli.report.causes.spots import SHOWN
from backpropcli.report.decimals import brief
from backpropcli.report.digits.exact import values_at
from backpropcli.report.elements import element, element_of
from backpropcli.report.written import flat_place, numbers_of

if TYPE_CHECKING:
    from backpropcli.report.causes.spots import Spot
    from backpropcli.report.elements import Place
    from backpropcli.report.run import Run

STEADY = 1e10
"""Condition numbers up to which floats tell two digits of a determinant."""


def true_at(run: Run, spot: Spot, number: int, place: Place) -> list[Any]:
    """Return what an element truly is, and what those that it is made of are."""
    found = numbers_of(run)
    if found is None:
        return _alone(run, spot, number)
    nodes = [(number, place)] + [
        (child, element_of(run.values[child], place)) for child in run.graph.inputs[number]
    ]
    roots = [found.places[node][flat_place(run.values[node], at)] for node, at in nodes]
    return values_at(found.program.graph, found.bindings, roots)


def _alone(run: Run, spot: Spot, number: int) -> list[Any]:
    """Return what an operation truly is at the doubles of its inputs, and those.

    An input that is worked out may be 0 by rounding alone: that is not known.
    """
    graph, given = Graph(run.graph.table), run.graph.inputs[number]
    inputs = [graph.node("variable", (), f"x{at}") for at in range(len(given))]
    root = graph.node(spot.row.name, tuple(inputs), run.graph.args.get(number))
    point = {f"x{at}": value for at, value in enumerate(spot.given)}
    true = values_at(graph, point, [root, *inputs])
    for at, child in enumerate(given, 1):
        if run.graph.inputs[child] and true[at] == 0:
            true[at] = None
    return true


def overflow(run: Run, number: int, place: Place) -> str:
    """Say about how large a determinant beyond doubles is; "" where floats do not tell."""
    about, log = _size(run, number, place)
    if not about:
        return ""
    operations, inputs = run.graph.operations, run.graph.inputs
    logged = any(
        operation == "log" and number in given
        for operation, given in zip(operations, inputs, strict=True)
    )
    text = element(run.text(number, SHOWN), place)
    reason = f"overflow: {text} is about {about}, and doubles end at 1.7977e308"
    return reason + log * logged


def underflow(run: Run, number: int, place: Place) -> str:
    """Say about how large the determinant is whose logarithm a node is; "" where that is not it."""
    [child] = run.graph.inputs[number]
    if run.graph.operations[child] != "det" or np.asarray(run.values[child])[place] != 0:
        return ""
    about, log = _size(run, child, place)
    text = element(run.text(child, SHOWN), place)
    return f"underflow: {text} is about {about}, but 0 in floats{log}" if about and log else ""


def _size(run: Run, number: int, place: Place) -> tuple[str, str]:
    """Return a determinant with two digits, and that logdet is finite, if it is above 0; or ""."""
    [child] = run.graph.inputs[number]
    matrix: Any = np.asarray(run.values[child])[place]
    if not np.linalg.cond(matrix) <= STEADY:
        return "", ""
    sign, log = np.linalg.slogdet(matrix)
    about = brief(mp.mpf(float(sign)) * mp.exp(float(log)), 2)
    return about, f"; logdet({run.text(child, SHOWN)}) is finite" * bool(sign > 0)
