"""How far away the nearest kinks are: along each variable alone, and along the gradient.

A kink is looked for between points that lie ever further away. Between two where a branch is
another one it is bracketed, by bisection, and the two ends are proved to differ in exact balls. So
what is told is there; what lies between two points without a trace at both may be missed.
"""

from __future__ import annotations

from math import isfinite, nan
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from backpropcli.report.lines.search import Search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.report.lines.turns import Turn
    from backpropcli.report.run import Run

FARTHEST = 1e6
"""How far, for the size of what moves, kinks are looked for: less than the last point is."""
LARGEST = 1.7976931348623157e308
"""There is no double beyond."""
MOST_VARIABLES = 50
MOST_NODES = 5_000
MOST_TURNS = 1_000
"""Kinks on the ways along variables, after which no further variable is looked at."""


class Nearest(NamedTuple):
    """The nearest kink along a line through the point.

    ``along`` is what moves: a name, or "-gradient" for a step down the gradient and "+gradient" for
    one up. The kink is a ``step`` away, where the variable is ``at``; nan for the gradient. Without
    one texts are "", and none is found ``within`` that far: 0 where none is looked for.
    """

    along: str
    label: str
    by: str
    when: str
    step: float
    at: float
    within: float

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON: None for what there is not."""
        facts = self._asdict().items()
        return {key: None if fact == "" or fact != fact else fact for key, fact in facts}  # noqa: PLR0124 (0 is a fact; nan)


def nearest_kinks(run: Run) -> list[Nearest]:
    """Return the nearest kink along each name that a kink may rest on, and along the gradient."""
    if run.arrays:
        from backpropcli.report.written import along_elements

        found = along_elements(run)
        return nearest_in(*found, found[0].outputs) if found else []
    return nearest_in(run.lowered, run.bindings, run.gradient, [*run.seeds])


def nearest_in(
    lowered: Lowered,
    bindings: Mapping[str, float],
    gradient: Mapping[str, float],
    roots: list[int],
) -> list[Nearest]:
    """Return the nearest kinks of a program of numbers at a point; [] for one that is too large."""
    if lowered.diffs:  # as books write them: rules for floats have cases that are no kinks
        lowered, _ = lowered.book()
        roots = lowered.outputs
    if len(lowered.graph) > MOST_NODES:
        return []
    variables = lowered.graph.variables()
    names = [name for name in gradient if name in bindings and name in variables]
    search = Search(lowered, bindings, roots)
    found = []
    for at, name in enumerate(names):
        if at >= MOST_VARIABLES or search.looked > MOST_TURNS:
            found.append(_nearest(search, name, 0.0))
            continue
        size = max(1.0, abs(bindings[name]))
        sides = [(*search.along({name: sign}, size), sign) for sign in (1.0, -1.0)]
        step, turn, sign = min(sides, key=itemgetter(0))
        within = min(size * FARTHEST, LARGEST)
        found.append(_nearest(search, name, within, turn, sign * step, bindings[name]))
    parts = {name: gradient[name] for name in names if gradient[name]}
    if parts and all(map(isfinite, parts.values())):
        largest = max(map(abs, parts.values()))
        size = max(1.0, *[abs(bindings[name]) for name in names]) / largest
        for sign, along in ((-1.0, "-gradient"), (1.0, "+gradient")):
            direction = {name: sign * part for name, part in parts.items()}
            step, turn = search.along(direction, size)
            found.append(_nearest(search, along, size * FARTHEST, turn, step))
    return found


def _nearest(  # noqa: PLR0913 (what is found along a line)
    search: Search,
    along: str,
    within: float,
    turn: Turn | None = None,
    step: float = nan,
    start: float = nan,
) -> Nearest:
    """Return what is found along a line, on which the variable begins at ``start``."""
    if turn is None:
        return Nearest(along, "", "", "", nan, nan, within)
    return Nearest(along, *search.texts(turn), turn.kink.when.text, step, start + step, within)
