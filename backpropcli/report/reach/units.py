"""Units that pass little on or nothing: dead ones, and saturated ones.

A unit is dead on the flat side of an activation, as that of relu left of its corner. It is
saturated where its slope is below a hundredth of the steepest that it can have.
"""

from __future__ import annotations

from backpropcli.arithmetics.rules import by_input
from backpropcli.report.elements import shape_of
from backpropcli.report.flow.flow import CHOICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.report.report import Report

DEAD, SATURATED = "dead", "saturated"
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0}
"""The largest slope of operations that saturate."""
SHARES = "softmax"
"""It saturates where one share is so near to 1 that all slopes p*(1 - p) are small."""
SMALL = 0.01
"""A part of the steepest slope."""


class Units:
    """Units of one kind: ``part`` of ``total`` units of an operation, or of an array's elements.

    ``nodes`` are those of the flat graph with such units; of an array with axes, ``columns`` is how
    many of ``width`` places along its last axis are so all over. Rows of softmax count as units.
    """

    __slots__ = ("columns", "kind", "nodes", "operation", "part", "report", "total", "width")

    def __init__(self, report: Report, kind: str, operation: str) -> None:
        self.report = report
        self.kind = kind
        self.operation = operation
        self.nodes: list[int] = []
        self.part = self.total = 0
        self.columns: int | None = None
        self.width = 0

    @property
    def shaped(self) -> bool:
        """Whether the units are the elements of one array."""
        return bool(shape_of(self.report.values[self.nodes[0]]))

    def label(self, at: int, limit: int) -> str:
        """Return the text of one of the nodes."""
        return self.report.lowered.whose(self.nodes[at], limit)

    def as_dict(self) -> dict[str, object]:
        """Return plain data."""
        report = self.report
        found = {
            "kind": self.kind,
            "operation": self.operation,
            "nodes": [report.view.ids[report.lowered.owners[node]] for node in self.nodes],
            "part": self.part,
            "total": self.total,
        }
        if self.columns is not None:
            found |= {"columns": self.columns, "width": self.width}
        return found


def units_of(report: Report) -> list[Units]:
    """Return the units that pass little on, from the output down; those of numbers in one group."""
    groups: dict[tuple[str, str], Units] = {}
    found: list[Units] = []
    for number in range(report.top, -1, -1):
        kind = _kind(report, number)
        if not kind or report.flow.adjoints[number] is None or not report.flow.moving[number]:
            continue
        operation = report.graph.operations[number]
        if shape_of(report.values[number]):
            found.append(_of_elements(report, number, kind))
            continue
        group = groups.setdefault((kind, operation), Units(report, kind, operation))
        group.total += 1
        [edge] = report.flow.edges(number)
        if not edge.taken if kind == DEAD else _is_small(operation, edge.partial):
            group.part += 1
            group.nodes.append(number)
    return [units for units in (*found, *groups.values()) if units.part]


def _of_elements(report: Report, number: int, kind: str) -> Units:
    """Return the units that the elements of an array are; the rows of a softmax."""
    import numpy as np

    value: Any = report.values[number]
    operation, shape = report.graph.operations[number], value.shape
    own = Units(report, kind, operation)
    own.nodes.append(number)
    with np.errstate(all="ignore"):
        if operation == SHARES:
            small = _is_saturated(value, report.graph.args[number])
        elif kind == DEAD:
            small = np.broadcast_to(_is_dead(report, number), shape)
        else:
            [edge] = report.flow.edges(number)
            small = np.broadcast_to(_is_small(operation, edge.partial), shape)
    if operation != SHARES and len(shape) > 1 and small.size:
        own.columns = int(small.all(axis=tuple(range(len(shape) - 1))).sum())
        own.width = shape[-1]
    own.part, own.total = int(small.sum()), int(small.size)
    return own


def _is_dead(report: Report, number: int) -> Any:  # noqa: ANN401 (flags)
    """Say at which elements an activation is not taken."""
    [child], row = report.graph.inputs[number], report.graph.row(number)
    rules = [rule for rule in row.taken if rule is not None]
    [taken] = by_input(row, rules, report.arithmetic)(report.values[number], report.values[child])
    return taken == 0


def _is_saturated(value: Any, arg: Any) -> Any:  # noqa: ANN401 (an array, an axis, flags)
    """Say of which rows of a softmax, of several shares, all slopes p*(1 - p) are small."""
    [axis] = arg
    most = (value * (1 - value)).max(axis=axis, initial=0.0)
    return (most < SMALL * STEEPEST["sigmoid"]) & (value.shape[axis] > 1)


def _kind(report: Report, number: int) -> str:
    """Return which kind of unit an operation can be; "" for none."""
    operation, inputs = report.graph.operations[number], report.graph.inputs[number]
    if operation in STEEPEST or operation == SHARES:
        return SATURATED
    if len(inputs) != 1 or operation in CHOICES:
        return ""
    return DEAD if any(report.graph.row(number).taken) else ""


def _is_small(operation: str, slope: Any) -> Any:  # noqa: ANN401 (a number, or an array)
    """Say where a slope is that of a saturated unit."""
    return abs(slope) < SMALL * STEEPEST[operation]
