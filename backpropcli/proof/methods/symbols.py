"""SymPy's derivative of the whole expression, as one method of several."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from mpmath import mp

from backpropcli.arithmetics.balls.ball import Undecided, ball
from backpropcli.proof.gradient.slopes import Slopes
from backpropcli.proof.gradient.wholes import compared, is_small
from backpropcli.proof.methods.differences import AGREE, agreed
from backpropcli.proof.methods.found import AGREES, DIFFERS, NONE, Cell, Row
from backpropcli.proof.worker import BROKEN
from backpropcli.report.digits.numbers import shown
from backpropcli.report.truth.hidden import at_kink
from backpropcli.report.truth.point import Point

if TYPE_CHECKING:
    from backpropcli.report.report import Report


class Symbols:
    """SymPy's derivatives of a report of numbers."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.why = "" if is_small(report) else "the expression is too large, or has own rules"
        self.felt = bytearray(len(report.graph))
        if self.why:
            return
        try:
            self.point = Point(report)
            graph, values = report.graph, self.point.values
            active = self.point.edges.active
            if self.point.undecided:
                self.why = "a choice at the point is not decided"
                return
            turning = [
                at_kink(graph, at, values, active)
                for at, one in enumerate(self.point.adjoints)
                if one is not None and graph.inputs[at]
            ]
            self.felt = graph.ancestors({*chain.from_iterable(turning)})
            self.slopes = Slopes(self.point)
        except (*BROKEN, Undecided):
            self.why = "the point is not known to enough digits"

    def cell(self, node: int, row: Row) -> Cell:
        """Return what SymPy finds by a node."""
        if self.why:
            return Cell(NONE, reason=self.why)
        if self.felt[node]:
            return Cell(NONE, reason="at a kink SymPy has conventions of its own")
        try:
            with mp.workdps(self.point.precision):
                found, right = compared(self.point, self.slopes, node)
                if found is None or right is None:
                    return Cell(NONE, reason=f"SymPy has no steady value of {row.title}")
                ours = ball(self.point.adjoint(node)).middle
                digits = AGREE if right else agreed(abs(found - ours), max(abs(found), abs(ours)))
                return Cell(AGREES if right else DIFFERS, digits, shown(found))
        except BROKEN as error:
            return Cell(NONE, reason=f"SymPy stopped ({type(error).__name__})")
