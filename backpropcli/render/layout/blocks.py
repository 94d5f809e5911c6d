"""Blocks of lines, side by side as far as there is room."""

from __future__ import annotations

from itertools import zip_longest

from backpropcli.errors import columns
from backpropcli.render.layout.lines import width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backpropcli.render.layout.lines import Line

    Block = list[Line]

GAP = "   "
"""What is between two blocks."""


def packed(blocks: Iterable[Block], room: int) -> Block:
    """Return blocks side by side, in at most ``room`` columns; what does not fit stands below."""
    lines: Block = []
    group: list[Block] = []
    used = 0
    for one in blocks:
        wide = max(map(width, one), default=0)
        if group and used + len(GAP) + wide > room:
            lines += beside(group)
            group, used = [], 0
        used += wide + (len(GAP) if group else 0)
        group.append(one)
    return lines + beside(group)


def beside(group: Sequence[Block], gap: str = GAP) -> Block:
    """Return blocks side by side."""
    widths = [max(map(width, one), default=0) for one in group]
    lines: Block = []
    for parts in zip_longest(*group, fillvalue=[]):
        line: Line = []
        for at, (part, wide) in enumerate(zip(parts, widths, strict=True)):
            last = at == len(widths) - 1
            line += part if last else [*part, ("", " " * (wide - width(part)) + gap)]
        lines.append(line)
    return lines


def marked(mark: str, lines: Block) -> Block:
    """Return a block with a mark before its first line."""
    blank = " " * columns(mark)
    return [[("note", blank if at else mark), *line] for at, line in enumerate(lines)]
