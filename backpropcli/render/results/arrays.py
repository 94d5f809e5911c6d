"""The value and the gradient of a program with arrays, below its view."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.render.layout.arrays import block, sign, sized
from backpropcli.render.layout.blocks import beside
from backpropcli.render.layout.lines import SHORTEST, left_out, pad
from backpropcli.report.elements import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.report import Report

EDGE = "    "


def gradient_of_arrays(report: Report, options: Options) -> list[Line]:
    """Return the value, and below it the gradient by each name, with its shape."""
    lines = block(report.value, options, "value", options.width - len(EDGE))
    limit = max(SHORTEST, options.width // 2) if options.fitted else options.longest(1)
    title = visible(report.program.title(report.program.root, limit))
    head: Line = [("heading", title), ("", f" {sign(report.value, options)} ")]
    if len(lines) == 1:
        found: list[Line] = [[*head, *lines[0]]]
    else:
        found = [head, *[[("", EDGE), *line] for line in lines]]
    slopes = [
        (report.label(name), slope, report.flow.status(report.wrt[name]))
        for name, slope in [*report.gradient.items()][: options.max_nodes]
    ]
    return [*found, *listed(slopes, options, len(report.gradient))]


def listed(values: Sequence[tuple[str, Any, str]], options: Options, count: int) -> list[Line]:
    """Return values under their labels, each with its shape and a note; ``count`` there are."""
    labels = [visible(label) for label, _, _ in values]
    sizes = [sized(shape_of(value)) for _, value, _ in values]
    widths = [max(map(columns, texts), default=0) for texts in (labels, sizes)]
    found: list[Line] = []
    for (_, value, why), label, size in zip(values, labels, sizes, strict=True):
        start: Line = [("", EDGE), ("label", pad(label, widths[0] + 2))]
        start.append(("note", pad(size, widths[1] + 2) if widths[1] else ""))
        room = options.room(len(EDGE) + sum(widths) + 4)
        rows = block(value, options, "gradient", max(room, SHORTEST))
        if why:
            rows[0] = [*rows[0], ("note", f"  ({why})")]
        found += beside([[start], rows], "")
    return found + left_out(count - len(values))
