"""The work behind a verdict: our pass on many digits, held against SymPy's derivatives.

Two ways. *Node by node*: each local partial is held against SymPy's derivative of that one
operation, and the adjoints against sums made from SymPy's partials alone; this is linear and
covers every node. *Whole*: SymPy differentiates the whole expression by a variable or an
intermediate node; this is done while the expression stays small.

Numbers agree when 40 digits do. The working precision is raised until two precisions give the
same 45 digits, so that there is no tolerance to choose.
"""

from __future__ import annotations

from itertools import compress
from time import monotonic

from mpmath import mp, mpf

from backpropcli.proof.diffs import calls, differences, steps
from backpropcli.proof.numbers import AGREE, PRECISIONS, accuracy, noise, same, shown
from backpropcli.proof.own import rule_value, rules_held
from backpropcli.proof.point import Point
from backpropcli.proof.slopes import Slopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.own import Called
    from backpropcli.report.report import Report

LARGEST_WHOLE = 300
DEEPEST_WHOLE = 100
LARGEST_TREE = 3000
BUDGET = 0.5
"""Seconds that intermediate nodes may take beyond what was asked for."""
NEWS_EVERY = 2000


def prove(report: Report, timeout: float) -> Iterator[dict[str, object]]:
    """Yield what is found, as it is found; see ``check`` for what the keys mean."""
    begin = monotonic()
    point = Point(report)
    with mp.workdps(point.precision):
        value = point.values[report.top]
        yield {"value_digits": accuracy(report.value, value), "value_truth": shown(value)}
        for index, (name, node) in enumerate(report.wrt.items()):
            truth = point.adjoints[node] or mpf(0)
            facts = {
                "truth": shown(truth),
                "digits": accuracy(report.gradient[name], truth),
            }
            yield {"entry": (index, facts)}
        if not point.steady:
            yield {"reason": f"{PRECISIONS[-1]} digits are not enough to be sure of 40"}
            return
        inner = steps(point)
        moved = sum(one is not None for one in report.adjoints)
        yield {"nodes_total": moved + len(inner)}
        slopes = Slopes(point)
        amiss = differences(point, slopes, inner)
        if "bad" in amiss:  # one precision may be too little where SymPy's form cancels
            slopes.careful = True
            amiss = differences(point, slopes, inner)
        if amiss:
            yield amiss
            return
        called = [*_calls(report, point), *calls(inner)]
        differing = rules_held(called, point.precision)
        if differing:
            yield {"rules": differing}
        small = is_small(report)
        ways = ["symbolic"] * small + ["node by node"] + ["rule by rule"] * bool(called)
        method = " and ".join(ways)
        try:
            if small:
                yield from _whole(report, point, slopes)
                yield from _value(report, point, slopes)
        except LookupError as error:
            yield {"reason": str(error)}
            return
        facts = yield from _node_by_node(report, point, slopes, len(inner), method, whole=small)
        if "reason" in facts:
            slopes.careful = True
            facts = yield from _node_by_node(report, point, slopes, len(inner), method, whole=small)
        yield facts
        if small:
            spent = monotonic() - begin
            yield from _intermediates(report, point, slopes, min(BUDGET, timeout / 2 - spent))


def _calls(report: Report, point: Point) -> Iterator[Called]:
    """Yield the calls of functions with rules that an adjoint arrives at."""
    graph = point.graph
    for number, operation in enumerate(graph.operations):
        inputs = graph.inputs[number]
        if inputs and report.adjoints[number] is not None and graph.table[operation].own:
            yield graph, point.values, number


def is_small(report: Report) -> bool:
    """Say whether SymPy can take the whole expression.

    It recurses, and writes sharing out; and it does not know a program's own rules.
    """
    graph = report.program.graph
    keep = graph.ancestors([report.top])
    if sum(keep) > LARGEST_WHOLE or _ruled(graph, report.top):
        return False
    if any(_ruled(diff.graph, diff.of) for diff in report.program.diffs):
        return False
    depths: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for number in compress(range(len(graph)), keep):
        inputs = graph.inputs[number]
        depths[number] = 1 + max((depths[child] for child in inputs), default=0)
        sizes[number] = 1 + sum(sizes[child] for child in inputs)
    root = report.top
    return depths[root] <= DEEPEST_WHOLE and sizes[root] <= LARGEST_TREE


def _ruled(graph: Graph, root: int) -> bool:
    """Say whether a node rests on a function with rules of its own."""
    own = {name for name in set(graph.operations) & graph.table.keys() if graph.table[name].own}
    flags = zip(graph.ancestors([root]), graph.operations, strict=True)
    return bool(own) and any(flag and operation in own for flag, operation in flags)


