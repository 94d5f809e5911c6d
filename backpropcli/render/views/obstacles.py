"""Sentences on what is in a gradient's way: chains, sums that cancel, units, and cuts."""

from __future__ import annotations

from math import exp2, floor, inf, log10

from backpropcli.errors import visible
from backpropcli.render.layout.lines import SHORTEST, enumerated, label, left_out, wrapped
from backpropcli.report.decimals import number
from backpropcli.report.reach.cuts import CHOSEN, PROVED, ROUNDED, ZERO
from backpropcli.report.reach.reach import EXPLODING, SMALLEST
from backpropcli.report.reach.units import DEAD, SHARES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.reach.cuts import Cut
    from backpropcli.report.reach.reach import Cancelled, Chain, Reach
    from backpropcli.report.reach.units import Units

NAMED = 24
"""Columns of a node's text in a path or a sentence on a screen."""
FEW = 6
"""Numbers, or texts, that are listed in a sentence."""
MOST = 12
"""Sentences of one kind."""


def obstacles(reach: Reach, options: Options) -> list[Line]:
    """Return the sentences, broken into lines; [] for none."""
    told = [
        *[_chain(reach, chain, options) for chain in reach.chains],
        *_bounded([_cancelled(reach, one, options) for one in reach.cancelled]),
        *_bounded([_units(units, options) for units in reach.units]),
        *_bounded([_cut(reach, cut, options) for cut in reach.cuts]),
    ]
    if reach.data:
        told.append([("note", "data:"), ("", f" --wrt leaves out {_few(reach.data)}")])
    return [broken for line in told for broken in wrapped(line, options.width)]


def size(power: float, digits: int = 3) -> str:
    """Return a power of 2 as a number, though it may be beyond the range of a double."""
    if power == -inf:
        return "0"
    if abs(power) < -SMALLEST:
        return number(exp2(power), digits)
    exponent = floor(power * log10(2))
    mantissa = f"{10 ** (power * log10(2) - exponent):.{digits}g}"
    return f"{mantissa}e{exponent}" if mantissa != "10" else f"1e{exponent + 1}"


def _bounded(lines: list[Line]) -> list[Line]:
    return lines[:MOST] + left_out(len(lines) - MOST, "--json has all", " like this")


def _few(texts: Sequence[str]) -> str:
    """Return "a, b and c"; the first of many, and how many more."""
    return enumerated([visible(text) for text in texts], FEW)


def title(reach: Reach, node: int, options: Options) -> str:
    """Return what a node is called: its name, or its text."""
    view = reach.view
    return visible(view.names[node]) or label(view, node, limit(reach, options))


def limit(reach: Reach, options: Options) -> int:
    """Return how long a node's text may be."""
    if not options.fitted:
        return options.longest(len(reach.view))
    return min(NAMED, max(SHORTEST, options.width * 2 // 5))


def _chain(reach: Reach, chain: Chain, options: Options) -> Line:
    """Return the sentence on what vanishes, or explodes."""
    factors = chain.factors
    names = _few([reach.report.label(name) for name in chain.names])
    total, count, at = chain.powers[-1] - chain.powers[0], len(factors), chain.largest
    start, end, above, below = (
        title(reach, chain.nodes[node], options) for node in (0, -1, at, at + 1)
    )
    way = "over all paths" if chain.over_all else "along the largest path"
    change = "grows" if chain.kind == EXPLODING else "shrinks"
    who = names or f"{chain.places:,} node{'' if chain.places == 1 else 's'}"
    text = f" {who}: {way} from {start} down to {end} the gradient "
    text += f"{change} by a factor of {size(total)}"
    if 1 < count <= FEW:
        text += f" ≈ {' · '.join(map(size, factors))}"
    elif count > FEW:
        text += f", in {count:,} factors of {size(total / count)} on average"
    if count > 1:
        what = "the largest is" if chain.kind == EXPLODING else "the smallest is"
        if abs(factors[at]) > abs(total) / 2:
            what = "most of it is one factor,"
        text += f"; {what} {size(factors[at])}, at {above} → {below}"
    return [("warn", f"{chain.kind}:"), ("", text)]


def _cancelled(reach: Reach, found: Cancelled, options: Options) -> Line:
    """Return the sentence on contributions that cancel."""
    at = title(reach, found.node, options)
    if found.terms is None or found.left is None:
        return [
            ("warn", "cancels:"),
            ("", f" at {at} next to nothing is left of the contributions"),
        ]
    signed = [f"{'' if term < 0 else '+'}{number(term, options.digits)}" for term in found.terms]
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
        where = f"in {part} of {total} distributions " if units.total > 1 else ""
        text = f"{texts[0]}: {where}one share is above 0.997"
    else:
        slope = "slope 0" if units.kind == DEAD else "less than 1% of its steepest slope"
        if units.shaped:
            text = f"{texts[0]} has {slope} at {part} of {total} elements"
            if units.columns:
                text += f", all along {units.columns:,} of {units.width:,} columns"
        else:
            left = len(units.nodes) - len(texts)
            named = ", ".join(texts) + (f" and {left:,} more" if left else "")
            plural = "" if units.total == 1 else "s"
            text = f"{slope} at {part} of {total} {units.operation} unit{plural}: {named}"
    return [("warn", f"{units.kind}:"), ("", f" {text}")]


def _cut(reach: Reach, cut: Cut, options: Options) -> Line:
    """Return the sentence on an edge by which nothing goes on."""
    view = reach.view
    user = visible(view.text(cut.user, limit(reach, options)))
    node = title(reach, cut.node, options)
    if cut.kind == ZERO and cut.proof == CHOSEN:
        text = f"the local derivative of {user} by {node} is taken as 0, at a kink"
    elif cut.kind == ZERO and view.run.arrays:
        text = f"{user} passes on to {node} only zeros, in doubles"
    elif cut.kind == ZERO:
        text = f"the local derivative of {user} by {node} is "
        rounded = f"{cut.slope}, 0 in doubles" if cut.proof == ROUNDED else "0 in doubles"
        text += "0" if cut.proof == PROVED else rounded
    elif cut.kind == "stopped":
        text = f"{user} stops the gradient to {node}"
    elif cut.kind == "flat":
        condition = view.operations[cut.user] == "where"
        text = (
            f"{user} sends nothing to its condition {node}"
            if condition
            else f"{user} is flat in {node}"
        )
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
