"""Lines of (role, text) parts: what every view is made of, before it is painted."""

from __future__ import annotations

from itertools import accumulate

from backpropcli.errors import columns, visible
from backpropcli.render.layout.numbers import pointed
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.report.flow.flow import Node
    from backpropcli.report.truth.bits import Bits
    from backpropcli.report.view import View

    Part = tuple[str, str]
    Line = list[Part]

SHORTEST, LONGEST = 8, 60
"""An expression in fewer columns says nothing; one in more is long."""
UNBROKEN = 1 << 20
"""A width that no line reaches."""
ALL = "--quiet and --json have all"
"""Where results are that are not shown."""
MOST_TERMS = 12
"""The most terms of a sum on a screen."""
EVERYTHING = 1_000_000
"""Characters of all expressions together, at most, where none is shortened."""


class Options:
    """How a person wants to see it: digits, the screen's width, how many nodes are too many.

    ``elements`` are the digits of an array's elements; arrays are shown whole where ``full``.
    With ``bits`` a column says how many are right of each number.
    Where results are ``proved`` they are right, whatever floats are.
    Lines are ``fitted`` into the width by shortening what is long; a pipe and a file get it whole.
    """

    __slots__ = ("bits", "digits", "elements", "fitted", "full", "max_nodes", "proved", "width")

    def __init__(  # noqa: PLR0913 (what a person may ask for)
        self,
        digits: int = 6,
        width: int = 80,
        max_nodes: int = 500,
        *,
        fitted: bool = True,
        elements: int = 4,
        full: bool = False,
        proved: bool = False,
        bits: bool = False,
    ) -> None:
        self.digits = digits
        self.elements = elements
        self.full = full
        self.proved = proved
        self.bits = bits
        self.width = width
        self.max_nodes = max(max_nodes, 0)
        self.fitted = fitted

    def room(self, taken: int = 0) -> int:
        """Return the columns beside those ``taken``; without limit where lines are not fitted."""
        return self.width - taken if self.fitted else UNBROKEN

    def longest(self, count: int) -> int:
        """Return how long each of ``count`` expressions may be where nothing is shortened."""
        return max(LONGEST, EVERYTHING // max(count, 1))


def value(view: View, node: int, digits: int) -> str:
    """Return a node's value: as it was typed if it was, else as a computed number."""
    return view.typed[node] or number(view.values[node], digits)


def adjoint(row: Node, digits: int) -> str:
    """Return a node's gradient, or the reason why it has none."""
    return row.status if row.adjoint is None else number(row.adjoint, digits)


def label(view: View, node: int, limit: int = 60) -> str:
    """Return a node's name and text: "z = w*x + b"."""
    name = view.names[node]
    if not name:
        return visible(view.text(node, limit))
    head = visible(f"{name} = ")
    room = limit - columns(head)
    text = visible(view.text(node, max(room, SHORTEST)))
    if columns(text) > room:  # the name alone says what it is
        return head[:-3] if columns(head) - 3 <= limit else f"{head[: limit - 2]} …"
    return head + text


BITS = "bits ↑ ↓"
"""The head of the column of ``bits``."""


def bits(found: Bits, node: int) -> str:
    """Return how many bits are right of a node's value and adjoint: "53 | 48"."""
    pair = [found.values[node], found.adjoints[node]]
    value, adjoint = ["-" if one is None else f"{int(one)}" for one in pair]
    return f"{value:>2} | {adjoint:>2}"


def width(line: Line) -> int:
    """Return the columns of a line."""
    return sum([columns(text) for _, text in line])


def left_out(count: int, where: str = ALL, what: str = "") -> list[Line]:
    """Return the line that tells how many more there are, and where; none if there are no more."""
    return [[("note", f"… {count:,} more{what}; {where}")]] if count > 0 else []


def pad(text: str, width: int) -> str:
    """Return ``text`` with blanks up to ``width`` columns."""
    return text + " " * (width - columns(text))


def aligned(
    rows: list[list[Part]], head: list[str], right: int, *, points: bool = True
) -> list[Line]:
    """Return ``rows`` of cells as lines in columns; those from number ``right`` on to the right.

    There the decimal ``points`` of numbers stand below each other, if there is room for that.
    """
    cells = [[text for _, text in row] for row in rows]
    for index in range(right, len(head)) if points else ():
        column = pointed([row[index] for row in cells])
        for row, text in zip(cells, column, strict=True):
            row[index] = text
    widths = [max(map(columns, column)) for column in zip(head, *cells, strict=True)]
    lines = [
        [(role, _cell(text, widths, index, right)) for index, ((role, _), text) in enumerate(pairs)]
        for pairs in [zip(row, texts, strict=True) for row, texts in zip(rows, cells, strict=True)]
    ]
    if not any(head):
        return lines
    return [[("heading", _cell(text, widths, at, right)) for at, text in enumerate(head)], *lines]


def _cell(text: str, widths: list[int], index: int, right: int) -> str:
    gap = "  " if index else ""
    blanks = " " * (widths[index] - columns(text))
    if index >= right:
        return gap + blanks + text
    return gap + text + (blanks if index < len(widths) - 1 else "")


def tabulated(rows: list[list[Part]], head: list[str], right: int, room: int) -> list[Line]:
    """Return rows as ``aligned`` does; where that is too wide, each label on a line of its own."""
    labels = [row[0] for row in rows]
    lines = aligned(rows, head, right)
    if max(map(width, lines), default=0) <= room:
        return lines
    cells = [[("", " "), *row[1:]] for row in rows]
    lines = aligned(cells, ["", *head[1:]], right)
    top = wrapped([("heading", head[0])], room) if head[0] else []
    found = [*top, *lines[: len(lines) - len(rows)]]
    for (role, text), line in zip(labels, lines[len(lines) - len(rows) :], strict=True):
        blanks = len(text) - len(text.lstrip())
        pieces = folded(text.lstrip(), room - blanks)
        found += [*[[(role, " " * blanks + piece)] for piece in pieces], line]
    return found


def folded(text: str, width: int, indent: int = 4) -> list[str]:
    """Return a formula on lines of at most ``width`` columns, broken where it is least deep.

    It breaks at blanks, before * and / and after commas; all lines but the first are indented.
    What cannot be broken is longer.
    """
    lines: list[str] = []
    indent = min(indent, width // 4)
    ends = list(accumulate(map(columns, text), initial=0))
    start, room = 0, width
    near: list[tuple[int, tuple[int, int]]] = []
    for one in [*_breaks(text), (len(text), (0, 0))]:
        near.append(one)
        while near and ends[near[-1][0]] - ends[start] > room and len(near) > 1:
            fit = near[:-1]
            late = [(at, odd) for at, odd in fit if ends[at] - ends[start] > width // 3] or fit
            at = min(late, key=lambda place: (place[1], -place[0]))[0]
            lines.append(text[start:at].strip())
            start, room = at + (text[at] == " "), width - indent
            near = [place for place in near if place[0] > start]
    lines.append(text[start:].strip() if lines else text)
    return [lines[0], *[" " * indent + line for line in lines[1:]]]


def _breaks(text: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield where a formula can be broken, with how deep in brackets that is, and how odd.

    It is best before a sign, and better at another blank or after a comma than before * or /.
    """
    depth = 0
    for at, char in enumerate(text):
        before = text[max(at - 1, 0) : at]
        if before.strip():
            if char == " " and before != "\\":
                yield at, (depth, text[at + 1 : at + 2] not in {"+", "-"})
            elif char in "*/@" or before == ",":
                yield at, (depth, 2)
        depth += (char in "([{") - (char in ")]}")


def enumerated(texts: Sequence[str], most: int | None = None) -> str:
    """Return "a, b and c", "" for none; of more than ``most`` the first, and how many more."""
    shown = [*texts[:most]]
    left = len(texts) - len(shown)
    *first, last = [*shown, f"{left:,} more"] if left else shown or [""]
    return f"{', '.join(first)} and {last}" if first else last


def at_sizes(sizes: Sequence[Mapping[str, int]]) -> str:
    """Return the sizes that something is said of: "at the sizes n=3 d=2 and n=2 d=4"."""
    each = [" ".join(f"{name}={size}" for name, size in one.items()) for one in sizes]
    return f"at the size{'s' if len(each) > 1 or len(sizes[0]) > 1 else ''} {enumerated(each)}"


def wrapped(line: Line, width: int, indent: int = 2) -> list[Line]:
    """Return ``line`` broken at blanks into lines of at most ``width`` columns.

    All but the first begin with ``indent`` blanks, or with those that a narrow screen has room for.
    """
    lines: list[Line] = [[]]
    used, indent = 0, min(indent, width // 3)
    for role, text in line:
        for index, word in enumerate(text.split(" ")):
            blank = " " if index else ""
            if index and used + 1 + columns(word) > width:
                if not word:
                    continue
                blank = " " * indent
                lines.append([])
                used = 0
            lines[-1].append((role, blank + word))
            used += columns(blank + word)
    return lines
