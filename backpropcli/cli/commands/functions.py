"""backprop functions [NAME]: the table of operations."""

from __future__ import annotations

from backpropcli.cli import screen
from backpropcli.cli.line.reader import single
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.graph.arrays import LISTED, REDUCED, rows_of
from backpropcli.graph.arrays import WORDS as OF_ARRAYS
from backpropcli.graph.operations import DRAWS, NAMES
from backpropcli.graph.operations import WORDS as ROWS
from backpropcli.language.builder.files import HOME, described
from backpropcli.render.help.functions import WORDS, one, overview, word
from backpropcli.render.layout.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.render.layout.lines import Line


def run(words: Sequence[str], _: object) -> int:
    """Show all operations, or all about one; return the exit code."""
    name = single(words, "functions")
    if not name:
        screen.page(overview((*ROWS, *LISTED), screen.width(), described()))
        return 0
    lines = explained(name)
    if name in DRAWS:
        raise BackpropError(
            f"{name} draws a value, and is no function of a program",
            f"write it as a value, as in W='{name}(3, 4)'; see 'backprop help values'",
        )
    if lines is None:
        raise BackpropError(
            f"there is no function '{name}'",
            did_you_mean(name, known_words(), "'backprop functions' lists them all"),
        )
    screen.show(lines)
    return 0


def explained(name: str) -> list[Line] | None:
    """Return all there is to know of a function, an operator or a word; None if it is none."""
    if name in WORDS:
        return word(name)
    if name in HOME:
        head, doc, definition = described()[name]
        lines = [[("", f"{head}: {doc}")], [("label", definition)]]
        return [piece for line in lines for piece in wrapped(line, screen.width())]
    rows = rows_of(name) or [row for row in ROWS if row.infix == name]
    found: list[Line] = []
    for row in rows:
        found += [*[[]] * bool(found), *one(row, screen.width())]
    return found or None


def known_words() -> list[str]:
    """Return all words that ``explained`` knows."""
    return [*NAMES, *OF_ARRAYS, *REDUCED, *HOME, *WORDS]
