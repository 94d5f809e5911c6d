"""The kinks that the outputs of a program of arrays feel at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropcli.report.felt.book import Book
from backpropcli.report.kinks.elements import felt_kinks

if TYPE_CHECKING:
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.run import Run


@np.errstate(all="ignore")
def kinks_of_elements(run: Run) -> list[KinkMet]:
    """Return the first kinks of each operation at the point, each with how many there are."""
    lowered, numbers = run.lowered, run.arithmetic
    if run.smooth:
        return []
    if not lowered.diffs:
        facts = run.values, [*run.seeds], run.wrt.values(), numbers, run.flags
        return list(felt_kinks(lowered, run.active, *facts))
    book = Book(run)
    found = list(felt_kinks(book.lowered, book.active, book.values, book.roots, book.wrt, numbers))
    for kink in found:
        kink.node = kink.input = run.top
    return found
