"""Trees: the graph from the output down, with values, with gradients, or with both.

On a line stands what flows along one edge: its gradient is its local derivative times the gradient
of the line it hangs from. An operation that is used more than once has a tree of its own, below,
and there stands the sum of what its uses give.
"""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.render.layout.lines import (
    BITS,
    LONGEST,
    MOST_TERMS,
    SHORTEST,
    aligned,
    bits,
    value,
    width,
    wrapped,
)
from backpropcli.render.layout.numbers import total
from backpropcli.render.views.branches import branches
from backpropcli.render.views.table import table
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.render.layout.lines import Line, Options, Part
    from backpropcli.render.views.branches import Row
    from backpropcli.report.report import Report
    from backpropcli.report.view import View

VALUE, LOCAL, FLOW, OPERATION, NODE = "value ↑", "local", "flow", "operation", "node"
COLUMNS: dict[str, tuple[str, ...]] = {
    "all": (VALUE, LOCAL, FLOW),
    "forward": (VALUE,),
    "backward": (LOCAL, FLOW),
    "graph": (OPERATION, NODE),
}
ROOM = 16
"""The least columns of a label beside its numbers; with less, the numbers stand below it."""
DEEPEST = 200
"""The most columns of guides where lines may be of any length."""


def tree(report: Report, view: str, options: Options) -> list[Line]:
    """Return the tree of ``view``: "graph", "forward", "backward" or "all"."""
    count, most = len(report.view), options.max_nodes
    if not most:
        return table(report, options, view)
    if count > most:
        note = f"{count:,} nodes are more than --max-nodes {most:,}: as a table"
        return [*wrapped([("note", note)], options.width), *table(report, options, view)]
    rows = branches(report.view, options.width - 2 * SHORTEST if options.fitted else DEEPEST)
    if rows is None:
        note = f"the tree is too deep for {options.width if options.fitted else DEEPEST} columns"
        return [
            *wrapped([("note", f"{note}: as a table")], options.width),
            *table(report, options, view),
        ]
    if report.arrays and view != "graph":
        from backpropcli.render.views.tree_of_arrays import tree_of_arrays

        return tree_of_arrays(report, view, options, rows)
    return _columned(report, view, options, rows)


def _columned(report: Report, view: str, options: Options, rows: list[Row]) -> list[Line]:
    """Return a tree whose numbers stand in columns beside the labels."""
    heads, numbers = _numbers(report, view, options, rows)
    taken = width(numbers[0])
    column, texts = _labels(report.view, rows, options, taken)
    lines: list[Line] = [[("", " " * column), *numbers[0]]]
    for row, text, line in zip(rows, texts, numbers[1:], strict=True):
        if not row.lead and row is not rows[0]:
            lines.append([])
        blanks = column - columns(row.lead + text)
        lines.append([("guide", row.lead), ("label", text + " " * blanks)])
        if blanks < 0:
            lines.append([("guide", f"{row.below[:column]:<{column}}")])
        lines[-1] += line
        if not row.lead and FLOW in heads:
            _add(lines, _sum(report, row.node, options), options)
    return lines


def _numbers(
    report: Report, view: str, options: Options, rows: list[Row]
) -> tuple[tuple[str, ...], list[Line]]:
    """Return the columns of numbers: which they are, and a line of them for each row.

    Where the screen is too narrow, points are not aligned, and then columns are left out.
    """
    heads = asked = COLUMNS[view]
    if report.bits and options.bits:
        asked = (*asked, BITS)
    found: list[Line] = []
    for heads, points in _narrower(asked):
        titles = [_head(head, report.quantity) for head in heads]
        cells = [[("", ""), *_cells(report, heads, options.digits, row)] for row in rows]
        if report.arrays:
            titles, cells = _with_shapes(report.view, titles, cells, rows)
        found = [line[1:] for line in aligned(cells, ["", *titles], 1, points=points)]
        if width(found[0]) <= options.room():
            break
    return heads, found


