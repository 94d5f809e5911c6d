"""The runs of programs at a point, and whether they are alike."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from backpropcli.calculus.bindings import is_finite
from backpropcli.calculus.choice import numbers_of, shapes_of
from backpropcli.calculus.lower import lower
from backpropcli.report.branches.nodes import taken_nodes
from backpropcli.report.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropcli.language.program import Program

LARGEST, MOST_ELEMENTS = 400, 1000
"""Nodes, and elements of all nodes together, of the largest program that is looked at."""


def run_of(program: Program, bindings: Mapping[str, Any], wrt: Iterable[str]) -> Run:
    """Return the run of a program of one output, by the names that it still has.

    Raises BackpropError where shapes do not fit.
    """
    lowered = lower(program, shapes_of(program.graph, bindings))
    if lowered.shapes is not None:
        from backpropcli.calculus.fitting import fitting

        fitting(lowered, lowered.shapes, {}, bindings)
    places = lowered.places
    known = {name: places[node] for name, node in program.variables.items()} | lowered.names
    asked = {name: known[name] for name in wrt if name in known}
    numbers = numbers_of(lowered.graph, bindings)
    with numbers.silence() if hasattr(numbers, "silence") else nullcontext():
        return Run(lowered, bindings, asked, None, {lowered.outputs[0]: 1.0})


def is_at_numbers(run: Run) -> bool:
    """Say whether the variables that the value rests on are finite; of arrays all."""
    taken = None if run.arrays else taken_nodes(run.graph, run.values, [run.top])
    nodes = run.graph.variables().values()
    return all(is_finite(run.values[at]) for at in nodes if taken is None or taken[at])


def alike(run: Run, first: Run) -> bool:
    """Say whether two runs are by the same names, and have numbers of the same shapes.

    A number that stands in the first alone is one that the other does not rest on.
    """
    gone = first.wrt.keys() - run.wrt.keys()
    if not gone <= first.program.variables.keys() or (gone and first.arrays):
        return False
    pairs = [(run.value, first.value)]
    pairs += [(slope, first.gradient[name]) for name, slope in run.gradient.items()]
    return all(getattr(one, "shape", ()) == getattr(other, "shape", ()) for one, other in pairs)


def beyond(run: Run) -> str:
    """Return why no mends are looked for; "" where they are."""
    elements = sum(getattr(value, "size", 1) for value in run.values) if run.arrays else 0
    if len(run.graph) > LARGEST or elements > MOST_ELEMENTS:
        return "the program is too large for mends to be looked for"
    if len(run.program.outputs) > 1 or len(run.seeds) > 1:
        return "mends are looked for in programs of one output"
    if not is_at_numbers(run):
        return "a variable is nan or infinite"
    signed = not run.arrays and run.signed_zero
    return "the value may depend on the sign of a zero" if signed else ""
