"""Inputs that hold places of elements, and no numbers that could move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import shapes
from backpropcli.calculus.forward import forward
from backpropcli.report.branches.elements import ARRANGED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.graph import Graph

    Value = Any

PLACES = {"gather": {1}, "one_hot": {0}, "scattered": {2}}
"""Those inputs, by operation; what picks elements, and classes, have others besides."""
CARRIED = {*ARRANGED, "part", "joined", "name", "add", "sub", "mul", "neg", "mod"}
"""Operations whose value holds places where their inputs do: x[t - 1], one_hot(t[0], n)."""


def shapes_at(graph: Graph, bindings: Mapping[str, Value]) -> list[Shape]:
    """Return the shape of each node."""
    return forward(graph, shapes, {name: np.shape(one) for name, one in bindings.items()})


SHOWN = 8
"""Places that are told."""


def held_as(graph: Graph, values: Mapping[str, Any]) -> list[str]:
    """Return what variables are that hold places of elements, which stay as they are: "t = 2"."""
    found = []
    for name in sorted(holders(graph, values)):
        value = np.asarray(values[name])
        whole = value.astype(int).tolist()
        text = str(whole).replace(" ", "")
        found.append(f"{name} = {text}" if value.size <= SHOWN else f"{name} as it is given")
    return found


def holders(graph: Graph, values: Mapping[str, Any]) -> set[str]:
    """Return the variables that hold places of elements, where they have the shapes of values.

    So do those that places are computed of, as in x[t - 1], but for what decides of them, as in
    x[argmax(z)]. Classes are places only where they are numbers of classes, and not their
    probabilities.
    """
    found: set[int] = set()
    each = shapes_at(graph, values) if "classes" in graph.operations else []
    for number, operation in enumerate(graph.operations):
        inputs = graph.inputs[number]
        if operation in {"index", "put"}:
            found |= {*inputs[1 + (operation == "put") :]}
        elif operation == "classes":
            found |= {inputs[0]} if len(each[inputs[0]]) < len(each[inputs[1]]) else set()
        else:
            found |= {inputs[at] for at in PLACES.get(operation, ())}
    for number in range(len(graph) - 1, -1, -1):
        if number in found and graph.operations[number] in CARRIED:
            found |= {*graph.inputs[number]}
    return {name for name, node in graph.variables().items() if node in found}