def _with_shapes(
    shown: View, titles: list[str], cells: list[list[Part]], rows: list[Row]
) -> tuple[list[str], list[list[Part]]]:
    """Return columns with that of the nodes' shapes before them."""
    from backpropcli.render.layout.arrays import sized
    from backpropcli.report.elements import shape_of

    shapes: list[Part] = [("note", sized(shape_of(shown.values[row.node]))) for row in rows]
    return ["shape", *titles], [
        [line[0], shape, *line[1:]] for shape, line in zip(shapes, cells, strict=True)
    ]


def _narrower(heads: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield columns and whether points are aligned, narrower each time."""
    yield heads, True
    yield heads, False
    yield tuple(head for head in heads if head != LOCAL), False
    yield tuple(head for head in heads if head in {FLOW, BITS}) or heads[-1:], False


def _labels(shown: View, rows: list[Row], options: Options, taken: int) -> tuple[int, list[str]]:
    """Return the column where the numbers begin, and each line's label.

    The numbers take ``taken`` columns. They are below a label that is longer than what is left.
    """
    if not options.fitted:
        limit = options.longest(len(shown))
        texts = [row.text(shown, limit) for row in rows]
        widths = [columns(row.lead + text) for row, text in zip(rows, texts, strict=True)]
        return max([width for width in widths if width <= LONGEST], default=0), texts
    room = max(options.width - taken, 0)
    wanted = max(columns(row.text(shown, ROOM)) + len(row.lead) for row in rows)
    limit = room if wanted <= room else options.width
    texts = [row.text(shown, limit - len(row.lead)) for row in rows]
    if wanted > room:
        return room, texts
    return max(columns(row.lead + text) for row, text in zip(rows, texts, strict=True)), texts


def _sum(report: Report, node: int, options: Options) -> str:
    """Return what the gradient at the top of a tree is the sum of, "" for nothing to add."""
    adjoint = report.view.adjoints[node]
    if adjoint is None or report.quantity == "tangent":
        return ""
    most = MOST_TERMS if options.fitted else options.longest(1)
    return total(adjoint, report.view.terms(node), options.digits, most)


def _add(lines: list[Line], text: str, options: Options) -> None:
    """Add a sum to the last line, or below it where it is too long for that."""
    if not text:
        return
    if columns(text) <= options.room(width(lines[-1])):
        lines[-1].append(("note", text))
    else:
        lines += wrapped([("note", f" {text}")], options.width)


def _head(head: str, quantity: str) -> str:
    """Return the head of a column; that of what flows says where to."""
    if head != FLOW:
        return head
    return f"{quantity} {'↑' if quantity == 'tangent' else '↓'}"


def _cells(report: Report, heads: tuple[str, ...], digits: int, row: Row) -> list[Part]:
    """Return the columns of one line."""
    shown, node = report.view, row.node
    cells: dict[str, Part]
    if OPERATION in heads or NODE in heads:
        operation = shown.calls.get(node) or shown.operations[node]
        cells = {OPERATION: ("note", operation), NODE: ("note", f"#{node}")}
    else:
        cells = _amounts(report, digits, row)
    if report.bits and BITS in heads:
        cells[BITS] = ("note", bits(report.bits, node))
    return [cells[head] for head in heads]


def _amounts(report: Report, digits: int, row: Row) -> dict[str, Part]:
    """Return the numbers of one line, by column."""
    shown, node, edge = report.view, row.node, row.edge
    cells: dict[str, Part] = {VALUE: ("value", value(shown, node, digits)), LOCAL: ("", "")}
    if edge is None or report.quantity == "tangent":
        given, why = shown.adjoints[node], shown.status(node)
    else:
        given, why = edge.contribution, edge.flow
    if given is None:
        cells[FLOW] = ("note", why)
    else:
        cells[FLOW] = ("gradient", number(given, digits))
    if edge is not None and edge.partial is not None and edge.flow != "not taken":
        cells[LOCAL] = ("local", number(edge.partial, digits))
    return cells
