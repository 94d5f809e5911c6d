"""What a reader must know of a point: its kinks, what the whole has there, why nan or inf."""

from __future__ import annotations

from itertools import groupby

from backpropcli.errors import visible
from backpropcli.render.layout.lines import aligned, enumerated, left_out, wrapped
from backpropcli.report.decimals import number, typed
from backpropcli.report.wholes import rounded_kinks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.decimals import Digits
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.scaling import Scaling
    from backpropcli.report.truth.bits import Bits

WORST, WIDE = 10, 40
"""Nodes that are told of, at most, and the columns of each."""
MOST = 5
"""Numbers in a sentence, at most."""
ALONE = " if one input alone moves"


def notices(
    report: Report,
    options: Options,
    further: Sequence[KinkMet] = (),
    broken: Report | None = None,
    *,
    whole: bool = True,
) -> list[Line]:
    """Return the kinks, and the causes of nan and inf, below an empty line; [] for none.

    ``further`` are kinks of derivatives, ``broken`` the report of one that is not finite. Without
    ``whole`` nothing is said of the whole expression, which takes long to work out.
    """
    lines = _digits(report.digits, options) if report.digits else []
    lines += _losses(report, report.bits, options) if report.bits else []
    lines += _scaling(report.scaling, options) if report.scaling else []
    kinks = [*report.kinks, *further]
    for _, alike in groupby(kinks[: options.max_nodes], key=_same):
        group = [*alike]
        lines += wrapped(_kink(group, kinks, options.digits), options.width)
    for kink, true in rounded_kinks(report)[: options.max_nodes] if whole else ():
        there = f" in exact arithmetic {visible(kink.by)} is {true}, and {visible(kink.label)}"
        lines += wrapped([("note", "rounding:"), ("", f"{there} has no kink")], options.width)
    lines += left_out(len(kinks) - options.max_nodes, "--json has all", " kinks")
    if report.causes:
        from backpropcli.render.notices.causes import causes_lines

        lines += causes_lines(report, options.width)
    if whole and (kinks or report.causes or report.arrays):
        from backpropcli.render.notices.whole import wholes

        lines += wholes(report, options)
    if broken is not None:
        from backpropcli.render.notices.causes import cause_lines

        lines += cause_lines(broken, broken.causes[0], options.width, "a derivative is ")
    return [[], *lines] if lines else []


def _digits(found: Digits, options: Options) -> list[Line]:
    """Return what is to be said of digits: which are not proved, and what floats had instead."""
    sentences = [("warn", "digits:", note) for note in found.notes]
    if found.floats:
        parts = [f"{visible(label)} {typed(here)}" for label, here in found.floats]
        sentences.append(("note", "exact:", f"floats have for {enumerated(parts, MOST)}"))
    elif not found.count and not found.notes:
        sentences.append(("note", "exact:", "floats have the nearest doubles too"))
    return [
        line
        for role, head, text in sentences
        for line in wrapped([(role, head), ("", f" {text}")], options.width)
    ]


def _losses(report: Report, found: Bits, options: Options) -> list[Line]:
    """Return the nodes that overflow, underflow or lose their bits, the worst first."""
    if not found.losses:
        return []
    lines = wrapped(
        [("warn", f"{report.dtype}:"), ("", " what it loses, worst first")], options.width
    )
    cells = []
    for one in found.losses[:WORST]:
        kept = f"{int(one.bits)} of {found.of} bits right"
        said = kept if one.kind == "loses digits" else one.kind
        label = visible(report.view.text(one.node, WIDE))
        cells.append([("label", f"  {label}"), ("note", one.what), ("", said)])
    lines += aligned(cells, ["", "", ""], 3)
    left = len(found.losses) - WORST
    if left > 0:
        lines.append([("note", f"  … {left:,} more; --json has all")])
    return lines


def _scaling(found: Scaling, options: Options) -> list[Line]:
    """Return what a loss scale does, and which work."""
    said = f" the reverse pass begins at {found.scale:g}, and its gradients are divided by that; "
    if found.low is None or found.high is None:
        said += "no scale works: gradients overflow at any"
    else:
        first, last = f"2^{found.low}", f"2^{found.high}"
        said += f"{first} to {last} work" if first != last else f"{first} alone works"
    lost = "no gradient is" if not found.lost else f"{found.lost:,} gradients are"
    lost = "1 gradient is" if found.lost == 1 else lost
    said += f"; with {found.scale:g} {lost} lost to 0 that another scale saves"
    said += f", without a scale {found.plain:,}" if found.plain else ""
    return wrapped([("note", "loss scale:"), ("", said)], options.width)


