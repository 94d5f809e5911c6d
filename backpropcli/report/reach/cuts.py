"""Where the gradient goes no further: edges that are stopped, flat, not taken, or have slope 0."""

from __future__ import annotations

from math import inf

from backpropcli.report.elements import shape_of
from backpropcli.report.flow.flow import CHOICES
from backpropcli.report.reach.magnitudes import power
from backpropcli.report.reach.paths import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.report import Report
    from backpropcli.report.view import View

ZERO = "zero"
"""The local derivative is 0; the other kinds of cuts are what an edge's ``flow`` says."""
PROVED, ROUNDED, CHOSEN, OPEN = "proved", "rounded", "chosen", "open"
"""Such a 0 is one in exact arithmetic, is not, is chosen at a kink, or that is not known."""
LARGEST = 2_000
"""Nodes of a graph in which zeros are looked into."""
MOST_FLAGS = 100_000_000
"""Nodes times names, at most, where the names below cuts are looked for."""
MOST_NAMES = 100_000
"""Names below cuts after which no more are listed."""


class Cut:
    """An edge from node ``user`` to its input ``node`` by which nothing goes on.

    Of a choice among elements, that is so at ``part`` of ``total`` elements; else both are 0.
    ``names`` are the names asked for that are below it, None where that was not looked for.
    ``proof`` is of a slope of 0: PROVED, ROUNDED, CHOSEN or OPEN; where it was ROUNDED, ``slope``
    is what it truly is, as text.
    """

    __slots__ = ("index", "kind", "names", "node", "part", "proof", "slope", "total", "user")

    def __init__(self, user: int, edge: Edge, kind: str, part: int = 0, total: int = 0) -> None:
        self.user = user
        self.node = edge.input
        self.index = edge.index
        self.kind = kind
        self.part = part
        self.total = total
        self.names: list[str] | None = None
        self.proof = self.slope = ""

    def as_dict(self) -> dict[str, object]:
        """Return plain data."""
        found: dict[str, object] = {
            "kind": self.kind,
            "node": self.user,
            "input": self.node,
            "names": self.names,
        }
        if self.total:
            found |= {"part": self.part, "total": self.total}
        if self.proof:
            found["proof"] = self.proof
        if self.slope:
            found["slope"] = self.slope
        return found


def cuts_of(report: Report) -> list[Cut]:
    """Return all cuts, from the output down."""
    view = report.view
    found: list[Cut] = []
    for user in range(len(view) - 1, -1, -1):
        if view.adjoints[user] is not None and view.inputs[user]:
            arrives = power(view.adjoints[user]) != -inf
            found += [cut for edge in view.edges(user) if (cut := _cut(view, user, edge, arrives))]
    _name(report, found)
    zeros = [cut for cut in found if cut.kind == ZERO]
    if zeros:
        _prove(report, zeros)
    return found


def _cut(view: View, user: int, edge: Edge, arrives: bool) -> Cut | None:  # noqa: FBT001
    """Return the cut that an edge is, if it is one."""
    if edge.flow:
        return Cut(user, edge, edge.flow) if edge.flow in {"stopped", "flat", "not taken"} else None
    choice = view.operations[user] in CHOICES
    if choice and edge.partial is not None and shape_of(edge.partial):
        part, total = int((edge.partial == 0).sum()), int(edge.partial.size)
        return Cut(user, edge, "not taken", part, total) if part else None
    if (
        choice
        or not arrives
        or (_is_unit(view, user) and not edge.taken)
        or power(edge.contribution) != -inf
    ):
        return None
    if is_plain(view, user, edge) and edge.partial:
        return None  # it is too small for a double
    return Cut(user, edge, ZERO)


def _is_unit(view: View, user: int) -> bool:
    """Say whether a node is an activation that can be dead: that is told of units."""
    if user in view.calls or len(view.inputs[user]) != 1 or user in view.closed:
        return False
    return any(view.row(user).taken)


def _name(report: Report, cuts: list[Cut]) -> None:
    """Say which names are below cuts, as long as these are not too many."""
    view = report.view
    names = [name for name, place in report.wrt.items() if view.at(place) is not None]
    if not cuts or len(names) * len(view) > MOST_FLAGS:
        return
    flags = [0] * len(view)
    for at, name in enumerate(names):
        node = view.at(report.wrt[name])
        if node is not None:
            flags[node] = 1 << at
    for node, inputs in enumerate(view.inputs):
        for child in inputs:
            flags[node] |= flags[child]
    known: dict[int, list[str]] = {}
    listed = 0
    for cut in cuts:
        if listed > MOST_NAMES:
            return
        below = flags[cut.node]
        if below not in known:
            known[below] = [name for at, name in enumerate(names) if below >> at & 1]
        cut.names = known[below]
        listed += len(cut.names)


def _prove(report: Report, zeros: list[Cut]) -> None:
    """Find out whether slopes are 0 in exact arithmetic, too; of arrays only whether at kinks."""
    kinks = {kink.node for kink in report.kinks}
    for cut in zeros:
        cut.proof = CHOSEN if _body(report, cut.user) in kinks else OPEN
    if report.arrays or len(report.graph) > LARGEST:
        return
    from backpropcli.arithmetics.balls.ball import ball
    from backpropcli.report.digits.numbers import sharp, shown
    from backpropcli.report.truth.point import Point

    truth = Point(report)
    if truth.undecided:
        return
    slopes: dict[tuple[int, int], list[Any]] = {}
    for head, tail, partial in truth.edges:
        slopes.setdefault((head, tail), []).append(partial)
    for cut in zeros:
        place = _body(report, cut.user)
        found = slopes.get((place, report.view.places[cut.node]), [])
        if cut.proof == CHOSEN or cut.user in report.view.calls:
            continue
        if not found and _can_be_left(report, place, cut.index):
            cut.proof = PROVED
        elif len(found) == 1 and sharp(found[0]):
            slope = ball(found[0]).middle
            cut.proof = ROUNDED if slope else PROVED
            cut.slope = shown(slope, 3) if slope else ""


def _can_be_left(report: Report, place: int, index: int) -> bool:
    """Say whether an operation may not take an input: then no edge is a slope of 0."""
    row = report.graph.row(place)
    return row.taken[row.cell(index)] is not None


def _body(report: Report, user: int) -> int:
    """Return the node of the flat graph that a node that is shown stands for, below its name."""
    graph, place = report.graph, report.view.places[user]
    while graph.operations[place] == "name":
        [place] = graph.inputs[place]
    return place
