"""Where a formula holds, beside where it has a value: what nodes have to be."""

from __future__ import annotations

from math import isfinite

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.tidy.gaps import (
    DISTINCT,
    NONZERO,
    NOT_NEGATIVE,
    RANGE,
    TRUE,
    VALUE,
    ZERO,
)
from backpropcli.calculus.forward import forward
from backpropcli.language.unparse import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.arithmetics.tidy.gaps import Loss
    from backpropcli.graph.graph import Graph

DEMANDS = {NONZERO: "!= 0", NOT_NEGATIVE: ">= 0", VALUE: "has a value", TRUE: ""}
DEMANDS |= {ZERO: "!= 0", RANGE: "is in range", DISTINCT: "has no equal elements"}
SIMPLE = (0.0, 1.0, -1.0, 2.0, 0.5, -2.0, 3.0)
"""Coordinates at which a form is looked at."""
LONG = 40
"""Characters of an expression in a condition."""


def texts(graph: Graph, gaps: Sequence[Loss], names: Mapping[str, int]) -> list[str]:
    """Return what nodes have to be; some of them have ``names``."""
    named = {node: name for name, node in names.items()}
    found: dict[int, str] = {}
    for kind, node in gaps:
        told = DEMANDS[kind]
        found[node] = "> 0" if {told, found.get(node)} == {"!= 0", ">= 0"} else told
    shown = {node: brief(graph, node, LONG, lambda at: named.get(at, "")) for node in found}
    if len(found) == 1:
        return [f"{shown[node]} {told}".strip() for node, told in found.items()]
    return [f"{shown[node]} {told}" if told else f"({shown[node]})" for node, told in found.items()]


def fills(graph: Graph, one: int, other: int) -> bool:
    """Say whether node ``other`` has a value at a simple point where node ``one`` has none."""
    names = [*graph.variables()]
    for turn in range(len(SIMPLE) * 2):
        step = 1 if turn < len(SIMPLE) else 2
        point = {name: SIMPLE[(turn + at * step) % len(SIMPLE)] for at, name in enumerate(names)}
        values = forward(graph, floats, point)
        if not isfinite(values[one]) and isfinite(values[other]):
            return True
    return False
