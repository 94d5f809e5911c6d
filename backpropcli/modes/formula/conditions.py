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
from backpropcli.language.unparse import statements, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.arithmetics.tidy.gaps import Loss
    from backpropcli.graph.graph import Graph

DEMANDS = {NONZERO: "!= 0", NOT_NEGATIVE: ">= 0", VALUE: "has a value", TRUE: ""}
DEMANDS |= {ZERO: "!= 0", RANGE: "is in range", DISTINCT: "has no equal elements"}
SIMPLE = (0.0, 1.0, -1.0, 2.0, 0.5, -2.0, 3.0)
"""Coordinates at which a form is looked at."""
LONG = 400
"""Characters of a condition beyond which it has statements for its parts."""


def texts(graph: Graph, gaps: Sequence[Loss], names: Mapping[str, int]) -> list[str]:
    """Return what nodes have to be; some of them have ``names``."""
    found: dict[int, str] = {}
    for kind, node in gaps:
        told = DEMANDS[kind]
        found[node] = "> 0" if {told, found.get(node)} == {"!= 0", ">= 0"} else told
    shown = {node: _text(graph, node, names) for node in found}
    if len(found) == 1:
        return [f"{shown[node]} {told}".strip() for node, told in found.items()]
    return [f"{shown[node]} {told}" if told else f"({shown[node]})" for node, told in found.items()]


def _text(graph: Graph, node: int, names: Mapping[str, int]) -> str:
    """Return the whole text of a node; where it is long, with statements for its parts."""
    named = {at: name for name, at in names.items()}
    text = whole(graph, node, LONG, lambda at: named.get(at, ""))
    return text or "; ".join(statements(graph, {"": node}, names))


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
