"""Arrays as blocks: on one line, in aligned rows, or by their least, mean and largest."""

from __future__ import annotations

from itertools import product
from math import prod

from backpropcli.arithmetics.shapes import sizes
from backpropcli.errors import columns
from backpropcli.render.layout.lines import width
from backpropcli.render.layout.numbers import EQUAL, NEARLY, pointed, printed
from backpropcli.report.decimals import Proved, number
from backpropcli.report.elements import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from backpropcli.render.layout.blocks import Block
    from backpropcli.render.layout.lines import Line, Options

MOST_ROWS, MOST_ELEMENTS = 8, 64
"""What is shown whole of an array."""
SHORT = 16
"""The most elements of an array in a cell of a table."""
LONGEST_CELL = 18
BARS = "▁▂▃▄▅▆▇█"
LEVELS = 3
"""How many shades of heat there are on either side of 0."""


def sized(shape: Sequence[int]) -> str:
    """Return a shape as it is told: 64x10; "" for a number."""
    return sizes.text(tuple(shape)) if shape else ""


def inline(value: Any, digits: int) -> str:  # noqa: ANN401
    """Return an array on one line, as it is typed: [[1, 2], [3, 4]]."""
    shape = shape_of(value)
    if not shape:
        return number(value, digits)
    return elements(value, lambda one: number(one, digits))


def kept(value: Any, digits: int) -> bool:  # noqa: ANN401
    """Say whether print loses none of the 15 digits that doubles hold of any number."""
    elements = value.ravel().tolist() if shape_of(value) else [value]
    return all(printed(one, number(one, digits)) == EQUAL for one in elements)


def sign(value: Any, options: Options) -> str:  # noqa: ANN401
    """Return the sign before a printed value: equal where print lost nothing.

    It is "" for an array that is told by its least and largest element.
    """
    if type(value) is Proved:
        return EQUAL
    if not shape_of(value):
        return EQUAL if kept(value, options.digits) else NEARLY
    if value.size > MOST_ELEMENTS and not options.full:
        return ""
    return EQUAL if kept(value, options.elements) else NEARLY


def block(value: Any, options: Options, role: str, room: int) -> Block:  # noqa: ANN401
    """Return the lines of a value, in at most ``room`` columns where lines are fitted."""
    shape = shape_of(value)
    if not shape:
        return [[(role, number(value, options.digits))]]
    fitted = options.fitted
    few = value.size <= MOST_ELEMENTS
    full = options.full or (few and options.proved)
    if full or few:
        text = inline(value, options.elements)
        fits = not fitted or columns(text) <= room
        if fits and (value.size == shape[-1] or not value.size):
            return [[(role, text)]]
        if len(shape) > 1:
            lines = _rows(value, options, role)
            wide = max(map(width, lines), default=0) > room and fitted
            if full and wide:
                return [piece for line in lines for piece in _broken(line, room)]
            if full or (len(lines) <= MOST_ROWS and not wide):
                return lines
        elif full:
            return _wrapped(value, options.elements, role, room)
    return [summed_up(value, options, room)]


def elements(value: Any, spell: Callable[[float], str]) -> str:  # noqa: ANN401
    """Return nested lists on one line, of elements as ``spell`` writes them."""
    shape = value.shape
    texts = [spell(one) for one in value.ravel().tolist()]
    for at in range(len(shape) - 1, -1, -1):
        size, starts = shape[at], range(prod(shape[:at]))
        texts = [f"[{', '.join(texts[k * size : (k + 1) * size])}]" for k in starts]
    return texts[0] if texts else "[]"


def _wrapped(value: Any, digits: int, role: str, room: int) -> Block:  # noqa: ANN401
    """Return a long vector on several lines."""
    lines, text = [], "["
    texts = [number(one, digits) for one in value.tolist()]
    for at, one in enumerate(texts):
        piece = one + ("]" if at == len(texts) - 1 else ",")
        if len(text) > 1 and len(text) + 1 + len(piece) > room:
            lines.append(text)
            text = " "
        text += piece if len(text) == 1 else f" {piece}"
    return [[(role, line)] for line in [*lines, text]]


