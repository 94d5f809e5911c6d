"""backprop functions [NAME]: the table of operations."""

from __future__ import annotations

from backpropcli.cli import screen
from backpropcli.cli.reader import single
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.graph.operations import NAMES
from backpropcli.graph.operations import WORDS as ROWS
from backpropcli.render.functions import WORDS, one, overview, word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.render.lines import Line


def run(words: Sequence[str], _: object) -> int:
    """Show all operations, or all about one; return the exit code."""
    name = single(words, "functions")
    if not name:
        screen.page(overview(ROWS, screen.width()))
        return 0
    lines = explained(name)
    if lines is None:
        raise BackpropError(
            f"there is no function '{name}'",
            did_you_mean(name, [*NAMES, *WORDS], "'backprop functions' lists them all"),
        )
    screen.show(lines)
    return 0


def explained(name: str) -> list[Line] | None:
    """Return all there is to know of a function, an operator or a word; None if it is none."""
    if name in WORDS:
        return word(name)
    row = NAMES.get(name) or next((row for row in ROWS if row.infix == name), None)
    return None if row is None else one(row, screen.width())
