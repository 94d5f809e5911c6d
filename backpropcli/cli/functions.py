"""backprop functions [NAME]: the table of operations."""

from __future__ import annotations

from backpropcli.cli import screen
from backpropcli.errors import BackpropError, closest
from backpropcli.graph.operations import NAMES
from backpropcli.graph.operations import WORDS as ROWS
from backpropcli.render.functions import WORDS, one, overview, word


def run(name: str | None) -> int:
    """Show all operations, or all about one; return the exit code."""
    if name is None:
        screen.show(overview(ROWS, screen.width()))
        return 0
    if name in WORDS:
        screen.show(word(name))
        return 0
    row = NAMES.get(name)
    if row is None:
        row = next((each for each in ROWS if each.infix == name), None)
    if row is None:
        close = closest(name, [*NAMES, *WORDS])
        raise BackpropError(
            f"there is no function '{name}'",
            f"did you mean '{close}'?" if close else "'backprop functions' lists them all",
        )
    screen.show(one(row, screen.width()))
    return 0
