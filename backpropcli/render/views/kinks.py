"""All there is to know of the kinks at a point, and how far away the nearest ones are."""

from __future__ import annotations

from itertools import groupby

from backpropcli.errors import visible
from backpropcli.graph.cells import peer_since
from backpropcli.render.layout.lines import enumerated, pad, wrapped
from backpropcli.report.decimals import number
from backpropcli.report.wholes import each_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.lines.nearest import Nearest
    from backpropcli.report.report import Report

WAYS = {"-gradient": "down the gradient", "+gradient": "up the gradient"}


def kinks_lines(report: Report, nearest: Sequence[Nearest], options: Options) -> list[Line]:
    """Return the kinks that are met, each with its subgradients and peers, and the nearest ones."""
    without = any(kink.pole is not None for kink in report.kinks)
    kinks = any(kink.pole is None for kink in report.kinks)
    here = "kinks here" if kinks else "no operation has a kink here"
    if without:
        here = f"{'kinks, and ' if kinks else ''}parts without a finite value here"
    lines: list[Line] = [[("heading", here)]]
    for kink in report.kinks[: options.max_nodes]:
        lines += _met(kink, options)
    lines += _wholes(report, options)
    if not nearest:
        why = "is too large"
        if report.arrays:
            why += ", or takes elements by places that it computes"
        text = f"the nearest kinks are not looked for: the program {why}"
        return [*lines, *wrapped([("note", text)], options.width)]
    other = "nearest other kinks" if report.kinks else "nearest kinks"
    lines += wrapped([("heading", f"{other} found, each variable alone")], options.width)
    names = [one for one in nearest if one.along not in WAYS]
    looked = [one for one in names if one.within]
    lines += _table([(visible(one.along), one) for one in looked], options)
    if left := len(names) - len(looked):
        more = f"  {left:,} more variable{' is' if left == 1 else 's are'} not looked at"
        lines += wrapped([("note", f"{more}: that would take long")], options.width, 4)
    ways = [one for one in nearest if one.along in WAYS]
    if ways:
        heading = "along the gradient, for a step of t times it"
        lines += wrapped([("heading", heading)], options.width)
        lines += _table([(WAYS[one.along], one) for one in ways], options)
    return lines


def _met(kink: KinkMet, options: Options) -> Iterator[Line]:
    """Yield what is to be known of one kink."""
    place = (
        "" if kink.at != kink.at else f" at {visible(kink.by)} = {number(kink.at, options.digits)}"
    )
    chosen = number(kink.chosen, options.digits)
    of = "the value jumps" if kink.jump else "no subgradients on both sides"
    if kink.together and not kink.jump:
        of = "another slope where inputs move together"
    if kink.pole is not None:
        of = "no finite value"
    if kink.interval is not None:
        low, high = (number(one, options.digits) for one in kink.interval)
        of = f"slope {low} on both sides" if low == high else f"subgradients from {low} to {high}"
    line: Line = [("", "  "), ("label", visible(kink.shown))]
    used = f"{chosen} is used ({kink.why})"
    if kink.order:
        line += [("", f"{place}: equal elements; the slopes are those of their order")]
        yield from wrapped(line, options.width, 4)
        return
    if kink.pole is not None:
        used = f"floats go on with {number(kink.pole)}"
    elif kink.rule:
        used = f"the slope of {visible(kink.rule)} is that of its own rule"
    elif not kink.taken:
        used = "its slope is not taken"
    line += [("", f"{place}: {of}; {used}")]
    yield from wrapped(line, options.width, 4)
    answers = {
        peer: "no answer" if slope is None else number(slope, options.digits)
        for peer, slope in kink.answers.items()
    }
    if not any(slope is not None for slope in kink.answers.values()):
        return  # they have no such operation, or were not asked
    ordered = sorted(answers, key=lambda peer: [*answers.values()].index(answers[peer]))
    told = [
        f"{enumerated([peer_since(peer, kink.since) for peer in peers])} {text}"
        for text, peers in groupby(ordered, key=answers.__getitem__)
    ]
    yield from wrapped([("note", f"    {'; '.join(told)}")], options.width, 6)


def _wholes(report: Report, options: Options) -> Iterator[Line]:
    """Yield the slopes of the whole by each name, where its two sides differ."""
    from backpropcli.arithmetics.germs.balls import real
    from backpropcli.report.whole.sides import decimal

    for title, name, found in each_whole(report):
        slopes = found.left.slope, found.right.slope
        if found.kind == "kink" and found.sure and None not in slopes:
            low, high = (decimal(one, options.digits) for one in sorted(slopes, key=real))
            what = f"  {visible(title) or 'the whole expression'}: "
            text = f"d/d{visible(name)} has subgradients from {low} to {high}"
            yield from wrapped([("note", what), ("", text)], options.width, 4)


def _table(rows: Sequence[tuple[str, Nearest]], options: Options) -> Iterator[Line]:
    """Yield a line for each way to go."""
    widest = max((len(title) for title, _ in rows), default=0)
    for title, one in rows[: options.max_nodes]:
        line: Line = [("", "  "), ("label", pad(title, widest + 2))]
        if not one.label:
            line.append(("note", f"none found within {number(one.within, 3)}"))
        else:
            step = number(abs(one.step), options.digits)
            where = f"t = {step}"
            if one.at == one.at:
                where = f"{title} = {number(one.at, options.digits)}, {step} away"
            line += [("", f"{visible(one.label)} at {where}")]
        yield from wrapped(line, options.width, widest + 4)
