"""Parts of a result, and the proof of their digits.

The work is in balls, in a process of its own, which a time limit ends: what is proved by then is
kept, and what is not is told in a sentence.
"""

from __future__ import annotations

from backpropcli.proof.gradient.branches import exact_pole, typed_kink
from backpropcli.proof.worker import BROKEN, LATE, worked
from backpropcli.proof.zero import zeros_at
from backpropcli.report.decimals import UNKNOWN, Digits, Proved
from backpropcli.report.digits.proved import proved
from backpropcli.report.truth.hidden import at_kink
from backpropcli.report.truth.point import AsTyped, Point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.report.digits.proved import Asked, Known
    from backpropcli.report.report import Report

    News = tuple[int, list[Known] | str | frozenset[int] | None]

ZEROS = 2.0
"""Seconds for SymPy to prove zeros."""
MOST = 5
"""Numbers that are named in a sentence."""


class Part:
    """Some numbers of a result: what is asked, their labels, and the ``floats`` they are for.

    ``report``, at the numbers as typed, has the derivatives among them, for kinks and poles.
    """

    def __init__(
        self,
        asked: Asked,
        labels: Sequence[str],
        floats: Sequence[float],
        report: Report | None = None,
    ) -> None:
        self.asked = asked
        self.labels = labels
        self.floats = floats
        self.report = report
        self.known: list[Known] = [("", -1)] * len(labels)
        self.undecided = False

    def take(self, found: list[Known] | None) -> None:
        """Take in what is known at one more precision."""
        self.undecided = found is None
        if found is not None:
            self.known = found

    def numbers(self, count: int) -> list[float]:
        """Return the numbers in the digits that are proved; as doubles for a count of 0."""
        if count:
            return [Proved.of(text if digits >= 0 else UNKNOWN) for text, digits in self.known]
        pairs = zip(self.floats, self.known, strict=True)
        return [float(text) if digits >= 0 else here for here, (text, digits) in pairs]


def proved_parts(parts: list[Part], count: int, timeout: float) -> Digits:
    """Prove the digits of all parts, and tell what is not proved."""
    told = Digits(count)

    def take(news: News) -> None:
        at, found = news
        if isinstance(found, frozenset):
            told.passed |= found
        elif isinstance(found, str):
            told.notes += [found] if found not in told.notes else []
        else:
            parts[at].take(found)

    why = worked(_work, (parts, count), timeout, take)
    if why == LATE:
        seconds = f"{timeout:g} second{'' if timeout == 1 else 's'}"
        reason = f"in {seconds}; --check-timeout allows more"
    else:
        reason = f"the work {why}" if why else ""
    for part in parts if not count else ():  # where the nearest double is another number
        for label, here, (text, digits) in zip(part.labels, part.floats, part.known, strict=True):
            if digits >= 0 and repr(float(text)) != repr(here + 0.0):
                told.floats.append((label, here))
    _tell(parts, count, reason, told)
    return told


def _tell(parts: list[Part], count: int, reason: str, told: Digits) -> None:
    """Tell in a sentence each what is not proved, and why."""
    wanted = f"{count} digits" if count else "the nearest double"
    every = [one for part in parts for one in zip(part.labels, part.known, strict=True)]
    small = [label for label, (text, digits) in every if digits < 0 and text]
    unknown = [label for label, (text, digits) in every if digits < 0 and not text]
    fewer = {label: digits for label, (_, digits) in every if 0 <= digits < count}
    late = f" {reason}" if reason.startswith("in ") else reason and f": {reason}"
    if small:
        told.notes.append(f"{_named(small)} may be 0, and no digit is proved{late}")
    if unknown:
        choice = any(part.undecided for part in parts)
        why = ": which way a choice goes is not decided here" if choice else late
        told.notes.append(f"{wanted} of {_named(unknown)} cannot be proved{why}")
    if fewer:
        least = min(fewer.values())
        told.notes.append(f"{_named([*fewer])} is proved to {least} digits only{late}")


def _named(labels: list[str]) -> str:
    """Return labels in a sentence: the first ones, and how many more there are."""
    labels = [*dict.fromkeys(labels)]
    more = len(labels) - MOST
    if more > 0:
        return f"{', '.join(labels[:MOST])} and {more:,} more"
    *first, last = labels
    return f"{', '.join(first)} and {last}" if first else last


def _work(parts: Sequence[Part], count: int) -> Iterator[News]:
    """Yield what is proved of each part, as it is proved, and what is so as it was typed."""
    for at, part in enumerate(parts):
        found: list[Known] | None = None
        try:
            for found in proved(part.asked, count):
                yield at, found
        except BROKEN:
            yield at, None
        if found is None:
            continue
        near = [digits < 0 and bool(text) for text, digits in found]
        if any(near):
            import sympy  # noqa: F401 (heavy, and no part of the time for proofs)

            zeros = zeros_at(part.asked, ZEROS, near)
            exact = "0" if count else "0.0"
            yield (
                at,
                [(exact, count) if zero else one for zero, one in zip(zeros, found, strict=True)],
            )
        for news in () if part.report is None else _at_typed(part.report):
            yield at, news


def _at_typed(report: Report) -> Iterator[str | frozenset[int]]:
    """Yield what has a pole or a kink at the numbers as typed, and kinks that are none there."""
    graph, point = report.graph, Point(report)
    if point.undecided:
        return
    pole = exact_pole(report, point.values)
    if pole is not None:
        yield f"{report.text(pole, 40)} has no finite value at the numbers as typed"
    if report.lowered.diffs:  # their kinks are met in other graphs
        return
    values, moving, arithmetic = point.values, point.moving, point.arithmetic
    met = {kink.node for kink in report.kinks}
    yield frozenset(node for node in met if not at_kink(graph, node, values, moving, arithmetic))
    if pole is not None or met:
        return
    if text := typed_kink(report, {}, AsTyped([], values, moving)):
        yield f"{text} is at its kink at the numbers as typed"
