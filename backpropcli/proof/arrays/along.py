"""The gradient along random directions, with no rule used: where there are too many elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mp

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.proof.arrays.branches import at_places, parted
from backpropcli.proof.arrays.costs import turns
from backpropcli.proof.arrays.directions import (
    AGREES,
    DIFFERS,
    KINK,
    LEVELS,
    SMALL,
    WIDE,
    Directions,
)
from backpropcli.proof.arrays.held import held_diffs, held_rules
from backpropcli.proof.arrays.integers import apart, element_at
from backpropcli.proof.arrays.problem import Problem, take
from backpropcli.proof.findings.finding import Finding
from backpropcli.report.digits.numbers import NEAREST, shown
from backpropcli.report.kinked import with_kinks
from backpropcli.report.run import SIGNED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from backpropcli.proof.arrays.directions import Wrong
    from backpropcli.report.report import Report

    Value = Any
    News = dict[str, Any]

FEW = 3
"""Right digits below which rounding may have led to another branch."""
ENOUGH, IN_SINGLES = 10, 4
"""Digits in which forward and reverse mode have to agree in floats; in single precision."""
LONG = 40


def by_directions(report: Report, directions: Directions, known: Collection[str]) -> list[Finding]:
    """Return what is amiss with the gradient along random directions of each variable.

    Where differences tell nothing, they do not stand against names whose elements are ``known``.
    """
    found: list[Finding] = []
    for name, node in directions.problem.wrt.items():
        found += _of_variable(report, directions, name, node, known=name in known)
    return with_step(report, directions, found)


def _of_variable(
    report: Report, directions: Directions, name: str, node: int, *, known: bool = False
) -> Iterator[Finding]:
    """Yield what is amiss along directions; none where elements are ``known`` to be right."""
    for _ in range(turns(np.size(directions.problem.bindings.get(name, 0.0)))):
        direction = directions.direction(node)
        compared = directions.compare(node, direction)
        if compared.kind == AGREES or (known and compared.kind in {WIDE, SMALL}):
            continue
        if compared.kind == DIFFERS:
            wrong = directions.first_wrong(node, direction)
            yield wrong_element(wrong, name, report.form.format(titled(name, wrong.place)))
        else:
            yield untold(report, compared.kind)
        return


def wrong_element(wrong: Wrong, name: str, label: str) -> Finding:
    """Return that an element differs from what differences say."""
    facts = {"ours": shown(wrong.found.ours), "theirs": shown(wrong.found.theirs)}
    facts |= {"by": "differences", "name": name, "label": label}
    return Finding("element", wrong.tail, place=wrong.place, **facts)


def untold(report: Report, kind: str) -> Finding:
    """Return why differences tell nothing of a derivative."""
    if kind in {KINK, WIDE} and report.kinks:
        return Finding("kink", text=kinked(report))
    return Finding("rough") if kind == WIDE else Finding("unsteady", digits=LEVELS[-1][0])


def kinked(report: Report) -> str:
    """Return what has a kink at the point, as far as is known."""
    return report.kinks[0].label if report.kinks else report.text(report.top, LONG)


def with_step(report: Report, directions: Directions, found: list[Finding]) -> list[Finding]:
    """Return what is found; where that is wrong, with the first step back that is."""
    bad = [one for one in found if one.bad]
    head = directions.wrong_step() if bad else None
    if head is not None:
        text = report.text(directions.problem.origins[head], LONG)
        for finding in bad:
            finding.facts["step"] = text
    return found


def along_directions(
    report: Report, problem: Problem, deadline: float, *, full: bool
) -> Iterator[News]:
    """Yield what is found of a problem along directions; ``full`` where it is the report's own."""
    directions = Directions(problem)
    passes = directions.ours(0)[0]
    amiss = yield from held_rules(problem, passes.values, deadline)
    if not amiss:
        amiss += [*held_diffs(report, directions), *(at_places(report) if full else [])]
    if not amiss:
        for name, node in problem.wrt.items():
            found = [*_of_variable(report, directions, name, node)]
            amiss += found
            yield {"variable": (name, {"along": not found})}
            if any(one.bad for one in found):
                break
        amiss = with_step(report, directions, amiss)
    if full:
        yield from _accuracy(report, directions, amiss)
    if amiss:
        yield {"findings": amiss}


def _accuracy(report: Report, directions: Directions, amiss: list[Finding]) -> Iterator[News]:
    """Yield how many digits of each variable's floats are right, and the worst element."""
    lost = False
    with mp.workdps(LEVELS[0][0]):
        for name, node in report.wrt.items():
            facts = accuracy(report.gradient[name], directions.slope(node))
            lost = lost or facts["digits"] < FEW
            yield {"variable": (name, facts)}
        if np.ndim(report.value) == 0:
            truth = directions.theirs(0).values[report.top]
            value = float(right(report.value, truth))
            yield {"value_digits": value, "value_truth": shown(truth)}
    if lost and with_kinks(report.graph):
        where = parted(report, directions.ours(0)[0])
        if where is not None:
            amiss.append(where)


def accuracy(result: Value, truth: Value) -> dict[str, Any]:
    """Return how many digits of floats are right, and which element is the worst, and its truth."""
    digits = right(result, truth)
    place = tuple(map(int, np.unravel_index(np.argmin(digits), np.shape(truth))))
    return {
        "digits": float(np.min(digits)),
        "worst": place,
        "truth": shown(element_at(truth, place)),
    }


def right(result: Value, truth: Value) -> Any:  # noqa: ANN401 (a number or an array)
    """Return how many digits of floats are right; 17 for the double nearest."""
    near = np.asarray(truth, dtype=object).astype(float)
    with np.errstate(all="ignore"):
        digits = np.clip(-np.log10(apart(result, truth)), 0.0, NEAREST)
    return np.where(near == result, NEAREST, np.nan_to_num(digits, nan=0.0))


def enough(report: Report) -> int:
    """Return in how many digits forward and reverse mode have to agree."""
    singles = any(getattr(value, "dtype", None) == np.float32 for value in report.values)
    return IN_SINGLES if singles else ENOUGH


@np.errstate(all="ignore")
def forward_against_reverse(report: Report) -> float:
    """Return in how many digits forward and reverse mode agree along a random direction.

    It is the dot-product test, in floats at full size.
    """
    random = np.random.default_rng(0)
    edges = linearize(report.graph, report.arithmetic, report.values, report.wrt.values())
    if report.flags is not None:
        take(Problem.of(report), edges)
    reverse, whole = 0.0, 0.0
    shifts: dict[int, Value] = {}
    for name, node in report.wrt.items():
        direction = random.uniform(-1.0, 1.0, size=np.shape(report.values[node]))[()]
        shifts[node] = direction
        terms = np.ravel(report.gradient[name] * direction)
        reverse, whole = reverse + float(np.sum(terms)), whole + float(np.sum(np.abs(terms)))
    tangents = push(edges, report.arithmetic, shifts)
    forward = sum(
        float(np.sum(seed * report.arithmetic.fit(tangents[node], report.values[node])))
        for node, seed in report.seeds.items()
    )
    gap = abs(forward - reverse)
    if gap - gap != 0:
        return 0.0
    return float(NEAREST if gap == 0 else min(NEAREST, np.log10(whole / gap)))


def signed_zero(report: Report) -> bool:
    """Say whether a value may turn on the sign of a zero: numbers of many digits have none."""
    graph = report.graph
    return any(
        bool(np.any((np.asarray(report.values[child]) == 0) & np.signbit(report.values[child])))
        for number, operation in enumerate(graph.operations)
        if operation in SIGNED
        for child in graph.inputs[number]
    )
