"""Every element: the same program written in numbers, held against the program of arrays."""

from __future__ import annotations

from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from mpmath import mp, mpf

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.calculus.elements import each_place, element, in_numbers, numbered, owners
from backpropcli.proof.arrays.along import by_directions, with_step
from backpropcli.proof.arrays.branches import at_places, parted
from backpropcli.proof.arrays.directions import FADES, LEVELS, Directions
from backpropcli.proof.arrays.held import held_diffs, held_rules
from backpropcli.proof.arrays.integers import element_at
from backpropcli.proof.arrays.problem import Problem
from backpropcli.proof.findings.entries import FULL, Step, right_digits
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.gradient.lost import LONG
from backpropcli.proof.gradient.prove import prove
from backpropcli.report.digits.numbers import shown
from backpropcli.report.elements import number_at
from backpropcli.report.truth.orders import jumps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.report.report import Report

    News = dict[str, Any]
    Place = tuple[int, ...]

PATIENCE = 1.5
"""Seconds that SymPy may take for whole derivatives, where every node is proved."""
MOST_WHOLE = 60
"""Elements up to which it is asked for them."""
SAME = mpf(10) ** -38
"""How far a number of ours may be from the truth, of which 40 digits are told."""
LEAST = 1e-290
"""What is smaller is next to nothing."""
INVERTED = {"inv", "solve", "solve_triangular", "logdet"}
"""Operations that have no finite value at a singular matrix."""
MOST = 20
"""Elements that are told to be wrong."""


def by_elements(report: Report, one: Report, timeout: float) -> Iterator[News]:
    """Yield what is found of the program in numbers, and of the array program held against it.

    Once every node is proved, SymPy's derivatives of the whole are no more than a second look.
    """
    deadline = monotonic() + timeout / 2
    truths: dict[int, str] = {}
    exact_kinks: list[int] = []
    held = False
    own = [*slopes_by_rules(report).values()] if report.lowered.mapped else []
    for news in prove(one, timeout):
        index, facts = news.get("entry", (0, {}))
        if "truth" in facts:
            truths[index] = facts["truth"]
            if own:  # numbers know of the bodies alone
                slope = [*one.gradient.values()][index]
                facts["truth"], facts["digits"] = own[index], right_digits(slope, own[index])
        exact_kinks = news.get("kinks", exact_kinks)
        if "whole" in news and not held:
            held = True
            yield from _beside(report, one, truths, exact_kinks, deadline)
            yield {"finished": True, "enough": PATIENCE if len(one.wrt) <= MOST_WHOLE else 0.0}
        if news.get("steps"):
            news["steps"] = [*_steps(report, news["steps"])]
        if "typed_pole" in news:
            news["typed_pole"] = _pole(report, news["typed_pole"][0])
        yield news
    if not held:
        yield from _beside(report, one, truths, exact_kinks, deadline)
    yield {"finished": True}


def slopes_by_rules(report: Report) -> dict[str, str]:
    """Return what the rules of a program make the derivatives by elements, in many digits."""
    directions = Directions(Problem.of(report))
    found: dict[str, str] = {}
    with mp.workdps(LEVELS[0][0]):
        for name, node in report.wrt.items():
            slope = directions.slope(node)
            places = each_place(np.shape(slope))
            found |= {titled(name, at): shown(element_at(slope, at)) for at in places}
    return found


def _steps(report: Report, found: list[Step]) -> Iterator[Step]:
    """Yield for each array that is shown its worst element, of those that lose digits."""
    known = {step.node: step for step in found}
    places, view = in_numbers(report.lowered, report.bindings).places, report.view
    for number, node in enumerate(view.places):
        if not view.inputs[number] or node == report.top:
            continue
        title = view.text(number, LONG)
        each = [
            Step(element(title, place), value, step.truth, digits)
            for (place, value), at in zip(numbered(report.values[node]), places[node], strict=True)
            if (step := known.get(at)) is not None
            and (digits := right_digits(value, step.truth)) is not None
            and digits < FULL
        ]
        if each:
            yield min(each, key=lambda step: step.digits)


