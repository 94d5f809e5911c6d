"""Rules of a program's own held against their bodies, where what is shown rests on them."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic

from backpropcli.calculus.chosen import LARGE, sampled
from backpropcli.calculus.lower import lower
from backpropcli.errors import BackpropError
from backpropcli.language.parse import parse
from backpropcli.proof.rules import disagreeing
from backpropcli.proof.worker import unfinished, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.chosen import Sampled
    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program

SECONDS = 10.0
SHARE = 0.8
"""How much of the time the rules have; the rest is for what is told of them."""


def at_values(graph: Graph, values: Sequence[Any] | None) -> list[str]:
    """Return what is told of rules that are not their bodies' derivatives.

    ``values`` are those of the nodes where some are arrays.
    """
    found: list[str] = []
    why = worked(_work, (graph, values, SECONDS), SECONDS, found.append)
    if why:
        found.append(f"rules and their bodies: {unfinished(why, SECONDS)}")
    return found


def at_sizes(program: Program, point: Mapping[str, Any], shapes: str | None) -> list[str]:
    """Return the same of a program that needs no values: arrays are of sizes that are chosen."""
    for turn in (0, LARGE):
        some = sampled([program], point, shapes, turn)
        if some.shapes is None:
            return at_values(lower(program).graph, None)
        with suppress(BackpropError):  # it does not fit at small sizes
            return at_values(*_chosen(program, point, some))
    return ["rules and their bodies: no sizes were found at which all fits"]


def _chosen(program: Program, point: Mapping[str, Any], some: Sampled) -> tuple[Graph, list[Any]]:
    """Return the flat graph of a program at sizes, and the values of its nodes.

    Raises BackpropError where something does not fit.
    """
    from backpropcli.arithmetics.arrays.floats import FLOATS
    from backpropcli.calculus.fitting import fitting
    from backpropcli.calculus.forward import forward
    from backpropcli.proof.floats.drawn import NUMBER

    assert some.shapes is not None  # noqa: S101 (for mypy: there are arrays)
    sizes = {name: float(size) for name, size in some.sizes.items()}
    found = parse(program.source, {**sizes, **point}, program.origin)  # with numbers for letters
    values = {**dict.fromkeys(found.variables, NUMBER), **some.values, **sizes}
    lowered = lower(found, {name: some.shapes.get(name, ()) for name in found.variables})
    assert lowered.shapes is not None  # noqa: S101 (for mypy: they were given)
    free = {name: value for name, value in values.items() if name not in point}
    fitting(lowered, lowered.shapes, {}, values, free)
    return lowered.graph, forward(lowered.graph, FLOATS, {**values, **free})


def told(graph: Graph, values: Sequence[Any] | None, deadline: float) -> Iterator[str]:
    """Return what is told by the time ``deadline``, in a process of its own."""
    if values is None:
        return disagreeing(graph, deadline)
    from backpropcli.proof.arrays import held

    return held.disagreeing(graph, values, deadline)


def _work(graph: Graph, values: Sequence[Any] | None, timeout: float) -> Iterator[str]:
    return told(graph, values, monotonic() + SHARE * timeout)
