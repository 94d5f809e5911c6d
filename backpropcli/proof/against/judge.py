"""Numbers of another program held against the gradient, and what their differences look like."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.arithmetics.shapes.sizes import text as size_text
from backpropcli.proof.against.explained import Explained
from backpropcli.proof.against.kinked import Kinked
from backpropcli.proof.findings.answer import EXCEPTIONS, HOLDS, OPEN, WRONG, Diagnosis
from backpropcli.proof.findings.finding import AT_KINK, OF_THE_WHOLE
from backpropcli.proof.findings.numbers import Against, Compared
from backpropcli.proof.floats.alike import same

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.proof.against.read import Numbers
    from backpropcli.report.report import Report

    Value = Any

WRONG_FROM = 1000.0
"""Times what rounding explains, beyond which a number is wrong."""


def held(
    kinked: Kinked, answer: Compared, numbers: Numbers, explained: Explained, rtol: float | None
) -> Compared:
    """Fill in what is found of one gradient."""
    report = kinked.report
    true, rounding, of_whole = kinked.held_to(explained, answer.by)
    claimed = numbers.value
    if claimed.shape != true.shape and claimed.size == true.size == 1:
        claimed = claimed.reshape(true.shape)
    if claimed.shape != true.shape:
        mine, theirs = (size_text(one) for one in (true.shape, claimed.shape))
        answer.status, answer.reason = WRONG, f"its shape is {theirs}, and the derivative's {mine}"
        if claimed.size == true.size and same(claimed.ravel(), true.ravel(), dtype=numbers.dtype):
            answer.reason += "; reshaped, the numbers are the same"
        else:
            _diagnose(report, answer, numbers, explained)
        return answer
    by = rounding, explained, rtol
    _judge(report, answer, claimed, true, numbers, by)
    if answer.status == WRONG or not np.isfinite(claimed).all():
        open_ones = kinked.flags[answer.by] & ~of_whole
        answer = _beside_kinks(report, answer, claimed, true, numbers, by, open_ones)
    if (np.shape(true) == () and of_whole) or answer.element in _titles(answer.by, of_whole):
        answer.notes.append(OF_THE_WHOLE)
    if answer.status == WRONG:
        elsewhere = Compared(answer.name, answer.by, numbers, answer.where)
        _judge(report, elsewhere, np.where(of_whole, true, claimed), true, numbers, by)
        if elsewhere.status == WRONG:
            _diagnose(report, answer, numbers, explained)
        elif not of_whole.all():
            answer.diagnosis = [Diagnosis("kink", EXCEPTIONS["kink"])]
        _rules(report, answer)
    return answer


def _titles(by: str, flags: Value) -> set[str]:
    """Return what elements that have flags are called."""
    return {titled(by, tuple(place)) for place in np.argwhere(flags).tolist()}


def _judge(  # noqa: PLR0913 (both gradients, and what they are held to)
    report: Report,
    answer: Compared,
    claimed: Value,
    true: Value,
    numbers: Numbers,
    by: tuple[Value, Explained, float | None],
) -> None:
    """Fill in the verdict on numbers ``by`` what rounding explains, or a tolerance."""
    rounding, explained, rtol = by
    _worst(answer, claimed, true, numbers, rounding)
    if report.causes or not np.isfinite(true).all():
        answer.reason = "the gradient is not finite: there is nothing to compare"
    elif not np.isfinite(claimed).all() and explained.overflows:
        answer.reason = f"numbers on the way are too large for {answer.dtype}"
    elif rtol is not None:
        _by_rtol(answer, claimed, true, rtol)
    else:
        _by_rounding(answer, claimed, true, rounding, explained)
        if numbers.mixed and answer.status == HOLDS and (np.abs(claimed - true) > rounding).any():
            answer.status = OPEN
            answer.reason = (
                f"it holds if these numbers were rounded to {numbers.digits} digits; others in the "
                "file are not"
            )


def _beside_kinks(  # noqa: PLR0913 (both gradients, and what they are held to)
    report: Report,
    answer: Compared,
    claimed: Value,
    true: Value,
    numbers: Numbers,
    by: tuple[Value, Explained, float | None],
    flags: Value,
) -> Compared:
    """Return the answer on the elements that no kink decides, where these are wrong.

    Else it is left open where the others, which have ``flags``, are wrong, or not finite.
    """
    if report.causes or not report.kinks:
        return answer
    kinked = np.broadcast_to(flags, true.shape)
    off = answer.status == WRONG or not np.isfinite(claimed[kinked]).all()
    if not (off and kinked.any()):
        return answer
    beside = Compared(answer.name, answer.by, numbers, answer.where)
    _judge(report, beside, np.where(kinked, true, claimed), true, numbers, by)
    if beside.status == WRONG:
        beside.notes.append("elements that a kink decides are left aside")
        return beside
    answer.status, answer.reason = OPEN, AT_KINK
    return answer


def _worst(
    answer: Compared, claimed: Value, true: Value, numbers: Numbers, rounding: Value
) -> None:
    """Find the element that is furthest from ours, beside what rounding explains."""
    with np.errstate(all="ignore"):
        gap = np.maximum(np.abs(claimed - true) - numbers.half, 0.0)
        times = np.where(gap == 0, 0.0, gap / rounding)
        times = np.where(np.isfinite(claimed), times, np.inf)
    times = np.where(np.isnan(times), 0.0, times)
    _show(answer, int(np.argmax(times)), claimed, true, rounding + numbers.half)
    answer.times = float(np.max(times))
    if numbers.digits:
        digits = f"{numbers.digits} digit{'' if numbers.digits == 1 else 's'}"
        answer.notes.append(f"it is written in {digits}, and compared as far as those tell")


def _show(answer: Compared, at: int, claimed: Value, true: Value, rounding: Value) -> None:
    """Show an element: which, and how far it is from ours there."""
    place = tuple(map(int, np.unravel_index(at, true.shape)))
    answer.element = titled(answer.by, place) if place else ""
    answer.claimed, answer.true = float(claimed[place]), float(true[place])
    answer.rounding = float(np.broadcast_to(rounding, true.shape)[place])


def _by_rtol(answer: Compared, claimed: Value, true: Value, rtol: float) -> None:
    """Go by a tolerance that somebody insists on."""
    with np.errstate(all="ignore"):
        off = np.abs(claimed - true) > rtol * np.abs(true)
    off |= ~np.isfinite(claimed)
    answer.status = WRONG if off.any() else HOLDS
    answer.reason = f"by --rtol {rtol:g}, not by what rounding explains"


def _by_rounding(
    answer: Compared, claimed: Value, true: Value, rounding: Value, explained: Explained
) -> None:
    """Go by what rounding explains."""
    terms = explained.terms
    longer = max(1.0, sqrt(terms))
    lost = _lost(claimed, true, rounding)
    if lost and explained.underflows(answer.by, claimed):
        answer.status = HOLDS
        answer.notes.append(f"the gradient is too small for {answer.dtype}, and doubles know it")
    elif lost and (answer.times <= longer or not np.isfinite(claimed).all()):
        answer.reason = f"rounding in {answer.dtype} leaves no digit of this gradient"
        if (np.abs(true) > rounding).any():
            _say_which(answer, claimed, true, rounding)
    elif answer.times <= 1:
        answer.status = HOLDS
    elif answer.times <= longer:
        answer.status = HOLDS
        answer.notes.append(
            f"{answer.times:.3g} times what rounding explains: sums of {terms:,.0f} numbers, taken "
            "one after the other, may cost that"
        )
    elif answer.times > max(WRONG_FROM, longer):
        answer.status = WRONG
    else:
        answer.reason = (
            f"the difference is {answer.times:.3g} times what rounding in {answer.dtype} explains"
        )


def _lost(claimed: Value, true: Value, rounding: Value) -> bool:
    """Say whether rounding may be as large as the gradient, as vectors."""
    unit = max(np.max(np.abs(true), initial=0.0), np.max(rounding, initial=0.0))
    if not np.isfinite(unit) or unit == 0:
        return bool(unit)
    blur = np.sum((rounding / unit) ** 2)  # squares of small numbers are 0
    return bool(np.sum((true / unit) ** 2) <= blur and (true.any() or claimed.any()))


def _say_which(answer: Compared, claimed: Value, true: Value, rounding: Value) -> None:
    """Name the element of which rounding leaves no digit, where others have some."""
    lost = (np.abs(true) <= rounding) & ((true != 0) | (claimed != 0))
    at = int(np.argmax(np.where(lost, rounding, -1.0)))
    _show(answer, at, claimed, true, rounding)
    answer.times = abs(answer.claimed - answer.true) / answer.rounding
    count = int(lost.sum()) - 1
    others = f" and {count:,} more" if count else ""
    answer.reason = f"rounding in {answer.dtype} leaves no digit of d/d{answer.element}{others}"


def _rules(report: Report, answer: Compared) -> None:
    """Note which rules of the program's own the gradient is by."""
    graph = report.graph
    rows = [graph.row(at) for at, inputs in enumerate(graph.inputs) if inputs]
    names = ", ".join(dict.fromkeys(row.shown for row in rows if row.own))
    if names:
        answer.notes.append(f"the gradient here is by the program's own rules of {names}")