def _pole(report: Report, pole: int) -> tuple[int, str]:
    """Return the node of arrays that a node of numbers stands for a part of, and words for it."""
    [node] = owners(in_numbers(report.lowered, report.bindings).places, [pole])
    said = f"{report.text(node, LONG)} has no finite value"
    if report.graph.operations[node] in INVERTED:
        [matrix, *_] = report.graph.inputs[node]
        said = f"{report.text(matrix, LONG)} is singular: {said}"
    return node, said


def _beside(
    report: Report, one: Report, truths: dict[int, str], kinks: list[int], deadline: float
) -> Iterator[News]:
    """Hold what the array program finds in many digits against the truth of each element."""
    problem = Problem.of(report)
    amiss = yield from held_rules(problem, report.values, deadline)
    directions = Directions(problem)
    if not amiss:
        amiss += held_diffs(report, directions)
    amiss += [] if amiss else at_places(report) or jumping(report)
    felt = one.graph.ancestors({*kinks, *(kink.node for kink in one.kinks)})
    if not amiss and (finding := parted(report, directions.ours(0)[0])) is not None:
        amiss.append(finding)
    wrong = [] if amiss else _wrong(report, one, truths, felt, directions)
    amiss += with_step(report, directions, wrong)
    if not amiss and not one.kinks and not kinks:
        amiss += by_directions(report, directions, _known(report, truths, directions))
    if amiss:
        yield {"findings": amiss}


def jumping(report: Report) -> list[Finding]:
    """Return what goes by an order or a place that jumps here, which numbers have as it is."""
    node = jumps(in_numbers(report.lowered, report.bindings))
    return [] if node is None else [Finding("kink", text=report.lowered.turning(node))]


def _wrong(
    report: Report,
    one: Report,
    truths: dict[int, str],
    felt: bytearray,
    directions: Directions,
) -> list[Finding]:
    """Return the elements of which the array program has another derivative.

    Those that feel a kink have a convention, and are judged by what the whole has.
    """
    found: list[Finding] = []
    for name, place, text in _elements(report, truths):
        at = one.wrt[titled(name, place)]
        if not text or felt[at] or _vanishes(text, number_at(report.gradient[name], place)):
            continue
        finding = _compared(directions, report.wrt[name], place, text)
        if finding is not None:
            found.append(finding)
            if finding.bad:
                finding.node = at
                finding.facts["label"] = report.form.format(titled(name, place))
            if len(found) == MOST:
                break
    return found


def _elements(report: Report, truths: dict[int, str]) -> Iterator[tuple[str, Place, str]]:
    """Yield each element that is asked for: its name, its place, and the truth, "" if unknown."""
    index = count()
    for name, node in report.wrt.items():
        for place in each_place(np.shape(report.values[node])):
            yield name, place, truths.get(next(index), "").partition(" ")[0]


def _known(report: Report, truths: dict[int, str], directions: Directions) -> set[str]:
    """Return the names of whose elements the array program has the truth, however small it is."""
    found = {*report.wrt}
    with mp.workdps(LEVELS[0][0]):
        slopes = {name: directions.slope(node) for name, node in report.wrt.items()}
        for name, place, text in _elements(report, truths):
            truth = mpf(text or "nan")
            if not abs(element_at(slopes[name], place) - truth) <= SAME * abs(truth):
                found.discard(name)
    return found


def _vanishes(text: str, slope: float) -> bool:
    """Say whether a truth is next to nothing, and what is shown is the double nearest to it.

    No number of digits that there is time for tells it from 0.
    """
    return abs(float(text)) < LEAST and float(text) == slope


def _compared(directions: Directions, node: int, place: Place, text: str) -> Finding | None:
    """Return what is amiss with an element beside the truth; None for nothing."""
    before = None
    for level, (digits, _, _) in enumerate(LEVELS):
        with mp.workdps(digits):
            ours, truth = element_at(directions.slope(node, level), place), mpf(text)
            off = abs(ours - truth)
            if off <= SAME * abs(truth) or (before and not truth and off <= FADES * before):
                return None
            before = off
    with mp.workdps(digits):
        first = element_at(directions.slope(node, 0), place)
        if abs(first - ours) <= FADES * off:
            facts = {"ours": shown(ours), "theirs": text, "by": "SymPy"}
            return Finding("element", None, label="", **facts)
        return Finding("unsteady", None, digits=digits)
