"""The table of what derivatives cost."""

from __future__ import annotations

from backpropcli.render.lines import aligned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.cost import Cost
    from backpropcli.render.lines import Line


def cost_lines(found: Cost) -> list[Line]:
    """Return the operations of the function and its derivatives, and how many times as many."""
    counts = {
        "function": found.function,
        "with gradient, reverse mode": found.reverse,
        "with gradient, forward mode": found.forward,
        "gradient as formulas, nothing shared": found.tree,
    }
    rows = [
        [
            ("label", name),
            ("value", f"{count:,.0f}" if count < 1e15 else f"{count:.3g}"),  # noqa: PLR2004
            ("note", f"{count / found.function:.3g}" if found.function else ""),
        ]
        for name, count in counts.items()
    ]
    return aligned(rows, ["cost", "operations", "times"], 1)
