"""The table of what derivatives cost."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.modes.cost import Cost
from backpropcli.render.layout.arrays import sized
from backpropcli.render.layout.lines import tabulated, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.modes.cost_of_arrays import CostOfArrays
    from backpropcli.render.layout.lines import Line, Part

EXACT = 1e15
"""From here on a count is shown in three digits."""


MOST = 12
"""Nodes that are told: those that cost most."""


def cost_lines(found: Cost | CostOfArrays, width: int) -> list[Line]:
    """Return the operations of the function and its derivatives, and how many times as many.

    Of a program with arrays the nodes that cost most are there, too.
    """
    if not isinstance(found, Cost):
        return _of_arrays(found, width)
    counts = {
        "function": found.function,
        "and its gradient, by reverse mode": found.reverse,
        "and its gradient, by forward mode": found.forward,
        "gradient as formulas that share nothing": found.tree,
    }
    return _totals(counts, found.function, width)


def _of_arrays(found: CostOfArrays, width: int) -> list[Line]:
    """Return the same of a program with arrays, and the nodes that cost most."""
    counts: dict[str, float] = {
        "function": found.function,
        "and its gradient, by reverse mode": found.reverse,
    }
    if found.forward is not None:
        counts[f"and its gradient, by forward mode ({found.sweeps:,} sweeps)"] = found.forward
    costly = sorted(found.nodes, key=lambda node: -node.value - node.back)[:MOST]
    rows: list[list[Part]] = [
        [
            ("label", visible(node.text)),
            ("note", sized(node.shape)),
            ("value", _count(node.value)),
            ("value", _count(node.back)),
        ]
        for node in found.nodes
        if node in costly
    ]
    lines = _totals(counts, found.function, width)
    if rows:
        lines += [[], *tabulated(rows, ["node", "shape", "value", "sent back"], 2, width)]
    if len(found.nodes) > MOST:
        left = f"{len(found.nodes) - MOST:,} nodes that cost less are in --json"
        lines += wrapped([("note", left)], width)
    return lines


def _totals(counts: dict[str, float], function: int, width: int) -> list[Line]:
    rows: list[list[Part]] = [
        [("label", name), ("value", _count(count))] for name, count in counts.items()
    ]
    head = ["cost", "operations"]
    if function:
        head.append("times")
        for row, count in zip(rows, counts.values(), strict=True):
            row.append(("note", f"{count / function:.3g}"))
    return tabulated(rows, head, 1, width)


def _count(count: float) -> str:
    return f"{count:,.0f}" if count < EXACT else f"{count:.3g}"
