"""The work behind a verdict: our passes in many digits, held against SymPy's derivatives.

Two ways. *Node by node*: each local partial is held against SymPy's derivative of that one
operation; this is linear and covers every node. *Whole*: SymPy differentiates the whole
expression by a variable or an intermediate node; this is done while the expression stays small.
A derivative that stands in the program is held against the sum of contributions that its nodes
are made of, and a rule of the program's own against its body, as functions.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, compress, count
from time import monotonic

from mpmath import mp

from backpropcli.arithmetics.balls.ball import ZERO, Undecided, ball, finite, too_large
from backpropcli.calculus.sweeps import pull, push
from backpropcli.proof.copies import counted
from backpropcli.proof.findings.finding import LONG, Finding
from backpropcli.proof.gradient.branches import (
    exact_pole,
    hidden_pole,
    missed,
    parted,
    without_value,
)
from backpropcli.proof.gradient.calls import amiss, calls_of, held_rules, kinked
from backpropcli.proof.gradient.edges import agree, held
from backpropcli.proof.gradient.lost import lost, steps
from backpropcli.proof.gradient.slopes import Slopes
from backpropcli.proof.gradient.typed import told_as_typed, typed_alone
from backpropcli.proof.gradient.wholes import held_whole, is_small
from backpropcli.proof.rules import sentence, way
from backpropcli.report.branches.nodes import taken_nodes
from backpropcli.report.digits.numbers import PRECISIONS, accuracy, beyond, told
from backpropcli.report.truth.hidden import at_kink, true_slopes
from backpropcli.report.truth.point import Point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Any

    from backpropcli.calculus.records import Diff
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.gradient.calls import Calls
    from backpropcli.report.report import Report

BUDGET = 0.5
"""Seconds that intermediate nodes may take beyond what was asked for."""
NEWS_EVERY = 2000
MOST_FINDINGS = 20


def prove(report: Report, timeout: float, share: float = 1.0) -> Iterator[dict[str, Any]]:
    """Yield what is found, as it is found; the keys are those that ``check.take_in`` takes.

    ``share`` is this report's part of the time that intermediate nodes may take.
    """
    begin = monotonic()
    if report.signed_zero:
        yield {"findings": [Finding("signed zero")]}
        return
    if report.causes and not report.rounds:
        yield from typed_alone(report)
        return
    point = Point(report)
    if doubt := _doubt(report, point):
        yield {"findings": [doubt]}
        return
    with mp.workdps(point.precision):
        yield from _truths(report, point)
        if not _told(point):
            unsteady = Finding("unsteady", digits=PRECISIONS[-1])
            yield {"findings": [_open(report, point, unsteady)]}
            return
        yield {"lost": lost(report, point), "steps": steps(report, point)}
        turning = _turning(point)
        yield {"kinks": [at for at, inputs in turning.items() if inputs]}
        yield from told_as_typed(report, point, turning)
        yield {"parted": parted(report, point, turning), "missed": missed(report, point, turning)}
        slopes = Slopes(point)
        try:
            findings = yield from _node_by_node(report, point, slopes)
        except Undecided:
            findings = [Finding("undecided")]
        calls = calls_of(report, point)
        if calls:
            findings += yield from _rules(report, calls, point, begin + timeout / 2)
        if findings:
            yield {"findings": findings}
        if not any(finding.bad for finding in findings) and is_small(report):
            yield {"whole": 0}
            felt = point.graph.ancestors({*chain.from_iterable(turning.values())})
            yield from held_whole(
                report, point, slopes, felt, (begin + timeout / 2, BUDGET * share)
            )


def truths(report: Report) -> Iterator[dict[str, Any]]:
    """Yield what tells how accurate a report is, and nothing of whether it is right."""
    if report.signed_zero or report.causes:
        return
    point = Point(report)
    if _doubt(report, point):
        return
    with mp.workdps(point.precision):
        yield from _truths(report, point)
        if _told(point):
            yield from told_as_typed(report, point, _turning(point))


def _told(point: Point) -> bool:
    """Say whether the value and all derivatives are known in digits."""
    return all(told(number) for number in (point.value, *point.derivatives()))


def _turning(point: Point) -> dict[int, set[int]]:
    """Return the inputs by which each node with an adjoint is at a kink in exact arithmetic."""
    moving = point.edges.active
    return {
        at: at_kink(point.graph, at, point.values, moving, point.arithmetic)
        for at, adjoint in enumerate(point.adjoints)
        if adjoint is not None
    }


def _truths(report: Report, point: Point) -> Iterator[dict[str, Any]]:
    """Tell the value, and the derivatives as they truly are, where that is known."""
    value = point.value
    yield {"value_digits": accuracy(report.value, value), "value_truth": told(value)}
    truths = zip(report.gradient.values(), true_slopes(report, point), strict=True)
    for index, (slope, truth) in enumerate(truths):
        if truth is not None:
            facts = {"truth": told(truth), "digits": accuracy(slope, truth)}
            yield {"entry": (index, facts)}


def _doubt(report: Report, point: Point) -> Finding | None:
    """Return what leaves everything open at a point, if anything does."""
    if point.undecided or not ball(point.value).known:
        return _open(report, point, _undecided(report, point))
    if report.causes:
        numbers = point.value, *point.derivatives()
        return None if all(map(finite, numbers)) else Finding("not finite")
    if (pole := hidden_pole(report, point)) is not None:
        return without_value(report, pole)
    for name, slope in zip(report.wrt, point.derivatives(), strict=True):
        if beyond(slope):
            return Finding("steep", label=report.label(name))
    return None


def _undecided(report: Report, point: Point) -> Finding:
    """Return why a value is not known: a number is too large for digits, or a choice is open."""
    graph, values = report.graph, point.values
    for node in compress(count(), graph.ancestors([report.top])):
        if values[node] is None or ball(values[node]).known:
            continue
        if too_large(values[node]):
            return Finding("beyond", node)
        inputs = graph.inputs[node]
        with mp.workdps(point.precision):
            far = [child for child in inputs if mp.mag(ball(values[child]).middle) > mp.prec]
        if far:
            return Finding("far", far[0], text=report.text(node, LONG))
        if not graph.row(node).kinks:
            return Finding("unsteady", digits=PRECISIONS[-1])
        break
    return Finding("undecided")


def _open(report: Report, point: Point, finding: Finding) -> Finding:
    """Return why nothing is known: a pole, or else what is given."""
    pole = exact_pole(report, point.values)
    return finding if pole is None else without_value(report, pole)


def _node_by_node(
    report: Report, point: Point, slopes: Slopes
) -> Generator[dict[str, Any], None, list[Finding]]:
    """Hold the local partials, and the derivatives in the program; return what is amiss."""
    taken = taken_nodes(report.graph, report.values, list(report.seeds))
    diffs = [diff for diff in report.lowered.diffs if taken[_place(report, diff)]]
    moved = counted(report)
    findings: list[Finding] = []
    done = 0
    reached = bytearray(one is not None for one in point.adjoints)
    walks = [(point.graph, point.values, point.edges, reached)]
    for diff in diffs:
        values = point.diff_values(diff)
        edges = point.linearized(diff.graph, values, diff.seeds)
        ways = pull(edges, point.arithmetic, {diff.of: Fraction(1)})
        below = bytearray(one is not None for one in ways)
        walks.append((diff.graph, values, edges, below))
        seeds = {node: values[tangent] for node, tangent in diff.seeds.items()}
        found = push(edges, point.arithmetic, seeds)[diff.of]
        ours, sum_of_ways = values[diff.node], ZERO if found is None else found
        apart = not agree(ours, ball(sum_of_ways).middle)
        if apart and not agree(sum_of_ways, ball(ours).middle):
            facts = {"text": report.program.text(diff.surface, 40), "ours": told(ours)}
            findings.append(Finding("diff", None, **facts, sympy=told(sum_of_ways)))
    for graph, values, edges, flags in walks:
        for news in held(slopes, graph, values, edges, flags):
            if isinstance(news, Finding):
                if graph is not report.graph:
                    news.facts["where"], news.node = _name(graph, news.node), None
                findings.append(news)
                if len(findings) >= MOST_FINDINGS:
                    return findings
            elif graph is report.graph:
                done = min(done + 1, moved)
                if done % NEWS_EVERY == 0:
                    yield {"nodes_checked": done}
    yield {"nodes_checked": moved if not findings else done}
    return findings


def _name(graph: Graph, node: int | None) -> str:
    row = graph.row(node or 0)
    return f"{row.shown}({', '.join(row.parameters)})"


def _place(report: Report, diff: Diff) -> int:
    """Return the node of the flat graph that a derivative is, or is a part of."""
    return diff.node if diff.graph is report.graph else report.lowered.places[diff.surface]


def _rules(
    report: Report, calls: Calls, point: Point, deadline: float
) -> Generator[dict[str, Any], None, list[Finding]]:
    """Hold rules against their bodies, as functions; return those that differ or are not known.

    At a kink of its body there is nothing to hold a rule against.
    """
    found = [
        Finding("kink", text=f"the body of {row.shown}") for row in kinked(calls, point.arithmetic)
    ]
    held = held_rules(calls, deadline, twice=bool(report.lowered.diffs))
    wrong = amiss(held)
    rules = [finding.as_dict() for finding in wrong]
    yield {"rules": rules, "ruled": way(finding.verdict for finding in held)}
    return found + [Finding("rule", text=sentence(finding)) for finding in wrong]