def _whole(report: Report, point: Point, slopes: Slopes) -> Iterator[dict[str, object]]:
    """Hold the derivative of the whole expression by each name asked for against ours."""
    done = 0
    for index, node in enumerate(report.wrt.values()):
        facts = _compared(point, node, slopes.whole(node))
        done += facts["agree"] is not None
        yield {"entry": (index, facts), "whole": done, "method": "symbolic"}


def _value(report: Report, point: Point, slopes: Slopes) -> Iterator[dict[str, object]]:
    """Hold the value against SymPy's, where it is a derivative itself."""
    value = point.values[report.top]
    largest = max(abs(item) for item in point.values if mp.isfinite(item))
    for position, diff in enumerate(report.program.diffs):
        if diff.place != report.top or diff.given:
            continue
        found = slopes.value(position)
        if found is None:
            yield {"reason": "SymPy has no value for the derivative here"}
        elif same(value, found, AGREE) or abs(value - found) <= noise(point.precision) * largest:
            yield {"value_sympy": shown(found)}
        else:
            reason = f"the derivative is {shown(value)}, and by SymPy {shown(found)}"
            yield {"value_sympy": shown(found), "reason": reason, "bad": True}


def _compared(point: Point, node: int, found: Any) -> dict[str, object]:  # noqa: ANN401
    """Return what to say of SymPy's derivative by ``node`` beside ours."""
    if found is None:
        return {"agree": None}
    agree = point.same(node, found, point.adjoints[node] or mpf(0), AGREE)
    return {"agree": agree, "sympy": shown(found)}


def _intermediates(
    report: Report, point: Point, slopes: Slopes, budget: float
) -> Iterator[dict[str, object]]:
    """Hold the derivative by each other node against ours, while the time lasts."""
    stop = monotonic() + budget
    asked = set(report.wrt.values())
    done = len(asked)
    for number, ours in enumerate(point.adjoints):
        if ours is None or number in asked or number == report.top:
            continue
        if monotonic() > stop:
            break
        if (
            not report.conventions
            and _compared(point, number, slopes.whole(number))["agree"] is False
        ):
            text = report.program.text(number, 40)
            yield {"reason": f"node {number}, {text}: SymPy finds another derivative"}
            return
        done += 1
        yield {"whole": done}


def _node_by_node(  # noqa: C901, PLR0913 (each way to fail has its own words)
    report: Report, point: Point, slopes: Slopes, done: int, method: str, *, whole: bool
) -> Generator[dict[str, object], None, dict[str, object]]:
    """Hold every adjoint against the sum of contributions with SymPy's partials.

    ``done`` nodes are proved already, and ``method`` is told with the rest. Yields how far it is,
    and returns the last word: a "reason" where something is amiss.
    """
    graph, active, ours = point.graph, report.active, point.adjoints
    sums: list[Any] = [None] * len(graph)
    sums[report.top] = mpf(1)
    conventions = report.conventions
    for number in range(report.top, -1, -1):
        if sums[number] is None:
            continue
        mine = mpf(0) if ours[number] is None else ours[number]
        if not point.same(number, sums[number], mine, AGREE):
            text = report.program.text(number, 40)
            return {
                "reason": f"node {number}, {text}: its adjoint is {mp.nstr(mine, 20)}, "
                f"and by SymPy {mp.nstr(sums[number], 20)}",
            }
        if ours[number] is None:
            continue
        done += 1
        if done % NEWS_EVERY == 0:
            yield {"nodes_checked": done, "method": method}
        for index, child in enumerate(graph.inputs[number]):
            own = graph.table[graph.operations[number]].own
            if (
                not active[child]
                or not active[number]
                or (own and index == len(graph.inputs[number]) - 1)
            ):
                continue
            try:
                partial = (
                    rule_value(graph, point.values, number, index)
                    if own
                    else _convention(report, number, index)
                    if number in conventions
                    else slopes.local(graph, point.values, number, index)
                )
            except LookupError as error:
                return {"reason": str(error)}
            if partial is None:
                text = report.program.text(number, 40)
                return {"reason": f"SymPy has no value for the derivative of {text} here"}
            given = ours[number] * partial
            sums[child] = given if sums[child] is None else sums[child] + given
    if not whole:
        for index, node in enumerate(report.wrt.values()):
            yield {"entry": (index, _compared(point, node, sums[node] or mpf(0)))}
    return {"nodes_checked": done, "method": method}


def _convention(report: Report, number: int, index: int) -> Any:  # noqa: ANN401
    """Return the slope that is taken at a kink."""
    partial = report.edges(number)[index].partial
    return mpf(0) if partial is None else mpf(partial)
