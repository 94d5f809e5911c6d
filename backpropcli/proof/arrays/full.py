"""Rules that map adjoints, held at full size against their bodies' own derivatives, in floats.

A rule may have a size written in it, so that smaller arrays say nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.proof.arrays.functions import called, differs, near
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.rules import calls_in
from backpropcli.report.kinked import with_kinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.proof.arrays.problem import Problem
    from backpropcli.report.report import Report

APART = 1e-6
"""How far a rule and its body may be apart by rounding, beside the largest element."""


@np.errstate(all="ignore")
def held_at_full_size(report: Report) -> Iterator[tuple[Finding, dict[str, Any]]]:
    """Yield what is amiss with the rules that map adjoints, one finding for each parameter."""
    random = np.random.default_rng(0)
    for own, (arguments, *_) in calls_in(report.graph, report.values).items():
        if not own.whole:
            continue
        told: set[str] = set()
        for elsewhere in (True, False):
            given = [near(one, random) for one in arguments] if elsewhere else arguments
            problem = called(own, given, random)
            for name, place, ours, theirs in _apart(problem):
                if name in told:
                    continue
                told.add(name)
                if elsewhere or not with_kinks(own.body[0]):
                    yield differs(own, name, place, (f"{ours:.6g}", f"{theirs:.6g}"), {})
                else:  # at a kink a rule may choose
                    finding = Finding("kink", text=f"the body of {own.function.name}")
                    yield finding, {}


def _apart(problem: Problem) -> Iterator[tuple[str, tuple[int, ...], float, float]]:
    """Yield the names to which a rule sends something else than its body, and the first place."""
    graph = problem.graph
    [(top, seed)] = problem.seeds.items()
    values = forward(graph, FLOATS, problem.bindings)
    own, body = (
        pull(linearize(graph, FLOATS, values, problem.wrt.values()), FLOATS, {node: seed})
        for node in (top, graph.inputs[top][-1])
    )
    for name, node in problem.wrt.items():
        ours, theirs = (np.asarray(FLOATS.fit(found[node], values[node])) for found in (own, body))
        apart = ~(np.abs(ours - theirs) <= APART * np.max(np.abs(theirs), initial=0.0))
        for first in np.argwhere(apart)[:1]:
            place = tuple(map(int, first))
            yield name, place, float(ours[place]), float(theirs[place])
