"""The view of flow: magnitudes on a log scale, the paths to each name, and what is in the way."""

from __future__ import annotations

from math import copysign, floor, isfinite, isnan, log2

from backpropcli.errors import columns, visible
from backpropcli.render.layout.lines import BITS, aligned, bits, label, left_out, width, wrapped
from backpropcli.render.notices import notices
from backpropcli.render.views.board import factor
from backpropcli.render.views.obstacles import FEW, limit, obstacles, size, title
from backpropcli.report.decimals import number
from backpropcli.report.elements import shape_of
from backpropcli.report.reach.reach import SMALLEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.render.layout.lines import Line, Options, Part
    from backpropcli.report.reach.paths import Path
    from backpropcli.report.reach.reach import Reach, Reached

BLOCK, STEPS = "█", (2, 10, 100, 1e3, 1e6, 1e12, 1e24, 1e48, 1e96)
"""What bars are made of, and the factors that a block may stand for."""
WIDEST = 16
"""The most blocks of a bar."""
SHOWN = 40
"""The rows of a table that is not shown whole."""
ENDS = 3, 20
"""Nodes at either end of a path that is not shown whole: on a screen, and elsewhere."""
NOT_FINITE = "not finite"
EXACT = 2.0**53
"""Below this a count of paths is exact."""


def flow(reach: Reach, options: Options) -> list[Line]:
    """Return the whole view."""
    lines = _magnitudes(reach, options)
    shown = reach.variables[: options.max_nodes]
    lines += [[]] if shown else []
    for reached in shown:
        lines += _reached(reach, reached, options)
    lines += left_out(len(reach.variables) - len(shown), "--json has all")
    told = obstacles(reach, options)
    return [*lines, *([[], *told] if told else []), *notices(reach.report, options)]


