"""The elements that a short format has, in place of those of its twin in doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.proof.findings.entries import Entry, right_digits

if TYPE_CHECKING:
    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.report.report import Report

MARGIN = 3
"""How many digits more than the format holds doubles must have right to stand for the truth."""


def put_elements(reached: Verdict, found: Report, exact: Report) -> None:
    """Let the entries and tallies of arrays be about the numbers that the format has.

    Where not every element has an entry, the truth is what doubles say, if they say it well enough.
    """
    slopes = {name: np.asarray(slope, dtype=float) for name, slope in found.gradient.items()}
    if len(reached.entries) == sum(slope.size for slope in slopes.values()):
        entries = iter(reached.entries)
        for tally in reached.tallies:
            own = [next(entries) for _ in range(tally.count)]
            for entry, result in zip(own, slopes[tally.name].ravel().tolist(), strict=True):
                entry.put(result)
            tally.digits = tally.worst = None
            tally.take(own)
        return
    reached.entries = [entry for entry in reached.entries if entry.agree is False]
    for tally in reached.tallies:
        sure = tally.digits is not None and tally.digits >= reached.holds + MARGIN
        tally.digits = tally.worst = None
        if not sure:
            continue
        truth, here = np.asarray(exact.gradient[tally.name]), slopes[tally.name]
        with np.errstate(all="ignore"):
            off = np.nan_to_num(np.abs(here - truth) / np.abs(truth), nan=0.0)
        place = tuple(map(int, np.unravel_index(np.argmax(off), off.shape)))
        entry = Entry(titled(tally.name, place), float(here[place]))
        entry.truth, entry.agree = repr(float(truth[place])), True if tally.along else None
        entry.digits = tally.digits = right_digits(entry.result, entry.truth)
        tally.worst, tally.truth = place, entry.truth
        reached.entries.append(entry)
