"""A matrix: as it is if it fits the screen, if need be turned, else as a list."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.language.shortened import shortened
from backpropcli.render.layout.lines import SHORTEST, aligned, pad, width, wrapped
from backpropcli.render.layout.numbers import pointed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.layout.lines import Line, Options, Part

ZERO: Part = ("note", "·")
UNKNOWN: Part = ("note", "?")
LABELS = (1_000, 24)
"""How long the labels of outputs may be: the first of these with which a matrix fits is taken."""
GAP = 3
"""Blanks between the entries in a list."""


class Matrix:
    """What is shown: a label for each row and column, and the entries row by row.

    With ``ordered`` zeros hold for one order of elements, with ``kinked`` where there is no kink
    or step.
    ``values`` are those of the rows, if they are outputs: beside their labels, or below them where
    the matrix is turned. ``corner`` is what the matrix is called.
    """

    def __init__(  # noqa: PLR0913 (a picture has this many parts)
        self,
        rows: list[str],
        names: list[str],
        entries: list[list[Part]],
        values: list[str] | None = None,
        corner: str = "",
        *,
        ordered: bool = False,
        kinked: bool = False,
    ) -> None:
        self.rows = rows
        self.names = names
        self.entries = entries
        self.values = values
        self.corner = corner
        self.zero = "0 at every point"
        if ordered or kinked:
            self.zero = f"0 {'with this order of elements' if ordered else 'wherever it exists'}"

    def lines(self, options: Options) -> list[Line]:
        """Return the matrix in the first shape that fits, and what its signs mean."""
        if len(self.rows) * len(self.names) <= options.max_nodes:
            for limit in LABELS if self.values else LABELS[:1]:
                heads = [shortened(head, limit) for head in self.rows]
                if len({*heads}) < len({*self.rows}):
                    break
                for lines in (self._straight(heads), self._turned(heads)):
                    if all(width(line) <= options.width for line in lines):
                        return [*lines, *self._legend(options.width)]
        return self._list(options)

    def _straight(self, heads: list[str]) -> list[Line]:
        """Return a row for each of the rows."""
        if self.values:
            heads = [f"{head} = {value}" for head, value in zip(heads, self.values, strict=True)]
        rows = [[("label", head), *row] for head, row in zip(heads, self.entries, strict=True)]
        return aligned(rows, [self.corner, *self.names], 1)

    def _turned(self, heads: list[str]) -> list[Line]:
        """Return a row for each of the columns."""
        across = zip(*self.entries, strict=True)
        rows = [[("label", name), *row] for name, row in zip(self.names, across, strict=True)]
        lines = aligned(rows, [self.corner, *heads], 1)
        if not self.values:
            return lines
        values: list[Part] = [("label", ""), *[("value", f"= {value}") for value in self.values]]
        return aligned([values, *rows], ["", *heads], 1)

    def _list(self, options: Options) -> list[Line]:
        """Return the entries that can differ from 0, below the label of their row."""
        lines: list[Line] = [[("heading", self.corner)]] if self.corner else []
        room = options.max_nodes
        values = [f" = {value}" for value in self.values or []] or [""] * len(self.rows)
        for head, value, row in zip(self.rows, values, self.entries, strict=True):
            pairs = [
                (name, entry)
                for name, entry in zip(self.names, row, strict=True)
                if entry is not ZERO
            ]
            shown = pairs[: max(room, 0)]
            room -= len(pairs)
            if shown:
                lines.append(headed("label", head, value, options.width))
                lines += _grid(shown, options.width)
        if room < 0:
            more = f"… {-room:,} more; --max-nodes shows more, --json has all"
            return [*lines, *wrapped([("note", more)], options.width)]
        if any(entry is ZERO for row in self.entries for entry in row):
            lines += wrapped([("note", f"what is not listed is {self.zero}")], options.width)
        return lines

    def _legend(self, width: int) -> list[Line]:
        """Return what the signs in the matrix mean, if there are any."""
        signs = {entry for row in self.entries for entry in row if entry in (ZERO, UNKNOWN)}
        meaning = {ZERO: f"· is {self.zero}", UNKNOWN: "? is not known"}
        said = [text for sign, text in meaning.items() if sign in signs]
        return wrapped([("note", "; ".join(said))], width) if said else []


def headed(role: str, text: str, value: str, width: int) -> Line:
    """Return an expression and its value on one line."""
    return [(role, shortened(text, max(width - len(value), SHORTEST))), ("value", value)]


def _grid(pairs: list[tuple[str, Part]], width: int) -> list[Line]:
    """Return names with their numbers, as many beside each other as there is room for."""
    numbers = pointed([text for _, (_, text) in pairs])
    longest = max(map(columns, numbers))
    most = max(width - longest - 4, SHORTEST)
    names = [shortened(name, most) for name, _ in pairs]
    widest = max(map(columns, names))
    across = max(1, (width - 2 + GAP) // (widest + 2 + longest + GAP))
    lines: list[Line] = []
    for at, (name, text) in enumerate(zip(names, numbers, strict=True)):
        if at % across == 0:
            lines.append([])
        lead = " " * (GAP if at % across else 2)
        cell = f"  {' ' * (longest - columns(text))}{text}"
        lines[-1] += [("label", lead + pad(name, widest)), (pairs[at][1][0], cell)]
    return lines