def _magnitudes(reach: Reach, options: Options) -> list[Line]:
    """Return a line for each node that something arrives at: how much, and a bar."""
    nodes = [node for node, one in enumerate(reach.powers) if one is not None][::-1]
    count = len(nodes)
    if count > options.max_nodes:
        rows = min(SHOWN, options.max_nodes)
        nodes = [nodes[at * (count - 1) // max(rows - 1, 1)] for at in range(rows)]
    view, arrays = reach.view, reach.report.arrays
    told = reach.report.bits if options.bits else None
    cells: list[list[Part]] = []
    for node in nodes:
        row: list[Part] = [("label", label(view, node, limit(reach, options)))]
        if arrays:
            from backpropcli.render.layout.arrays import sized

            row.append(("note", sized(shape_of(view.values[node]))))
        row.append(("gradient", _size(reach, node, options.digits)))
        cells.append([*row, ("note", bits(told, node))] if told else row)
    head = ["", *["shape"] * arrays, "norm" if arrays else "|gradient|", *[BITS] * bool(told)]
    widest = min(WIDEST, max(4, options.width // 2 - 14)) if options.fitted else WIDEST
    step, bars = _bars([reach.powers[node] for node in nodes], widest)
    lines = aligned(cells, head, 1 + arrays) if cells else []
    for line, bar in zip(lines[1:], bars, strict=True):
        line.append(("gradient", f"  {bar}"))
    legend = f"{BLOCK} is a factor of {number(step)}"
    if cells and width(lines[0]) + 2 + columns(legend) <= options.width:
        lines[0].append(("heading", f"  {legend}"))
    elif cells:
        lines.insert(0, [("heading", legend)])
    if count > len(nodes):
        text = f"… {len(nodes)} of {count:,} nodes, evenly; --max-nodes {count} shows all"
        lines.append([("note", text)])
    return lines


def _size(reach: Reach, node: int, digits: int) -> str:
    """Return the magnitude of what arrives at a node: of an array, its norm."""
    given, power = reach.view.adjoints[node], reach.powers[node]
    if given is None or power is None:
        return "0"
    shaped = bool(shape_of(given))
    if shaped and isnan(power):
        return NOT_FINITE
    return size(power, digits) if shaped or power < SMALLEST else number(abs(given), digits)


def _bars(powers: Sequence[float | None], widest: int) -> tuple[float, list[str]]:
    """Return the factor that a block of a bar stands for, and the bars: none for 0."""
    known = [power for power in powers if power is not None and isfinite(power)]
    least, most = min(known, default=0.0), max(known, default=0.0)
    step = next((one for one in STEPS if (most - least) / log2(one) < widest), STEPS[-1])
    return step, [
        BLOCK * (1 + floor((power - least) / log2(step) + 1e-9))
        if power is not None and isfinite(power)
        else ""
        for power in powers
    ]


def _reached(reach: Reach, reached: Reached, options: Options) -> list[Line]:
    """Return the paths to a name, the largest first."""
    report, node = reach.report, reached.node
    slope = report.gradient[reached.name]
    head: Line = [("label", visible(report.label(reached.name)))]
    if shape_of(slope):
        norm = "0" if node is None else _size(reach, node, options.digits)
        head += [("", " has norm " if norm != NOT_FINITE else " is "), ("gradient", norm)]
    else:
        head += [("", " = "), ("gradient", number(float(slope), options.digits))]
    if reached.why or node is None:
        return [[*head, ("note", f"  ({reached.why})" if reached.why else "")]]
    if not isfinite(reach.paths.sums[node]):
        return [[*head, ("note", "" if isnan(reach.paths.sums[node]) else "  (by no path)")]]
    lines = wrapped([*head, ("note", f"  by {_count(reached.paths)}")], options.width)
    found = reached.largest
    shares = ["" if reached.paths == 1 else _percent(path.share) for path in found]
    parts = [_part(path, options.digits) for path in found]
    wide, wider = max(map(len, shares), default=0), max(map(len, parts), default=0)
    for path, share, part in zip(found, shares, parts, strict=True):
        line: Line = [("note", f"  {share:>{wide}}" if share else "")]
        if wider:
            line.append(("gradient", f"  {part:<{wider}}"))
        indent = width(line) + 2
        line.append(("", f"  {_way(reach, path.nodes, options)}"))
        if path.factors and 1 < len(path.factors) <= FEW:
            factors = [factor(number(one, options.digits)) for one in path.factors]
            line.append(("note", f"  ({' · '.join(factors)})"))
        lines += wrapped(line, options.width, indent)
    left = reached.paths - len(found)
    if left > 0 and found:
        rest = max(0.0, 1.0 - sum([path.share for path in found]))
        lines.append([("note", f"  … {_count(left, 'more ')}, {_percent(rest)} together")])
    return lines


def _part(path: Path, digits: int) -> str:
    """Return what a path adds to a gradient; "" where that is an array."""
    if path.contribution is None:
        return ""
    if abs(path.power) < -SMALLEST:
        return number(path.contribution, digits)
    return ("-" if copysign(1, path.contribution) < 0 else "") + size(path.power, digits)


def _count(paths: float, what: str = "") -> str:
    """Return how many paths: "1 path", "about 1.27e30 paths"."""
    if paths < EXACT:
        return f"{int(paths):,} {what}path{'' if paths == 1 else 's'}"
    return (
        f"about {number(paths, 3)} {what}paths"
        if isfinite(paths)
        else f"more than 1e308 {what}paths"
    )


def _percent(share: float) -> str:
    """Return a share in percent; one that is not all, or not nothing, does not look like it."""
    text = f"{100 * share:.3g}%"
    if text == "100%" or share >= 0.9995:  # noqa: PLR2004
        return ">99.9%"
    return text if share >= 0.0005 else "<0.1%"  # noqa: PLR2004


def _way(reach: Reach, nodes: Sequence[int], options: Options) -> str:
    """Return a path from the output down; the middle of a long one is left out."""
    ends = ENDS[0] if options.fitted else ENDS[1]
    left = len(nodes) - 2 * ends
    if left <= 1:
        return " → ".join([title(reach, node, options) for node in nodes])
    first, last = nodes[:ends], nodes[-ends:]
    texts = [title(reach, node, options) for node in (*first, *last)]
    texts.insert(ends, f"… {left:,} more …")
    return " → ".join(texts)
