"""The view of flow: magnitudes on a log scale, the paths to each name, and what is in the way."""

from __future__ import annotations

from math import exp2, floor, isfinite, log2, log10

from backpropcli.errors import columns, visible
from backpropcli.render.lines import aligned, enumerated, label, wrapped
from backpropcli.render.notices import notices
from backpropcli.report.cuts import PROVED, ROUNDED, ZERO
from backpropcli.report.decimals import number
from backpropcli.report.reach import EXPLODING
from backpropcli.report.units import DEAD, SHARES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.render.lines import Line, Options, Part
    from backpropcli.report.cuts import Cut
    from backpropcli.report.reach import Cancelled, Chain, Reach, Reached
    from backpropcli.report.units import Units

BLOCK, STEPS = "█", (2, 10, 100, 1e3, 1e6, 1e12, 1e24, 1e48, 1e96)
"""What bars are made of, and the factors that a block may stand for."""
WIDEST = 16
"""The most blocks of a bar."""
SHOWN = 40
"""The rows of a table that is not shown whole."""
ENDS = 3, 20
"""Nodes at either end of a path that is not shown whole: on a screen, and elsewhere."""
NAMED = 24
"""Columns of a node's text in a path or a sentence on a screen."""
FEW = 6
"""Numbers, or texts, that are listed in a sentence."""
MOST = 12
"""Sentences of one kind."""
EXACT = 2.0**53
"""Below this a count of paths is exact."""


def flow(reach: Reach, options: Options) -> list[Line]:
    """Return the whole view."""
    lines = _magnitudes(reach, options)
    shown = reach.variables[: options.max_nodes]
    lines += [[]] if shown else []
    for reached in shown:
        lines += _reached(reach, reached, options)
    left = len(reach.variables) - len(shown)
    if left > 0:
        lines.append([("note", f"… {left:,} more; --json has all")])
    told = [
        *[_chain(reach, chain, options) for chain in reach.chains],
        *_bounded([_cancelled(reach, one, options) for one in reach.cancelled]),
        *_bounded([_units(units, options) for units in reach.units]),
        *_bounded([_cut(reach, cut, options) for cut in reach.cuts]),
    ]
    if reach.data:
        told.append([("note", "data:"), ("", f" --wrt leaves out {_few(reach.data)}")])
    if told:
        lines.append([])
    for line in told:
        lines += wrapped(line, options.width)
    return [*lines, *notices(reach.report, options)]


def _bounded(lines: list[Line]) -> list[Line]:
    left = len(lines) - MOST
    more: list[Line] = [[("note", f"… {left:,} more like this; --json has all")]]
    return lines if left <= 0 else lines[:MOST] + more


def _few(texts: Sequence[str]) -> str:
    """Return "a, b and c"; the first of many, and how many more."""
    shown = [visible(text) for text in texts[:FEW]]
    left = len(texts) - len(shown)
    return enumerated([*shown, f"{left:,} more"] if left > 0 else shown)


def _node(reach: Reach, node: int, options: Options) -> str:
    """Return what a node is called: its name, or its text."""
    view = reach.view
    return visible(view.names[node]) or label(view, node, _limit(reach, options))


def _limit(reach: Reach, options: Options) -> int:
    return NAMED if options.fitted else options.longest(len(reach.view))


