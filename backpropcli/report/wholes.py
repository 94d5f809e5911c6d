"""What stands beside a gradient: what the whole has, and kinks that only floats are at."""

from __future__ import annotations

from math import isfinite

from backpropcli.report.report import MOST_WHOLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.whole.sides import Whole


def each_whole(report: Report) -> Iterator[tuple[str, str, Whole]]:
    """Yield what each output has as a function of each name: its title, the name, and that.

    The title is "" where there is one output. Of arrays it is told by some of their elements.
    """
    if report.arrays:
        numbers = report.numbers
        if numbers is None:
            return
        report = numbers
    if len(report.seeds) == 1 or not report.wholes():
        yield from (("", name, found) for name, found in report.wholes().items())
        return
    for title, output in zip(report.program.titles(), report.lowered.outputs, strict=True):
        below = report.graph.ancestors([output])
        inputs = [kink.input for kink in report.kinks if below[kink.node]]
        felt = report.graph.ancestors(inputs)
        for name, node in list(report.wrt.items())[:MOST_WHOLES]:
            if felt[node] or (below[node] and any(below[one.node] for one in report.causes)):
                yield title, name, report.whole_of(output, node)


def rounded_kinks(report: Report) -> list[tuple[KinkMet, str]]:
    """Return the kinks that floats alone are at, each with what its input truly is. Heavy."""
    if report.arrays or report.format or not report.kinks:
        return []
    from backpropcli.report.causes.spots import beside
    from backpropcli.report.decimals import brief
    from backpropcli.report.truth.hidden import by_rounding

    found = by_rounding(report, report.kinks)
    return [
        (kink, beside(true, kink.at) if kink.at and isfinite(kink.at) else brief(true))
        for kink, true in found
    ]
