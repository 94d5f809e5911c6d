"""The table of what derivatives cost."""

from __future__ import annotations

from backpropcli.render.lines import aligned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.modes.cost import Cost
    from backpropcli.render.lines import Line

EXACT = 1e15
"""From here on a count is shown in three digits."""


def cost_lines(found: Cost) -> list[Line]:
    """Return the operations of the function and its derivatives, and how many times as many."""
    counts = {
        "function": found.function,
        "and its gradient, by reverse mode": found.reverse,
        "and its gradient, by forward mode": found.forward,
        "gradient as formulas that share nothing": found.tree,
    }
    rows = [
        [("label", name), ("value", f"{count:,.0f}" if count < EXACT else f"{count:.3g}")]
        for name, count in counts.items()
    ]
    head = ["cost", "operations"]
    if found.function:
        head.append("times")
        for row, count in zip(rows, counts.values(), strict=True):
            row.append(("note", f"{count / found.function:.3g}"))
    return aligned(rows, head, 1)
