"""Numbers of another program held against the gradient, and what their differences look like."""

from __future__ import annotations

from copy import copy
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
from backpropcli.proof.ruled import at_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.proof.against.read import Numbers
    from backpropcli.report.report import Report

    Value = Any
    Given = tuple[str, str, Numbers]
    """Numbers, before them their file and what they are called there."""

WRONG_FROM = 1000.0
"""Times what rounding explains, beyond which a number is wrong."""


def check_against(report: Report, given: Mapping[str, Given], rtol: float | None = None) -> Against:
    """Return what is found of numbers, by variable; where a rule is wrong they may be right."""
    found = Against(report, rtol)
    known: dict[str, Explained] = {}
    kinked = Kinked(report)
    for by, one in given.items():
        dtype = one[-1].dtype
        if dtype not in known:
            known[dtype] = Explained(report, dtype)
        found.answers.append(Held(kinked, known[dtype], by, one, rtol).result())
    if report.lowered.ruled:
        found.rules += at_values(report.graph, report.values if report.arrays else None)
    for answer in found.answers if found.rules else ():
        answer.allow_for_rule()
    return found


class Held:
    """Numbers that are ``claimed`` of a gradient, and what they are held to.

    They are to be the ``true`` ones as far as ``rounding`` explains, or within ``rtol``. True
    are, ``of_whole``, those that the whole has at a kink of a part.
    """

    def __init__(
        self, kinked: Kinked, explained: Explained, by: str, given: Given, rtol: float | None
    ) -> None:
        self.where, self.name, self.numbers = given
        self.by, self.rtol = by, rtol
        self.report, self.kinked, self.explained = kinked.report, kinked, explained
        self.true, self.rounding, self.of_whole = kinked.held_to(explained, by)
        self.claimed = self.numbers.value
        if self.claimed.size == self.true.size == 1:
            self.claimed = self.claimed.reshape(self.true.shape)

    @np.errstate(all="ignore")
    def result(self) -> Compared:
        """Return what is found, and what wrong numbers look like."""
        if self.claimed.shape != self.true.shape:
            return self._misshapen()
        answer = self.judged()
        if answer.status == WRONG or not np.isfinite(self.claimed).all():
            answer = self._beside_kinks(answer)
        if answer.element in map(self._title, np.argwhere(self.of_whole).tolist()):
            answer.notes.append(OF_THE_WHOLE)
        if answer.status == WRONG:
            if self._without(self.of_whole).judged().status == WRONG:
                self._diagnose(answer)
            elif not self.of_whole.all():
                answer.diagnosis = [Diagnosis("kink", EXCEPTIONS["kink"])]
            self._tell_rules(answer)
            self._tell_value(answer)
        return answer

    def _answer(self) -> Compared:
        numbers = self.numbers
        found = Compared(self.name, self.by, self.where, numbers.dtype, int(numbers.value.size))
        found.notes += [numbers.told] if numbers.told else []
        return found

    def _misshapen(self) -> Compared:
        answer, claimed, true = self._answer(), self.claimed, self.true
        mine, theirs = (size_text(one) for one in (true.shape, claimed.shape))
        answer.status, answer.reason = WRONG, f"its shape is {theirs}, and the derivative's {mine}"
        flat = claimed.ravel(), true.ravel()
        if claimed.size == true.size and same(*flat, dtype=self.numbers.dtype):
            answer.reason += "; reshaped, the numbers are the same"
        else:
            self._diagnose(answer)
        return answer

    def _without(self, flags: Value) -> Held:
        """Return the same with true numbers where there are ``flags``."""
        found = copy(self)
        found.claimed = np.where(flags, self.true, self.claimed)
        return found

    def _beside_kinks(self, answer: Compared) -> Compared:
        """Return the answer on the elements that no kink decides, where these are wrong.

        Else it is left open where the others are wrong, or not finite.
        """
        flags = self.kinked.flags[self.by] & ~self.of_whole
        kinked = np.broadcast_to(flags, self.true.shape)
        off = answer.status == WRONG or not np.isfinite(self.claimed[kinked]).all()
        if self.report.causes or not (off and kinked.any()):
            return answer
        beside = self._without(kinked).judged()
        if beside.status == WRONG:
            beside.notes.append("elements that a kink decides are left aside")
            return beside
        answer.status, answer.reason = OPEN, AT_KINK
        return answer

    def judged(self) -> Compared:
        """Return the verdict on numbers of the right shape."""
        answer, claimed, numbers = self._answer(), self.claimed, self.numbers
        gap = self._find_worst(answer)
        if self.report.causes or not np.isfinite(self.true).all():
            answer.reason = "the gradient is not finite: there is nothing to compare"
        elif not np.isfinite(claimed).all() and self.explained.overflows:
            answer.reason = f"numbers on the way are too large for {answer.dtype}"
        elif self.rtol is not None:
            off = (gap > self.rtol * np.abs(self.true)) | ~np.isfinite(claimed)
            answer.status = WRONG if off.any() else HOLDS
            answer.reason = f"by --rtol {self.rtol:g}, not by what rounding explains"
        else:
            self._by_rounding(answer)
            if numbers.mixed and answer.status == HOLDS and (gap > self.rounding).any():
                answer.status = OPEN
                answer.reason = (
                    f"it holds if these numbers were rounded to {numbers.digits} digits; others in "
                    "the file are not"
                )
        return answer

    def _find_worst(self, answer: Compared) -> Value:
        """Show the element that is furthest, beside what rounding explains; return all gaps."""
        numbers, gap = self.numbers, np.abs(self.claimed - self.true)
        more = np.maximum(gap - numbers.half, 0.0)
        times = np.where(more == 0, 0.0, more / self.rounding)
        times = np.where(np.isfinite(self.claimed), times, np.inf)
        times = np.where(np.isnan(times), 0.0, times)
        self._show(answer, int(np.argmax(times)), self.rounding + numbers.half)
        answer.times = float(np.max(times))
        if numbers.digits:
            digits = f"{numbers.digits} digit{'' if numbers.digits == 1 else 's'}"
            answer.notes.append(f"it is written in {digits}, and compared as far as those tell")
        return gap

    def _show(self, answer: Compared, at: int, rounding: Value) -> None:
        """Show an element: which, and how far it is from ours there."""
        place = tuple(map(int, np.unravel_index(at, self.true.shape)))
        answer.element = self._title(place)
        answer.claimed, answer.true = float(self.claimed[place]), float(self.true[place])
        answer.rounding = float(np.broadcast_to(rounding, self.true.shape)[place])

    def _title(self, place: Sequence[int]) -> str:
        return titled(self.by, tuple(place)) if place else ""

    def _by_rounding(self, answer: Compared) -> None:
        """Go by what rounding explains."""
        terms = self.explained.terms
        longer, lost = max(1.0, sqrt(terms)), self._is_lost()
        if lost and self.explained.underflows(self.by, self.claimed):
            answer.status = HOLDS
            answer.notes.append(
                f"the gradient is too small for {answer.dtype}, and doubles know it"
            )
        elif lost and (answer.times <= longer or not np.isfinite(self.claimed).all()):
            answer.reason = f"rounding in {answer.dtype} leaves no digit of this gradient"
            if (np.abs(self.true) > self.rounding).any():
                self._name_lost(answer)
        elif answer.times <= 1:
            answer.status = HOLDS
        elif answer.times <= longer:
            answer.status = HOLDS
            answer.notes.append(
                f"{answer.times:.3g} times what rounding explains: sums of {terms:,.0f} numbers, "
                "taken one after the other, may cost that"
            )
        elif answer.times > max(WRONG_FROM, longer):
            answer.status = WRONG
        else:
            answer.reason = (
                f"the difference is {answer.times:.3g} times what rounding in {answer.dtype} "
                "explains"
            )

    def _is_lost(self) -> bool:
        """Say whether rounding may be as large as the gradient, as vectors."""
        true, rounding = self.true, self.rounding
        unit = max(np.max(np.abs(true), initial=0.0), np.max(rounding, initial=0.0))
        if not np.isfinite(unit) or unit == 0:
            return bool(unit)
        blur = np.sum((rounding / unit) ** 2)  # squares of small numbers are 0
        return bool(np.sum((true / unit) ** 2) <= blur and (true.any() or self.claimed.any()))

    def _name_lost(self, answer: Compared) -> None:
        """Name the element of which rounding leaves no digit, where others have some."""
        lost = (np.abs(self.true) <= self.rounding) & ((self.true != 0) | (self.claimed != 0))
        self._show(answer, int(np.argmax(np.where(lost, self.rounding, -1.0))), self.rounding)
        answer.times = abs(answer.claimed - answer.true) / answer.rounding
        count = int(lost.sum()) - 1
        others = f" and {count:,} more" if count else ""
        answer.reason = f"rounding in {answer.dtype} leaves no digit of d/d{answer.element}{others}"

    def _diagnose(self, answer: Compared) -> None:
        from backpropcli.proof.against.looked import looks_like

        found = looks_like(self.report, self.by, self.numbers, self.explained)
        answer.diagnosis = [found] if found else []

    def _tell_rules(self, answer: Compared) -> None:
        """Note which rules of the program's own the gradient is by."""
        graph = self.report.graph
        rows = [graph.row(at) for at, inputs in enumerate(graph.inputs) if inputs]
        names = ", ".join(dict.fromkeys(row.shown for row in rows if row.own))
        if names:
            answer.notes.append(f"the gradient here is by the program's own rules of {names}")

    def _tell_value(self, answer: Compared) -> None:
        """Note where a plain name has the variable's own value."""
        given, value = self.numbers, self.report.bindings.get(self.by)
        short = None if value is None else np.asarray(value).astype(given.dtype).astype(float)
        if self.name == self.by and short is not None and np.array_equal(short, given.value):
            answer.notes.append(
                f"it is the value of {self.by}: {self.by} alone is taken for its gradient; with "
                f"d_d{self.by} there too, it is data"
            )
