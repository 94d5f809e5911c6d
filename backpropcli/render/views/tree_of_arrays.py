"""Trees of programs with arrays: below each node its value, local derivative and gradient.

A value and its gradient have the same shape, which stands once, after the node. An operation on
whole arrays has a rule as its local derivative: what it passes on, of g.
"""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.render.layout.arrays import block, sized
from backpropcli.render.layout.blocks import marked, packed
from backpropcli.render.layout.lines import SHORTEST, bits, width, wrapped
from backpropcli.report.elements import shape_of
from backpropcli.report.local.elements import GIVEN
from backpropcli.report.local.partials import local
from backpropcli.report.local.texts import axes_of, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.layout.blocks import Block
    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.render.views.branches import Row
    from backpropcli.report.report import Report
    from backpropcli.report.view import View

WIDEST_RULE = 72
"""How many columns a rule takes at most, on any screen and in a file."""
VALUE, LOCAL, FLOW, TANGENT = "↑ ", "· ", "↓ ", "d "
FIELDS = {"all": (VALUE, LOCAL, FLOW), "forward": (VALUE,), "backward": (LOCAL, FLOW)}
LEAST = 20
"""The columns that there are for what is told of a node, at least."""


def tree_of_arrays(report: Report, view: str, options: Options, rows: list[Row]) -> list[Line]:
    """Return the lines of a tree with these ``rows``."""
    shown = report.view
    heads = [_head(shown, row, options, gradients=FLOW in FIELDS[view]) for row in rows]
    fields = [_fields(report, row, FIELDS[view], options) for row in rows]
    half = options.width // 2
    near = [width(head) for head in heads if width(head) <= half]
    column = max(near, default=0) + 3
    lines = wrapped(_legend(report, view, rows), options.width)
    for row, head, blocks in zip(rows, heads, fields, strict=True):
        if not row.lead and row is not rows[0]:
            lines.append([])
        left = options.room(column)
        beside = packed(blocks, left)
        if len(beside) == 1 and width(head) < column and width(beside[0]) <= left:
            lines.append([*head, ("", " " * (column - width(head))), *beside[0]])
            continue
        lines.append(head)
        open_ = not row.elsewhere and bool(shown.inputs[row.node])
        lead = row.below + ("│  " if open_ else "   ")
        if options.fitted:  # what is told of deep nodes begins before they do
            lead = lead[: max(0, options.width - LEAST)]
        beside = packed(blocks, options.room(columns(lead)))
        lines += [[("guide", lead), *line] for line in beside]
    return lines


def _legend(report: Report, view: str, rows: list[Row]) -> Line:
    """Return what the marks stand for."""
    tangent = report.quantity == "tangent"
    words = {VALUE: "value", LOCAL: "local derivative", FLOW: report.quantity}
    text = "   ".join(
        f"{TANGENT if mark == FLOW and tangent else mark}{words[mark]}" for mark in FIELDS[view]
    )
    line: Line = [("heading", text)]
    shown = report.view
    if LOCAL in FIELDS[view] and any(
        row.edge is not None and rule(shown, row.user, row.edge) for row in rows
    ):
        whose = "the node itself" if tangent else "the node above"
        line.append(("note", f"   ({GIVEN}: the {report.quantity} of {whose})"))
    return line


def _head(shown: View, row: Row, options: Options, *, gradients: bool) -> Line:
    """Return a node's guides, label and shape, and of how many terms its gradient is the sum."""
    size = sized(shape_of(shown.values[row.node]))
    uses = len(shown.terms(row.node)) if gradients and not row.lead else 0
    notes = [f"  {size}"] if size else []
    notes += [f"  (gradient: the sum of {uses})"] if uses > 1 else []
    room = options.width - columns(row.lead) - len("".join(notes))
    text = row.text(shown, max(SHORTEST, room) if options.fitted else options.longest(len(shown)))
    return [("guide", row.lead), ("label", text), *[("note", note) for note in notes]]


def _fields(report: Report, row: Row, marks: tuple[str, ...], options: Options) -> list[Block]:
    """Return the blocks of what is told of a node, at the end of its edge."""
    shown, node, edge = report.view, row.node, row.edge
    room = max(LEAST, options.room(columns(row.below) + 3)) - 2
    tangent = report.quantity == "tangent"
    found = []
    for mark in marks:
        if mark == VALUE:
            if not (shown.literal(node) and not shape_of(shown.values[node])):
                typed: Block = [[("value", shown.typed[node])]] if shown.typed[node] else []
                lines = typed or block(shown.values[node], options, "value", room)
                found.append(marked(mark, lines))
        elif mark == LOCAL:
            lines = _local(report, row, options, room)
            if lines:
                found.append(marked(mark, lines))
        else:
            given = shown.adjoints[node] if edge is None or tangent else edge.contribution
            why = shown.status(node) if edge is None or tangent else edge.flow
            name = TANGENT if tangent else mark
            lines = block(given, options, "gradient", room) if given is not None else []
            found.append(marked(name, lines or [[("note", why)]]))
    if report.bits and options.bits:
        found.append([[("note", f"bits {bits(report.bits, node)}")]])
    return found


def _local(report: Report, row: Row, options: Options, room: int) -> Block:
    """Return the local derivative along an edge: numbers, or a rule with its shapes."""
    edge, shown = row.edge, report.view
    if edge is None or edge.flow in {"not taken", "constant"}:
        return []
    found = rule(shown, row.user, edge)
    if found:
        line: Line = [("local", found[0]), ("note", f"   {found[1]}" if found[1] else "")]
        return wrapped(line, min(room, WIDEST_RULE))
    if edge.partial is None:
        return []
    lines = block(edge.partial, options, "local", room)
    assert row.user is not None  # noqa: S101 (for mypy: there is an edge)
    if row.user not in shown.calls:
        summed = local(shown, row.user, edge)
        if summed is not None and summed.over is not None and report.quantity != "tangent":
            axes = axes_of(summed).removeprefix(", ")
            lines[0] = [*lines[0], ("note", f" (summed{axes and f' over {axes}'})")]
            lines[:1] = wrapped(lines[0], room) if options.fitted else lines[:1]
    return lines