def _same(kink: KinkMet) -> tuple[object, ...]:
    """Return what kinks have in common that are told in one sentence."""
    sides = "" if kink.jump else f"{kink.when}: {kink.left} {kink.right}"
    return kink.shown, kink.jump, sides, f"{kink.chosen}", kink.of_value, kink.rule


def _not_listed(group: list[KinkMet], kinks: list[KinkMet]) -> tuple[int, int]:
    """Return how many kinks are not listed: those that are as a group is, and those of any kind."""
    kink = group[0]
    told = [one for one in kinks if (one.label, one.input) == (kink.label, kink.input)]
    left = kink.count - len(told)
    if len({_same(one) for one in told}) == 1:
        return left, 0
    return 0, left if told[-1] in group else 0


def _kink(group: list[KinkMet], kinks: list[KinkMet], digits: int) -> Line:
    """Return a sentence on a kink; it may be one by several inputs. ``kinks`` are all there are."""
    kink = group[0]
    places = [*dict.fromkeys(f"{visible(one.by)} = {number(one.at, digits)}" for one in group)]
    each = "for each, " if len(places) > 1 else "for each input, " if len(group) > 1 else ""
    alike, others = _not_listed(group, kinks)
    if alike > 0:
        places.append(f"{alike:,} more")
    where = "here" if kink.at != kink.at else f"at {enumerated(places)}"
    left, right, chosen = (number(one, digits) for one in (kink.left, kink.right, kink.chosen))
    if kink.pole is not None:
        what, slopes = "has no finite value", f" {where}; floats go on with {number(kink.pole)}"
    elif kink.alone:
        what, slopes = "has no value", f" beside {where.removeprefix('at ')}"
    elif kink.jump:
        what, slopes = _jump(kink, where, "each" if len(places) > 1 else "its", chosen)
    elif kink.ends:
        what, ways = "ends", [("left", left), ("right", right)]
        (there, slope), (none, _) = ways if kink.right != kink.right else reversed(ways)
        slopes = f" {where}: slope {slope} on the {there}, none on the {none}"
        slopes += f"; {chosen} is used" if kink.taken else "; it is not taken"
    elif kink.together and kink.left == kink.right:
        what = "is not differentiable"
        them = "each" if len(places) > 1 else "each such input"
        slopes = f" {where}: slope {left} by {them} alone, and another one where they move"
        slopes += f" together; {chosen} is used"
    elif kink.left == kink.right:
        what, slopes = f"has slope {left}", f" {where}; {chosen} is used"
    else:
        what, alone = "is not differentiable", ALONE if kink.together else ""
        slopes = f" {where}{alone}: {each}slope {left} on the left, {right} on the right"
        slopes += f"; {chosen} is used"
    if kink.asked and kink.taken and not kink.rule:
        slopes += f" ({kink.why})"
    elif kink.peers and kink.taken and not (kink.order or kink.rule):
        slopes += f", as {kink.peers} {'do' if ' and ' in kink.peers else 'does'}"
    slopes += f"; {others:,} more places are not listed" * (others > 0)
    label = visible(kink.shown)
    start: Line = [("note", "inside a derivative,"), ("label", f" {label}")]
    return [*(start if kink.of_value else [("label", label)]), ("warn", f" {what}"), ("", slopes)]


def _jump(kink: KinkMet, where: str, whose: str, chosen: str) -> tuple[str, str]:
    """Return what jumps, and where: comparisons of equal elements that others go by do so."""
    if kink.order:
        return "has equal elements", f" {where}; the slopes are those of their order"
    alone = ALONE if kink.together else ""
    taken = f"{whose} slope is taken as {chosen}" if kink.taken else "it is not taken"
    if kink.rule and kink.taken:
        taken = f"the slope of {visible(kink.rule)} is that of its own rule"
    return kink.verb, f" {where}{alone}; {taken}"
