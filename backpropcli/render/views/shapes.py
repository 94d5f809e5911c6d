"""The tree of shapes: what has which shape, from the output down."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.errors import columns, visible
from backpropcli.render.layout.lines import SHORTEST, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.modes.shapes import ShapeNode, Shapes
    from backpropcli.render.layout.lines import Line, Options

EQUAL = "shapes: a value and its gradient always have the same"
UNKNOWN, FAILS = "?", "does not fit"
DEEPEST = 200
"""The most columns of guides where lines may be of any length."""


def shapes_lines(found: Shapes, options: Options) -> list[Line]:
    """Return the tree of a program's shapes; as a list, where it is too large or too deep."""
    rows = _rows(found, options.width - SHORTEST if options.fitted else DEEPEST)
    if rows is None or len(rows) > options.max_nodes:
        rows = [(node, "", "") for node in range(len(found.nodes))]
    sizes = [_shape(found.nodes[node]) for node, _, _ in rows]
    room = options.room(max(map(columns, sizes), default=0) + 2)
    labels = [
        _label(found, found.nodes[node], max(SHORTEST, room - columns(lead) - len(tag))) + tag
        for node, lead, tag in rows
    ]
    width = max(columns(lead + label) for (_, lead, _), label in zip(rows, labels, strict=True))
    lines = wrapped([("heading", EQUAL)], options.width)
    for (node, lead, _), label, size in zip(rows, labels, sizes, strict=True):
        role = "bad" if found.nodes[node].fails else "note" if size == UNKNOWN else "value"
        gap = " " * (width - columns(lead + label) + 2)
        lines.append([("guide", lead), ("label", label + gap), (role, size)])
    return lines


def _shape(node: ShapeNode) -> str:
    if node.fails:
        return FAILS
    return UNKNOWN if node.shape is None else text(node.shape)


def _label(found: Shapes, node: ShapeNode, room: int) -> str:
    head = f"{node.name} = " if node.name else ""
    left = room - columns(head)
    if head and left < SHORTEST:  # the name alone says what it is
        return visible(node.name)
    return visible(head + found.program.text(node.number, left))


def _rows(found: Shapes, room: int) -> list[tuple[int, str, str]] | None:
    """Return (node, guides, what stands behind it) for each line; None if one is too deep."""
    rows: list[tuple[int, str, str]] = []
    done: set[int] = set()
    for output in found.outputs:
        stack: list[tuple[int, str, str]] = [(output, "", "")]
        while stack:
            node, lead, below = stack.pop()
            inputs = tuple(dict.fromkeys(found.nodes[node].inputs))
            again = node in done and bool(inputs)
            rows.append((node, lead, " (above)" if again else ""))
            if len(lead) > room:
                return None
            done.add(node)
            for child in reversed(() if again else inputs):
                last = child == inputs[-1]
                stack.append(
                    (child, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  "))
                )
    return rows