def _diagnose(report: Report, answer: Compared, numbers: Numbers, explained: Explained) -> None:
    from backpropcli.proof.against.looked import looks_like

    found = looks_like(report, answer.by, numbers, explained)
    answer.diagnosis = [found] if found else []


def check_against(
    report: Report, given: Mapping[str, tuple[str, str, Numbers]], rtol: float | None = None
) -> Against:
    """Return what is found of numbers: by variable, (file, name there, numbers)."""
    found = Against(report, rtol)
    known: dict[str, Explained] = {}
    kinked = Kinked(report)
    for by, (where, name, numbers) in given.items():
        if numbers.dtype not in known:
            known[numbers.dtype] = Explained(report, numbers.dtype)
        answer = Compared(name, by, numbers, where)
        found.answers.append(held(kinked, answer, numbers, known[numbers.dtype], rtol))
        value = report.bindings.get(by)
        if answer.status == WRONG and value is not None and name == by:
            _is_value(answer, numbers, value)
    return found


def _is_value(answer: Compared, numbers: Numbers, value: Value) -> None:
    """Note where a plain name has the variable's own value."""
    short = np.asarray(value).astype(numbers.dtype).astype(float)
    if short.shape == numbers.value.shape and (short == numbers.value).all():
        answer.notes.append(
            f"it is the value of {answer.by}: {answer.by} alone is taken for its gradient; with "
            f"d_d{answer.by} there too, it is data"
        )
