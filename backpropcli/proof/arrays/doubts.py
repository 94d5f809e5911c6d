"""What leaves the verdict on numbers open that were found of arrays: orders, places and rules.

Written out in numbers a program has one order of elements, and its own derivatives are written out
as well: what they rest on is looked at here.
"""

from __future__ import annotations

from time import monotonic

from backpropcli.proof.arrays.held import wrong_rules
from backpropcli.proof.arrays.problem import Passes, Problem
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.gradient.check import stopped
from backpropcli.proof.worker import worked
from backpropcli.report.truth.orders import decided

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.calculus.elements import Numbers

LONG = 40


def doubts(numbers: Numbers, timeout: float) -> list[Finding]:
    """Return what leaves a verdict on a program of arrays open, after at most some seconds."""
    if not (numbers.compared or numbers.placed or numbers.fixed or numbers.lowered.diffs):
        return []
    found: list[Finding] = []
    if why := worked(_work, (numbers, timeout), timeout, found.append):
        found.append(stopped(why, timeout))
    return found


def _work(numbers: Numbers, timeout: float) -> Iterator[Finding]:
    found = decided(numbers)
    if found is not None:
        kind, node = found
        facts = {} if kind == "undecided" else {"text": numbers.lowered.text(node, LONG)}
        yield Finding(kind, None, **facts)
    if numbers.lowered.diffs:
        problem = Problem(numbers.lowered.graph, numbers.of, {}, {})
        yield from wrong_rules(problem.graph, Passes(problem).values, monotonic() + timeout)