def _magnitudes(reach: Reach, options: Options) -> list[Line]:
    """Return a line for each node that something arrives at: how much, and a bar."""
    nodes = [node for node, one in enumerate(reach.powers) if one is not None][::-1]
    count = len(nodes)
    if count > options.max_nodes:
        rows = min(SHOWN, options.max_nodes)
        nodes = [nodes[at * (count - 1) // max(rows - 1, 1)] for at in range(rows)]
    view, arrays = reach.view, reach.report.arrays
    cells: list[list[Part]] = []
    for node in nodes:
        row: list[Part] = [("label", label(view, node, _limit(reach, options)))]
        if arrays:
            from backpropcli.render.arrays.blocks import shape_of, sized  # noqa: PLC0415 (with arrays)

            row.append(("note", sized(shape_of(view.values[node]))))
        cells.append([*row, ("gradient", _size(reach, node, options.digits))])
    head = ["", *["shape"] * arrays, "norm" if arrays else "|gradient|"]
    step, bars = _bars([reach.powers[node] for node in nodes])
    lines = aligned(cells, head, len(head) - 1)
    for line, bar in zip(lines[1:], bars, strict=True):
        line.append(("gradient", f"  {bar}"))
    lines[0].append(("heading", f"  {BLOCK} is a factor of {number(step)}"))
    if count > len(nodes):
        text = f"… {len(nodes)} of {count:,} nodes, evenly; --max-nodes {count} shows all"
        lines.append([("note", text)])
    return lines


def _size(reach: Reach, node: int, digits: int) -> str:
    """Return the magnitude of what arrives at a node: of an array, its norm."""
    given = reach.view.adjoints[node]
    if not getattr(given, "shape", ()):
        return number(abs(float(given)), digits)
    power = reach.powers[node]
    return "not finite" if power is None or power != power else _told(power, digits)  # noqa: PLR0124 (nan)


def _told(power: float, digits: int = 3) -> str:
    """Return a power of 2 as a number, though it may be beyond the range of a double."""
    if power == -float("inf"):
        return "0"
    if abs(power) < 1000:  # noqa: PLR2004 (in the range of a double)
        return number(exp2(power), digits)
    exponent = floor(power * log10(2))
    return f"{10 ** (power * log10(2) - exponent):.{digits}g}e{exponent}"


def _bars(powers: Sequence[float | None]) -> tuple[float, list[str]]:
    """Return the factor that a block of a bar stands for, and the bars: none for 0."""
    known = [power for power in powers if power is not None and isfinite(power)]
    least, most = min(known, default=0.0), max(known, default=0.0)
    step = next((one for one in STEPS if (most - least) / log2(one) < WIDEST), STEPS[-1])
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
    if getattr(slope, "shape", ()):
        size = "" if node is None else _size(reach, node, options.digits)
        head += [("", " has norm "), ("gradient", size or "0")]
    else:
        head += [("", " = "), ("gradient", number(float(slope), options.digits))]
    if reached.why or node is None:
        return [[*head, ("note", f"  ({reached.why})" if reached.why else "")]]
    if reach.paths.sums[node] != reach.paths.sums[node]:  # noqa: PLR0124 (nan)
        return [[*head, ("note", "  (not finite: no shares)")]]
    if reach.paths.sums[node] == -float("inf"):
        return [[*head, ("note", "  (by no path)")]]
    lines: list[Line] = [[*head, ("note", f"  by {_count(reached.paths)}")]]
    found = reached.largest
    shares = ["" if reached.paths == 1 else _percent(path.share) for path in found]
    parts = ["" if one.contribution is None else number(one.contribution, options.digits) for one in found]
    wide, wider = max(map(len, shares), default=0), max(map(len, parts), default=0)
    for path, share, part in zip(found, shares, parts, strict=True):
        line: Line = [("note", f"  {share:>{wide}}" if share else "")]
        if wider:
            line.append(("gradient", f"  {part:<{wider}}"))
        indent = sum(columns(text) for _, text in line) + 2
        line.append(("", f"  {_way(reach, path.nodes, options)}"))
        if path.factors and 1 < len(path.factors) <= FEW:
            line.append(("note", f"  ({' · '.join(_factor(one, options) for one in path.factors)})"))
        lines += wrapped(line, options.width, indent)
    left = reached.paths - len(found)
    if left > 0:
        rest = max(0.0, 1.0 - sum([path.share for path in found]))
        of = f", {_percent(rest)} together" if found else ""
        lines.append([("note", f"  … {_count(left, 'more ')}{of}")])
    return lines


def _factor(value: float, options: Options) -> str:
    text = number(value, options.digits)
    return f"({text})" if text.startswith("-") else text


def _count(paths: float, what: str = "") -> str:
    """Return how many paths: "1 path", "about 1.27e30 paths"."""
    if paths < EXACT:
        return f"{int(paths):,} {what}path{'' if paths == 1 else 's'}"
    return f"about {paths:.3g} {what}paths" if isfinite(paths) else f"more than 1e308 {what}paths"


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
        return " → ".join([_node(reach, node, options) for node in nodes])
    first, last = nodes[:ends], nodes[-ends:]
    texts = [_node(reach, node, options) for node in (*first, *last)]
    texts.insert(ends, f"… {left:,} more …")
    return " → ".join(texts)


def _chain(reach: Reach, chain: Chain, options: Options) -> Line:
    """Return the sentence on what vanishes, or explodes."""
    factors = chain.factors
    names = _few([reach.report.label(name) for name in chain.names])
    start, end = (_node(reach, chain.nodes[at], options) for at in (0, -1))
    total, count = chain.powers[-1] - chain.powers[0], len(factors)
    at = chain.largest
    text = f" {names or f'{chain.count:,} nodes'}: from {start} down to {end} the gradient "
    text += "grows" if chain.kind == EXPLODING else "shrinks"
    text += f" by a factor of {_told(total)}"
    if 1 < count <= FEW:
        text += f" = {' · '.join(map(_told, factors))}"
    elif count > FEW:
        text += f", in {count:,} factors of {_told(total / count)} on average"
    if count > 1:
        pair = " → ".join([_node(reach, node, options) for node in chain.nodes[at : at + 2]])
        most = "the largest" if chain.kind == EXPLODING else "the smallest"
        if abs(factors[at]) > abs(total) / 2:
            most = "most of it is one factor,"
        text += f"; {most} {'is ' if not most.endswith(',') else ''}{_told(factors[at])}, at {pair}"
    return [("warn", f"{chain.kind}:"), ("", text)]


def _cancelled(reach: Reach, found: Cancelled, options: Options) -> Line:
    """Return the sentence on contributions that cancel."""
    at = _node(reach, found.node, options)
    if found.terms is None or found.left is None:
        return [("warn", "cancels:"), ("", f" at {at} next to nothing is left of the contributions")]
    signed = [
        f"{'' if term < 0 else '+'}{number(term, options.digits)}" for term in found.terms
    ]
    text = _few(signed) if len(signed) <= FEW else f"{len(signed):,} contributions"
    if not found.left:
        return [("warn", "cancels:"), ("", f" {text} at {at}")]
    left = number(found.left, options.digits)
    return [("warn", "nearly cancels:"), ("", f" {text} leave {left} at {at}")]


def _units(units: Units, options: Options) -> Line:
    """Return the sentence on units that are dead, or saturated."""
    limit = NAMED if options.fitted else options.longest(len(units.nodes))
    part, total = f"{units.part:,}", f"{units.total:,}"
    texts = [visible(units.label(at, limit)) for at in range(min(len(units.nodes), FEW + 1))]
    if units.operation == SHARES:
        where = f" in {part} of {total} rows" if units.total > 1 else ""
        text = f"{texts[0]}: one share is above 0.997{where}"
    else:
        slope = "slope 0" if units.kind == DEAD else "less than 1% of its steepest slope"
        if units.shaped:
            text = f"{texts[0]} has {slope} at {part} of {total} elements"
            if units.columns:
                text += f", all along {units.columns:,} of {units.width:,} columns"
        else:
            left = len(units.nodes) - len(texts)
            named = ", ".join(texts) + (f" and {left:,} more" if left else "")
            text = f"{named}: {slope}, at {part} of {total} {units.operation}"
    return [("warn", f"{units.kind}:"), ("", f" {text}")]


def _cut(reach: Reach, cut: Cut, options: Options) -> Line:
    """Return the sentence on an edge by which nothing goes on."""
    view = reach.view
    user = visible(view.text(cut.user, _limit(reach, options)))
    node = _node(reach, cut.node, options)
    if cut.kind == ZERO:
        if view.run.arrays:
            text = f"{user} passes only zeros on to {node}"
        else:
            text = f"the local derivative of {user} by {node} is "
            text += {PROVED: "0", ROUNDED: f"{cut.slope}, 0 in doubles"}.get(cut.proof, "0 in doubles")
    elif cut.kind == "stopped":
        text = f"{user} stops the gradient to {node}"
    elif cut.kind == "flat":
        condition = view.operations[cut.user] == "where"
        text = f"{user} sends nothing to its condition {node}" if condition else f"{user} is flat in {node}"
    else:
        text = f"{user} {_choice(view.operations[cut.user], cut.index)} {node}"
        if cut.total:
            text += f" at {cut.part:,} of {cut.total:,} elements"
    if cut.names and cut.names != [view.names[cut.node] or view.text(cut.node)]:
        text += f"; below it: {_few(cut.names)}"
    return [("warn", "cut:"), ("", f" {text}")]


def _choice(operation: str, index: int) -> str:
    """Return what a choice does to an input that it does not take."""
    if operation == "clip":
        return "clips, and sends nothing to" if not index else "is not at the bound"
    return "takes another branch than" if operation == "where" else "takes another input than"