def _rows(value: Any, options: Options, role: str) -> Block:  # noqa: ANN401
    """Return a matrix as aligned rows, in shades; of more axes, a matrix each with its index."""
    *outer, height, across = value.shape
    matrices = value.reshape(-1, height, across)
    top = max([abs(one) for one in value.ravel().tolist() if one - one == 0], default=0.0)
    lines: Block = []
    for place, matrix in zip(product(*map(range, outer)), matrices, strict=True):
        texts = [[number(one, options.elements) for one in row] for row in matrix.tolist()]
        cells = [_padded(column) for column in zip(*texts, strict=True)]
        head = f"[{', '.join(map(str, place))}] " if place else ""
        for row, (values, line) in enumerate(
            zip(matrix.tolist(), zip(*cells, strict=True), strict=True)
        ):
            start = head if not row else " " * len(head)
            parts: Line = [("note", start)]
            for at, (one, text) in enumerate(zip(values, line, strict=True)):
                parts += [("", "  " if at else ""), (heat(one, top) or role, text)]
            lines.append(parts)
    return lines


def _broken(row: Line, room: int) -> Block:
    """Return a row of a matrix on as many lines as it needs; all but the first are indented."""
    lines: Block = [[]]
    for role, text in row:
        if text.strip() and lines[-1] and width(lines[-1]) + columns(text) > room:
            lines.append([("", "  ")])
        lines[-1].append((role, text))
    return lines


def _padded(texts: Sequence[str]) -> list[str]:
    """Return the numbers of one column of a matrix, with their points below each other."""
    cells = pointed(texts)
    wide = max(map(len, cells))
    return [cell.rjust(wide) for cell in cells]


def heat(value: float, top: float) -> str:
    """Return the role of a number's shade: from -3 for the largest below 0 to 3 above it.

    What is near 0 has none.
    """
    if value - value != 0:
        return ""
    level = min(LEVELS, int(abs(value) / top * LEVELS + 0.5)) if top else 0
    return f"heat{level if value > 0 else -level}"


def summed_up(value: Any, options: Options, room: int) -> Line:  # noqa: ANN401
    """Return what a large array comes to: "min -1.2  mean 0.01  max 3.4  norm 25"."""
    from backpropcli.report.reach.stats import Stats

    found, digits = Stats(value), min(options.elements, 4)
    bad: Line = [("warn", f"  {found.bad:,} not finite")] if found.bad else []
    if found.same:
        return [("note", "all "), ("value", number(found.least, digits))]
    if found.bad == value.size:
        return [("warn", "none is finite")]
    line: Line = []
    for name, one in (
        ("min", found.least),
        ("mean", found.mean),
        ("max", found.largest),
        ("norm", found.norm),
    ):
        line += [("note", f"{'  ' if line else ''}{name} "), ("value", number(one, digits))]
    line += bad
    most = max(found.bins, default=0)
    if most:
        bars = "".join([BARS[-(-count * 7 // most)] for count in found.bins])
        line.append(("note", f"  {bars}"))
    while len(line) > 2 and options.fitted and width(line) > room:  # noqa: PLR2004
        line.pop()
    return line


def brief(value: Any, options: Options) -> str:  # noqa: ANN401
    """Return an array in the cell of a table: whole if it is short, else its least and largest."""
    from backpropcli.report.reach.stats import Stats

    digits = options.elements
    if options.full or value.size <= SHORT:
        text = inline(value, digits)
        if options.full or columns(text) <= LONGEST_CELL:
            return text
    found = Stats(value)
    if found.same:
        return f"all {number(found.least, digits)}"
    if found.bad == value.size:
        return "none is finite"
    bad = f", {found.bad:,} not finite" if found.bad else ""
    return f"{number(found.least, digits)} … {number(found.largest, digits)}{bad}"
