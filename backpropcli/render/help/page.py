"""Pages of help: headings, and rows of a term and what it means."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.render.layout.lines import pad, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backpropcli.render.layout.lines import Line

INDENT = 2
GAP = 2
NARROW = 26
"""Fewer columns than these hold no sentence."""


def headed(heading: str, lines: Iterable[Line]) -> list[Line]:
    """Return ``lines`` under a heading, with an empty line below."""
    return [[("heading", heading)], *lines, []]


def listed(rows: Sequence[tuple[str, str]], width: int, widest: int = 0) -> list[Line]:
    """Return a line for each (term, meaning), the meanings in a column, broken at blanks.

    The column begins behind a term of ``widest`` columns, or the widest of these; where it would
    be too narrow, the meaning stands below.
    """
    widest = max([widest, *(columns(term) for term, _ in rows)])
    below = width - INDENT - widest - GAP < NARROW
    lead = " " * (INDENT + (GAP if below else widest + GAP))
    lines: list[Line] = []
    for term, meaning in rows:
        first, *more = wrapped([("", meaning)], width - len(lead), 0)
        head = " " * INDENT + term
        if below or not meaning:
            lines.append([("label", head)])
            more = [first, *more] if meaning else []
        else:
            lines.append([("label", pad(head, len(lead))), *first])
        lines += [[("", lead), *line] for line in more]
    return lines
